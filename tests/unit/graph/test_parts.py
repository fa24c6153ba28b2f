"""Who refers to whom, in manifests and live; the part around an object; what a change of it would affect."""

from reconciler.domain import Graph, ResourceKey, Snapshot, Standing, Tree
from reconciler.kinds import KINDS
from reconciler.planning.graph import NAMES_ONLY, affected, around, graph_of, without
from tests.unit.graph.drawn import gate, graph
from tests.unit.planning.making import key, resource, snapshot

BETA = resource(
    "Gate",
    "rules: [{name: R, passPercentage: 1, conditions: [{type: passes_segment, targetValue: staff}]}]",
    id_="beta",
)
LAYOUT = resource("Experiment", "targetingGateID: beta", id_="layout")
STAFF = ResourceKey("Segment", "staff")
CHAIN = graph("a b", "b c", "c d", "x c", alone=["z"])


def passing(target: str) -> Tree:
    return {"rules": [{"name": "R", "conditions": [{"type": "passes_gate", "targetValue": target}]}]}


def ids(part: Graph) -> list[str]:
    return [found.id for found in part.nodes]


def test_manifests_alone_say_who_refers_to_whom() -> None:
    found = graph_of(KINDS, [LAYOUT, BETA], None)
    assert found.edges == {LAYOUT.key: frozenset({BETA.key}), BETA.key: frozenset({STAFF})}
    assert found.nodes == {LAYOUT.key: Standing.MANIFEST, BETA.key: Standing.MANIFEST, STAFF: Standing.NAMED}


def test_with_live_state_it_is_known_what_exists() -> None:
    live = snapshot({key("Gate", "legacy"): passing("beta"), key("Gate", "lost"): passing("nowhere")})
    found = graph_of(KINDS, [LAYOUT, BETA], Snapshot(live.objects, names={"segments": frozenset({"staff"})}))
    assert found.nodes[STAFF] is Standing.LIVE
    assert found.nodes[gate("legacy")] is Standing.LIVE
    assert found.nodes[gate("nowhere")] is Standing.MISSING
    assert found.edges[gate("legacy")] == {BETA.key}


def test_what_could_not_be_read_is_not_called_missing() -> None:
    assert graph_of(KINDS, [BETA], Snapshot(names={"segments": None})).nodes[STAFF] is Standing.LIVE


def test_what_a_manifest_leaves_unsaid_is_as_it_is_live() -> None:
    silent = resource("Gate", "description: New", id_="beta")
    found = graph_of(KINDS, [silent], snapshot({silent.key: passing("legacy")}))
    assert found.edges[silent.key] == {gate("legacy")}


def test_names_that_decide_nothing_can_be_left_out() -> None:
    tagged = resource("Gate", "tags: [growth]\nidType: userID", id_="beta")
    whole = graph_of(KINDS, [tagged], None)
    assert {found.kind for found in whole.nodes} == {"Gate", "Tag", "UnitIdType"}
    assert list(without(whole, NAMES_ONLY).nodes) == [tagged.key]


def test_around_an_object_is_what_it_depends_on_and_what_depends_on_it() -> None:
    assert ids(around(CHAIN, gate("b"))) == ["a", "b", "c", "d"]
    assert ids(around(CHAIN, gate("c"), depth=1)) == ["b", "c", "d", "x"]
    assert ids(around(CHAIN, gate("z"))) == ["z"]


def test_a_change_affects_all_that_depends_on_it_with_the_shortest_chain() -> None:
    found = affected(graph("a b", "b c", "a c", "c d"), gate("c"))
    assert [[each.id for each in chain] for chain in found] == [["a", "c"], ["b", "c"]]
    assert affected(CHAIN, gate("a")) == ()


def test_circles_have_an_end() -> None:
    found = affected(graph("a b", "b a", "b b"), gate("a"))
    assert [[each.id for each in chain] for chain in found] == [["b", "a"]]

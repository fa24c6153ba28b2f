"""The way back from a saved plan: live is as it was, apart from what people did since and what has no way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from reconciler.domain import Json, Tree
from reconciler.kinds import KINDS
from tests.end_to_end.filing import Filed, call, ends, filed, item, kept, settled
from tests.end_to_end.test_saved_plans import EVERYTHING, LIVE, MANIFESTS, OWNER, SOURCE, WRITTEN_ONCE, groups, rule
from tests.end_to_end.world import World, manifest, seeded

GATE: Tree = {
    "id": "one_gate",
    "name": "One gate",
    "description": "Live words",
    "status": "In Progress",
    "isEnabled": True,
    "tags": ["old"],
    "team": "A",
    "teamID": "team-a",
    "type": "PERMANENT",
    "targetApps": ["web"],
    "rules": [rule("One", 10, id_="r1"), rule("Two", 20, id_="r2"), rule("Three", 30, id_="r3")],
}
CONFIG: Tree = {
    "id": "one_config",
    "description": "Live words",
    "isEnabled": True,
    "status": "Enabled",
    "defaultValue": {"a": 1, "b": [1]},
    "defaultValueJson5": '{\n  "a": 1,\n  "b": [\n    1\n  ]\n}',
    "schema": '{"type": "object"}',
    "schemaJson5": '{"type": "object"}',
    "rules": [
        {
            **rule("One", 10, id_="r1"),
            "conditions": [{"type": "public", "operator": "", "field": None, "customID": None}],
            "returnValue": {"a": 2},
            "returnValueJson5": '{\n  "a": 2\n}',
            "environments": ["production"],
        }
    ],
}
"""As the service answers it, to the letter: what it fills in would look like a change that was not undone."""
DRAFT: Tree = {
    "id": "one_test",
    "description": "Live words",
    "status": "setup",
    "groups": groups(50, 50),
    "controlGroupID": "id-A",
    "allocation": 40,
    "hypothesis": "It helps",
    "decisionReason": None,
    "launchedGroupID": None,
    "primaryMetrics": [{"name": "dau", "type": "user"}],
}
PEOPLE: Tree = {"name": "people", "description": "Live words", "tags": ["old"], **SOURCE, **WRITTEN_ONCE}
OTHERS: Tree = {
    "tags": [{"name": "old"}, {"name": "new"}, {"name": OWNER}],
    "target_apps": [{"name": "web"}, {"name": "ios"}],
}


@dataclass(frozen=True)
class Change:
    """A manifest for one live object. `ids`: whether rules come back under the ids that they had."""

    live: Tree
    spec: Tree
    kind: str = "Gate"
    ids: bool = True


def on(live: Tree, **change: Json) -> Tree:
    return {**live, **change}


def gate(**spec: Json) -> Change:
    return Change(GATE, spec)


def config(**spec: Json) -> Change:
    return Change(CONFIG, spec, "DynamicConfig")


def draft(**spec: Json) -> Change:
    return Change(DRAFT, spec, "Experiment")


def source(**spec: Json) -> Change:
    return Change(PEOPLE, {**SOURCE, **spec}, "EntityPropertySource")


ONE, TWO, THREE = rule("One", 10), rule("Two", 20), rule("Three", 30)
STATUSES = {"In Progress": "in_progress", "Launched": "launched", "Disabled": "disabled", "Archived": "archived"}
CHANGES: dict[str, Change] = {
    "a text": gate(description="Git's words"),
    "a text that was empty": Change(on(GATE, description=""), {"description": "Git's words"}),
    "a text that is emptied": gate(description=""),
    "a display name": gate(name="Another name"),
    "tags": gate(tags=["new"]),
    "tags that go": gate(tags=[]),
    "tags that come": Change(on(GATE, tags=[]), {"tags": ["new", "old"]}),
    "target apps": gate(targetApps=["ios"]),
    "a team": gate(team="B"),
    "a type": gate(type="TEMPORARY"),
    "a percentage": gate(rules=[on(ONE, passPercentage=12.5), TWO, THREE]),
    "a name of a rule": gate(rules=[on(ONE, name="1"), TWO, THREE]),
    "a condition": gate(
        rules=[on(ONE, conditions=[{"type": "country", "operator": "any", "targetValue": ["SE"]}]), TWO, THREE]
    ),
    "environments": gate(rules=[on(ONE, environments=["production"]), TWO, THREE]),
    "the order of rules": gate(rules=[THREE, ONE, TWO]),
    "a rule more": gate(rules=[ONE, TWO, THREE, rule("Four")]),
    "a rule less": Change(GATE, {"rules": [ONE, THREE]}, ids=False),
    "no rules": Change(GATE, {"rules": []}, ids=False),
    "several fields at once": gate(
        description="Git's words", status="launched", rules=[on(ONE, passPercentage=99), TWO]
    ),
    "a default value": config(defaultValue={"a": 2}),
    "a value of a rule": config(rules=[{**ONE, "returnValue": {"a": 3}}]),
    "a schema": config(schema='{"type": "object", "required": ["a"]}'),
    "a config that is switched off": config(status="disabled"),
    "a config that is archived": config(status="archived"),
    "a config that is switched on": Change(
        on(CONFIG, isEnabled=False, status="Disabled"), {"status": "enabled"}, "DynamicConfig"
    ),
    "group sizes": draft(groups=groups(30, 70, ids=False)),
    "parameters": draft(groups=[{**each, "parameterValues": {"y": 1}} for each in groups(50, 50, ids=False)]),
    "an allocation": draft(allocation=10),
    "an allocation that rises": draft(allocation=90),
    "a control group": draft(controlGroup="B"),
    "a hypothesis": draft(hypothesis="It harms"),
    "metrics": draft(primaryMetrics=[{"name": "orders", "type": "ratio"}]),
    "an experiment that is archived": draft(status="archived", description="Git's words"),
    "words of a source": source(description="Git's words"),
    "a query": source(sql="SELECT id, 1 AS one FROM t", description="Git's words"),
    "columns": source(
        sql="SELECT id, s FROM t",
        idTypeMapping=[*SOURCE["idTypeMapping"], {"statsigUnitID": "stableID", "column": "s"}],
    ),
    **{
        f"a gate that goes from {before} to {after}": Change(
            on(GATE, status=before, isEnabled=before == "In Progress"), {"status": STATUSES[after]}
        )
        for before in STATUSES
        for after in STATUSES
        if before != after
    },
}


def alone(world: World, change: Change) -> Filed:
    """The plan of one change to one object."""
    kind = KINDS[change.kind]
    world.seed({**OTHERS, kind.seed_key: [change.live]})
    world.manifests([manifest(change.kind, change.live[kind.identity], change.spec)])
    return filed(world)


@pytest.mark.parametrize("name", CHANGES)
def test_what_a_plan_changed_is_as_it_was_after_a_rollback(world: World, name: str) -> None:
    plan = alone(world, CHANGES[name])
    before = settled(world.dump(), ids=CHANGES[name].ids)
    plan.applied()
    assert settled(world.dump(), ids=CHANGES[name].ids) != before
    assert plan.rollback() == (0, [])
    assert settled(world.dump(), ids=CHANGES[name].ids) == before


@pytest.mark.parametrize("name", CHANGES)
def test_a_second_rollback_has_nothing_to_undo(world: World, name: str) -> None:
    plan = alone(world, CHANGES[name])
    plan.applied()
    plan.rollback()
    before = world.service.store.dump()
    code, report = plan.run("rollback")
    assert (code, report["steps"], kept(report)) == (0, [], [])
    assert world.service.store.dump() == before


@pytest.mark.parametrize("name", CHANGES)
def test_a_plan_that_was_never_applied_has_nothing_to_undo(world: World, name: str) -> None:
    plan = alone(world, CHANGES[name])
    before = world.service.store.dump()
    code, report = plan.run("rollback")
    assert (code, report["steps"], kept(report)) == (0, [], [])
    assert world.service.store.dump() == before


# ---- made and taken away ---------------------------------------------------------------------------------------------

NEW = [
    manifest("Gate", "base_gate", {"status": "launched", "tags": ["new"]}),
    manifest("Gate", "asking_gate", {"rules": [rule("Asks", asks="base_gate")]}),
    manifest("DynamicConfig", "new_config", {"defaultValue": {"a": 1}, "rules": []}),
    manifest("Experiment", "new_test", {"targetingGateID": "asking_gate", "controlGroup": "Control"}),
    manifest("EntityPropertySource", "new_source", SOURCE),
]


def test_what_a_plan_made_is_deleted_by_a_rollback_users_first(world: World) -> None:
    world.seed(OTHERS)
    world.manifests(NEW)
    plan = filed(world)
    before = settled(world.dump())
    plan.applied()
    code, report = plan.run("rollback")
    assert (code, kept(report), settled(world.dump())) == (0, [], before)
    order = list(ends(report))
    assert order.index("Experiment/new_test") < order.index("Gate/asking_gate") < order.index("Gate/base_gate")
    assert plan.rollback() == (0, [])


@pytest.mark.parametrize("before", ["In Progress", "Disabled", "Launched"])
def test_what_a_plan_took_away_into_the_archive_comes_back(world: World, before: str) -> None:
    world.project(ownership={"tag": OWNER}, safety={"prune": "archive"})
    world.seed(seeded(gates=[on(GATE, tags=[OWNER], status=before, isEnabled=before == "In Progress")]))
    world.manifests([manifest("DynamicConfig", "anything", {})])
    plan = filed(world)
    state = settled(world.dump())
    plan.applied()
    assert world.live("Gate", "one_gate")["status"] == "Archived"
    assert plan.rollback() == (0, [])
    assert settled(world.dump()) == state


def test_an_adopted_object_is_let_go(world: World) -> None:
    world.project(ownership={"tag": OWNER})
    world.seed({**OTHERS, "gates": [GATE]})
    world.manifests([manifest("Gate", "one_gate", {})])
    plan = filed(world)
    state = settled(world.dump())
    plan.applied()
    assert world.live("Gate", "one_gate")["tags"] == ["old", OWNER]
    assert plan.rollback() == (0, [])
    assert settled(world.dump()) == state


# ---- all of it -------------------------------------------------------------------------------------------------------


@pytest.fixture
def whole(world: World) -> Filed:
    """A saved plan with a step of every sort."""
    world.project(ownership={"tag": OWNER}, safety={"prune": "archive"})
    world.seed(LIVE)
    world.manifests(MANIFESTS)
    return filed(world)


NO_WAY_BACK = ["Experiment/ending", "Experiment/starting", "Tag/peak"]


def differing(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))


def test_everything_but_lives_of_experiments_and_tags_comes_back(whole: Filed) -> None:
    before = settled(whole.world.dump())
    whole.applied()
    assert whole.rollback() == (1, NO_WAY_BACK)
    assert differing(before, settled(whole.world.dump())) == ["Experiment/ending", "Experiment/starting"]
    assert whole.world.live("Experiment", "ending")["status"] == "abandoned"


def test_the_example_comes_back_but_for_what_has_no_way_back(world: World) -> None:
    world.example()
    plan = filed(world)
    before = settled(world.dump(), ids=False)
    plan.applied()
    _, left = plan.rollback()
    experiments = ["Experiment/delivery_fee_threshold", "Experiment/delivery_slot_copy"]
    assert left == [*experiments, "Tag/peak-2026"]
    assert differing(before, settled(world.dump(), ids=False)) == experiments


def test_after_a_rollback_the_same_plan_is_made_again(whole: Filed) -> None:
    whole.applied()
    whole.rollback()
    again = filed(whole.world, "again")
    done = {f"{step['kind']}/{step['id']}" for step in again.tree["steps"]}
    assert done == set(EVERYTHING) - {"Tag/peak", "Experiment/ending", "Experiment/starting"}


# ---- half of it ------------------------------------------------------------------------------------------------------

Somebody = Callable[[World], None]
IN_THE_WAY: dict[str, tuple[Somebody, set[str]]] = {
    "a gate was edited": (lambda world: world.edit("Gate", "worded", {"description": "Theirs"}), {"Gate/worded"}),
    "a gate was made": (
        lambda world: call(world, "POST", "/gates", {"id": "base_gate"}),
        {"Gate/base_gate", "Gate/asking_gate"},
    ),
    "a gate was deleted": (lambda world: call(world, "DELETE", item("Gate", "ramped")), {"Gate/ramped"}),
    "a source was edited": (
        lambda world: world.edit("EntityPropertySource", "people", {"description": "Theirs"}),
        {"EntityPropertySource/people"},
    ),
}


@pytest.mark.parametrize("name", IN_THE_WAY)
def test_a_plan_that_was_applied_in_part_is_undone_in_part(whole: Filed, name: str) -> None:
    somebody, undone = IN_THE_WAY[name]
    somebody(whole.world)
    before = settled(whole.world.dump())
    ended = whole.apply()
    assert {key for key, end in ended.items() if end != "done"} == undone
    _, left = whole.rollback()
    assert set(left) - set(NO_WAY_BACK) <= undone
    assert differing(before, settled(whole.world.dump())) == ["Experiment/ending", "Experiment/starting"]


def test_a_plan_that_was_refused_as_a_whole_has_nothing_to_undo(whole: Filed) -> None:
    whole.world.edit("Gate", "worded", {"description": "Theirs"})
    whole.apply("--all-or-nothing")
    before = whole.world.service.store.dump()
    code, report = whole.run("rollback")
    assert (ends(report), whole.world.service.store.dump()) == ({}, before)
    assert (code, set(kept(report))) == (1, {"Gate/worded", "Tag/peak"})


# ---- people's work ---------------------------------------------------------------------------------------------------


def rules_of(world: World, id_: str) -> list[Tree]:
    found: list[Tree] = world.live("Gate", id_)["rules"]
    return found


SINCE: dict[str, tuple[Somebody, str]] = {
    "a text that the plan wrote": (
        lambda world: world.edit("Gate", "worded", {"description": "Theirs"}), "Gate/worded",
    ),
    "a percentage that the plan wrote": (
        lambda world: world.edit(
            "Gate", "ramped", {"rules": [{**rules_of(world, "ramped")[0], "passPercentage": 77}, *rules_of(world, "ramped")[1:]]}
        ),
        "Gate/ramped",
    ),
    "a rule beside the one that the plan wrote": (
        lambda world: world.edit("Gate", "ramped", {"rules": [*rules_of(world, "ramped"), rule("Theirs", id_="r9")]}),
        "Gate/ramped",
    ),
    "a status that the plan brought about": (
        lambda world: call(world, "PUT", f"{item('Gate', 'launching')}/disable", {}), "Gate/launching",
    ),
    "a gate that the plan made": (
        lambda world: world.edit("Gate", "asking_gate", {"description": "Theirs"}), "Gate/asking_gate",
    ),
    "rules of a gate that the plan made without any": (
        lambda world: world.edit("Gate", "base_gate", {"rules": [rule("Theirs", id_="r9")]}), "Gate/base_gate",
    ),
    "something that refers to a gate that the plan made": (
        lambda world: world.edit("Gate", "by_hand", {"rules": [rule("Theirs", asks="asking_gate", id_="h1")]}),
        "Gate/asking_gate",
    ),
    "a segment that refers to a gate that the plan made": (
        lambda world: world.seed({"segments": [{"id": "vip", "name": "vip", "rules": [rule("T", asks="asking_gate")]}]}),
        "Gate/asking_gate",
    ),
    "a gate that came out of the archive": (
        lambda world: call(world, "PUT", f"{item('Gate', 'retired')}/unarchive", {}), "Gate/retired",
    ),
    "a gate that is gone": (lambda world: call(world, "DELETE", item("Gate", "worded")), "Gate/worded"),
    "a value of a config": (
        lambda world: world.edit("DynamicConfig", "limits", {"defaultValue": {"a": 9}}), "DynamicConfig/limits",
    ),
    "a query": (lambda world: world.edit("EntityPropertySource", "people", {"sql": "SELECT 9 AS id"}), "EntityPropertySource/people"),
}  # fmt: skip


@pytest.mark.parametrize("name", SINCE)
def test_what_people_did_since_is_kept_and_told_and_the_rest_comes_back(whole: Filed, name: str) -> None:
    somebody, theirs = SINCE[name]
    before = settled(whole.world.dump())
    whole.applied()
    somebody(whole.world)
    after = settled(whole.world.dump())
    code, left = whole.rollback()
    needed = {"Gate/asking_gate": ["Gate/base_gate"]}.get(theirs, [])
    assert (code, left) == (1, sorted([*NO_WAY_BACK, theirs, *needed]))
    now = settled(whole.world.dump())
    expected = {*before} | {theirs, *needed}
    assert {key for key in expected if now.get(key) != before.get(key)} - {"Gate/by_hand"} == {
        "Experiment/ending", "Experiment/starting", theirs, *needed,
    }  # fmt: skip
    for key in (theirs, *needed, "Gate/by_hand"):
        assert now.get(key) == after.get(key), key


def test_a_field_that_the_plan_did_not_write_keeps_what_people_wrote(whole: Filed) -> None:
    whole.applied()
    whole.world.edit("Gate", "worded", {"team": "Theirs"})
    _, left = whole.rollback()
    assert left == NO_WAY_BACK
    live = whole.world.live("Gate", "worded")
    assert (live["description"], live["team"]) == ("Live words", "Theirs")


def test_what_moves_while_a_person_reads_the_way_back_is_left_out(whole: Filed) -> None:
    """Its steps have preconditions of their own: the way back is a plan like any other."""
    whole.applied()
    assert {step["verb"] for step in whole.run("rollback")[1]["steps"]} == {"update", "delete"}


def test_a_gate_that_was_deleted_is_named_and_stays_gone(world: World) -> None:
    world.project(ownership={"tag": OWNER}, safety={"prune": "delete"})
    world.seed(seeded(gates=[on(GATE, tags=[OWNER])]))
    world.manifests([manifest("DynamicConfig", "anything", {})])
    plan = filed(world)
    plan.applied()
    assert plan.rollback() == (1, ["Gate/one_gate"])
    assert world.dump()["gates"] == {}

"""The way back from a saved plan: live is as it was, apart from what people did since and what has no way back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from reconciler.domain import Json, Tree
from reconciler.emulator.identifiers import stable_id
from reconciler.kinds import KINDS
from tests.end_to_end.every_sort import OWNER, SOURCE, WRITTEN_ONCE, groups, rule
from tests.end_to_end.filing import Filed, ends, filed, kept, settled
from tests.end_to_end.world import World, manifest, seeded

GATE: Tree = {
    "id": "one_gate",
    "name": "One gate",
    "description": "Live words",
    "status": "In Progress",
    "isEnabled": True,
    "tags": ["old"],
    "team": "A",
    "teamID": stable_id("A"),
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
    "several fields at once": Change(
        GATE,
        {"description": "Git's words", "status": "launched", "rules": [on(ONE, passPercentage=99), TWO]},
        ids=False,
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
def test_what_a_plan_changed_is_as_it_was_after_a_rollback_and_another_finds_nothing(world: World, name: str) -> None:
    plan = alone(world, CHANGES[name])
    before = settled(world.dump(), ids=CHANGES[name].ids)
    plan.applied()
    assert settled(world.dump(), ids=CHANGES[name].ids) != before
    assert plan.rollback() == (0, [])
    assert settled(world.dump(), ids=CHANGES[name].ids) == before
    undone = world.service.store.dump()
    code, report = plan.run("rollback")
    assert (code, report["steps"], kept(report)) == (0, [], [])
    assert world.service.store.dump() == undone


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


# ---- done in part -------------------------------------------------------------------------------------------------

STEPWISE = on(GATE, status="Disabled", isEnabled=False)


def test_a_step_that_was_done_in_part_is_undone_in_part(world: World) -> None:
    plan = alone(world, Change(STEPWISE, {"description": "Git's words", "status": "launched"}))
    before = settled(world.dump())
    plan.half_applied("/launch")
    live = world.live("Gate", "one_gate")
    assert (live["description"], live["status"]) == ("Git's words", "Disabled")
    assert plan.rollback() == (0, [])
    assert settled(world.dump()) == before


def test_an_object_that_was_left_between_two_states_is_told_and_left(world: World) -> None:
    plan = alone(world, gate(description="Git's words", status="archived"))
    plan.half_applied("/archive")
    assert world.live("Gate", "one_gate")["status"] == "Disabled"
    assert plan.rollback() == (1, ["Gate/one_gate"])


# ---- no way back ---------------------------------------------------------------------------------------------------


def test_what_cannot_be_undone_of_one_object_keeps_no_other_from_coming_back(world: World) -> None:
    running = on(DRAFT, status="active")
    world.seed({**OTHERS, "gates": [GATE], "experiments": [running]})
    spec = {"description": "Git's words"}
    world.manifests([manifest("Gate", "one_gate", spec), manifest("Experiment", "one_test", {"allocation": 90})])
    plan = filed(world)
    plan.applied()
    assert plan.rollback() == (1, ["Experiment/one_test"])
    assert world.live("Gate", "one_gate")["description"] == "Live words"
    assert world.live("Experiment", "one_test")["allocation"] == 90


@pytest.mark.parametrize(
    "change",
    [
        draft(groups=[{**each, "description": "Git's words"} for each in groups(50, 50, ids=False)]),
        draft(duration=10),
    ],
    ids=["inside a group", "a duration"],
)
def test_what_was_not_set_before_is_kept_and_told(world: World, change: Change) -> None:
    plan = alone(world, change)
    plan.applied()
    assert plan.rollback()[1] == [f"{change.kind}/{change.live['id']}"]


def test_a_text_that_was_not_set_before_is_cleared(world: World) -> None:
    plan = alone(world, Change(on(GATE, team=None, teamID=None), {"team": "B"}))
    plan.applied()
    assert plan.rollback() == (0, [])
    assert world.live("Gate", "one_gate")["team"] in {None, ""}


def test_a_gate_that_was_deleted_is_named_and_stays_gone(world: World) -> None:
    world.project(ownership={"tag": OWNER}, safety={"prune": "delete", "archiveFirst": False})
    world.seed(seeded(gates=[on(GATE, tags=[OWNER])]))
    world.manifests([manifest("DynamicConfig", "anything", {})])
    plan = filed(world)
    plan.applied()
    assert plan.rollback() == (1, ["Gate/one_gate"])
    assert world.dump()["gates"] == {}


def test_a_protected_object_that_the_plan_made_stays_and_is_told(world: World) -> None:
    world.project(ownership={"tag": OWNER})
    world.seed(seeded(tags=[{"name": OWNER}]))
    world.manifests([manifest("Gate", "kept", {}, protected=True), manifest("Gate", "passing", {})])
    plan = filed(world)
    plan.applied()
    backs = {step["id"]: step["back"] for step in plan.tree["steps"]}
    assert backs["kept"] == {"calls": [], "kept": ["it is protected"]}
    world.project()  # the project owns nothing any more
    assert plan.rollback() == (1, ["Gate/kept", f"Tag/{OWNER}:protected"])
    assert list(world.dump()["gates"]) == ["kept"]


@pytest.mark.parametrize(("review", "held"), [({}, []), ({"id": "rev"}, ["Gate/asked", "Gate/asks"])])
def test_an_object_asks_again_for_a_gate_only_where_it_is_out_of_the_archive(
    world: World, review: Tree, held: list[str]
) -> None:
    """The plan takes a reference out and archives the gate; a review may keep the gate there."""
    world.project()
    asks = {"id": "asks", "status": "In Progress", "isEnabled": True, "rules": [rule("Asks", asks="asked", id_="r1")]}
    world.seed(seeded(gates=[{"id": "asked", "status": "In Progress", "isEnabled": True}, asks]))
    world.manifests([manifest("Gate", "asked", {"status": "archived"}), manifest("Gate", "asks", {"rules": []})])
    plan = filed(world)
    plan.applied()
    if review:
        world.edit("Gate", "asked", {"activeReview": {**review, "reviewStatus": "pending"}})
    code, left = plan.rollback()
    assert (code, left) == (len(held[:1]), held)
    assert bool(world.live("Gate", "asks")["rules"]) is not bool(held)

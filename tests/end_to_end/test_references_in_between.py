"""A saved plan lets an object refer to others; between plan and apply one of these is done away with."""

from __future__ import annotations

import pytest

from reconciler.domain import Tree
from reconciler.planning.fingerprint import fingerprint
from tests.end_to_end.every_sort import OWNER, groups, rule
from tests.end_to_end.filing import Filed, call, conflicts, ends, filed, item, reasons
from tests.end_to_end.world import World, manifest, seeded

BETA: Tree = {"id": "beta", "status": "In Progress", "isEnabled": True, "rules": [rule("All", id_="r1")]}
PLAIN: Tree = {"id": "plain", "status": "In Progress", "isEnabled": True, "description": "Live", "rules": []}
ASKING: Tree = {"rules": [rule("Asks", asks="beta")]}
VIP: Tree = {"rules": [{**rule("Members"), "conditions": [{"type": "passes_segment", "targetValue": ["vip"]}]}]}


def begun(world: World, spec: Tree, gate: str = "new", live: Tree = BETA) -> Filed:
    """A saved plan for one gate that comes to refer to another, and for one that refers to nothing."""
    world.project(ownership={"tag": OWNER})
    segments = [{"id": "vip", "name": "vip", "type": "rule_based", "rules": []}]
    world.seed(seeded(gates=[live, PLAIN], segments=segments, tags=[{"name": OWNER}, {"name": "core"}]))
    other = manifest("Gate", "other", {"description": "Refers to nothing"})
    world.manifests([manifest("Gate", gate, spec), other])
    return filed(world)


MOVED = "what it comes to refer to is not as it was when the plan was made: "
MOVES = {
    "": "Gate/beta is gone",
    "archive": "Gate/beta is archived, and was in_progress",
    "disable": "Gate/beta is disabled, and was in_progress",
    "launch": "Gate/beta is launched, and was in_progress",
}


def moved(world: World, word: str) -> None:
    """Somebody has done with the gate."""
    if word:
        call(world, "PUT", f"{item('Gate', 'beta')}/{word}", {})
    else:
        call(world, "DELETE", item("Gate", "beta"))


@pytest.mark.parametrize("gate", ["new", "plain"])
@pytest.mark.parametrize("word", MOVES)
def test_a_step_is_left_out_when_the_gate_that_it_was_to_ask_for_is_another(world: World, gate: str, word: str) -> None:
    plan = begun(world, ASKING, gate)
    moved(world, word)
    before = world.dump()["gates"].get(gate)
    code, report = plan.run("apply")
    assert (code, ends(report)) == (1, {f"Gate/{gate}": "stale", "Gate/other": "done"})
    assert reasons(report)[f"Gate/{gate}"] == f"{MOVED}{MOVES[word]}: plan again"
    assert world.dump()["gates"].get(gate) == before


@pytest.mark.parametrize("word", MOVES)
def test_a_gate_is_switched_off_whatever_became_of_what_it_refers_to(world: World, word: str) -> None:
    plan = begun(world, {"status": "disabled", **ASKING}, "plain")
    moved(world, word)
    assert plan.apply()["Gate/plain"] in {"done", "failed"}  # the service takes no rule that asks for a deleted gate
    assert world.live("Gate", "plain")["status"] == "Disabled"


@pytest.mark.parametrize("word", MOVES)
def test_a_gate_is_not_switched_on_when_what_its_rules_ask_for_is_another(world: World, word: str) -> None:
    world.project()
    off = {**PLAIN, "status": "Disabled", "isEnabled": False, "rules": [rule("Asks", 100, asks="beta", id_="r2")]}
    world.seed(seeded(gates=[BETA, off]))
    world.manifests([manifest("Gate", "plain", {"status": "in_progress"})])
    plan = filed(world)
    moved(world, word)
    assert plan.apply() == {"Gate/plain": "stale"}
    assert world.live("Gate", "plain")["status"] == "Disabled"


def test_an_experiment_is_not_started_when_its_audience_went_to_the_archive(world: World) -> None:
    world.project()
    draft = {"id": "layout", "status": "setup", "targetingGateID": "beta", "groups": groups(50, 50)}
    world.seed(seeded(gates=[BETA], experiments=[draft]))
    world.manifests([manifest("Experiment", "layout", {"status": "active"})])
    plan = filed(world)
    moved(world, "archive")
    assert plan.apply() == {"Experiment/layout": "stale"}


def test_an_approval_is_void_when_what_the_plan_comes_to_refer_to_is_another(world: World) -> None:
    begun(world, ASKING)
    approved = fingerprint(world.good_plan().plan)
    world.edit("Gate", "beta", {"description": "Other words"})
    assert fingerprint(world.good_plan().plan) == approved
    moved(world, "disable")
    assert fingerprint(world.good_plan().plan) != approved


def test_what_somebody_did_to_the_object_itself_is_told_first(world: World) -> None:
    plan = begun(world, ASKING, "plain")
    moved(world, "archive")
    world.edit("Gate", "plain", {"description": "Somebody's words"})
    _, report = plan.run("apply")
    assert conflicts(report, "Gate/plain")["description"] == ("Live", "Somebody's words", "Live")


def test_a_step_is_left_out_when_its_segment_is_gone(world: World) -> None:
    plan = begun(world, VIP)
    world.service.store.console_delete("segments", "vip", by="Jo")
    assert plan.apply() == {"Gate/new": "stale", "Gate/other": "done"}


def test_a_step_is_left_out_when_its_tag_is_gone(world: World) -> None:
    plan = begun(world, {"tags": ["core"]})
    tags: list[Tree] = [*world.console.list("/tags", identity="name")]
    (core,) = (tag["id"] for tag in tags if tag["name"] == "core")
    call(world, "DELETE", f"/tags/{core}")
    code, report = plan.run("apply")
    assert (code, ends(report)) == (1, {"Gate/new": "stale", "Gate/other": "done"})
    assert reasons(report)["Gate/new"].startswith(f"{MOVED}Tag/core is gone")


def test_what_was_in_the_archive_when_the_plan_was_reviewed_changes_nothing(world: World) -> None:
    plan = begun(world, ASKING, live={**BETA, "status": "Archived", "isEnabled": False})
    assert [found["code"] for found in plan.tree["findings"]] == ["REF/archived"]
    assert plan.apply() == {"Gate/new": "done", "Gate/other": "done"}


def test_what_live_referred_to_already_is_not_asked_for(world: World) -> None:
    world.project()
    world.seed(seeded(gates=[BETA, {**PLAIN, "rules": [rule("Asks", 10, asks="beta", id_="r2")]}]))
    world.manifests([manifest("Gate", "plain", {"rules": [rule("Asks", 20, asks="beta")]})])
    plan = filed(world)
    call(world, "PUT", f"{item('Gate', 'beta')}/archive", {})
    assert plan.apply() == {"Gate/plain": "done"}


def test_what_was_changed_and_is_still_there_is_referred_to(world: World) -> None:
    plan = begun(world, ASKING)
    world.edit("Gate", "beta", {"description": "Other words"})
    assert plan.apply() == {"Gate/new": "done", "Gate/other": "done"}

"""A saved plan lets an object refer to others; between plan and apply one of these is done away with."""

from __future__ import annotations

import pytest

from reconciler.domain import Tree
from tests.end_to_end.every_sort import OWNER, rule
from tests.end_to_end.filing import Filed, call, ends, filed, item, reasons
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


@pytest.mark.parametrize("gate", ["new", "plain"])
@pytest.mark.parametrize("what", ["is gone", "went to the archive"])
def test_a_step_is_left_out_when_the_gate_that_it_was_to_ask_for_went(world: World, gate: str, what: str) -> None:
    plan = begun(world, ASKING, gate)
    if what == "is gone":
        call(world, "DELETE", item("Gate", "beta"))
    else:
        call(world, "PUT", f"{item('Gate', 'beta')}/archive", {})
    before = world.dump()["gates"].get(gate)
    code, report = plan.run("apply")
    assert (code, ends(report)) == (1, {f"Gate/{gate}": "stale", "Gate/other": "done"})
    told = reasons(report)[f"Gate/{gate}"]
    assert told == f"Gate/beta, to which it was to refer, {what} since the plan was made: plan again"
    assert world.dump()["gates"].get(gate) == before


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
    assert reasons(report)["Gate/new"].startswith("Tag/core, to which it was to refer, is gone")


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

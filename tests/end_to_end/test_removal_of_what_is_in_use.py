"""Nothing is removed that something still refers to."""

from __future__ import annotations

import pytest

from reconciler.domain import Status, Tree
from tests.end_to_end.world import World, codes, manifest, steps_of


def passes(gate: str) -> Tree:
    return {"name": gate, "passPercentage": 100, "conditions": [{"type": "passes_gate", "targetValue": gate}]}


@pytest.mark.parametrize("how", ["archive", "delete"])
def test_the_gate_of_an_experiment_that_stays_because_it_runs_stays_too(world: World, how: str) -> None:
    world.project(ownership={"tag": "git"}, safety={"prune": how})
    running = {"id": "layout", "status": "active", "tags": ["git"], "targetingGateID": "audience"}
    world.seed({"gates": [{"id": "audience", "tags": ["git"]}], "experiments": [running]})
    world.manifests([manifest("Gate", "kept", {})])
    planned = world.good_plan()
    assert "PRUNE/running" in codes(planned)
    assert "Gate/audience" not in steps_of(planned)


@pytest.mark.parametrize("how", ["archive", "delete"])
def test_what_an_object_refers_to_that_stays_because_it_is_used_stays_too(world: World, how: str) -> None:
    world.project(ownership={"tag": "git"}, safety={"prune": how})
    gates = [
        {"id": "base", "tags": ["git"]},
        {"id": "middle", "tags": ["git"], "rules": [passes("base")]},
        {"id": "top", "tags": ["git"]},
    ]
    world.seed({"gates": gates})
    world.manifests([manifest("Gate", "top", {"rules": [passes("middle")]})])
    planned = world.good_plan()
    assert list(steps_of(planned)) == ["Gate/top"]


def test_an_object_stays_when_the_update_that_was_to_take_its_reference_out_is_not_made(world: World) -> None:
    world.project(ownership={"tag": "git"}, safety={"prune": "delete"})
    user = {"id": "user", "tags": ["git"], "rules": [passes("leaving")]}
    world.seed({"gates": [{"id": "leaving", "tags": ["git"]}, {"id": "instead"}, user]})
    world.manifests([manifest("Gate", "user", {"rules": [passes("instead")]})])
    planned = world.good_plan()
    world.seed({"gates": [{"id": "leaving", "tags": ["git"]}, user]})  # somebody deletes the other gate
    ends = {str(end.step.key): end.status for end in world.outcomes(planned)}
    assert ends == {"Gate/user": Status.STALE, "Gate/leaving": Status.SKIPPED}
    assert "leaving" in world.dump()["gates"]


def test_an_object_stays_when_somebody_refers_to_it_after_the_plan_was_made(world: World) -> None:
    world.project(ownership={"tag": "git"}, safety={"prune": "delete"})
    world.seed({"gates": [{"id": "leaving", "tags": ["git"]}, {"id": "of_others"}]})
    world.manifests([manifest("DynamicConfig", "kept", {})])
    planned = world.good_plan()
    world.edit("Gate", "of_others", {"rules": [passes("leaving") | {"id": "r1", "baseID": "r1"}]})
    world.outcomes(planned)
    assert "leaving" in world.dump()["gates"]


def test_a_source_stays_that_a_live_experiment_samples_by_where_the_manifest_does_not_say_so(world: World) -> None:
    world.project(ownership={"tag": "git"}, safety={"prune": "delete"})
    mapping = [{"statsigUnitID": "userID", "column": "a"}]
    sampling = {"status": "success", "entityPropertySource": {"propertySourceName": "people", "column": "a"}}
    world.seed(
        {"entity_properties": [{"name": "people", "sql": "SELECT a", "tags": ["git"], "idTypeMapping": mapping}]}
    )
    world.seed({"experiments": [{"id": "layout", "tags": ["git"], "stratifiedSampling": sampling}]})
    world.manifests([manifest("Experiment", "layout", {"stratifiedSampling": {"status": "success"}})])
    assert "EntityPropertySource/people" not in steps_of(world.good_plan())


@pytest.mark.parametrize("holdout", [{"targetingGateID": "audience"}, {"gateIDs": ["audience"]}])
def test_a_gate_stays_that_a_holdout_names(world: World, holdout: Tree) -> None:
    world.project(ownership={"tag": "git"}, safety={"prune": "delete"})
    gates = [{"id": "audience", "tags": ["git"]}, {"id": "kept", "tags": ["git"]}]
    world.seed({"gates": gates, "holdouts": [{"id": "autumn", "name": "autumn", **holdout}]})
    world.manifests([manifest("Gate", "kept", {})])
    assert "Gate/audience" not in steps_of(world.good_plan())


# ---- what goes to the archive refers on ------------------------------------------------------------------------------


def test_a_gate_is_not_deleted_that_an_experiment_keeps_in_the_archive(world: World) -> None:
    safety = {"prune": {"default": "delete", "Experiment": "archive"}, "archiveFirst": False}
    world.project(ownership={"tag": "git"}, safety=safety)
    draft = {"id": "layout", "status": "setup", "tags": ["git"], "targetingGateID": "audience"}
    world.seed({"gates": [{"id": "audience", "tags": ["git"]}], "experiments": [draft]})
    world.manifests([manifest("Gate", "kept", {})])
    planned = world.good_plan()
    assert {key: step.verb for key, step in steps_of(planned).items()} == {
        "Experiment/layout": "archive", "Gate/kept": "create",
    }  # fmt: skip
    assert "PRUNE/in-use" in codes(planned)


def test_what_is_archived_first_holds_what_it_asks_for_until_it_is_deleted(world: World) -> None:
    world.project(ownership={"tag": "git"}, safety={"prune": "delete"})
    archived = {"id": "base", "tags": ["git"], "status": "Archived", "isEnabled": False}
    world.seed({"gates": [{"id": "kept"}, archived, {"id": "top", "tags": ["git"], "rules": [passes("base")]}]})
    world.manifests([manifest("Gate", "kept", {})])
    removed = []
    for _ in range(2):
        removed.append({key: str(step.verb) for key, step in steps_of(world.good_plan()).items() if key != "Gate/kept"})
        world.outcomes(world.good_plan())
    assert removed == [{"Gate/top": "archive"}, {"Gate/top": "delete", "Gate/base": "delete"}]


@pytest.mark.parametrize("how", ["archive", "delete"])
def test_an_object_stays_that_is_checked_since_the_plan_was_made(world: World, how: str) -> None:
    world.project(ownership={"tag": "git"}, safety={"prune": how, "archiveFirst": False})
    world.seed({"gates": [{"id": "kept"}, {"id": "leaving", "tags": ["git"]}]})
    world.manifests([manifest("Gate", "kept", {})])
    planned = world.good_plan()
    world.seed({"gates": [{"id": "kept"}, {"id": "leaving", "tags": ["git"], "checksPerHour": 900}]})
    (leaving,) = [end for end in world.outcomes(planned) if end.step.key.id == "leaving"]
    assert (leaving.status, leaving.reason) == (
        Status.STALE, "it was checked 900 times in the last hour: plan again"
    )  # fmt: skip


def test_of_two_objects_that_refer_to_each_other_neither_goes_where_one_stays(world: World) -> None:
    world.project(ownership={"tag": "git"}, safety={"prune": "delete", "archiveFirst": False})
    one = {"id": "one_gate", "tags": ["git"], "rules": [passes("two_gate")]}
    two = {"id": "two_gate", "tags": ["git"], "rules": [passes("one_gate")]}
    world.seed({"gates": [{"id": "kept"}, one, two]})
    world.manifests([manifest("Gate", "kept", {})])
    planned = world.good_plan()
    world.edit("Gate", "one_gate", {"description": "by hand"})
    ends = {end.step.key.id: end.status for end in world.outcomes(planned)}
    assert {ends["one_gate"], ends["two_gate"]} == {Status.STALE}

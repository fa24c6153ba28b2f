"""A running experiment whose live state is not as its manifest says, where to mend it would taint its results."""

from __future__ import annotations

import pytest

from reconciler.domain import Tree
from tests.end_to_end.test_guards import Ran, told
from tests.end_to_end.world import World, differing, manifest, seeded

LAYOUT: Tree = {
    "id": "layout",
    "status": "active",
    "startTime": 1_795_000_000_000,
    "allocation": 50,
    "groups": [
        {"id": "g1", "name": "Steps", "size": 50, "parameterValues": {"layout": "steps"}},
        {"id": "g2", "name": "One page", "size": 50, "parameterValues": {"layout": "single"}},
    ],
}
EXPERIMENT = "Experiment/layout"


@pytest.fixture
def clicked(world: World) -> World:
    """Somebody raised the allocation in the console, and a gate is to have another description."""
    world.project()
    world.seed(seeded(experiments=[LAYOUT], gates=[{"id": "cards", "description": "Cards."}]))
    world.edit("Experiment", "layout", {"allocation": 80})
    world.manifests(
        [
            manifest("Experiment", "layout", {"status": "active", "allocation": 50}),
            manifest("Gate", "cards", {"description": "Cards, with the new form."}),
        ]
    )
    return world


def pending(ran: Ran) -> list[str]:
    return [f"{step['kind']}/{step['id']}" for step in ran.report["pending"]]


def test_the_plan_leaves_out_what_would_taint_it_and_goes_on(clicked: World) -> None:
    plan = told(clicked, "plan")
    assert plan.code == 2
    assert [step["id"] for step in plan.report["steps"]] == ["cards"]
    assert pending(plan) == [EXPERIMENT]
    (finding,) = (each for each in plan.report["findings"] if each["code"] == "GUARD/running-experiment")
    assert finding["severity"] == "warning"
    assert "left out" in finding["message"]
    assert "acknowledge: [Experiment/layout]" in finding["cure"]
    assert "--allow running-experiment=" in finding["cure"]


def test_apply_does_the_rest_and_says_that_not_everything_is_as_the_manifests_say(clicked: World) -> None:
    before = clicked.dump()
    assert told(clicked, "apply", "--yes").code == 2
    assert differing(before, clicked.dump()) == {"gates/cards"}
    assert told(clicked, "plan").code == 2
    assert told(clicked, "apply", "--yes").code == 2


def test_drift_is_told_as_drift(clicked: World) -> None:
    drift = told(clicked, "drift")
    assert drift.code == 2
    assert [step["id"] for step in drift.report["changed"]] == ["layout", "cards"]


def test_a_saved_plan_does_not_hold_it(clicked: World) -> None:
    file = str(clicked.folder / "plan.json")
    assert told(clicked, "plan", "--out", file).code == 2
    before = clicked.dump()
    assert told(clicked, "apply", file, "--yes").code == 2
    assert differing(before, clicked.dump()) == {"gates/cards"}


def europe(share: int) -> Tree:
    condition = {"type": "country", "operator": "any", "targetValue": ["DE"]}
    return {"rules": [{"name": "Europe", "passPercentage": share, "conditions": [condition]}]}


@pytest.fixture
def asked(world: World) -> World:
    """The experiment asks a gate whose share somebody raised in the console."""
    world.project()
    experiment, gate = {**LAYOUT, "targetingGateID": "eu_users"}, {"id": "eu_users", **europe(50)}
    world.seed(seeded(experiments=[experiment], gates=[gate]))
    world.manifests([manifest("Gate", "eu_users", europe(10))])
    return world


def share(world: World) -> int:
    found: int = world.live("Gate", "eu_users")["rules"][0]["passPercentage"]
    return found


def test_without_leave_the_gate_stays_as_it_is(asked: World) -> None:
    assert told(asked, "apply", "--yes").code == 2
    assert share(asked) == 50


def test_a_manifest_that_acknowledges_the_experiment_lets_the_change_pass(asked: World) -> None:
    asked.manifests([manifest("Gate", "eu_users", europe(10), acknowledge=[EXPERIMENT])])
    assert told(asked, "apply", "--yes").code == 0
    assert share(asked) == 10


def test_the_command_line_lets_the_change_pass(asked: World) -> None:
    assert told(asked, "apply", "--yes", "--allow", "running-experiment=It ends today.").code == 0
    assert share(asked) == 10


@pytest.mark.parametrize(("until", "code", "found"), [("2026-12-01", 0, 10), ("2026-11-30", 2, 50)])
def test_the_project_file_lets_the_change_pass_until_a_day(asked: World, until: str, code: int, found: int) -> None:
    leave = {"guard": "running-experiment", "objects": ["Gate/eu_users"], "reason": "It ends today.", "until": until}
    asked.project(safety={"allow": [leave]})
    assert told(asked, "apply", "--yes").code == code
    assert share(asked) == found


def test_a_removal_that_taints_is_left_out_as_well(asked: World) -> None:
    """The experiment does not ask the gate any more, which its manifest acknowledges; the gate goes with that."""
    asked.project(ownership={"tag": "ours"}, safety={"prune": "delete", "archiveFirst": False})
    asked.edit("Gate", "eu_users", {"tags": ["ours"]})
    spec = {"status": "active", "targetingGateID": None}
    asked.manifests([manifest("Experiment", "layout", spec, acknowledge=[EXPERIMENT])])
    plan = told(asked, "plan")
    assert plan.code == 2
    assert pending(plan) == ["Gate/eu_users"]


def test_a_tag_for_nothing_but_what_is_left_out_is_not_made(clicked: World) -> None:
    spec = {"status": "active", "allocation": 50, "tags": ["brand new"]}
    clicked.manifests([manifest("Experiment", "layout", spec)])
    plan = told(clicked, "plan")
    assert (plan.code, plan.report["steps"], pending(plan)) == (2, [], [EXPERIMENT])

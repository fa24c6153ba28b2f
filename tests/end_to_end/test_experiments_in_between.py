"""A saved plan changes a gate; between plan and apply somebody starts an experiment that depends on it."""

from __future__ import annotations

import httpx

from reconciler.domain import Tree
from tests.end_to_end.every_sort import groups, rule
from tests.end_to_end.filing import Filed, ends, filed, reasons
from tests.end_to_end.world import KEY, World, manifest, seeded

GATES: list[Tree] = [
    {"id": "eu_users", "status": "In Progress", "isEnabled": True, "rules": [rule("Asks", asks="beta", id_="r1")]},
    {
        "id": "beta",
        "status": "In Progress",
        "isEnabled": True,
        "description": "Live words",
        "rules": [rule("All", 10, id_="r2")],
    },
]
DRAFT: Tree = {"id": "layout", "status": "setup", "targetingGateID": "eu_users", "groups": groups(50, 50)}


def begun(world: World, spec: Tree, status: str = "setup", **metadata: object) -> Filed:
    """A saved plan for the gate at the end of the chain."""
    world.project()
    world.seed(seeded(gates=GATES, experiments=[DRAFT | {"status": status}]))
    world.manifests([manifest("Gate", "beta", spec, **metadata)])
    return filed(world)


def start(world: World) -> None:
    """Start the experiment, as a person in the console would."""
    answer = httpx.put(f"{world.service.url}/experiments/layout/start", headers={"STATSIG-API-KEY": KEY}, json={})
    assert answer.is_success, answer.text


MORE: Tree = {"rules": [{"name": "All", "passPercentage": 50, "conditions": rule("All", 10)["conditions"]}]}


def test_the_step_that_would_taint_it_is_left_out_with_the_way_to_it(world: World) -> None:
    plan = begun(world, MORE)
    start(world)
    before = world.live("Gate", "beta")
    code, report = plan.run("apply")
    assert (code, ends(report)) == (1, {"Gate/beta": "stale"})
    told = reasons(report)["Gate/beta"]
    assert told.startswith("Experiment/layout runs by now, and depends on it")
    assert "Experiment/layout -> Gate/eu_users -> Gate/beta" in told
    assert world.live("Gate", "beta") == before


def test_a_step_that_gives_nobody_another_answer_is_made(world: World) -> None:
    plan = begun(world, {"description": "Git's words"})
    start(world)
    assert plan.apply() == {"Gate/beta": "done"}


def test_what_was_acknowledged_when_it_was_planned_is_made_and_undone(world: World) -> None:
    plan = begun(world, MORE, "active", acknowledge=["Experiment/layout"])
    assert plan.apply() == {"Gate/beta": "done"}
    code, _ = plan.rollback()
    assert code == 0
    assert world.live("Gate", "beta")["rules"][0]["passPercentage"] == 10

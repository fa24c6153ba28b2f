"""What the commands say of objects on which a review is open, and the codes with which they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.domain import Json, Tree
from tests.end_to_end.world import World, manifest, seeded
from tests.unit.cli.terminal import Desk

REVIEW: Tree = {"reviewID": "r-17", "reviewStatus": "PENDING", "description": "Ramp up"}
OPEN = "review r-17 is open (PENDING): Ramp up"


@pytest.fixture
def waiting(world: World) -> World:
    """A gate that differs and is under review."""
    world.seed(seeded(gates=[{"id": "checkout", "description": "Old"}]))
    world.edit("Gate", "checkout", {"activeReview": REVIEW})
    world.manifests([manifest("Gate", "checkout", {"description": "New"})])
    return world


def run(world: World, *arguments: str) -> tuple[int, str]:
    """The exit code of the command, and what it says."""
    desk = Desk()
    return desk.run([*arguments, "-p", str(world.folder)]), desk.said


def report(world: World, *arguments: str) -> Json:
    """The document of a command."""
    code, said = run(world, *arguments, "--format", "json")
    document = json.loads(said)
    assert document["exitCode"] == code
    return document


def test_a_plan_that_only_waits_says_for_what_and_ends_with_2(waiting: World) -> None:
    code, said = run(waiting, "plan")
    assert code == 2
    assert f"        {OPEN}\n        description: Old → New\n" in said
    assert said.splitlines()[-1] == (
        "Plan: 0 to create, 0 to change, 0 to adopt, 0 to remove; 0 unchanged, 1 waits for people."
    )


def test_an_apply_that_only_waits_does_nothing_and_ends_with_2(waiting: World) -> None:
    before = waiting.dump()
    assert run(waiting, "apply", "--yes")[0] == 2
    found = report(waiting, "apply", "--yes")
    assert (found["exitCode"], [each["review"]["id"] for each in found["pending"]]) == (2, ["r-17"])
    assert waiting.dump() == before


def test_what_waits_needs_no_review_of_a_plan(waiting: World, tmp_path: Path) -> None:
    file = str(tmp_path / "saved.json")
    assert run(waiting, "plan", "--out", file)[0] == 2
    for arguments in (["apply"], ["apply", file]):
        code, said = run(waiting, *arguments, "--yes", "--expect-fingerprint", "none")
        assert code == 2
        assert "APPLY/nothing-left: the plan that was expected is not to be made any more" in said
        assert "what is left waits for people" in said


def test_an_apply_does_the_rest_and_tells_what_waits_apart(waiting: World) -> None:
    waiting.write("manifests/other.yaml", json.dumps(manifest("Gate", "other_gate", {"status": "launched"})))
    code, said = run(waiting, "apply", "--yes")
    assert code == 2
    assert "Applied: 1 done.\n" in said
    assert said.endswith(
        f"? Gate checkout waits for people: {OPEN}\n"
        "Waiting: 1 of 2 objects waits for people, and nothing else differs.\n"
    )


def test_drift_tells_that_a_review_is_open(waiting: World) -> None:
    code, said = run(waiting, "drift")
    assert code == 2
    assert f"    {OPEN}\n" in said
    assert "    description: New → Old\n" in said
    (changed,) = report(waiting, "drift")["changed"]
    assert changed["review"] == {"id": "r-17", "status": "PENDING", "description": "Ramp up"}


@pytest.fixture
def saved(waiting: World, tmp_path: Path) -> tuple[World, str]:
    """A saved plan for a gate on which a review was opened since."""
    waiting.edit("Gate", "checkout", {"activeReview": None})
    file = str(tmp_path / "saved.json")
    assert run(waiting, "plan", "--out", file)[0] == 2
    waiting.edit("Gate", "checkout", {"activeReview": REVIEW})
    return waiting, file


def test_a_saved_plan_waits_for_a_review_that_was_opened_since(saved: tuple[World, str]) -> None:
    world, file = saved
    found = report(world, "apply", file, "--yes")
    assert found["exitCode"] == 2
    assert [(end["status"], end["callsMade"], end["reason"]) for end in found["outcomes"]] == [
        ("pending_review", 0, OPEN)
    ]
    assert [each["pending"] for each in found["convergence"]] == [OPEN]
    assert (found["summary"]["pendingReview"], found["summary"]["waiting"], found["summary"]["differing"]) == (1, 1, 0)


def test_what_fails_besides_ends_with_1(waiting: World, tmp_path: Path) -> None:
    file = str(tmp_path / "saved.json")
    waiting.edit("Gate", "checkout", {"activeReview": None})
    waiting.write("manifests/other.yaml", json.dumps(manifest("Gate", "other_gate", {"status": "launched"})))
    assert run(waiting, "plan", "--out", file)[0] == 2
    waiting.edit("Gate", "checkout", {"activeReview": REVIEW})
    made_by_hand = [*waiting.dump()["gates"].values(), {"id": "other_gate"}]
    waiting.seed({"gates": made_by_hand})
    found = report(waiting, "apply", file, "--yes")
    assert found["exitCode"] == 1
    assert sorted(end["status"] for end in found["outcomes"]) == ["pending_review", "stale"]


def test_a_saved_plan_is_carried_out_once_the_review_is_gone(saved: tuple[World, str]) -> None:
    world, file = saved
    world.edit("Gate", "checkout", {"activeReview": None})
    assert run(world, "apply", file, "--yes")[0] == 0
    assert world.live("Gate", "checkout")["description"] == "New"


def test_a_plan_that_was_saved_while_it_waited_says_so_when_it_is_applied(waiting: World, tmp_path: Path) -> None:
    file = str(tmp_path / "saved.json")
    assert run(waiting, "plan", "--out", file)[0] == 2
    code, said = run(waiting, "apply", file, "--yes")
    assert code == 2
    assert OPEN in said


def test_the_way_back_leaves_an_object_under_review(saved: tuple[World, str]) -> None:
    world, file = saved
    world.edit("Gate", "checkout", {"activeReview": None})
    assert run(world, "apply", file, "--yes")[0] == 0
    world.edit("Gate", "checkout", {"activeReview": REVIEW})
    code, said = run(world, "rollback", file, "--yes")
    assert code == 1
    assert f"Gate/checkout: {OPEN}" in said

"""A project whose changes need a review: nothing is called done before people have approved it."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from reconciler.domain import Json, Outcome, ResourceKey, Tree
from reconciler.kinds import KINDS
from tests.end_to_end.every_sort import EVERYTHING, OWNER, every_sort
from tests.end_to_end.filing import Filed, ends, filed, reasons
from tests.end_to_end.world import World, changes_of, differing, manifest, seeded, steps_of
from tests.unit.cli.terminal import Desk

REQUIRED: Tree = {
    "is_config_review_required": True,
    "is_metric_review_required": False,
    "is_metric_review_required_on_verified_only": False,
    "is_whn_source_review_required": True,
}
NO_EFFECT = "the service accepted the call and the object did not change: a review may be pending"
MADE = {"Tag/peak", "Gate/base_gate", "Gate/asking_gate"}
"""What is made: the emulator asks for no review there."""
CHANGED = sorted({*EVERYTHING} - MADE)


def demand_reviews(world: World) -> None:
    """Somebody asks for reviews from now on."""
    world.seed({"review_settings": REQUIRED})


def key(name: str) -> ResourceKey:
    return ResourceKey(*name.split("/", 1))


def decide(world: World, names: Iterable[str], *, approved: bool) -> None:
    """Somebody decides the reviews of these objects."""
    store = world.service.store
    for each in map(key, names):
        (store.approve_review if approved else store.reject_review)(KINDS[each.kind].seed_key, each.id, by="Jo")


def by_status(outcomes: Iterable[Outcome]) -> dict[str, list[str]]:
    """The objects by how their steps ended."""
    found: dict[str, list[str]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.status, []).append(str(outcome.step.key))
    return {status: sorted(names) for status, names in found.items()}


def run(world: World, *arguments: str) -> tuple[int, str]:
    """A command, with its exit code."""
    desk = Desk()
    return desk.run([*arguments, "-p", str(world.folder)]), desk.said


@pytest.fixture
def careful(world: World) -> Filed:
    """A plan with a step of every sort, and a project that asks for reviews."""
    planned = every_sort(world)
    demand_reviews(world)
    return planned


# ---- every sort of change --------------------------------------------------------------------------------------------


def test_every_change_waits_and_nothing_but_reviews_is_different(careful: Filed) -> None:
    before = careful.world.dump()
    code, report = careful.run("apply")
    assert code == 2
    assert ends(report) == {name: "done" if name in MADE else "pending_review" for name in EVERYTHING}
    assert (report["summary"]["pendingReview"], report["summary"]["waiting"]) == (len(CHANGED), len(CHANGED))
    assert (report["summary"]["failed"], report["summary"]["differing"]) == (0, 0)
    after = careful.world.dump()
    assert differing(without_reviews(before), without_reviews(after)) == {
        "gates/base_gate", "gates/asking_gate", *(f"tags/{id_}" for id_ in after["tags"].keys() - before["tags"].keys())
    }  # fmt: skip


def without_reviews(state: Tree) -> Tree:
    """Live objects as they are apart from their reviews."""
    return {
        name: {
            id_: {field: value for field, value in tree.items() if field != "activeReview"}
            for id_, tree in trees.items()
        }
        for name, trees in state.items()
    }


def test_what_waits_names_its_review_or_says_that_there_may_be_one(careful: Filed) -> None:
    told = reasons(careful.run("apply")[1])
    assert told.keys() == {*CHANGED}
    for name, reason in told.items():
        shows_it = key(name).kind in {"Gate", "Experiment"}
        review = careful.world.live(*name.split("/", 1))["activeReview"]["reviewID"] if shows_it else ""
        assert reason == (f"review {review} is open (pending): Opened by CONSOLE API" if shows_it else NO_EFFECT), name


def test_no_further_call_is_made_for_what_waits(careful: Filed) -> None:
    steps = steps_of(careful.world.good_plan())
    report = careful.run("apply")[1]
    made = {f"{each['step']['kind']}/{each['step']['id']}": each["callsMade"] for each in report["outcomes"]}
    assert {made[name] for name in CHANGED} == {1}
    assert "Experiment/starting" in {name for name, step in steps.items() if len(step.calls) > 1}


def test_while_reviews_are_open_only_what_hides_its_review_is_tried_again(careful: Filed) -> None:
    careful.run("apply")
    planned = careful.world.good_plan()
    assert set(steps_of(planned)) == {"DynamicConfig/limits", "EntityPropertySource/people"}
    assert [str(step.key) for step in planned.plan.pending] == [
        "Experiment/ending", "Experiment/starting", "Gate/launching", "Gate/ramped", "Gate/worded"
    ]  # fmt: skip
    assert [finding.key for finding in planned.plan.findings if finding.code == "PRUNE/review"] == [key("Gate/retired")]
    before = careful.world.dump()
    assert run(careful.world, "apply", "--yes")[0] == 2
    assert careful.world.dump() == before


def test_once_approved_the_plan_is_empty_or_goes_on(careful: Filed) -> None:
    careful.run("apply")
    decide(careful.world, CHANGED, approved=True)
    planned = careful.world.good_plan()
    assert planned.plan.pending == ()
    assert set(changes_of(planned)) == {"Experiment/starting"}, "its control group was approved, it is not started yet"
    careful.world.outcomes(planned)
    decide(careful.world, ["Experiment/starting"], approved=True)
    assert run(careful.world, "plan")[0] == 0
    assert run(careful.world, "drift")[0] == 0


def test_once_rejected_the_plan_shows_the_changes_again(careful: Filed) -> None:
    first = changes_of(careful.world.good_plan())
    careful.run("apply")
    decide(careful.world, CHANGED, approved=False)
    again = careful.world.good_plan()
    assert again.plan.pending == ()
    assert changes_of(again) == {name: first[name] for name in first if name not in MADE}


def test_a_project_that_does_not_respect_reviews_changes_at_once(careful: Filed) -> None:
    careful.world.project(
        api={"url": careful.world.service.url, "respectReviews": False},
        ownership={"tag": OWNER},
        safety={"prune": "archive"},
    )
    assert run(careful.world, "apply", "--yes")[0] == 0
    assert run(careful.world, "plan")[0] == 0


# ---- what depends on what waits --------------------------------------------------------------------------------------

ASKS: list[Json] = [{"type": "passes_gate", "targetValue": ["audience"]}]


@pytest.fixture
def chained(world: World) -> World:
    """A gate that waits for a review, a new gate that asks it, an experiment on that, and a gate beside."""
    world.seed(seeded(gates=[{"id": "audience", "description": "Old", "reviewSettings": {"requiredReview": True}}]))
    world.manifests(
        [
            manifest("Gate", "audience", {"description": "New"}),
            manifest("Gate", "inner", {"rules": [{"name": "R", "passPercentage": 1, "conditions": ASKS}]}),
            manifest("Experiment", "study", {"targetingGateID": "inner"}),
            manifest("Gate", "beside", {"status": "launched"}),
        ]
    )
    return world


CHAIN = ["Experiment/study", "Gate/inner"]


def test_what_needs_a_change_under_review_is_neither_made_now_nor_in_the_next_run(chained: World) -> None:
    code, said = run(chained, "apply", "--yes")
    assert code == 2
    assert "it needs Gate/audience, whose change waits for people" in said
    assert set(chained.dump()["gates"]) == {"audience", "beside"}
    planned = chained.good_plan()
    assert planned.plan.steps == ()
    assert [str(step.key) for step in planned.plan.pending] == ["Experiment/study", "Gate/audience", "Gate/inner"]
    assert run(chained, "apply", "--yes")[0] == 2
    assert run(chained, "plan")[0] == 2


def test_what_needed_the_change_is_made_once_it_is_approved(chained: World) -> None:
    run(chained, "apply", "--yes")
    decide(chained, ["Gate/audience"], approved=True)
    outcomes = chained.apply()
    assert by_status(outcomes) == {"done": CHAIN}


def test_the_outcomes_tell_waiting_skipped_and_done_apart(chained: World) -> None:
    assert by_status(chained.outcomes(chained.good_plan())) == {
        "done": ["Gate/beside"], "pending_review": ["Gate/audience"], "skipped": CHAIN
    }  # fmt: skip
    assert {str(each.key): bool(each.pending) for each in chained.verify()} == {
        "Experiment/study": True, "Gate/audience": True, "Gate/beside": False, "Gate/inner": True
    }  # fmt: skip


def test_drift_says_that_a_review_is_open(chained: World) -> None:
    chained.outcomes(chained.good_plan())
    drift = chained.drift()
    assert [(str(step.key), step.review is not None) for step in drift.changed] == [("Gate/audience", True)]
    assert sorted(str(step.key) for step in drift.gone) == CHAIN


# ---- plans in files --------------------------------------------------------------------------------------------------


def test_a_plan_in_a_file_asks_again_once_the_review_is_rejected(chained: World) -> None:
    planned = filed(chained)
    chained.outcomes(chained.good_plan("id=audience"))
    assert calls_for_the_audience(planned) == ("pending_review", 0)
    decide(chained, ["Gate/audience"], approved=False)
    assert calls_for_the_audience(planned) == ("pending_review", 1)


def calls_for_the_audience(planned: Filed) -> tuple[str, int]:
    """How the step of the gate that needs reviews ended, and after how many calls."""
    code, report = planned.run("apply")
    (outcome,) = (each for each in report["outcomes"] if each["step"]["id"] == "audience")
    assert code in {1, 2}
    return outcome["status"], outcome["callsMade"]


def test_the_way_back_waits_for_a_review_like_any_change(world: World) -> None:
    world.seed(seeded(gates=[{"id": "audience", "description": "Old"}]))
    world.manifests([manifest("Gate", "audience", {"description": "New"})])
    planned = filed(world)
    planned.applied()
    demand_reviews(world)
    code, report = planned.run("rollback")
    assert (code, ends(report)) == (2, {"Gate/audience": "pending_review"})
    code, report = planned.run("rollback")
    assert (code, report["outcomes"], [each["id"] for each in report["kept"]]) == (1, [], ["audience"])
    decide(world, ["Gate/audience"], approved=True)
    assert planned.run("rollback")[0] == 0
    assert world.live("Gate", "audience")["description"] == "Old"


# ---- a whole repository ----------------------------------------------------------------------------------------------


def test_applying_and_approving_in_turns_comes_to_an_end(world: World) -> None:
    world.example()
    demand_reviews(world)
    for _ in range(10):
        code, _ = run(world, "apply", "--yes")
        if code == 0:
            break
        assert code == 2
        decide(world, under_review(world), approved=True)
    assert run(world, "plan")[0] == 0


def under_review(world: World) -> list[str]:
    """All objects with a review that is not decided."""
    names = {kind.seed_key: kind.name for kind in KINDS.values()}
    waiting = [name.split("/", 1) for name in world.service.store.dump()["reviews"]]
    return [f"{names[collection]}/{id_}" for collection, id_ in waiting]

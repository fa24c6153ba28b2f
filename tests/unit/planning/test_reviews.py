"""An object on which a review is open is left to the people who decide it, and so is what needs it."""

from __future__ import annotations

import pytest

from reconciler.domain import Json, Plan, Review, Snapshot, Tree
from reconciler.kinds import KINDS
from reconciler.planning import Policy
from reconciler.planning.precondition import moved
from reconciler.planning.rollback import make_rollback
from tests.unit.planning.making import calls, codes, key, only_step, plan_against, plan_of, resource, told

REVIEW: Tree = {"reviewID": "r-17", "reviewStatus": "PENDING", "description": "Ramp up"}
OURS = Policy("ours", "archive")


def gate(**live: Json) -> Tree:
    return {"id": "thing_one", "status": "Disabled", "isEnabled": False, "description": "Old", **live}


def asks(name: str) -> str:
    return f"rules: [{{name: R, passPercentage: 1, conditions: [{{type: passes_gate, targetValue: {name}}}]}}]"


def pending(plan: Plan) -> list[str]:
    return [str(step.key) for step in plan.pending]


@pytest.mark.parametrize("kind", ["Gate", "Experiment"])
def test_an_object_under_review_that_differs_waits_with_its_difference_and_without_calls(kind: str) -> None:
    live: Tree = {"description": "Old", "status": "setup", "activeReview": REVIEW}
    plan = plan_against(live, resource(kind, "description: New"))
    assert (plan.steps, plan.unchanged) == ((), ())
    (step,) = plan.pending
    assert (step.calls, told(step.fields)) == ((), [("description", "set")])
    assert step.review == Review("r-17", "PENDING", "Ramp up")
    assert step.awaits == "review r-17 is open (PENDING): Ramp up"


def test_an_object_under_review_that_is_as_its_manifest_says_does_not_wait() -> None:
    plan = plan_against(gate(activeReview=REVIEW), resource("Gate", "description: Old"))
    assert (plan.pending, plan.unchanged) == ((), (key("Gate"),))


def test_what_is_left_alone_tells_the_review_as_well() -> None:
    live: Tree = {"status": "decision_made", "activeReview": REVIEW}
    (held,) = plan_against(live, resource("Experiment", "status: active")).held
    assert held.review == Review("r-17", "PENDING", "Ramp up")


@pytest.mark.parametrize("found", [None, {}, ""])
def test_no_review_is_open_where_the_service_shows_none(found: Json) -> None:
    assert plan_against(gate(activeReview=found), resource("Gate", "description: New")).pending == ()


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ("r-17", "review without an id is open"),
        ({"reviewStatus": "REJECTED"}, "review without an id is open (REJECTED)"),
        ({"reviewID": 17, "description": None}, "review 17 is open"),
    ],
)
def test_a_review_in_any_form_is_waited_for(found: Json, words: str) -> None:
    (step,) = plan_against(gate(activeReview=found), resource("Gate", "description: New")).pending
    assert step.awaits == words


def test_what_needs_an_object_that_waits_waits_too_and_all_others_go_on() -> None:
    plan = plan_of(
        resource("Gate", "description: New"),
        resource("Gate", f"tags: [new]\n{asks('thing_one')}", id_="gate_b"),
        resource("Experiment", "targetingGateID: gate_b", id_="test_c"),
        resource("Gate", "{}", id_="gate_d"),
        live={key("Gate"): gate(activeReview=REVIEW)},
        tags=frozenset(),
    )
    assert pending(plan) == ["Experiment/test_c", "Gate/gate_b", "Gate/thing_one"]
    assert [step.awaits for step in plan.pending][:2] == [
        "it needs Gate/gate_b, whose change waits for people",
        "it needs Gate/thing_one, whose change waits for people",
    ]
    assert calls(plan) == ["POST /gates"], "no tag is made that nothing needs yet"


def test_what_refers_to_an_object_under_review_that_is_not_to_change_goes_on() -> None:
    live = {key("Gate"): gate(activeReview=REVIEW)}
    plan = plan_of(resource("Gate", "description: Old"), resource("Gate", asks("thing_one"), id_="gate_b"), live=live)
    assert (pending(plan), calls(plan)) == ([], ["POST /gates"])


def test_an_object_under_review_is_not_removed() -> None:
    plan = plan_of(live={key("Gate"): gate(tags=["ours"], activeReview=REVIEW)}, policy=OURS)
    assert (plan.steps, codes(plan.findings)) == ((), ["PRUNE/review"])
    assert plan.findings[0].message == "Gate/thing_one stays: review r-17 is open (PENDING): Ramp up"


def test_what_a_waiting_object_still_refers_to_is_not_removed() -> None:
    condition = {"type": "passes_gate", "targetValue": ["gate_b"]}
    rule: Tree = {"name": "R", "passPercentage": 1, "conditions": [condition]}
    live = {
        key("Gate"): gate(tags=["ours"], rules=[rule], activeReview=REVIEW),
        key("Gate", "gate_b"): {"tags": ["ours"]},
    }
    plan = plan_of(resource("Gate", "rules: []"), live=live, policy=OURS)
    assert (plan.steps, codes(plan.findings), pending(plan)) == ((), ["PRUNE/in-use"], ["Gate/thing_one"])


def test_a_review_that_ends_leaves_the_object_as_it_was() -> None:
    step = only_step(plan_against(gate(), resource("Gate", "description: New")))
    assert not moved(step, gate(activeReview=REVIEW))
    again = plan_against(gate(activeReview=None), resource("Gate", "description: New"))
    assert only_step(again).base == step.base


def test_the_way_back_leaves_an_object_under_review() -> None:
    done = plan_against(gate(), resource("Gate", "description: New"))
    now = gate(description="New", activeReview=REVIEW)
    back = make_rollback(KINDS, done, Snapshot(objects={key("Gate"): now}))
    assert (back.steps, codes(back.findings)) == ((), ["ROLLBACK/kept"])
    assert "review r-17 is open" in back.findings[0].message

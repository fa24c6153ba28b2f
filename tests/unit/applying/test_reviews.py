"""Where people decide first, a step is neither done nor failed: it is pending, and nothing more is sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.domain import Plan, Status, Tree, waiting
from reconciler.planning import Policy
from tests.unit.applying.service import REVIEW, Service, Trouble, applied, ends
from tests.unit.planning.making import key, plan_against, plan_of, resource

OPEN = "review r-17 is open (PENDING): Ramp up"
NO_EFFECT = "the service accepted the call and the object did not change: a review may be pending"


def gate(**live: object) -> Tree:
    return {"id": "thing_one", "status": "Disabled", "isEnabled": False, "description": "Old", **live}


def service_of(live: Tree, call: str, *troubles: Trouble, collection: str = "gates", answers: bool = True) -> Service:
    """A service with one object, and what happens to one of its calls."""
    service = Service({f"/{collection}/thing_one": live})
    service.trouble(call, *troubles)
    service.answers_with_objects = answers
    return service


@pytest.mark.parametrize("answers", [True, False])
def test_a_call_that_opened_a_review_is_pending_and_ends_its_step(answers: bool) -> None:  # noqa: FBT001
    service = service_of(gate(), "PATCH /gates/thing_one", "reviewed", answers=answers)
    (outcome,) = applied(plan_against(gate(), resource("Gate", "status: launched\ndescription: New")), service)
    assert (outcome.status, outcome.calls_made, outcome.reason) == (Status.PENDING_REVIEW, 1, OPEN)
    assert service.writes == ["PATCH /gates/thing_one"]


GATE_WAYS = [
    ("Disabled", "in_progress", "enable"), ("Disabled", "launched", "launch"), ("Launched", "disabled", "disable"),
    ("Launched", "archived", "archive"), ("Archived", "launched", "unarchive"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "wanted", "action"), GATE_WAYS)
@pytest.mark.parametrize(("trouble", "reason"), [("reviewed", OPEN), ("ignored", NO_EFFECT)])
@pytest.mark.parametrize("answers", [True, False])
def test_a_status_that_waits_is_not_reached(  # noqa: PLR0913 - each is a part of the case
    status: str, wanted: str, action: str, trouble: Trouble, reason: str, *, answers: bool
) -> None:
    live = gate(status=status, isEnabled=status == "Launched")
    service = service_of(live, f"PUT /gates/thing_one/{action}", trouble, answers=answers)
    (outcome,) = applied(plan_against(live, resource("Gate", f"status: {wanted}")), service)
    assert (outcome.status, outcome.calls_made, outcome.reason) == (Status.PENDING_REVIEW, 1, reason)


@pytest.mark.parametrize(("status", "wanted", "action"), GATE_WAYS)
def test_a_status_that_is_reached_is_done(status: str, wanted: str, action: str) -> None:
    live = gate(status=status, isEnabled=status == "Launched")
    service = service_of(live, f"PUT /gates/thing_one/{action}", "fine", answers=False)
    (outcome,) = applied(plan_against(live, resource("Gate", f"status: {wanted}")), service)
    assert outcome.status is Status.DONE


GROUPS = "[{name: Control, size: 50, parameterValues: {}}, {name: Test, size: 50, parameterValues: {}}]"
GROUPS_LIVE: list[Tree] = [
    {"name": name, "id": f"g-{name}", "size": 50, "parameterValues": {}} for name in ("Control", "Test")
]


def test_an_experiment_whose_start_waits_is_not_running() -> None:
    live: Tree = {"id": "thing_one", "status": "setup", "groups": GROUPS_LIVE}
    service = service_of(live, "PUT /experiments/thing_one/start", "reviewed", collection="experiments", answers=False)
    (outcome,) = applied(plan_against(live, resource("Experiment", f"status: active\ngroups: {GROUPS}")), service)
    assert (outcome.status, outcome.reason) == (Status.PENDING_REVIEW, OPEN)


def test_an_object_that_shows_no_review_and_did_not_change_is_not_done() -> None:
    live: Tree = {"id": "thing_one", "description": "Old", "isEnabled": True}
    service = service_of(live, "PATCH /dynamic_configs/thing_one", "ignored", collection="dynamic_configs")
    (outcome,) = applied(plan_against(live, resource("DynamicConfig", "description: New")), service)
    assert (outcome.status, outcome.reason) == (Status.PENDING_REVIEW, NO_EFFECT)


def test_an_object_that_was_accepted_and_is_not_there_is_not_done() -> None:
    service = Service()
    service.trouble("POST /gates", "ignored")
    (outcome,) = applied(plan_of(resource("Gate", "{}")), service)
    assert (outcome.status, outcome.reason) == (Status.PENDING_REVIEW, NO_EFFECT)


@pytest.mark.parametrize(("trouble", "reason"), [("reviewed", OPEN), ("ignored", NO_EFFECT)])
def test_a_removal_that_waits_removes_nothing(trouble: Trouble, reason: str) -> None:
    live = gate(tags=["ours"])
    plan = plan_of(live={key("Gate"): live}, policy=Policy("ours", "delete", archive_first=False))
    service = service_of(live, "DELETE /gates/thing_one", trouble)
    (outcome,) = applied(plan, service)
    assert (outcome.status, outcome.reason) == (Status.PENDING_REVIEW, reason)


def test_a_review_is_found_although_the_answer_was_lost() -> None:
    service = service_of(gate(), "PATCH /gates/thing_one", "unanswered")
    (outcome,) = applied(plan_against(gate(), resource("Gate", "description: New")), service)
    assert (outcome.status, outcome.reason) == (Status.PENDING_REVIEW, OPEN)
    assert service.writes == ["PATCH /gates/thing_one"]


def test_a_change_that_took_effect_is_done_although_somebody_opened_a_review() -> None:
    service = service_of(gate(), "PATCH /gates/thing_one")
    service.objects["/gates/thing_one"]["activeReview"] = REVIEW
    (outcome,) = applied(plan_against(gate(), resource("Gate", "description: New")), service)
    assert outcome.status is Status.DONE
    assert service.requests == ["PATCH /gates/thing_one", "GET /gates/thing_one"]


def test_what_the_service_keeps_in_its_own_spelling_is_done() -> None:
    service = service_of(gate(), "PATCH /gates/thing_one")
    service.kept = lambda tree: {**tree, "description": tree["description"].upper()}
    (outcome,) = applied(plan_against(gate(), resource("Gate", "description: New")), service)
    assert outcome.status is Status.DONE


def test_an_accepted_call_that_nobody_can_look_at_has_an_unknown_end() -> None:
    service = service_of(gate(), "PATCH /gates/thing_one", "ignored", answers=False)
    service.trouble("GET /gates/thing_one", "refused")
    (outcome,) = applied(plan_against(gate(), resource("Gate", "description: New")), service)
    assert outcome.status is Status.UNKNOWN


# ---- before anything is sent ---------------------------------------------------------------------------------------


def test_a_review_that_was_opened_after_the_plan_was_made_is_waited_for() -> None:
    service = service_of(gate(), "PATCH /gates/thing_one")
    plan = plan_against(gate(), resource("Gate", "description: New"))
    (outcome,) = applied(plan, service, {key("Gate"): gate(activeReview=REVIEW)})
    assert (outcome.status, outcome.calls_made, outcome.reason) == (Status.PENDING_REVIEW, 0, OPEN)
    assert service.requests == []


def test_a_review_that_came_and_went_does_not_make_a_step_stale() -> None:
    service = service_of(gate(), "PATCH /gates/thing_one")
    plan = plan_against(gate(), resource("Gate", "description: New"))
    assert ends(applied(plan, service, {key("Gate"): gate(activeReview=None)})) == [Status.DONE]


def test_all_or_nothing_does_nothing_while_one_object_waits() -> None:
    service = Service()
    wanted = (resource("Gate", "description: New"), resource("Gate", "{}", id_="gate_b"))
    plan = plan_of(*wanted, live={key("Gate"): gate()})
    outcomes = applied(plan, service, {key("Gate"): gate(activeReview=REVIEW)}, all_or_nothing=True)
    assert sorted(ends(outcomes)) == [Status.PENDING_REVIEW, Status.SKIPPED]
    assert service.requests == []
    assert set(waiting(outcomes)) == {key("Gate")}


# ---- what needs what waits -----------------------------------------------------------------------------------------


def asks(*gates: str) -> str:
    conditions = ", ".join(f"{{type: passes_gate, targetValue: {gate}}}" for gate in gates)
    return f"rules: [{{name: R, passPercentage: 1, conditions: [{conditions}]}}]"


def chain() -> Plan:
    """thing_one waits; gate_b needs it, and gate_c needs gate_b; gate_d is on its own."""
    return plan_of(
        resource("Gate", "description: New"),
        resource("Gate", asks("thing_one"), id_="gate_b"),
        resource("Gate", asks("gate_b"), id_="gate_c"),
        resource("Gate", "{}", id_="gate_d"),
        live={key("Gate"): gate()},
    )


def test_what_needs_an_object_that_waits_is_skipped_with_that_reason_and_all_others_go_on() -> None:
    service = service_of(gate(), "PATCH /gates/thing_one", "reviewed")
    outcomes = {end.step.key.id: end for end in applied(chain(), service)}
    assert {id_: end.status for id_, end in outcomes.items()} == {
        "thing_one": Status.PENDING_REVIEW, "gate_b": Status.SKIPPED, "gate_c": Status.SKIPPED, "gate_d": Status.DONE,
    }  # fmt: skip
    assert outcomes["gate_b"].reason == "it needs Gate/thing_one, whose change waits for people"
    assert outcomes["gate_c"].reason == "it needs Gate/gate_b, which did not succeed"


def test_what_was_skipped_for_a_review_alone_waits_with_it() -> None:
    service = service_of(gate(), "PATCH /gates/thing_one", "reviewed")
    later = waiting(applied(chain(), service))
    assert sorted(found.id for found in later) == ["gate_b", "gate_c", "thing_one"]
    assert later[key("Gate")] == OPEN


def test_what_was_skipped_for_a_failure_besides_does_not_wait() -> None:
    service = service_of(gate(), "PATCH /gates/thing_one", "reviewed")
    service.trouble("POST /gates", "refused")
    plan = plan_of(
        resource("Gate", "description: New"),
        resource("Gate", "{}", id_="gate_a"),
        resource("Gate", asks("thing_one", "gate_a"), id_="gate_b"),
        live={key("Gate"): gate()},
    )
    outcomes = applied(replace(plan, steps=tuple(sorted(plan.steps, key=lambda step: len(step.needs)))), service)
    assert set(waiting(outcomes)) == {key("Gate")}
    assert outcomes[-1].reason == (
        "it needs Gate/gate_a, which did not succeed; Gate/thing_one, whose change waits for people"
    )

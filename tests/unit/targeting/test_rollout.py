"""Schedules in manifests: time passes, the service takes its steps, and nothing is ever a difference or taken back."""

from __future__ import annotations

import pytest

from reconciler.domain import Severity, Tree
from reconciler.planning import Policy
from tests.unit.planning.making import calls, checked, codes, patch, plan_against, plan_of, resource

MONDAY, FRIDAY = 1_790_000_000_000, 1_790_345_600_000
BEFORE, WEDNESDAY, AFTER = MONDAY - 1, MONDAY + 172_800_000, FRIDAY + 1
STEPS: list[Tree] = [{"time": MONDAY, "passPercent": 50}, {"time": FRIDAY, "passPercent": 100}]
SPEC = f"""
rules:
  - name: Ramp
    passPercentage: 10
    conditions: [{{type: public}}]
    pendingAutomatedRollouts:
      - {{time: {MONDAY}, passPercent: 50}}
      - {{time: {FRIDAY}, passPercent: 100}}
"""


def live(share: float, pending: list[Tree], completed: list[Tree]) -> Tree:
    rule = {"name": "Ramp", "id": "r", "baseID": "r", "conditions": [{"type": "public"}], "passPercentage": share}
    rules = [{**rule, "pendingAutomatedRollouts": pending, "completedAutomatedRollouts": completed}]
    return {"status": "In Progress", "isEnabled": True, "rules": rules}


def at(now: int | None) -> Policy:
    return Policy(now=now)


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (BEFORE, live(10, STEPS, [])),
        (WEDNESDAY, live(50, STEPS[1:], STEPS[:1])),
        (AFTER, live(100, [], STEPS)),
        (None, live(50, STEPS[1:], STEPS[:1])),  # a clock is not needed where live tells
        (BEFORE, live(50, STEPS[1:], STEPS[:1])),  # the service's clock is ahead of ours
        (WEDNESDAY, live(10, STEPS, [])),  # the service is late, and will take the step
        (WEDNESDAY, live(50, STEPS[1:], [])),  # the service keeps no list of what is over
        (AFTER, live(100, [], [])),
    ],
)
def test_what_the_schedule_did_and_what_it_will_do_is_no_difference(now: int | None, found: Tree) -> None:
    plan = plan_against(found, resource("Gate", SPEC), at(now))
    assert plan.steps == ()
    assert codes(plan.findings) == []


def test_a_percentage_that_somebody_set_since_is_a_difference_from_the_step_that_was_taken() -> None:
    plan = plan_against(live(70, STEPS[1:], STEPS[:1]), resource("Gate", SPEC), at(WEDNESDAY))
    (change,) = plan.steps[0].fields
    assert (change.live, change.desired) == (70, 50)
    (sent,) = patch(plan)["rules"]
    assert sent["pendingAutomatedRollouts"] == STEPS[1:]
    assert sent["completedAutomatedRollouts"] == STEPS[:1]


def test_a_step_that_somebody_took_out_before_its_time_comes_back() -> None:
    plan = plan_against(live(10, STEPS[:1], []), resource("Gate", SPEC), at(BEFORE))
    (sent,) = patch(plan)["rules"]
    assert (sent["passPercentage"], sent["pendingAutomatedRollouts"]) == (10, STEPS)


def test_a_rule_that_is_made_late_begins_where_its_schedule_is_and_sends_no_step_of_the_past() -> None:
    plan = plan_of(resource("Gate", SPEC), policy=at(WEDNESDAY))
    (rule,) = plan.steps[0].calls[0].body["rules"]
    assert (rule["passPercentage"], rule["pendingAutomatedRollouts"]) == (50, STEPS[1:])


def test_the_twin_of_a_rule_under_another_name_is_found_by_its_pin() -> None:
    renamed = SPEC.replace("name: Ramp", "name: Everybody\n    baseID: r")
    plan = plan_against(live(50, STEPS[1:], STEPS[:1]), resource("Gate", renamed), at(None))
    assert [change.action for change in plan.steps[0].fields] == ["rename"]


def test_a_manifest_that_says_what_was_taken_is_believed() -> None:
    """Otherwise its word and its schedule would not agree with what they brought about."""
    said = f"{SPEC}    completedAutomatedRollouts: []\n"
    plan = plan_against(live(50, STEPS[1:], STEPS[:1]), resource("Gate", said), at(BEFORE))
    (sent,) = patch(plan)["rules"]
    assert (sent["passPercentage"], sent["pendingAutomatedRollouts"], sent["completedAutomatedRollouts"]) == (
        10,
        STEPS,
        [],
    )


def test_a_config_follows_its_schedule_too() -> None:
    plan = plan_against({**live(10, STEPS, []), "status": "Enabled"}, resource("DynamicConfig", SPEC), at(BEFORE))
    assert calls(plan) == []


@pytest.mark.parametrize(
    ("steps", "code", "severity"),
    [
        ("[{time: 2000000000000, passPercent: 50}, {time: 1900000000000, passPercent: 90}]", "RULE/schedule", "error"),
        ("[{time: 2000000000000, passPercent: 5}, {time: 2000000000000, passPercent: 9}]", "RULE/schedule", "error"),
        ("[{time: 1790000000, passPercent: 50}]", "CONDITION/time", "warning"),
    ],
)
def test_a_schedule_that_cannot_be_meant_is_told(steps: str, code: str, severity: str) -> None:
    spec = f"rules: [{{name: Ramp, passPercentage: 10, conditions: [], pendingAutomatedRollouts: {steps}}}]"
    (finding,) = checked(resource("Gate", spec))
    assert (finding.code, finding.severity) == (code, Severity(severity))

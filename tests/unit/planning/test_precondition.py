"""A step remembers what it was computed from, and tells what moved since; a plan has a short text for what it does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.domain import Call, Plan, Tree, Verb
from reconciler.kinds import KINDS
from reconciler.planning.effect import reached
from reconciler.planning.fingerprint import fingerprint
from reconciler.planning.precondition import conflicts, moved, quiet
from tests.unit.planning.making import only_step, plan_against, plan_of, resource

GATE = KINDS["Gate"]
LIVE: Tree = {"id": "thing_one", "description": "Old", "team": "A", "rules": [], "status": "Disabled", "version": 1}
STEP = only_step(plan_against(LIVE, resource("Gate", "description: New\nstatus: launched")))
NEW = only_step(plan_of(resource("Gate", "{}")))


@pytest.mark.parametrize(
    "now",
    [
        LIVE,
        {**LIVE, "version": 2, "lastModifiedTime": 9, "lastModifierName": "A person", "checksPerHour": 5},
        {**LIVE, "typeReason": "STALE_NO_RULES"},
        dict(reversed(LIVE.items())),
    ],
)
def test_what_changes_by_itself_moves_nothing(now: Tree) -> None:
    assert not moved(STEP, now)
    assert conflicts(STEP, now, GATE) == ()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"team": "B"}, [("team", "A", "B", "A")]),
        ({"description": "Other"}, [("description", "Old", "Other", "New")]),
        ({"status": "Archived"}, [("status", "disabled", "archived", "launched")]),
        ({"holdoutIDs": ["h"]}, [("holdoutIDs", None, ["h"], None)]),
        ({"team": "B", "description": "New"}, [("description", "Old", "New", "New"), ("team", "A", "B", "A")]),
    ],
)
def test_what_moved_is_told_as_it_was_as_it_is_and_as_it_was_to_be(
    changes: Tree, told: list[tuple[object, ...]]
) -> None:
    now = {**LIVE, **changes}
    assert moved(STEP, now)
    assert [(found.field, found.base, found.live, found.desired) for found in conflicts(STEP, now, GATE)] == told


@pytest.mark.parametrize(
    ("changes", "touched"),
    [
        ({"team": "B"}, False),
        ({"description": "Other"}, True),
        ({"status": "Archived"}, True),
        ({"holdoutIDs": ["h"]}, False),
    ],
)
def test_a_field_that_moved_and_that_the_step_does_not_touch_is_told_as_such(changes: Tree, touched: object) -> None:
    (found,) = conflicts(STEP, {**LIVE, **changes}, GATE)
    assert found.touched is touched


@pytest.mark.parametrize(
    ("now", "there"),
    [
        ({**LIVE, "description": "New", "status": "Launched", "isEnabled": False}, True),
        ({**LIVE, "description": "New", "status": "Launched", "isEnabled": False, "team": "B"}, False),
        ({**LIVE, "description": "New", "isEnabled": False}, False),
        ({**LIVE, "status": "Launched", "isEnabled": False}, False),
        (None, False),
    ],
)
def test_whether_live_is_by_now_as_the_step_would_leave_it(now: Tree | None, there: object) -> None:
    assert reached(STEP, GATE, now) is there


def test_a_decision_for_another_group_is_not_what_the_step_leads_to() -> None:
    groups = [{"name": name, "id": name, "size": 50, "parameterValues": {}} for name in "AB"]
    live: Tree = {"status": "active", "groups": groups, "launchedGroupID": None}
    decision = "decision: {reason: It won}"
    wanted = resource("Experiment", "status: decision_made\nlaunchedGroup: A", metadata=decision)
    step = only_step(plan_against(live, wanted))
    other = {**(step.base or {}), "status": "decision_made", "launchedGroupID": "B"}
    kind = KINDS["Experiment"]
    assert not reached(step, kind, other)
    told = [(found.field, found.live, found.desired, found.touched) for found in conflicts(step, other, kind)]
    assert told == [("launchedGroup", "B", "A", True), ("status", "decision_made", "decision_made", True)]


def test_what_was_to_be_made_or_deleted_may_be_there_or_gone() -> None:
    assert not reached(NEW, GATE, LIVE)
    gone = replace(STEP, verb=Verb.DELETE, calls=(Call("DELETE", "/gates/thing_one"),), fields=())
    assert reached(gone, GATE, None)
    assert not reached(gone, GATE, {**LIVE, "team": "B"})


def test_whether_it_is_enabled_goes_with_the_status() -> None:
    live = {**LIVE, "isEnabled": False}
    step = only_step(plan_against(live, resource("Gate", "status: in_progress")))
    (found,) = conflicts(step, {**live, "isEnabled": True}, GATE)
    assert (found.touched, found.desired) == (True, True)


def test_an_object_that_went_is_one_conflict() -> None:
    (found,) = conflicts(STEP, None, GATE)
    assert (found.field, found.base, found.live, found.desired) == ("", "there", "absent", "update")


def test_an_object_that_came_is_one_conflict() -> None:
    assert not moved(NEW, None)
    (found,) = conflicts(NEW, LIVE, GATE)
    assert (found.field, found.base, found.live, found.desired) == ("", "absent", "there", "create")


def test_nothing_remains_nothing() -> None:
    assert quiet(None) is None
    assert quiet({"version": 1, "id": "a"}) == {"id": "a"}


# ---- fingerprints --------------------------------------------------------------------------------------------------


def test_plans_that_do_the_same_have_the_same_fingerprint() -> None:
    one = plan_against(LIVE, resource("Gate", "description: New\nteam: B"))
    other = plan_against(
        {**LIVE, "version": 9}, resource("Gate", "team: B\ndescription: New", metadata="labels: {a: b}")
    )
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    "spec", ["description: Newer\nteam: B", "description: New", "description: New\nstatus: launched"]
)
def test_plans_that_do_something_else_have_another_fingerprint(spec: str) -> None:
    one = plan_against(LIVE, resource("Gate", "description: New\nteam: B"))
    assert fingerprint(one) != fingerprint(plan_against(LIVE, resource("Gate", spec)))


def test_the_same_calls_from_another_value_are_another_plan() -> None:
    wanted = resource("Gate", "description: New")
    was, is_now = plan_against(LIVE, wanted), plan_against({**LIVE, "description": "Clicked"}, wanted)
    assert [step.calls for step in was.steps] == [step.calls for step in is_now.steps]
    assert fingerprint(was) != fingerprint(is_now)
    assert fingerprint(was) == fingerprint(plan_against({**LIVE, "team": "Clicked"}, wanted))


@pytest.mark.parametrize("now", [{"status": "Launched"}, {"description": "Clicked"}])
def test_an_object_that_is_another_by_now_is_removed_by_another_plan(now: Tree) -> None:
    gone = replace(STEP, verb=Verb.DELETE, calls=(Call("DELETE", "/gates/thing_one"),), fields=())
    other = replace(gone, base={**LIVE, **now})
    assert fingerprint(Plan(steps=(gone,))) != fingerprint(Plan(steps=(other,)))


def test_a_fingerprint_knows_ids_that_are_filled_in_later() -> None:
    groups = [{"name": name, "id": name, "size": 50, "parameterValues": {}} for name in "AB"]
    live: Tree = {"status": "setup", "groups": groups}
    prints = {fingerprint(plan_against(live, resource("Experiment", f"controlGroup: {name}"))) for name in "AB"}
    assert len(prints) == 2

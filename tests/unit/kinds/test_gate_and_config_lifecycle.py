"""The status of gates and configs is desired state: reached by the calls that lead there, never repeated.

Switching off comes before the change of other fields, switching on after it: no unit sees half of a change.
"""

from __future__ import annotations

import pytest

from reconciler.domain import Action, Tree
from tests.unit.planning.making import calls, changes, codes, only_step, plan_against, plan_of, resource

GATE: dict[str, Tree] = {
    "in_progress": {"status": "In Progress", "isEnabled": True},
    "launched": {"status": "Launched", "isEnabled": False},
    "disabled": {"status": "Disabled", "isEnabled": False},
    "archived": {"status": "Archived", "isEnabled": False},
}
CONFIG: dict[str, Tree] = {
    "enabled": {"status": "Enabled", "isEnabled": True},
    "disabled": {"status": "Disabled", "isEnabled": False},
    "archived": {"status": "Archived", "isEnabled": False},
}

GATE_WAYS = {
    ("in_progress", "launched"): ("launch", "patch launch"),
    ("in_progress", "disabled"): ("disable", "disable patch"),
    ("in_progress", "archived"): ("archive", "disable patch archive"),
    ("launched", "in_progress"): ("enable", "patch enable"),
    ("launched", "disabled"): ("disable", "disable patch"),
    ("launched", "archived"): ("archive", "disable patch archive"),
    ("disabled", "in_progress"): ("enable", "patch enable"),
    ("disabled", "launched"): ("launch", "patch launch"),
    ("disabled", "archived"): ("archive", "patch archive"),
    ("archived", "in_progress"): ("unarchive enable", "unarchive patch enable"),
    ("archived", "launched"): ("unarchive launch", "unarchive patch launch"),
    ("archived", "disabled"): ("unarchive disable", "unarchive disable patch"),
}
"""From one status to another: the calls without and with a change of another field."""

CONFIG_WAYS = {
    ("enabled", "disabled"): ("disable", "disable patch"),
    ("enabled", "archived"): ("archive", "disable patch archive"),
    ("disabled", "enabled"): ("enable", "patch enable"),
    ("disabled", "archived"): ("archive", "patch archive"),
    ("archived", "enabled"): ("unarchive enable", "unarchive patch enable"),
    ("archived", "disabled"): ("unarchive disable", "unarchive disable patch"),
}
STATES = {"Gate": GATE, "DynamicConfig": CONFIG}
WAYS = {
    (kind, *pair): ways
    for kind, table in (("Gate", GATE_WAYS), ("DynamicConfig", CONFIG_WAYS))
    for pair, ways in table.items()
}
ROOTS = {"Gate": "/gates", "DynamicConfig": "/dynamic_configs"}
PAIRS = [(kind, live, desired) for kind, states in STATES.items() for live in states for desired in states]


def spelled(kind: str, way: str) -> list[str]:
    item = f"{ROOTS[kind]}/thing_one"
    return [f"PATCH {item}" if word == "patch" else f"PUT {item}/{word}" for word in way.split()]


@pytest.mark.parametrize(("kind", "live", "desired"), PAIRS)
def test_the_calls_between_two_statuses(kind: str, live: str, desired: str) -> None:
    plan = plan_against(STATES[kind][live], resource(kind, f"status: {desired}"))
    alone, _ = WAYS.get((kind, live, desired), ("", ""))
    assert calls(plan) == spelled(kind, alone)
    assert changes(plan) == ([] if live == desired else [("status", Action.SET)])


@pytest.mark.parametrize(("kind", "live", "desired"), PAIRS)
def test_where_a_change_of_another_field_stands_among_these_calls(kind: str, live: str, desired: str) -> None:
    plan = plan_against(STATES[kind][live], resource(kind, f"status: {desired}\ndescription: New"))
    _, together = WAYS.get((kind, live, desired), ("", "patch"))
    assert calls(plan) == spelled(kind, together)
    (body,) = [call.body for call in only_step(plan).calls if call.method == "PATCH"]
    assert body == {"description": "New"}


@pytest.mark.parametrize(("kind", "live"), [(kind, live) for kind, states in STATES.items() for live in states])
def test_a_status_that_no_manifest_mentions_is_left_alone(kind: str, live: str) -> None:
    plan = plan_against(STATES[kind][live], resource(kind, "description: New"))
    assert calls(plan) == spelled(kind, "patch")


def test_the_change_of_a_status_names_both_in_the_words_of_manifests() -> None:
    (change,) = only_step(plan_against(GATE["launched"], resource("Gate", "status: disabled"))).fields
    assert (change.live, change.desired) == ("launched", "disabled")


@pytest.mark.parametrize(
    ("live", "status"), [({"isEnabled": True}, "in_progress"), ({"isEnabled": False}, "disabled"), ({}, "disabled")]
)
def test_without_a_status_of_the_service_the_switch_tells(live: Tree, status: str) -> None:
    assert plan_against(live, resource("Gate", f"status: {status}")).steps == ()


def test_the_reason_for_archiving_is_sent_along() -> None:
    wanted = resource("Gate", "status: archived", metadata="decision: {reason: Rolled out everywhere}")
    (call,) = only_step(plan_against(GATE["launched"], wanted)).calls
    assert call.body == {"archiveReason": "Rolled out everywhere"}


def test_a_gate_that_is_still_checked_is_not_archived_by_the_way() -> None:
    plan = plan_against({**GATE["launched"], "checksPerHour": 7}, resource("Gate", "status: archived"))
    assert plan.steps == ()
    assert codes(plan.findings) == ["LIFECYCLE/checked"]


@pytest.mark.parametrize("status", ["archived", "disabled"])
def test_how_often_a_gate_is_checked_matters_on_its_way_into_the_archive_only(status: str) -> None:
    plan = plan_against({**GATE["archived"], "checksPerHour": 7}, resource("Gate", f"status: {status}"))
    assert plan.findings == ()


def test_a_gate_that_is_still_checked_is_archived_with_permission() -> None:
    wanted = resource("Gate", "status: archived", metadata="permit: {archiveWhileChecked: true}")
    (call,) = only_step(plan_against({**GATE["launched"], "checksPerHour": 7}, wanted)).calls
    assert call.body == {"forceArchive": True}


@pytest.mark.parametrize(
    ("kind", "status", "enabled", "way"),
    [
        ("Gate", None, True, ""),
        ("Gate", "in_progress", True, ""),
        ("Gate", "launched", False, "launch"),
        ("Gate", "disabled", False, ""),
        ("Gate", "archived", False, "archive"),
        ("DynamicConfig", None, True, ""),
        ("DynamicConfig", "enabled", True, ""),
        ("DynamicConfig", "disabled", False, ""),
        ("DynamicConfig", "archived", False, "archive"),
    ],
)
def test_a_new_object_is_on_from_the_start_or_never_seen_on(
    kind: str,
    status: str | None,
    enabled: bool,  # noqa: FBT001 - the value that is looked for
    way: str,
) -> None:
    plan = plan_of(resource(kind, f"status: {status}" if status else "{}"))
    create, *_ = only_step(plan).calls
    assert create.body["isEnabled"] is enabled
    assert "status" not in create.body
    assert calls(plan) == [f"POST {ROOTS[kind]}", *spelled(kind, way)]

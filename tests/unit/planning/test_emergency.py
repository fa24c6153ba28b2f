"""What somebody switched off stays off, until its manifest changes or it is named."""

from __future__ import annotations

import pytest

from reconciler.domain import Action, FieldChange, Severity, Tree
from reconciler.kinds import KINDS
from reconciler.planning import Policy
from reconciler.planning.emergency import switched_off
from tests.unit.planning.making import calls, plan_against, resource, snapshot

DISABLED: Tree = {"status": "Disabled", "isEnabled": False, "rules": [], "description": "", "tags": ["git"]}
WHY = "its spec was not changed since HEAD^"


def kept(*wanted: str) -> Policy:
    found = {resource("Gate", "{}", id_=id_).key: WHY for id_ in wanted}
    return Policy(ownership_tag="git", kept_off=found)


@pytest.mark.parametrize("status", ["in_progress", "launched"])
def test_a_gate_that_is_off_stays_off_and_is_told_loudly(status: str) -> None:
    plan = plan_against(DISABLED, resource("Gate", f"status: {status}", id_="wallets"), kept("wallets"))
    assert plan.steps == ()
    (held,) = plan.held
    assert held.fields == (FieldChange(("status",), Action.SET, "disabled", status),)
    (finding,) = plan.findings
    assert (finding.code, finding.severity) == ("GUARD/emergency-off", Severity.WARNING)
    assert finding.message == f"Gate/wallets is disabled and stays off, although its manifest says {status}: {WHY}"
    assert "--switch-on Gate/wallets" in finding.cure
    assert "status: disabled" in finding.cure
    assert finding.where is not None
    assert finding.where.pointer == ("spec", "status")


def test_its_other_fields_go_on_being_kept_equal() -> None:
    wanted = resource("Gate", "status: in_progress\ndescription: New", id_="wallets")
    plan = plan_against(DISABLED, wanted, kept("wallets"))
    assert calls(plan) == ["PATCH /gates/wallets"]
    assert [change.path for change in plan.steps[0].fields] == [("description",)]
    assert [change.path for change in plan.held[0].fields] == [("status",)]


def test_nothing_is_written_into_the_archive() -> None:
    archived = {**DISABLED, "status": "Archived"}
    wanted = resource("Gate", "status: in_progress\ndescription: New", id_="wallets")
    plan = plan_against(archived, wanted, kept("wallets"))
    assert plan.steps == ()
    assert [change.path for change in plan.held[0].fields] == [("status",), ("description",)]


@pytest.mark.parametrize(
    ("kind", "live", "wanted"),
    [
        ("Gate", {"status": "Launched", "isEnabled": False}, "status: in_progress"),
        ("Gate", {"status": "In Progress", "isEnabled": True}, "status: disabled"),
        ("Gate", {"status": "Disabled", "isEnabled": False}, "status: archived"),
        ("Gate", {"status": "Disabled", "isEnabled": False}, "description: Nothing about the status"),
        ("DynamicConfig", {"status": "Enabled", "isEnabled": True}, "status: disabled"),
        ("Experiment", {"status": "archived", "groups": []}, "status: setup"),
    ],
)
def test_only_switching_on_is_asked_about(kind: str, live: Tree, wanted: str) -> None:
    one = resource(kind, wanted)
    assert list(switched_off(KINDS, [one], snapshot({one.key: live}))) == []


@pytest.mark.parametrize(
    ("kind", "live", "wanted"),
    [
        ("Gate", {"status": "Disabled", "isEnabled": False}, "status: launched"),
        ("Gate", {"status": "Archived", "isEnabled": False}, "status: in_progress"),
        ("DynamicConfig", {"status": "Disabled", "isEnabled": False}, "status: enabled"),
    ],
)
def test_what_would_be_switched_on_is_asked_about(kind: str, live: Tree, wanted: str) -> None:
    one = resource(kind, wanted)
    assert list(switched_off(KINDS, [one], snapshot({one.key: live}))) == [one]


def test_a_policy_that_keeps_nothing_off_switches_on() -> None:
    plan = plan_against(DISABLED, resource("Gate", "status: in_progress"), Policy(ownership_tag="git"))
    assert calls(plan) == ["PUT /gates/thing_one/enable"]

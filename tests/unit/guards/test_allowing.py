"""Leave for guards to trip: who may give it, how long it holds, and that its reason is never lost."""

from __future__ import annotations

from datetime import date

import pytest

from reconciler.domain import Allowance, Finding, Place, ResourceKey, Severity
from reconciler.planning.guards import allow, given, guard_of, leftovers, misnamed, names, reopened, unknown, written
from tests.unit.guards.looking import safety
from tests.unit.planning.making import codes

FILE = Place("reconciler.yaml")
TODAY = date(2026, 12, 1)
TRIPPED = Finding("GUARD/rollout", "too far", "smaller steps", key=ResourceKey("Gate", "checkout_v2"))
OTHER = Finding("REF/unknown", "no such gate", "mend it")
LEAVE = Allowance("rollout", "We know.")


def only(*allowances: Allowance, finding: Finding = TRIPPED, today: date = TODAY) -> Finding:
    (found,) = allow([finding], allowances, today)
    return found


def test_what_is_allowed_is_a_warning_with_the_reason() -> None:
    found = only(LEAVE)
    assert (found.severity, found.allowed, found.message) == (Severity.WARNING, LEAVE, "too far")
    assert found.cure == "allowed on the command line: We know."


def test_leave_in_the_project_file_says_so_and_until_when() -> None:
    (entry,) = written(safety("allow: [{guard: rollout, reason: We know., until: 2026-12-31}]"), FILE)
    assert only(entry).cure == "allowed in reconciler.yaml until 2026-12-31: We know."
    assert entry.where == FILE.at("safety", "allow", 0)


def test_any_guard_can_be_allowed_wherever_it_speaks() -> None:
    finding = Finding("GUARD/running-experiment", "it is running", "wait")
    assert only(Allowance("running-experiment", "We know."), finding=finding).severity is Severity.WARNING


@pytest.mark.parametrize("entry", [Allowance("removals", "x"), Allowance("unknown", "x"), Allowance("", "x")])
def test_other_findings_stay_as_they_are(entry: Allowance) -> None:
    for finding in (TRIPPED, OTHER, Finding("REF/removals", "a", "b")):
        assert only(entry, finding=finding) == finding


def test_what_is_wrong_with_leave_itself_cannot_be_allowed() -> None:
    assert guard_of(Finding("GUARD/unknown", "there is no guard", "mend it")) is None


@pytest.mark.parametrize(
    ("objects", "allowed"),
    [((), True), (("Gate/checkout_v2",), True), (("Gate/*",), True), (("Experiment/*", "*/check*"), True),
     (("Gate/checkout",), False), (("gate/checkout_v2",), False)],
)  # fmt: skip
def test_leave_can_be_about_some_objects_only(objects: tuple[str, ...], *, allowed: bool) -> None:
    assert bool(only(Allowance("rollout", "x", objects=objects)).allowed) is allowed


def test_leave_about_objects_says_nothing_about_a_whole_plan() -> None:
    whole = Finding("GUARD/removals", "too many", "look")
    assert only(Allowance("removals", "x", objects=("*",)), finding=whole) == whole


@pytest.mark.parametrize(("until", "allowed"), [(TODAY, True), (date(2026, 11, 30), False), (None, True)])
def test_leave_holds_to_the_end_of_its_last_day(until: date | None, *, allowed: bool) -> None:
    assert bool(only(Allowance("rollout", "x", until)).allowed) is allowed


def test_leave_that_ran_out_or_was_not_needed_is_a_note() -> None:
    entries = [LEAVE, Allowance("removals", "x"), Allowance("updates", "x", date(2026, 1, 1))]
    found = list(leftovers(entries, allow([TRIPPED], entries, TODAY), TODAY))
    assert [each.message for each in found] == [
        "leave for the guard removals was not needed",
        "leave for the guard updates ran out on 2026-01-01",
    ]
    assert {each.severity for each in found} == {Severity.NOTE}


def test_what_was_allowed_is_an_error_again_when_that_has_run_out() -> None:
    once = only(Allowance("rollout", "x", TODAY))
    assert reopened(once, TODAY) == once
    again = reopened(once, date(2026, 12, 2))
    assert (again.severity, again.allowed) == (Severity.ERROR, None)
    assert again.cure.startswith("its leave ran out on 2026-12-01; if that is meant, run with --allow rollout=WHY")
    assert reopened(TRIPPED, TODAY) == TRIPPED


@pytest.mark.parametrize(
    ("text", "entry"),
    [("removals=It is old.", Allowance("removals", "It is old.")), (" removals = a=b ", Allowance("removals", "a=b"))],
)
def test_the_command_line_names_a_guard_and_a_reason(text: str, entry: Allowance) -> None:
    assert given([text]) == (entry,)


@pytest.mark.parametrize("text", ["removals", "removals=", "removals=  ", "=because", ""])
def test_without_a_reason_there_is_no_leave(text: str) -> None:
    (finding,) = given([text])
    assert isinstance(finding, Finding)
    assert finding.code == "USAGE/allow"
    assert "GUARD=REASON" in finding.cure


def test_a_guard_that_there_is_not_gets_a_suggestion() -> None:
    entries = [*written(safety("allow: [{guard: removal, reason: x}]"), FILE), Allowance("mine", "x")]
    (finding,) = unknown(entries, names(["mine"]))
    assert codes([finding]) == ["GUARD/unknown"]
    assert "did you mean removals?" in finding.cure
    assert finding.where == FILE.at("safety", "allow", 0, "guard")


def test_a_policy_is_not_called_as_another_guard() -> None:
    policies = "policies: [{name: rollout, deny: 'true'}, {name: mine, deny: 'true'}, {name: mine, deny: 'true'}]"
    found = list(misnamed(safety(policies), FILE))
    assert codes(found) == ["POLICY/name"] * 2
    assert [each.where for each in found] == [FILE.at("safety", "policies", number, "name") for number in (0, 2)]

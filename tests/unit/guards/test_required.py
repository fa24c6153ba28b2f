"""Labels, fields and days of expiry that a project asks of its manifests."""

from __future__ import annotations

from datetime import date

import pytest

from reconciler.domain import Finding, Severity
from reconciler.manifests import Resource
from reconciler.planning.guards import demanded
from tests.unit.guards.looking import safety
from tests.unit.planning.making import codes, resource

TODAY = date(2026, 12, 1)
TEMPORARY = "require: [{kinds: [Gate], where: {type: TEMPORARY}, expiry: expires}]"


def lacking(wanted: Resource, text: str) -> list[Finding]:
    return list(demanded([wanted], safety(text).require, TODAY))


@pytest.mark.parametrize(
    ("labels", "tripped"),
    [
        ("{team: a, owner: b}", []),
        ("{team: a}", ["GUARD/required"]),
        ("{team: '', owner: ' '}", ["GUARD/required"] * 2),
    ],
)
def test_labels_must_be_there_and_say_something(labels: str, tripped: list[str]) -> None:
    wanted = resource("Gate", "{}", metadata=f"labels: {labels}")
    assert codes(lacking(wanted, "require: [{labels: [team, owner]}]")) == tripped


@pytest.mark.parametrize(
    ("spec", "tripped"),
    [("description: For all.", []), ("{}", ["GUARD/required"]), ("description: ''", ["GUARD/required"])],
)
def test_fields_must_be_there_and_say_something(spec: str, tripped: list[str]) -> None:
    assert codes(lacking(resource("Gate", spec), "require: [{fields: [description]}]")) == tripped


def test_what_is_missing_is_told_at_its_place_with_the_line_to_write() -> None:
    (finding,) = lacking(resource("Gate", "{}"), "require: [{labels: [team]}]")
    assert finding.message == "the label team is missing"
    assert finding.cure.startswith("write metadata: {labels: {team: ...}}; if that is meant")
    assert "{guard: required, objects: [Gate/thing_one]" in finding.cure
    assert finding.where is not None
    assert finding.where.pointer == ("metadata", "labels")


def test_other_kinds_and_other_values_are_not_asked() -> None:
    asked = "require: [{kinds: [Experiment], labels: [team]}, {where: {type: TEMPORARY}, labels: [team]}]"
    assert lacking(resource("Gate", "type: PERMANENT"), asked) == []
    assert codes(lacking(resource("Gate", "type: TEMPORARY"), asked)) == ["GUARD/required"]


def test_a_field_that_a_kind_does_not_have_is_not_asked_of_it() -> None:
    source = resource("EntityPropertySource", "sql: SELECT 1\nidTypeMapping: [{statsigUnitID: userID, column: id}]")
    assert lacking(source, "require: [{fields: [rules]}]") == []


@pytest.mark.parametrize(
    ("labels", "tripped"),
    [
        ("{expires: 2026-12-01}", []),
        ("{expires: 2026-11-30}", ["GUARD/expired"]),
        ("{expires: next year}", ["GUARD/required"]),
        ("{expires: 2026-02-30}", ["GUARD/required"]),
        ("{}", ["GUARD/required"]),
    ],
)
def test_what_is_temporary_has_a_day_and_may_stay_until_its_evening(labels: str, tripped: list[str]) -> None:
    wanted = resource("Gate", "type: TEMPORARY", metadata=f"labels: {labels}")
    assert codes(lacking(wanted, TEMPORARY)) == tripped


@pytest.mark.parametrize(("when", "severity"), [("warn", Severity.WARNING), ("stop", Severity.ERROR)])
def test_time_alone_stops_nobody_unless_the_project_says_so(when: str, severity: Severity) -> None:
    wanted = resource("Gate", "{}", metadata="labels: {expires: 2026-11-01}")
    (finding,) = lacking(wanted, f"require: [{{expiry: expires, whenExpired: {when}}}]")
    assert (finding.message, finding.severity) == ("it was to be gone by 2026-11-01, 30 days ago", severity)
    assert finding.where is not None
    assert finding.where.pointer == ("metadata", "labels", "expires")

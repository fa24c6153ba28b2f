"""Hours in which nothing is applied, as clocks show them where the team sits."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reconciler.domain import Plan, Severity
from tests.unit.guards.looking import seen
from tests.unit.planning.making import codes, plan_of, resource

PLAN = plan_of(resource("Gate", "{}"))
BERLIN = "windows: {timeZone: Europe/Berlin, closed: ["
FRIDAY = f"{BERLIN}{{name: Friday evening, days: [friday], from: '16:00'}}]}}"
WEEKEND = f"{BERLIN}{{days: [friday], from: '16:00'}}, {{days: [saturday, sunday]}}, {{dates: [2026-12-07]}}]}}"
NIGHT = f"{BERLIN}{{days: [monday], from: '18:00', to: '08:00'}}]}}"
HOLIDAYS = f"{BERLIN}{{dates: [12-24..01-02, 2027-05-01..2027-05-02]}}]}}"


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(f"{text}+00:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("setting", "moment", "closed"),
    [
        (FRIDAY, "2026-12-04T14:59", False),  # 15:59 in Berlin
        (FRIDAY, "2026-12-04T15:00", True),
        (FRIDAY, "2026-12-04T22:59", True),
        (FRIDAY, "2026-12-04T23:00", False),  # Saturday there
        (FRIDAY, "2026-07-03T13:59", False),  # summer time: two hours
        (FRIDAY, "2026-07-03T14:00", True),
        (NIGHT, "2026-11-30T17:00", True),
        (NIGHT, "2026-12-01T06:59", True),  # still Monday's night
        (NIGHT, "2026-12-01T07:00", False),
        (NIGHT, "2026-11-30T06:00", False),  # Sunday's night is open
        (HOLIDAYS, "2026-12-23T22:59", False),
        (HOLIDAYS, "2026-12-23T23:00", True),
        (HOLIDAYS, "2027-01-02T22:59", True),
        (HOLIDAYS, "2027-01-02T23:00", False),
        (HOLIDAYS, "2030-12-31T12:00", True),
        (HOLIDAYS, "2027-05-02T12:00", True),
        (HOLIDAYS, "2028-05-02T12:00", False),
    ],
)
def test_the_first_minute_is_closed_and_the_last_is_not(setting: str, moment: str, *, closed: bool) -> None:
    assert codes(seen(PLAN, setting, now=at(moment))) == (["GUARD/window"] if closed else [])


def test_it_says_what_time_it_is_there_and_when_it_opens() -> None:
    (finding,) = seen(PLAN, FRIDAY, now=at("2026-12-04T16:30"))
    assert finding.severity is Severity.ERROR
    assert finding.message == (
        "it is Friday, 2026-12-04 17:30 in Europe/Berlin, and nothing is applied then (Friday evening); "
        "it opens on Saturday, 2026-12-05 00:00"
    )
    assert "--allow window=WHY" in finding.cure


def test_what_is_closed_one_after_the_other_opens_at_the_end_of_it_all() -> None:
    (finding,) = seen(PLAN, WEEKEND, now=at("2026-12-04T16:30"))
    assert "it opens on Tuesday, 2026-12-08 00:00" in finding.message


def test_what_is_always_closed_never_opens() -> None:
    always = f"{BERLIN}{{dates: [01-01..12-31]}}]}}"
    (finding,) = seen(PLAN, always, now=at("2026-12-04T16:30"))
    assert "it does not open within a year" in finding.message


def test_the_hour_that_the_clock_shows_twice_is_closed_twice() -> None:
    early = f"{BERLIN}{{days: [sunday], from: '02:00', to: '03:00'}}]}}"
    assert codes(seen(PLAN, early, now=at("2026-10-25T00:30"))) == ["GUARD/window"]
    assert codes(seen(PLAN, early, now=at("2026-10-25T01:30"))) == ["GUARD/window"]
    assert seen(PLAN, early, now=at("2026-10-25T02:00")) == []


def test_a_plan_that_is_only_shown_is_warned() -> None:
    (finding,) = seen(PLAN, FRIDAY, now=at("2026-12-04T16:30"), acting=False)
    assert finding.severity is Severity.WARNING


def test_a_plan_that_does_nothing_may_do_so_at_any_time() -> None:
    assert seen(Plan(), FRIDAY, now=at("2026-12-04T16:30")) == []

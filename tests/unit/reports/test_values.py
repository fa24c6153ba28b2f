"""A value is told in the spelling of a manifest, short and unmistakable."""

import json

import pytest

from reconciler.domain import IdOf, Json
from reconciler.domain.moments import iso
from reconciler.reports.moments import utc
from reconciler.reports.values import body_text, fits, flow, listed, scalar


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "null"),
        (True, "true"),
        (10, "10"),
        (60.0, "60"),
        (12.5, "12.5"),
        (-0.0, "0"),
        (1e300, "1e+300"),
        (float("inf"), "inf"),
        ("in_progress", "in_progress"),
        ("@example.com", "@example.com"),
        ("kill-switch", "kill-switch"),
        ("", '""'),
        ("two words", '"two words"'),
        ("true", '"true"'),
        ("NO", '"NO"'),
        ("31", '"31"'),
        ("8.2.0", '"8.2.0"'),
        ("+x", '"+x"'),
        ('say "hi"', r'"say \"hi\""'),
        ("back\\slash", r'"back\\slash"'),
        ("\x1b[2J", r'"\x1b[2J"'),
        (IdOf("groups", "Control"), '<id of "Control" in groups>'),
    ],
)
def test_a_scalar_is_told_so_that_it_cannot_be_taken_for_another(value: Json, shown: str) -> None:
    assert scalar(value) == shown


def test_a_long_text_loses_its_middle_and_tells_its_length() -> None:
    assert scalar("a" * 50 + "b" * 50, 20) == '"aaaaaaaaaa…bbbbbbbbbb" (100 characters)'


def test_a_number_that_can_only_be_a_moment_has_its_date_beside_it() -> None:
    assert scalar(1_788_220_800_000) == "1788220800000 (2026-09-01 00:00 UTC)"
    assert scalar(1_788_220_800) == "1788220800"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"days": 30, "fee": 0.0, "open": {"max": 4000}}, "{days: 30, fee: 0, open: {max: 4000}}"),
        (["SE", "NO", 1], '[SE, "NO", 1]'),
        ({}, "{}"),
        ([], "[]"),
        ({"with blank": None}, '{"with blank": null}'),
    ],
)
def test_a_value_stands_on_one_line(value: Json, shown: str) -> None:
    assert flow(value) == shown
    assert fits(value)


def test_of_a_long_value_the_beginning_is_shown_and_how_much_there_is() -> None:
    assert flow(list(range(1000)), 20) == "[0, 1, 2, 3, 4, 5, 6… (1000 items)"
    assert flow({f"key{number}": number for number in range(30)}, 20) == "{key0: 0, key1: 1, k… (30 fields)"
    assert not fits(list(range(1000)), 20)


def test_a_value_of_any_depth_is_shown() -> None:
    deep: Json = "core"
    for _ in range(5000):
        deep = [deep]
    assert flow(deep, 10) == "[[[[[[[[[[… (1 item)"


def test_a_list_of_many_says_how_many_follow() -> None:
    assert listed(["SE", "DK"]) == "SE, DK"
    assert listed([f"user-{number}" for number in range(500)], 2) == "user-0, user-1 and 498 more"


def test_a_body_is_json_but_for_ids_that_are_not_known_yet() -> None:
    body = {"size": 50.0, "name": "Zürich \x1b", "on": True, "list": [1, None]}
    assert body_text(body) == r'{"size": 50, "name": "Z\u00fcrich \u001b", "on": true, "list": [1, null]}'
    assert json.loads(body_text(body)) == body
    assert body_text({"controlGroupID": IdOf("groups", "Control")}) == '{"controlGroupID": <id of "Control" in groups>}'


def test_moments_are_utc() -> None:
    assert utc(1_795_183_405_000) == "2026-11-20 14:03 UTC"
    assert iso(1_795_183_405_000) == "2026-11-20T14:03:25Z"


@pytest.mark.parametrize("beyond", [10**30, -(10**30)])
def test_a_moment_beyond_the_calendar_is_the_number_it_is(beyond: int) -> None:
    assert utc(beyond) == str(beyond)
    assert iso(beyond) is None

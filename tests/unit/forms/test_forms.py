"""What is left of a value when all that makes no difference is taken away."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from reconciler.domain import Json
from reconciler.forms import (
    flag,
    json_object,
    json_text,
    json_value,
    names,
    number,
    parse_json5,
    plain_number,
    scalar_text,
    sql,
    text,
)
from reconciler.targeting.condition import target_form

Form = Callable[[Json], Json]


@pytest.mark.parametrize(
    ("form", "one", "other"),
    [
        (text, None, ""),
        (flag, None, False),
        (number, 1, 1.0),
        (number, 1, "1"),
        (number, 1.50, "1.5"),
        (number, 0, -0.0),
        (number, 100, "1E+2"),
        (names, "a", ["a"]),
        (names, ["a", "b"], ["b", "a", "a"]),
        (names, None, []),
        (names, "", []),
        (json_value, {"a": 1, "b": [1.0]}, {"b": [1], "a": 1.0}),
        (json_value, 10**15, 1e15),
        (json_object, None, {}),
        (json_text, "{a: 1}", '{"a": 1.0}'),
        (json_text, "/* c */ [1, 'x',]", '[1, "x"]'),
        (json_text, None, " \n"),
        (sql, "select 1  \r\nfrom t\n\n", "select 1\nfrom t"),
        (target_form, 31, ["31"]),
        (target_form, 31.0, "31"),
        (target_form, None, []),
        (target_form, "", None),
        (target_form, ["a", "b"], ["b", "a"]),
    ],
)
def test_these_mean_the_same(form: Form, one: Json, other: Json) -> None:
    assert form(one) == form(other)


@pytest.mark.parametrize(
    ("form", "one", "other"),
    [
        (text, "a", ""),
        (text, "a", "A"),
        (flag, True, None),
        (number, 1, 1.01),
        (number, "x", "y"),
        (number, None, 0),
        (names, ["a"], ["a", "b"]),
        (json_value, True, 1),
        (json_value, False, 0),
        (json_value, "1", 1),
        (json_value, None, 0),
        (json_value, None, ""),
        (json_value, [1, 2], [2, 1]),
        (json_value, {}, []),
        (json_value, {"a": None}, {}),
        (json_value, {"a": [True]}, {"a": [1]}),
        (json_text, "{a: 1}", "{a: 2}"),
        (json_text, "{", "{ "),
        (json_text, "'{'", "{"),
        (json_text, "null", None),
        (sql, "select 1 from t", "select  1 from t"),
        (sql, "select 1\n\nfrom t", "select 1\nfrom t"),
        (target_form, "2.10", "2.1"),
        (target_form, "2.10", 2.1),
        (target_form, "true", "True"),
        (target_form, ["a"], ["a", "b"]),
    ],
)
def test_these_do_not(form: Form, one: Json, other: Json) -> None:
    assert form(one) != form(other)


@pytest.mark.parametrize(("value", "plain"), [(60.0, 60), (60, 60), (0.5, 0.5), (-0.0, 0), (1e15, 10**15)])
def test_whole_numbers_lose_their_point(value: float, plain: Json) -> None:
    found = plain_number(value)
    assert (type(found), found) == (type(plain), plain)


@pytest.mark.parametrize(
    ("value", "spelled"), [(31, "31"), (31.0, "31"), (2.5, "2.5"), ("2.10", "2.10"), (True, "true"), (False, "false")]
)
def test_a_scalar_as_the_service_may_spell_it(value: Json, spelled: str) -> None:
    assert scalar_text(value) == spelled


@pytest.mark.parametrize(
    ("source", "parsed"),
    [
        ("{}", {}),
        ("{a: 1, // one\n 'b': +.5,}", {"a": 1, "b": 0.5}),
        ("0x10", 16),
        ("null", None),
    ],
)
def test_json5_is_read(source: str, parsed: Json) -> None:
    assert parse_json5(source) == (parsed, True)


@pytest.mark.parametrize("source", ["", "{", "{a:}", "a: 1"])
def test_a_text_that_is_no_json5_is_told_as_such(source: str) -> None:
    assert parse_json5(source) == (None, False)


@pytest.mark.parametrize("value", [True, False, None, "many", [1], {}])
def test_what_is_no_number_stands_for_itself(value: Json) -> None:
    assert number(value) == value


def test_numbers_are_compared_exactly() -> None:
    assert number(0.1) == Decimal("0.1")
    assert number(0.1 + 0.2) != number(0.3)
    assert str(number(-0.0)) == "0"


@pytest.mark.parametrize("value", [None, 5, ["select 1"]])
def test_sql_that_is_no_text_stands_for_itself(value: Json) -> None:
    assert sql(value) == value

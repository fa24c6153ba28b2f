"""What an unquoted text is: the core schema of YAML 1.2, and numbers and dates that remember how they were written."""

from __future__ import annotations

import copy
import json
import pickle

import pytest
from pydantic import BaseModel, ConfigDict

from reconciler.domain.plain import PlainDate, PlainFloat, PlainInt
from reconciler.manifests import parse
from reconciler.manifests.scalars import LARGEST_INT, UnfitError, resolve, resolve_tagged


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_nothing_is_null(text: str) -> None:
    assert resolve(text) is None


@pytest.mark.parametrize(("text", "value"), [("true", True), ("True", True), ("TRUE", True), ("false", False)])
def test_true_and_false_are_the_only_booleans(text: str, value: bool) -> None:  # noqa: FBT001
    assert resolve(text) is value


@pytest.mark.parametrize(
    "text",
    ["NO", "no", "yes", "on", "off", "y", "tRUE", "nULL", "12:30", "1_000", "0b11", "0o8", "0xg", "1.2.3", "+", "-",
     ".", "1e", "e5", "- 1", "192.168.0.1", "+0x1", "<<", "=", "2024-1-1", "2024-13", "\u0661"],
)  # fmt: skip
def test_everything_else_is_text(text: str) -> None:
    value = resolve(text)
    assert value == text
    assert type(value) is str


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("7", 7), ("-19", -19), (str(LARGEST_INT), LARGEST_INT)])
def test_whole_numbers_are_ints(text: str, value: int) -> None:
    assert resolve(text) == value
    assert type(resolve(text)) is int


@pytest.mark.parametrize(("text", "value"), [("007", 7), ("+7", 7), ("0o17", 15), ("0x1F", 31), ("-0", 0), ("010", 10)])
def test_odd_whole_numbers_remember_their_text(text: str, value: int) -> None:
    number = resolve(text)
    assert isinstance(number, PlainInt)
    assert (number, number.text) == (value, text)


@pytest.mark.parametrize(("text", "value"), [("1.0", 1.0), ("-0.5", -0.5), ("2.1", 2.1), ("1e+16", 1e16)])
def test_numbers_in_their_shortest_form_are_floats(text: str, value: float) -> None:
    assert resolve(text) == value
    assert type(resolve(text)) is float


@pytest.mark.parametrize(
    ("text", "value"), [("2.10", 2.1), ("1e3", 1000.0), (".5", 0.5), ("5.", 5.0), ("+1.5", 1.5), ("1E-2", 0.01)]
)
def test_odd_numbers_remember_their_text(text: str, value: float) -> None:
    number = resolve(text)
    assert isinstance(number, PlainFloat)
    assert (number, number.text) == (value, text)


@pytest.mark.parametrize(
    "text",
    ["2024-01-01", "2024-01-01T00:00:00Z", "2024-1-1t0:00:00.5+02:00", "2024-01-01 10:00:00", "2024-01-01 10:00:00 -5"],
)
def test_dates_are_text_that_is_known_to_look_like_a_date(text: str) -> None:
    assert resolve(text) == text
    assert isinstance(resolve(text), PlainDate)


@pytest.mark.parametrize("text", [".nan", ".NaN", ".inf", "-.Inf", "+.INF", "1e999", "-1e999"])
def test_what_json_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(UnfitError, match="JSON"):
        resolve(text)


@pytest.mark.parametrize("text", [str(LARGEST_INT + 1), str(-LARGEST_INT - 1), "0xFFFFFFFFFFFFFFFF", "9" * 5000])
def test_whole_numbers_that_json_does_not_keep_exact_are_refused(text: str) -> None:
    with pytest.raises(UnfitError, match="beyond 9007199254740991") as refused:
        resolve(text)
    assert "quote it" in refused.value.cure
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("tag", "text", "value"),
    [("str", "2.10", "2.10"), ("str", "", ""), ("int", "3", 3), ("int", "0x10", 16), ("float", "3", 3.0),
     ("float", "2.5", 2.5), ("bool", "True", True), ("null", "", None), ("null", "~", None)],
)  # fmt: skip
def test_core_tags_say_what_a_scalar_is(tag: str, text: str, value: object) -> None:
    found = resolve_tagged(f"tag:yaml.org,2002:{tag}", text)
    assert found == value
    assert type(found) is type(value) or isinstance(found, PlainInt)


@pytest.mark.parametrize(
    ("tag", "text"), [("int", "three"), ("int", "1.5"), ("bool", "yes"), ("null", "x"), ("float", "x")]
)
def test_a_core_tag_that_does_not_fit_is_refused(tag: str, text: str) -> None:
    with pytest.raises(UnfitError, match=f"is no {tag}"):
        resolve_tagged(f"tag:yaml.org,2002:{tag}", text)


@pytest.mark.parametrize(
    ("written", "shown"),
    [("!!binary aGk=", "!!binary"), ("!env KEY", "!env"), ("!!timestamp 2024-01-01", "!!timestamp")],
)
def test_an_unknown_tag_is_refused_by_its_name(written: str, shown: str) -> None:
    (finding,) = parse(f"a: {written}".encode(), "x.yaml").findings
    assert finding.code == "YAML/tag"
    assert shown in finding.message


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True)

    number: float
    count: int
    day: str


PLAIN = (PlainFloat("2.10"), PlainInt(7, "007"), PlainDate("2024-01-01"))


def test_values_that_remember_their_text_are_ordinary_values() -> None:
    assert list(PLAIN) == [2.1, 7, "2024-01-01"]
    assert json.dumps(PLAIN) == '[2.1, 7, "2024-01-01"]'
    assert {2.1, 7, "2024-01-01"} == set(PLAIN)
    model = _Strict.model_validate({"number": PLAIN[0], "count": PLAIN[1], "day": PLAIN[2]})
    assert (model.number, model.count, model.day) == PLAIN


@pytest.mark.parametrize("value", PLAIN)
def test_copies_remember_the_text_too(value: object) -> None:
    for other in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):  # noqa: S301 - our own
        assert other == value
        assert type(other) is type(value)
        assert getattr(other, "text", None) == getattr(value, "text", None)

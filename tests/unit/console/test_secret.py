"""The key is taken from the environment and shown to nobody."""

from __future__ import annotations

import copy
import pickle

import pytest

from reconciler.console import ApiKey, from_environment
from reconciler.domain import Finding, Severity

from .service import KEY


def test_a_key_is_taken_from_the_named_variable() -> None:
    key = from_environment("STATSIG_CONSOLE_KEY", {"STATSIG_CONSOLE_KEY": KEY})
    assert isinstance(key, ApiKey)
    assert key.reveal() == KEY


@pytest.mark.parametrize(
    ("environ", "code", "words"),
    [
        ({}, "KEY/MISSING", "is not set"),
        ({"K": ""}, "KEY/MISSING", "is empty"),
        ({"K": " \t\n"}, "KEY/MISSING", "is empty"),
        ({"K": f"{KEY}\n"}, "KEY/MALFORMED", "line break"),
        ({"K": f"{KEY}\r"}, "KEY/MALFORMED", "line break"),
        ({"K": f" {KEY}"}, "KEY/MALFORMED", "blank"),
        ({"K": f"{KEY}\N{LATIN SMALL LETTER E WITH ACUTE}"}, "KEY/MALFORMED", "character"),
    ],
)
def test_a_missing_or_malformed_key_is_a_finding_that_names_the_variable_only(
    environ: dict[str, str], code: str, words: str
) -> None:
    finding = from_environment("K", environ)
    assert isinstance(finding, Finding)
    assert finding.code == code
    assert finding.severity is Severity.ERROR
    assert "K" in finding.message
    assert words in finding.message
    assert KEY not in f"{finding}{finding!r}"


def test_a_personal_key_is_accepted() -> None:
    assert isinstance(from_environment("K", {"K": "personal-0123456789"}), ApiKey)


def test_no_text_of_a_key_shows_it() -> None:
    key = ApiKey(KEY)
    shown = [repr(key), str(key), f"{key}", f"{key:>60}", f"{key!s}", f"{[key]}", "%s" % key]  # noqa: UP031
    assert KEY not in "".join(shown)


@pytest.mark.parametrize("leave", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_key_cannot_leave_by_pickle_or_copy(leave: object) -> None:
    assert callable(leave)
    with pytest.raises(TypeError, match="never pickled") as caught:
        leave(ApiKey(KEY))
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("value", ["", "two words", "line\nbreak", "caf\N{LATIN SMALL LETTER E WITH ACUTE}"])
def test_a_value_that_no_header_can_carry_is_no_key(value: str) -> None:
    with pytest.raises(ValueError, match="visible ASCII") as caught:
        ApiKey(value)
    assert not value or value not in str(caught.value)

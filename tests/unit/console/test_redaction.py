"""Texts from outside are made safe to show."""

from __future__ import annotations

import html
import json
from urllib.parse import quote

import pytest

from reconciler.console.redaction import HIDDEN, Redactor
from reconciler.console.secret import ApiKey

from .service import KEY

ODD = "personal/key+with&\"odd'<letters>"


@pytest.mark.parametrize(
    "text",
    [
        f"an invalid key was sent. Key: {KEY}",
        f"Key: {KEY}.",
        f"({KEY})",
        KEY.upper(),
        f"{KEY}{KEY}",
        f"cut short: {KEY[:-4]}",
        f"masked: {KEY[:12]}****",
    ],
)
def test_the_key_is_hidden_wherever_it_stands(text: str) -> None:
    shown = Redactor(ApiKey(KEY))(text)
    assert "canary" not in shown.lower()
    assert HIDDEN in shown


def test_a_console_key_of_somebody_else_is_hidden_too() -> None:
    assert "abcdef" not in Redactor(ApiKey(KEY))("Key: console-abcdefghijkl is revoked")


@pytest.mark.parametrize("spelled", [ODD, quote(ODD, safe=""), json.dumps(ODD)[1:-1], html.escape(ODD)])
def test_a_key_of_another_form_is_hidden_in_every_spelling(spelled: str) -> None:
    assert Redactor(ApiKey(ODD))(f"<{spelled}>") == f"<{HIDDEN}>"


def test_our_own_texts_keep_ids_that_begin_like_a_key() -> None:
    redact = Redactor(ApiKey(KEY))
    assert redact.hide_own("/gates/console-redesign") == "/gates/console-redesign"
    assert redact.hide_own(f"/keys/{KEY}") == f"/keys/{HIDDEN}"


def test_a_text_becomes_one_short_line_without_control_characters() -> None:
    shown = Redactor(ApiKey(KEY))("bad\r\n\tgate \x1b[31mred\x1b[0m \u202etxt " + "x" * 1000)
    assert shown.startswith("bad gate [31mred [0m txt xxx")
    assert len(shown) == 300
    assert shown.endswith("…")


def test_a_key_is_hidden_before_a_long_text_is_cut() -> None:
    assert "canary" not in Redactor(ApiKey(ODD.replace("odd", "canary")))("x" * 280 + ODD.replace("odd", "canary"))

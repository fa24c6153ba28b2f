"""No text from outside can steer a terminal or hide from a reader."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from reconciler.reports.line import line
from reconciler.reports.visible import visible


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain words", "plain words"),
        ("Göteborg, 東京, ★", "Göteborg, 東京, ★"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\x9b31m", r"\x9b31m"),
        ("bell\x07 and back\x08", r"bell\x07 and back\x08"),
        ("one\ntwo\r\n\tthree", r"one\ntwo\r\n\tthree"),
        ("admin\u202etxt", r"admin\u202etxt"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("no\u00a0break", r"no\xa0break"),
        ("filler\u3164", r"filler\u3164"),
        ("tag \U000e0041", r"tag \U000e0041"),
        ("lone \ud800", r"lone \ud800"),
        ("end\u2028of line", r"end\u2028of line"),
    ],
)
def test_what_has_no_ink_is_written_as_an_escape(raw: str, shown: str) -> None:
    assert visible(raw) == shown


@given(st.text(st.characters()))
def test_nothing_is_left_that_a_terminal_could_obey(text: str) -> None:
    shown = visible(text)
    assert shown.isprintable()
    assert not {unicodedata.category(each) for each in shown} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    shown.encode("utf-8")


def test_what_is_visible_stays_as_it_is() -> None:
    assert visible(visible("\x1b[31m\u202e")) == visible("\x1b[31m\u202e")


def test_markup_is_words_like_any_others() -> None:
    shown = line("[bold red]gate[/] :boom: [link=http://example.com]x[/link]")
    assert str(shown) == "[bold red]gate[/] :boom: [link=http://example.com]x[/link]"
    assert shown.text == Text("[bold red]gate[/] :boom: [link=http://example.com]x[/link]")

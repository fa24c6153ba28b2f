"""On a terminal, lines are wrapped below their own beginning, and styled; everywhere else they are whole."""

import io

import pytest
from rich.console import Console

from reconciler.reports.line import Line, line
from reconciler.reports.text import plan_lines
from tests.unit.reports.examples import PLAN


def shown(*lines: Line, width: int, color: bool = False) -> str:
    file = io.StringIO()
    console = Console(file=file, width=width, force_terminal=True, color_system="standard" if color else None)
    for each in lines:
        console.print(each)
    return file.getvalue()


def test_a_long_line_goes_on_further_in() -> None:
    long = line("description: one two three four five six seven eight", indent=4)
    assert shown(long, width=40) == (
        "    description: one two three four \n        five six seven eight\n"
    )  # fmt: skip
    assert str(long) == "    description: one two three four five six seven eight"


def test_a_note_that_does_not_fit_begins_a_line_of_its_own() -> None:
    head = line("~ update Gate checkout_v2", note=["(last modified by Jo)"])
    assert shown(head, width=60) == "~ update Gate checkout_v2  (last modified by Jo)\n"
    assert shown(head, width=40) == "~ update Gate checkout_v2\n    (last modified by Jo)\n"
    assert str(head) == "~ update Gate checkout_v2  (last modified by Jo)"


@pytest.mark.parametrize("width", [30, 80, 100, 160])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(map(len, shown(*plan_lines(PLAN, show_calls=True), width=width).splitlines())) <= width


def test_colour_changes_nothing_but_colour() -> None:
    lines = list(plan_lines(PLAN))
    coloured = shown(*lines, width=200, color=True)
    assert "\x1b[33m~ update \x1b[0m" in coloured
    assert "\x1b" not in shown(*lines, width=200)
    assert shown(*lines, width=200) == "".join(f"{each}\n" for each in lines)


def test_an_empty_line_is_empty() -> None:
    assert str(line()) == ""
    assert str(line(indent=4)) == ""

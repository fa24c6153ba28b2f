"""Two values side by side, line by line, with what differs within a line marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from reconciler.domain import Action, FieldChange, Json, path_text
from reconciler.reports.text_diff import common, inside, several_lines
from reconciler.reports.values import counted, fits, flow, scalar
from reconciler.reports.visible import visible

_LONGEST = 2000
"""Characters of a line."""
_MOST_ALIGNED = 5000
"""Lines beyond which comparing takes longer than anyone wants to wait."""
_MOST_ROWS = 200
_SHORT = 16
"""Lines of fewer characters are seen at a glance."""
_CONTEXT = 3

_WORDS = {Action.ADD: "added", Action.REMOVE: "removed", Action.RENAME: "renamed", Action.MOVE: "moved", Action.SET: ""}


@dataclass(frozen=True, slots=True)
class Cell:
    """One line: `mark` is what differs in it. `tone`: gone, come, gap, or "" for what is the same."""

    before: str = ""
    mark: str = ""
    after: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field, what happens to it in a word, its lines on both sides, and how much is not shown."""

    path: str
    words: str
    rows: tuple[tuple[Cell, Cell], ...]
    more: str = ""


def difference(change: FieldChange, *, backwards: bool = False) -> Difference:
    """Live on the left and desired on the right; `backwards`: the other way round, to tell what was done to live."""
    left, right = _texts(change)
    if backwards:
        left, right = right, left
    rows = list(_rows(left, right))
    more = f"and {counted(len(rows) - _MOST_ROWS, 'line')} more" if len(rows) > _MOST_ROWS else ""
    return Difference(
        visible(path_text(change.path)), _words(change, backwards=backwards), tuple(rows[:_MOST_ROWS]), more
    )


def _words(change: FieldChange, *, backwards: bool) -> str:
    opposite = {Action.ADD: Action.REMOVE, Action.REMOVE: Action.ADD} if backwards else {}
    return _WORDS[opposite.get(change.action, change.action)]


def _texts(change: FieldChange) -> tuple[list[str], list[str]]:
    """Both values as lines; none where there is no value."""
    live, desired = change.live, change.desired
    short = fits(live) and fits(desired)
    left = [] if change.action is Action.ADD else _lines(live, short=short)
    right = [] if change.action is Action.REMOVE else _lines(desired, short=short)
    if change.action is Action.MOVE:
        return [f"position {line}" for line in left], [f"position {line}" for line in right]
    return left, right


def _lines(value: Json, *, short: bool) -> list[str]:
    if short:
        return [flow(value)]
    if isinstance(value, str) and "\n" not in value and inside(value) is value:
        return [scalar(value, _LONGEST)]
    if not isinstance(value, (str, dict, list)):
        return [scalar(value)]
    return [visible(line.replace("\t", "⇥   "))[:_LONGEST] for line in several_lines(value).split("\n")]


def _rows(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[Cell, Cell]]:
    if not left or not right or len(left) + len(right) > _MOST_ALIGNED:
        yield from _paired(left, right)
        return
    for number, group in enumerate(SequenceMatcher(None, left, right).get_grouped_opcodes(_CONTEXT)):
        if number:
            yield Cell("⋯", tone="gap"), Cell("⋯", tone="gap")
        for tag, start, end, begin, stop in group:
            if tag == "equal":
                yield from ((Cell(line), Cell(line)) for line in left[start:end])
            else:
                yield from _paired(left[start:end], right[begin:stop])


def _paired(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[Cell, Cell]]:
    for one, other in zip_longest(left, right):
        if one is None or other is None:
            yield (Cell(), Cell(other, tone="come")) if one is None else (Cell(one, tone="gone"), Cell())
        else:
            yield _marked(one, other)


def _marked(left: str, right: str) -> tuple[Cell, Cell]:
    """Two different lines; what differs within them is marked where they are long and mostly the same."""
    start = common(left, right)
    end = common(left[start:][::-1], right[start:][::-1])
    longer = max(len(left), len(right))
    if longer < _SHORT or start + end < longer / 2:
        return Cell(left, tone="gone"), Cell(right, tone="come")
    return _cell(left, start, end, "gone"), _cell(right, start, end, "come")


def _cell(line: str, start: int, end: int, tone: str) -> Cell:
    return Cell(line[:start], line[start : len(line) - end], line[len(line) - end :], tone)

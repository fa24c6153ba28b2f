"""What differs between two texts or two large values, shown where it differs and not around it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import unified_diff

from reconciler.domain import Json
from reconciler.reports.line import INDENT, Line, line
from reconciler.reports.values import LONG, counted, plain_number, quoted, shortened

_CONTEXT = 24
"""Characters on both sides of what differs in a long text of one line."""
_MOST_COMPARED = 5000
"""Lines beyond which comparing takes longer than anyone wants to wait."""
_MOST_SHOWN = 80
_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def line_diff(live: str, desired: str, indent: int) -> Iterator[Line]:
    """A unified diff of two texts: one line of each is enough of a file name, so there is none."""
    before, after = live.split("\n"), desired.split("\n")
    if len(before) + len(after) > _MOST_COMPARED:
        yield line(f"{counted(len(before), 'line')} become {counted(len(after), 'line')}", indent=indent)
        return
    rows = list(unified_diff(before, after, n=2, lineterm=""))[2:]
    for row in rows[:_MOST_SHOWN]:
        shown = row.replace("\t", "⇥   ")
        yield line((shown, _STYLES.get(row[:1], "dim")), indent=indent, hang=1)
    if len(rows) > _MOST_SHOWN:
        yield line((f"… {counted(len(rows) - _MOST_SHOWN, 'more line')} of differences", "dim"), indent=indent)


def tree_lines(value: Json) -> str:
    """A value as JSON on several lines, with sorted keys, to be compared line by line."""
    return json.dumps(_numbers(value), indent=2, sort_keys=True, ensure_ascii=False)


def _numbers(value: Json) -> Json:
    match value:
        case dict():
            return {str(key): _numbers(item) for key, item in value.items()}
        case list():
            return [_numbers(item) for item in value]
        case float():
            return plain_number(value)
        case _:
            return value


def changed_part(live: str, desired: str) -> tuple[str, str]:
    """Two different texts in quotes, each cut to what differs and a little around it."""
    start = next((at for at, (one, two) in enumerate(zip(live, desired, strict=False)) if one != two), 0)
    start = start if live[:start] == desired[:start] else 0
    return live, desired


__all__ = ["INDENT", "LONG", "changed_part", "line_diff", "quoted", "shortened", "tree_lines"]

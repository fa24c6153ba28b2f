"""What differs between two long texts or two large values, shown where it differs and not around it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import unified_diff

from reconciler.domain import IdOf, Json
from reconciler.reports.line import Line, line
from reconciler.reports.values import LONG, counted, id_text, plain_number, quoted
from reconciler.reports.visible import in_ascii, looks

_CONTEXT = 24
"""Characters on both sides of what differs in a long text of one line."""
_MOST_COMPARED = 5000
"""Lines beyond which comparing takes longer than anyone wants to wait."""
_MOST_SHOWN = 80
_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def line_diff(live: str, desired: str, indent: int) -> Iterator[Line]:
    """A small unified diff of two texts of several lines."""
    if live.rstrip("\n") != desired.rstrip("\n"):
        live, desired = live.rstrip("\n"), desired.rstrip("\n")
    before, after = live.split("\n"), desired.split("\n")
    if len(before) + len(after) > _MOST_COMPARED:
        yield line(f"{counted(len(before), 'line')} become {counted(len(after), 'line')}", indent=indent)
        return
    rows = list(unified_diff(before, after, n=2, lineterm=""))[2:]
    gone, come = ({row[1:] for row in rows if row[:1] == sign} for sign in "-+")
    alike = set(map(looks, gone - come)) & set(map(looks, come - gone))
    for row in (in_ascii(row) if looks(row[1:]) in alike else row for row in rows[:_MOST_SHOWN]):
        yield line((row.replace("\t", "⇥   "), _STYLES.get(row[:1], "dim")), indent=indent, hang=1)
    if len(rows) > _MOST_SHOWN:
        yield line((f"… and {counted(len(rows) - _MOST_SHOWN, 'line')} more", "dim"), indent=indent)


def changed_part(live: str, desired: str) -> tuple[str, str]:
    """Two different texts in quotes, each cut down to what differs and a little around it."""
    start = common(live, desired)
    end = common(live[start:][::-1], desired[start:][::-1])
    return _cut(live, start - _CONTEXT, end - _CONTEXT), _cut(desired, start - _CONTEXT, end - _CONTEXT)


def common(one: str, two: str) -> int:
    """How many characters are the same at the beginning of both."""
    pairs = zip(one, two, strict=False)
    return next((at for at, (left, right) in enumerate(pairs) if left != right), min(len(one), len(two)))


def _cut(text: str, before: int, after: int) -> str:
    piece = text[max(before, 0) : len(text) - max(after, 0)]
    if len(piece) > 2 * LONG:
        piece = f"{piece[:LONG]}…{piece[-LONG:]}"
    return f"{quoted(f'{_dots(before)}{piece}{_dots(after)}')} ({counted(len(text), 'character')})"


def _dots(left_out: int) -> str:
    return "…" if left_out > 0 else ""


def several_lines(value: Json) -> str:
    """A value as text of several lines that can be compared: any but plain text as sorted JSON."""
    held = inside(value)
    return held if isinstance(held, str) else json.dumps(_whole(held), indent=2, sort_keys=True, ensure_ascii=False)


def inside(value: Json) -> Json:
    """What a text of JSON holds, if it is a list or an object; any other value as it is."""
    if not isinstance(value, str) or value.lstrip()[:1] not in {"{", "["}:
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _whole(value: Json) -> Json:
    match value:
        case dict():
            return {str(key): _whole(item) for key, item in value.items()}
        case list():
            return [_whole(item) for item in value]
        case float():
            return plain_number(value)
        case IdOf():
            return id_text(value)
        case _:
            return value

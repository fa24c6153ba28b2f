"""Forms: what is left of a value when all that makes no difference is taken away.

Two values mean the same when their forms are equal. The cases are the perpetual-diff hazards of the Console API, which
reads many values back in another spelling than they were written in.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import chain

import json5

from reconciler.domain import Json


def text(value: Json) -> Json:
    """Absent, null and "" are the same."""
    return None if value in (None, "") else value


def flag(value: Json) -> Json:
    """Absent, null and false are the same."""
    return False if value is None else value


def number(value: Json) -> Json:
    """Numbers as decimals, so that 1, 1.0 and "1" are the same."""
    if value is None or isinstance(value, bool):
        return value
    try:
        return Decimal(str(value)).normalize() + 0
    except InvalidOperation:
        return value


def plain_number(value: float) -> Json:
    """60 for 60.0, and what has decimals as it is."""
    return int(value) if float(value).is_integer() else value


def names(value: Json) -> Json:
    """A set of texts: one text is a list of one; absent, null and [] are the same."""
    if value in (None, ""):
        return frozenset()
    items = value if isinstance(value, list) else [value]
    return frozenset(scalar_text(item) for item in items)


def scalar_text(value: Json) -> str:
    """A scalar as the service may spell it: 31, 31.0 -> "31"; "2.10" stays."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def json_value(value: Json) -> Json:
    """A JSON value compared by what it holds: 1 equals 1.0, true does not equal 1, key order is nothing."""
    try:
        return _json_value(value)
    except RecursionError:
        return ("text", json.dumps(value, sort_keys=True))


def _json_value(value: Json) -> Json:
    if isinstance(value, dict):
        return ("object", frozenset((key, _json_value(item)) for key, item in value.items()))
    if isinstance(value, list):
        return ("array", tuple(_json_value(item) for item in value))
    if isinstance(value, (bool, str)) or value is None:
        return (type(value).__name__, value)
    return ("number", number(value))


def json_object(value: Json) -> Json:
    """As `json_value`; absent and null are the empty object."""
    return json_value(value or {})


def json_text(value: Json) -> Json:
    """A text that holds JSON5, compared by what it parses to; a text that does not parse stands for itself."""
    if not isinstance(value, str) or not value.strip():
        return None
    parsed, good = parse_json5(value)
    return json_value(parsed) if good else ("unparsed", value)


_DEEPEST = 100
"""Nesting beyond this is no value that anybody wrote."""


def parse_json5(source: Json) -> tuple[Json, bool]:
    """The value of a JSON5 text, and whether it is one that JSON can carry. The value is shared: do not change it."""
    return _parsed(source) if isinstance(source, str) else (None, False)


@lru_cache(maxsize=4096)
def _parsed(source: str) -> tuple[Json, bool]:
    for parse in (json.loads, json5.loads):
        try:
            value = parse(source)
        except (ValueError, RecursionError):
            continue
        return (value, True) if _carriable(value) else (None, False)
    return None, False


def _carriable(value: Json) -> bool:
    """Whether JSON can carry the value: no NaN, no infinity, and not nested without end."""
    levels = list(levels_of(value, _DEEPEST + 1))
    numbers = (item for level in levels for item in level if isinstance(item, float))
    return len(levels) <= _DEEPEST and all(map(math.isfinite, numbers))


def is_within(value: Json, most: int) -> bool:
    """Whether the value is nested at most so deep. A scalar is nested once, a list of scalars twice."""
    return sum(1 for _ in levels_of(value, most + 1)) <= most


def levels_of(value: Json, most: int) -> Iterator[list[Json]]:
    """What stands at each depth, down to the deepest, or to `most`."""
    level = [value]
    for _ in range(most):
        if not level:
            return
        yield level
        below = (item.values() if isinstance(item, dict) else item for item in level if isinstance(item, dict | list))
        level = list(chain.from_iterable(below))


def sql(value: Json) -> Json:
    """SQL without trailing blanks, at the ends of lines and of the text."""
    if not isinstance(value, str):
        return value
    return "\n".join(line.rstrip() for line in value.splitlines()).strip()

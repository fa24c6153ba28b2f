"""Names in a sentence: all of a few, and of many the first and how many more there are."""

from __future__ import annotations

from collections.abc import Iterable

_FEW = 8


def few(names: Iterable[str], most: int = _FEW) -> str:
    """``a, b, c and 12 more``."""
    each = list(names)
    more = f" and {len(each) - most} more" if len(each) > most else ""
    return f"{', '.join(each[:most])}{more}"

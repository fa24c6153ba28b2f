"""Moments and lengths of time as a reader knows them."""

from __future__ import annotations

import math

from reconciler.domain.moments import moment

_SURELY = range(1_000_000_000_000, 4_000_000_000_000)
"""Milliseconds of the years 2001 to 2096. A number in here is hardly ever anything else."""

_MINUTE = 60


def utc(milliseconds: int) -> str:
    """``2026-11-20 14:03 UTC``; the number itself where the calendar has no such moment."""
    found = moment(milliseconds)
    return f"{found.isoformat(sep=' ', timespec='minutes')} UTC" if found else str(milliseconds)


def duration(seconds: float) -> str:
    """``about 12 s``, ``about 31 min``, ``about 2 h 46 min``."""
    whole = max(1, math.ceil(round(seconds, 1)))
    if whole < 2 * _MINUTE:
        return f"about {whole} s"
    minutes = math.ceil(whole / _MINUTE)
    return f"about {minutes} min" if minutes < 2 * _MINUTE else f"about {minutes // _MINUTE} h {minutes % _MINUTE} min"


def moment_of(number: float) -> str | None:
    """The moment that this number surely counts to, if it does."""
    return utc(int(number)) if isinstance(number, int) and number in _SURELY else None

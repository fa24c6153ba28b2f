"""A moment on the command line: so long ago, or a day and time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from reconciler.domain import Finding

_AGO = re.compile(r"([0-9]{1,6})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def since(option: str, text: str, now: datetime) -> datetime | Finding:
    """The moment that ``24h``, ``7d`` or ``2026-11-20T08:00Z`` names (UTC where it names no zone), or what is wrong."""
    found = _ago(text, now) or _moment(text)
    if found is None:
        message = f"{option} {text}: this is neither a length of time nor a moment"
        return Finding("USAGE/time", message, "write 90m, 24h, 7d or 2w, or a moment: 2026-11-20T08:00Z")
    if found > now:
        return Finding("USAGE/time", f"{option} {text}: this is yet to come", "write a moment of the past")
    return found


def _ago(text: str, now: datetime) -> datetime | None:
    if not (matched := _AGO.fullmatch(text)):
        return None
    try:
        return now - timedelta(**{_UNITS[matched[2]]: int(matched[1])})
    except OverflowError:
        return None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None

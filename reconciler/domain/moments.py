"""Moments, which the service counts in milliseconds since 1970, as machines and manifests write them."""

from __future__ import annotations

from datetime import datetime, timedelta

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - all moments here are UTC, and their texts say so themselves


def moment(milliseconds: int) -> datetime | None:
    """The moment in UTC; None where the calendar has no such moment."""
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None


def iso(milliseconds: int) -> str | None:
    """``2026-11-20T14:03:05Z``; None where the calendar has no such moment."""
    found = moment(milliseconds)
    return f"{found.isoformat(timespec='seconds')}Z" if found else None

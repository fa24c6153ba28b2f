"""Dates, times of day and time zones, as the project file writes them."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, TypeAlias
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from reconciler.domain import Json
from reconciler.manifests.part import refused
from reconciler.suggest import did_you_mean

_ANY_YEAR = 2024
"""A leap year, so that 02-29 is a day of every year's calendar."""

_LONGEST_ZONE = 100
"""No zone has so long a name; the library looks for one of some thousand parts until Python's stack is full."""
_SPAN = r"^([0-9]{4}-)?[0-9]{2}-[0-9]{2}(\.\.([0-9]{4}-)?[0-9]{2}-[0-9]{2})?$"
_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day_of(text: str) -> date | None:
    """The day that ``2027-01-31`` names; None for any other text."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def ends(span: str) -> tuple[str, str]:
    """The first and the last day of a span, which for a single day are the same."""
    first, _, last = span.partition("..")
    return first, last or first


def _until(value: Json) -> Json:
    if not isinstance(value, str):
        return value
    if day := day_of(value):
        return day
    raise refused(f"{value!r} is no date", "write year, month and day: 2027-01-31")


def _span(text: str) -> str:
    first, last = ends(text)
    years = {len(end) for end in (first, last)}
    days = [day_of(end if end[:4].isdigit() else f"{_ANY_YEAR}-{end}") for end in (first, last)]
    if None in days:
        raise refused(f"{text!r} names a day that is in no calendar", "write month and day as two digits: 12-24")
    if len(years) > 1:
        raise refused(f"{text!r} has a year at one of its ends", "write the year at both ends, or at neither")
    if first[:4].isdigit() and first > last:
        raise refused(f"{text!r} ends before it begins", "write the earlier day first")
    return text


def _zone(value: Json) -> Json:
    if not isinstance(value, str):
        return value
    name = value[:_LONGEST_ZONE]
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        known = did_you_mean(name, available_timezones())
    raise refused(f"there is no time zone {name!r}", known or "write one of the IANA database, such as Europe/Berlin")


Until: TypeAlias = Annotated[date, BeforeValidator(_until)]
"""A day, with or without quotes: other readers of YAML take it for a date as well."""

YearlySpan: TypeAlias = Annotated[str, Field(pattern=_SPAN), AfterValidator(_span)]
"""A day or a span of days, of one year or of every year. Quotes make no difference."""

WallTime: TypeAlias = Annotated[str, Field(pattern=_TIME)]
"""A time of day, 00:00 to 24:00."""

TimeZone: TypeAlias = Annotated[ZoneInfo, BeforeValidator(_zone), WithJsonSchema({"type": "string"})]
"""A time zone of the IANA database, by its name."""

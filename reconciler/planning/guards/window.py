"""Hours in which nothing is applied."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from reconciler.domain import Finding, Severity
from reconciler.manifests.moments import ends
from reconciler.manifests.safety import Closed, Windows
from reconciler.planning.guards.contract import Guard, Guarded, leave

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_A_DAY = timedelta(days=1)
_LONGEST = 400
"""How many closed spells in a row are followed to tell when it opens: more than a year of closed days."""


def _find(guarded: Guarded) -> Iterator[Finding]:
    windows = guarded.safety.windows
    if windows is None or not guarded.plan.steps:
        return
    local = guarded.now.astimezone(windows.time_zone).replace(tzinfo=None)
    closed = _closing(windows, local)
    if closed is None:
        return
    name = f" ({closed[0].name})" if closed[0].name else ""
    message = (
        f"it is {_shown(local)} in {windows.time_zone}, and nothing is applied then{name}; {_opening(windows, local)}"
    )
    cure = f"apply it then; {leave(WINDOW.name, guarded.today)}"
    yield Finding("GUARD/window", message, cure, severity=Severity.ERROR if guarded.acting else Severity.WARNING)


def _opening(windows: Windows, local: datetime) -> str:
    """When the next moment is that is not closed."""
    for _ in range(_LONGEST):
        closed = _closing(windows, local)
        if closed is None:
            return f"it opens on {_shown(local)}"
        local = closed[1]
    return "it does not open within a year"


def _shown(moment: datetime) -> str:
    return f"{_DAYS[moment.weekday()].capitalize()}, {moment:%Y-%m-%d %H:%M}"


def _closing(windows: Windows, moment: datetime) -> tuple[Closed, datetime] | None:
    """The hours that the moment falls into, and when they end (both as clocks on the wall show it)."""
    spells = ((each, end) for each in windows.closed if (end := _end(each, moment)) is not None)
    return max(spells, key=lambda spell: spell[1], default=None)


def _end(closed: Closed, moment: datetime) -> datetime | None:
    """When the spell ends that the moment falls into; it may have begun the day before."""
    for day in (moment.date(), moment.date() - _A_DAY):
        if not _is_on(closed, day):
            continue
        begin, end = _at(day, closed.start), _at(day, closed.to)
        end = end if end > begin else end + _A_DAY
        if begin <= moment < end:
            return end
    return None


def _at(day: date, text: str) -> datetime:
    hours, minutes = map(int, text.split(":"))
    return datetime.combine(day, time()) + timedelta(hours=hours, minutes=minutes)


def _is_on(closed: Closed, day: date) -> bool:
    return _DAYS[day.weekday()] in closed.days or any(_within(span, day) for span in closed.dates)


def _within(span: str, day: date) -> bool:
    first, last = ends(span)
    shown = day.isoformat() if first[:4].isdigit() else f"{day:%m-%d}"
    return first <= shown <= last if first <= last else shown >= first or shown <= last


WINDOW = Guard(
    name="window",
    what="The time of day at which a plan is applied, also one from a file. `plan` only warns, and says when it opens.",
    why="What goes wrong on a Friday evening is found by users, and mended by nobody before Monday.",
    numbers="""Days of the week, or dates, from one time to another, as clocks show it in `timeZone`: the first minute
is closed, the last is not. Where `to` is not after `from`, it is a time of the next day.""",
    example="""safety:
  windows:
    timeZone: Europe/Berlin
    closed:
      - {name: Friday evening, days: [friday], from: "16:00"}
      - {name: weekend, days: [saturday, sunday]}
      - {name: Christmas, dates: [12-24..12-26]}""",
    find=_find,
)

"""The last run in a journal, if it did not come to its end: what was done, what is unknown, what is left.

A line that was cut off at the end tells the truth all the same. If it would have said that a call is about to be made,
the call was not made; if it would have said how one ended, that is unknown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from reconciler.applying.live import Lives
from reconciler.applying.settle import Fate, fate
from reconciler.console import Console, ConsoleError
from reconciler.domain import Call, Json, ResourceKey, Status
from reconciler.kind import Kind


@dataclass(slots=True)
class UnderWay:
    """A step that was cut off: how many of its calls were done, and the one whose end is unknown, if any.

    `before` is the mark of the object before that call.
    """

    calls_done: int = 0
    unknown: Call | None = None
    before: str | None = None


@dataclass(slots=True)
class Unfinished:
    """A run without an end. `unreadable`: lines that say nothing."""

    command: str
    at: int
    url: str
    project_id: str | None
    steps: tuple[ResourceKey, ...]
    ended: dict[ResourceKey, Status] = field(default_factory=dict)
    under_way: dict[ResourceKey, UnderWay] = field(default_factory=dict)
    unreadable: int = 0

    @property
    def left(self) -> list[ResourceKey]:
        """The steps that were not begun."""
        return [key for key in self.steps if key not in self.ended and key not in self.under_way]

    def take(self, event: Mapping[str, Json]) -> None:
        """Take over one event. LookupError, TypeError or ValueError if it is none."""
        key = key_of(event)
        match event["event"]:
            case "call":
                step = self.under_way.setdefault(key, UnderWay())
                step.unknown = Call(str(event["method"]), str(event["path"]), dict(event["body"] or {}))
                step.before = event["before"]
            case "answer":
                self._answer(self.under_way[key], event["end"])
            case "outcome":
                self.ended[key] = Status(event["status"])
                if self.ended[key] is not Status.UNKNOWN:
                    self.under_way.pop(key, None)

    @staticmethod
    def _answer(step: UnderWay, end: str) -> None:
        if end != "lost":
            step.unknown = None
            step.calls_done += end == "done"


def unfinished(data: bytes) -> Unfinished | None:
    """The last run in a journal with these bytes; None if it ended, or if there is none."""
    found: Unfinished | None = None
    for event in events(data):
        kind = event.get("event")
        if kind == "run":
            found = _begun(event)
        elif kind == "end":
            found = None
        elif found:
            try:
                found.take(event)
            except (LookupError, TypeError, ValueError):
                found.unreadable += 1
    return found


def settled(found: Unfinished, console: Console, kinds: Mapping[str, Kind]) -> Iterator[tuple[ResourceKey, Fate]]:
    """What became of each call whose end is unknown: read from live, and nothing is written."""
    lives = Lives(console, kinds)
    for key, step in found.under_way.items():
        if step.unknown:
            try:
                yield key, fate(kinds.get(key.kind), step.unknown, step.before, lives.read(key))
            except ConsoleError:
                yield key, Fate.UNKNOWN


def _begun(event: Mapping[str, Json]) -> Unfinished | None:
    try:
        steps = tuple(map(key_of, event["steps"]))
        return Unfinished(str(event["command"]), int(event["at"]), str(event["url"]), event["project"], steps)
    except (LookupError, TypeError, ValueError, OverflowError):
        return None


def key_of(event: Mapping[str, Json]) -> ResourceKey:
    """The object of an event. LookupError; ValueError for an id that no path can hold."""
    id_ = str(event["id"])
    id_.encode()
    if id_ in {"", ".", ".."}:
        raise ValueError(id_)
    return ResourceKey(str(event["kind"]), id_)


def events(data: bytes) -> Iterator[Mapping[str, Json]]:
    """One event for each line; an empty one for a line that is none, unless it is the cut end of the last."""
    *whole, last = data.split(b"\n")
    for line in whole:
        if line.strip():
            yield _event(line) or {}
    if event := _event(last):
        yield event


def _event(line: bytes) -> Mapping[str, Json] | None:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) else None

"""Where in a file something stands, found only for what is shown to a reader.

Good files are read without positions, which would slow the reading down. A file that has a finding is parsed once more,
into a tree of positions that the keys of a `Place` lead through.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from reconciler.domain import Finding, Place
from reconciler.manifests.events import Event, Events, careful_events, fast_events, is_merge, worth_another_try
from reconciler.manifests.syntax import MAX_DEPTH, MAX_NODES, Mark, unreadable


def locate(findings: Iterable[Finding], read: Callable[[str], bytes]) -> list[Finding]:
    """The same findings in the same order, with line and column where their keys lead.

    `read` gives the bytes of a file by the path that a `Place` names, and raises OSError where it cannot. A key that is
    not there is shown at the nearest one above it that is. A finding without a place, or with a line, stays as it is.
    """
    located = list(findings)
    for path, indexes in _unlocated(located).items():
        documents = _documents(path, read)
        for index in indexes:
            where = located[index].where
            if where is not None and where.document < len(documents):
                located[index] = replace(located[index], where=_placed(where, documents[where.document]))
    return located


@dataclass(slots=True)
class _Spot:
    """Where a value is shown (line and column from 1; that of its key, if it has one), and the values within it."""

    line: int
    column: int
    below: dict[str | int, _Spot] = field(default_factory=dict)


class _EnoughError(Exception):
    """The file is nested too deep or holds too much: what was read so far must do."""


def _unlocated(findings: list[Finding]) -> dict[str, list[int]]:
    by_path = defaultdict(list)
    for index, finding in enumerate(findings):
        if finding.where is not None and finding.where.line is None:
            by_path[finding.where.path].append(index)
    return by_path


def _documents(path: str, read: Callable[[str], bytes]) -> list[_Spot]:
    try:
        data = read(path)
    except OSError:
        return []
    if unreadable(data, path):
        return []
    positions = _Positions(fast_events(data))
    if positions.problem and worth_another_try(data, positions.problem):
        again = _Positions(careful_events(data))
        return max(positions.documents, again.documents, key=len)
    return positions.documents


def _placed(where: Place, spot: _Spot) -> Place:
    for key in where.pointer:
        if key not in spot.below:
            break
        spot = spot.below[key]
    return replace(where, line=spot.line, column=spot.column)


def _merged(spot: _Spot) -> Iterable[_Spot]:
    """The mappings that a merge key brings in: one, or those of a list."""
    return spot.below.values() if 0 in spot.below else (spot,)


class _Positions:
    """The positions of one file: those of its documents, up to the syntax `problem` if there is one."""

    def __init__(self, events: Events) -> None:
        self.next = events
        self.count = 0
        self.anchors: dict[str, _Spot] = {}
        self.texts: dict[str, str] = {}
        self.documents: list[_Spot] = []
        self.problem = ""
        try:
            self.read()
        except YAMLError as error:
            self.problem = str(error)
        except _EnoughError:
            pass

    def read(self) -> None:
        while (event := self.next()) is not None:
            if type(event) is DocumentStartEvent:
                self.anchors, self.texts = {}, {}
                top = self.next()
                self.documents.append(self.spot(top, top.start_mark, 0))

    def spot(self, event: Event, shown: Mark, depth: int) -> _Spot:
        self.spend(1)
        if depth > MAX_DEPTH:
            raise _EnoughError
        spot = _Spot(shown.line + 1, shown.column + 1)
        if type(event) is AliasEvent:
            if event.anchor in self.anchors:
                spot.below = self.anchors[event.anchor].below
            return spot
        self.remember(event, spot)
        if type(event) is SequenceStartEvent:
            self.sequence(spot, depth + 1)
        elif type(event) is MappingStartEvent:
            self.mapping(spot, depth + 1)
        return spot

    def spend(self, values: int) -> None:
        self.count += values
        if self.count > MAX_NODES:
            raise _EnoughError

    def remember(self, event: Event, spot: _Spot) -> None:
        if event.anchor is not None:
            self.anchors[event.anchor] = spot
            if type(event) is ScalarEvent:
                self.texts[event.anchor] = event.value

    def sequence(self, spot: _Spot, depth: int) -> None:
        index = 0
        while type(event := self.next()) is not SequenceEndEvent:
            spot.below[index] = self.spot(event, event.start_mark, depth)
            index += 1

    def mapping(self, spot: _Spot, depth: int) -> None:
        merged: list[_Spot] = []
        while type(key := self.next()) is not MappingEndEvent:
            text = self.key(key, depth)
            value = self.next()
            item = self.spot(value, key.start_mark, depth)
            if type(key) is ScalarEvent and is_merge(key):
                merged.extend(_merged(item))
            elif text is not None:
                spot.below[text] = item
        for source in merged:
            self.spend(len(source.below))
            for name, item in source.below.items():
                spot.below.setdefault(name, item)

    def key(self, event: Event, depth: int) -> str | None:
        if type(event) is AliasEvent:
            return self.texts.get(event.anchor)
        if type(event) is ScalarEvent:
            self.remember(event, _Spot(0, 0))
            return str(event.value)
        self.spot(event, event.start_mark, depth)
        return None

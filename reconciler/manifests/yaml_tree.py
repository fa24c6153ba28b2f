"""Bytes of YAML 1.2 -> plain trees, one for each document, without positions.

Everything that a careless or hostile file can hold ends in findings: broken syntax, another encoding, keys written
twice, aliases that multiply, unknown tags. A tree shares nothing with itself: an alias is a copy.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from reconciler.domain import Finding, Json, Place, Tree
from reconciler.manifests.events import (
    Event,
    Events,
    careful_events,
    fast_events,
    is_merge,
    is_nothing,
    worth_another_try,
)
from reconciler.manifests.scalars import UnfitError, resolve, resolve_tagged, unknown_tag
from reconciler.manifests.syntax import MAX_DEPTH, MAX_NODES, Mark, place_of, syntax_finding, unreadable
from reconciler.manifests.wording import named

_COLLECTION_TAGS = {
    MappingStartEvent: frozenset({"!", "tag:yaml.org,2002:map"}),
    SequenceStartEvent: frozenset({"!", "tag:yaml.org,2002:seq"}),
}
_TEXT_OF_ONE = 100
"""As many characters, repeated by an alias, count as one value."""
_TOO_MANY = (f"the file holds more than {MAX_NODES} values", "split it, and repeat less by aliases")
_TOO_DEEP = (f"values are nested more than {MAX_DEPTH} deep", "write it flatter")
_NO_TEXT = UnfitError("YAML/key", "a key must be text, not a list or a mapping", "write the key as text")
_NO_BLANK = UnfitError("YAML/key", "a colon without a blank after it", "put a blank after the colon, or quote the text")
_TWICE = "YAML/duplicate-key"
_OF_ONE_VALUE = frozenset({_TWICE, "YAML/alias", "YAML/anchor", "YAML/number", "YAML/tag"})
"""What is wrong with one value alone: the rest of its document is what it looks like."""
_UNREAD = object()
_MISSING = object()
_UNFINISHED = object()


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file: the place of its top, and its tree.

    `doubtful`: whether some of its values are not what was written; `gaps` lead to those that could not be read.
    """

    place: Place
    tree: Json
    doubtful: bool = False
    gaps: frozenset[tuple[str | int, ...]] = frozenset()


@dataclass(frozen=True, slots=True)
class Parsed:
    """The good documents of a file, and what is wrong with the others.

    `doubtful` are documents in which nothing is wrong but single values: they have null for those that could not be
    read, and the last one of a key that is written twice.
    """

    documents: tuple[Document, ...] = ()
    doubtful: tuple[Document, ...] = ()
    findings: tuple[Finding, ...] = ()


def parse(data: bytes, path: str) -> Parsed:
    """All documents of the file `path` that holds `data`. Empty documents are left out, but counted."""
    if refused := unreadable(data, path):
        return Parsed(findings=(refused,))
    parsed = _Reader(fast_events(data), path).read()
    if any(worth_another_try(data, finding.message) for finding in _syntax(parsed)):
        again = _CarefulReader(careful_events(data), path).read()
        return parsed if _syntax(again) else again
    return parsed


def _syntax(parsed: Parsed) -> list[Finding]:
    return [finding for finding in parsed.findings if finding.code == "YAML/syntax"]


class _TooMuchError(Exception):
    """The file cannot be read on: it holds too many values, or nests them too deep."""

    def __init__(self, message: str, cure: str, mark: Mark) -> None:
        super().__init__(message)
        self.cure = cure
        self.mark = mark


class _Reader:
    """Reads one file. What is wrong but does not stop the reading is collected in `findings`."""

    def __init__(self, events: Events, path: str) -> None:
        self.next = events
        self.path = path
        self.document = 0
        self.nodes = 0
        self.anchors: dict[str, Json] = {}
        self.texts: dict[str, str] = {}
        self.good: list[Document] = []
        self.doubtful: list[Document] = []
        self.findings: list[Finding] = []

    def read(self) -> Parsed:
        try:
            while (event := self.next()) is not None:
                if type(event) is DocumentStartEvent:
                    self.read_document()
        except YAMLError as error:
            self.findings.append(syntax_finding(error, self.path, self.document))
        except _TooMuchError as error:
            where = place_of(self.path, self.document, error.mark)
            self.findings.append(Finding("YAML/limit", str(error), error.cure, where))
        return Parsed(tuple(self.good), tuple(self.doubtful), tuple(self.findings))

    def read_document(self) -> None:
        known = len(self.findings)
        self.anchors = {}
        self.texts = {}
        top = self.next()
        tree = self.node(top, 0)
        codes = {finding.code for finding in self.findings[known:]}
        place = Place(self.path, self.document)
        if codes and codes <= _OF_ONE_VALUE:
            self.doubtful.append(_with_gaps(place, tree))
        elif not codes and not is_nothing(top):
            self.good.append(Document(place, tree))
        self.document += 1

    def refuse(self, error: UnfitError, mark: Mark) -> None:
        where = place_of(self.path, self.document, mark)
        self.findings.append(Finding(error.code, str(error), error.cure, where))

    def node(self, event: Event, depth: int) -> Json:
        self.count(1, event.start_mark)
        kind = type(event)
        if kind is AliasEvent:
            return self.alias(event, depth)
        if kind is not ScalarEvent:
            return self.collection(event, kind, depth)
        value = self.scalar(event)
        if event.anchor is not None:
            if is_nothing(event):
                self.refuse(_no_anchor(event.anchor), event.start_mark)
                value = _UNREAD
            self.anchors[event.anchor] = value
            self.texts[event.anchor] = event.value
        return value

    def count(self, values: int, mark: Mark) -> None:
        self.nodes += values
        if self.nodes > MAX_NODES:
            raise _TooMuchError(*_TOO_MANY, mark)

    def scalar(self, event: Event) -> Json:
        if event.implicit[1]:
            return event.value
        try:
            return resolve(event.value) if event.ctag is None else resolve_tagged(str(event.ctag), event.value)
        except UnfitError as error:
            self.refuse(error, event.start_mark)
            return _UNREAD

    def collection(self, event: Event, kind: type[CollectionStartEvent], depth: int) -> Json:
        check_depth(depth, event.start_mark)
        known = event.ctag is None or str(event.ctag) in _COLLECTION_TAGS[kind]
        if not known:
            self.refuse(unknown_tag(str(event.ctag)), event.start_mark)
        if event.anchor is not None:
            self.anchors[event.anchor] = _UNFINISHED
            self.texts.pop(event.anchor, None)
        inside: Json = self.mapping(depth + 1) if kind is MappingStartEvent else self.sequence(depth + 1)
        value = inside if known else _UNREAD
        if event.anchor is not None:
            self.anchors[event.anchor] = value
        return value

    def sequence(self, depth: int) -> list[Json]:
        items: list[Json] = []
        while type(event := self.next()) is not SequenceEndEvent:
            items.append(self.node(event, depth))
        return items

    def mapping(self, depth: int) -> Tree:
        own: Tree = {}
        merged: Tree | None = None
        while type(event := self.next()) is not MappingEndEvent:
            key = self.key(event, depth)
            if key == "<<" and type(event) is ScalarEvent and is_merge(event):
                if merged is not None:
                    self.refuse(_twice(key), event.start_mark)
                merged = self.merged(depth)
                if merged is None:
                    own["<<"], merged = _UNREAD, {}
                continue
            if key in own:
                self.refuse(_twice(key), event.start_mark)
            own[key] = self.entry(event, depth)
        return own if merged is None else merged | own

    def entry(self, _key: Event, depth: int) -> Json:
        return self.node(self.next(), depth)

    def key(self, event: Event, depth: int) -> str:
        """The text of a key. A key that has none is refused and gets a text that is like no other."""
        kind = type(event)
        if kind is ScalarEvent:
            if event.anchor is not None or not (event.ctag is None or is_merge(event)):
                self.node(event, depth)
            text = str(event.value)
            if event.implicit[0] and text.strip() != text:
                self.refuse(_odd_blank(text), event.start_mark)
            return text
        if kind is AliasEvent and event.anchor in self.texts:
            return str(self.copied(self.texts[event.anchor], depth, event.start_mark))
        self.node(event, depth)
        self.refuse(_NO_TEXT, event.start_mark)
        return f"? {self.nodes}"

    def merged(self, depth: int) -> Tree | None:
        """What ``<<`` brings in: of several mappings, the first that has a key gives its value. None: not known."""
        event = self.next()
        value = self.node(event, depth)
        if value is _UNREAD:
            return None
        sources = value if isinstance(value, list) else [value]
        if not all(isinstance(source, dict) for source in sources):
            cure = "give << the alias of a mapping, or a list of such aliases"
            self.refuse(UnfitError("YAML/merge", "only a mapping can be merged", cure), event.start_mark)
            return {}
        return {key: item for source in reversed(sources) for key, item in source.items()}

    def alias(self, event: Event, depth: int) -> Json:
        value = self.anchors.get(event.anchor, _MISSING)
        if value is _MISSING:
            message = f"there is no anchor &{event.anchor} before this alias"
            error = UnfitError("YAML/alias", message, "name an anchor that stands before it in this document")
        elif value is _UNFINISHED:
            error = UnfitError("YAML/alias", f"*{event.anchor} stands within what it names", "write the value out")
        else:
            return self.copied(value, depth, event.start_mark)
        self.refuse(error, event.start_mark)
        return _UNREAD

    def copied(self, value: Json, depth: int, mark: Mark) -> Json:
        """A copy, counted and bounded like what is written out; long texts count as several values."""
        if type(value) is dict:
            self.count(len(value) + sum(map(len, value)) // _TEXT_OF_ONE, mark)
            check_depth(depth, mark)
            return {key: self.copied(item, depth + 1, mark) for key, item in value.items()}
        if type(value) is list:
            self.count(len(value), mark)
            check_depth(depth, mark)
            return [self.copied(item, depth + 1, mark) for item in value]
        if isinstance(value, str):
            self.count(len(value) // _TEXT_OF_ONE, mark)
        return value


class _CarefulReader(_Reader):
    """Refuses what the parser in Python takes for text and a reader does not: ``{b:2}``, ``{a:}`` and ``[a:]``."""

    def entry(self, key: Event, depth: int) -> Json:
        event = self.next()
        if is_nothing(event) and type(key) is ScalarEvent and key.implicit[0] and ":" in key.value:
            self.refuse(_NO_BLANK, key.start_mark)
        return self.node(event, depth)

    def scalar(self, event: Event) -> Json:
        if event.implicit[0] and event.value.endswith(":"):
            self.refuse(_NO_BLANK, event.start_mark)
        return super().scalar(event)


def _with_gaps(place: Place, tree: Json) -> Document:
    gaps: set[tuple[str | int, ...]] = set()

    def filled(value: Json, at: tuple[str | int, ...]) -> Json:
        if value is _UNREAD:
            gaps.add(at)
            return None
        if type(value) is dict:
            return {key: filled(item, (*at, key)) for key, item in value.items()}
        return [filled(item, (*at, index)) for index, item in enumerate(value)] if type(value) is list else value

    return Document(place, filled(tree, ()), doubtful=True, gaps=frozenset(gaps))


def check_depth(depth: int, mark: Mark) -> None:
    """Refuse a collection at `depth` (the top is 0) when that is too deep."""
    if depth >= MAX_DEPTH:
        raise _TooMuchError(*_TOO_DEEP, mark)


def _no_anchor(name: str) -> UnfitError:
    return UnfitError(
        "YAML/anchor", f"&{name} names nothing: & begins an anchor", f'quote it if text is meant: "&{name}"'
    )


def _odd_blank(key: str) -> UnfitError:
    """YAML takes plain blanks off, so that what is left at the ends of an unquoted key is another kind of blank."""
    blank = key[0] if key[0].isspace() else key[-1]
    shown = f"U+{ord(blank):04X} ({unicodedata.name(blank, 'a blank').lower()})"
    message = f"this key begins or ends with {shown}, which YAML takes for text"
    return UnfitError("YAML/character", message, "indent with plain blanks (U+0020), or quote the key")


def _twice(key: str) -> UnfitError:
    return UnfitError(_TWICE, f"{named(key)} is written twice in one mapping", "keep one of the two")

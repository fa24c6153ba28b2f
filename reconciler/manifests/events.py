"""Bytes of YAML -> events of a parser. Two parsers take turns.

The C parser reads nearly everything, and fast. It is of the days of YAML 1.1, though, when unquoted text within
brackets could hold neither ``:`` nor ``?``, so it refuses ``{url: https://example.com}``. A small file that it refuses
for such a reason is read again by the parser in Python, many times slower. What both can read, both read alike.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from ruamel.yaml import YAML

# This import fails where the C parser is missing. ruamel.yaml by itself would go on in Python without a word.
from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import ScalarEvent

from reconciler.manifests.halves import joined

Event: TypeAlias = Any
"""An event of a parser, whose attributes the library leaves untyped."""

Events: TypeAlias = Callable[[], Event]
"""Gives the next event, in the end None. Raises YAMLError."""

MAX_CAREFUL_BYTES = 64 * 1024
"""The largest file that is read again. The parser in Python takes time that a hostile file must not multiply."""

_MERGE_TAG = "tag:yaml.org,2002:merge"
_OF_OLD = ("found unexpected ':'", "did not find expected ',' or", "did not find expected node content")


def fast_events(data: bytes) -> Events:
    """The events of the C parser."""
    events: Events = CParser(joined(data)).get_event
    return events


def careful_events(data: bytes) -> Events:
    """The events of the parser in Python, which knows text with ``:`` and ``?`` within brackets.

    It takes half a character for one and gives up on codes beyond Unicode; both are syntax errors here, as in C.
    """
    events = YAML(typ="safe", pure=True).parse(data)

    def event() -> Event:
        try:
            found = next(events, None)
            if type(found) is ScalarEvent:
                found.value = found.value.encode("utf-16", "surrogatepass").decode("utf-16")
        except (ValueError, OverflowError) as error:
            raise MarkedYAMLError(problem=f"found invalid Unicode character escape: {error}") from error
        return found

    return event


def worth_another_try(data: bytes, problem: str) -> bool:
    """Whether what the C parser refused with the words `problem` may be good YAML 1.2 all the same."""
    return len(data) <= MAX_CAREFUL_BYTES and any(words in problem for words in _OF_OLD)


def is_merge(key: Event) -> bool:
    """Whether a scalar key is the merge key ``<<``. In quotes it is a key like any other."""
    return bool(key.value == "<<" and (key.tag == _MERGE_TAG or (key.tag is None and key.implicit[0])))


def is_nothing(event: Event) -> bool:
    """Whether nothing is written where this value stands, as after a ``---`` too many or a colon."""
    return bool(type(event) is ScalarEvent and not event.value and event.implicit[0] and event.ctag is None)

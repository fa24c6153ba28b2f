r"""Characters that JSON writes as two escapes, such as ``"\ud83d\ude00"``. The parsers of YAML refuse each half.

YAML 1.2 contains JSON (https://yaml.org/spec/1.2.2/#12-yaml-history).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent, ScalarEvent

from reconciler.manifests.syntax import MAX_DEPTH, MAX_NODES

_BOTH = re.compile(r"(\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_ESCAPE = re.compile(rf"{_BOTH.pattern}|\\.", re.DOTALL)
_AS_LONG = r"\\u005f\\u005f"
_MAX_EVENTS = 4 * MAX_NODES
"""A value comes with its key, or with its end, or with both, or with a document around it."""


def joined(data: bytes) -> bytes:
    """`data`, which is UTF-8, with both halves as one in all double-quoted text, and there alone.

    Such a text gets shorter. Blanks after its closing quote make up for it, so that nothing else changes its place.
    """
    if rb"\u" not in data or not _BOTH.search(text := data.decode()):
        return data
    text = text.removeprefix("\ufeff")
    parts, done = [], 0
    for start, end in _double_quoted(text):
        parts += [text[done:start], _ESCAPE.sub(_joined, text[start:end]).ljust(end - start)]
        done = end
    return "".join([*parts, text[done:]]).encode()


def _double_quoted(text: str) -> Iterator[tuple[int, int]]:
    """Where double-quoted texts begin and end, up to the first thing that is no YAML or exceeds a limit."""
    parser = CParser(_BOTH.sub(_AS_LONG, text))
    depth = 0
    with suppress(YAMLError):
        for event in islice(iter(parser.get_event, None), _MAX_EVENTS):
            if isinstance(event, ScalarEvent) and event.style == '"':
                yield event.start_mark.index, event.end_mark.index
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
            if depth > MAX_DEPTH:
                return


def _joined(escape: re.Match[str]) -> str:
    return str(json.loads(f'"{escape[0]}"')) if escape[1] else escape[0]

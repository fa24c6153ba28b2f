"""Drift as a message to people: the sum as its title, then what differs and who made it so, as much as a chat takes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from reconciler.domain import Drift, ResourceKey
from reconciler.domain.drift import counted_once
from reconciler.reports.drift_text import Section, sections, sorts_of, summary
from reconciler.reports.line import EMPTY, plain

_MOST = 1800
"""Characters of a message: the chat with the smallest room takes 2,000."""
_CALLS = re.compile(r"<(?=[!@#])|@(?=(channel|here|everyone)\b)", re.IGNORECASE)
"""What chats take for a call to people or a link."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message."""

    title: str
    body: str


def drift_notice(drift: Drift, project: str) -> Notice:
    """What drifted, the most urgent first. `project`: what the reader knows the project by."""
    title = f"Drift in {project}: {sorts_of(drift)}"
    body = "\n".join(_within(_texts(sections(drift)), _MOST))
    return Notice(_calm(title), _calm(f"{summary(drift)}\n\n{body}\n\nDigest: {drift.digest}"))


def end_notice(drift: Drift, project: str) -> Notice:
    """There is no drift any more."""
    return Notice(_calm(f"No drift in {project} any more"), str(summary(drift)))


def _calm(text: str) -> str:
    """The text, in which names from the console call nobody."""
    return _CALLS.sub(lambda found: f"{found[0]} ", text)


def _texts(found: Iterable[Section]) -> Iterator[tuple[Collection[ResourceKey], str]]:
    """What is told of each object, the first of a section below its heading."""
    for section in found:
        heading = [section.heading, EMPTY]
        for block in section.blocks:
            yield block.keys, plain([*heading, *block.lines])
            heading = []


def _within(texts: Iterable[tuple[Collection[ResourceKey], str]], most: int) -> Iterator[str]:
    """As many whole objects as there is room for, and how many are left out. Of the first one as many lines."""
    room, left = most, list[Collection[ResourceKey]]()
    for number, (keys, whole) in enumerate(texts):
        text = whole if number or len(whole) <= room else _lines(whole, room)
        if left or len(text) > room:
            left.append(keys)
        else:
            room -= len(text) + 1
            yield text
    if left:
        yield f"... and {counted_once(left)} more: 'reconciler drift' shows all."


def _lines(block: str, room: int) -> str:
    kept = ""
    for row in block.splitlines(keepends=True):
        if len(kept) + len(row) > room - 4:
            return f"{kept}...\n"
        kept += row
    return kept

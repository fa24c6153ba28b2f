"""As much of a document as fits: what matters less is told in a line, and what matters least as a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

_MISFITS = 20
"""After so many that were too long nobody looks for one that is short enough."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something of which a document tells: in its `section`, in a `line`, or as a `whole`. The lowest `rank` first.

    `whole` writes it out; None where the line says it all.
    """

    section: str
    rank: int
    line: str
    whole: Callable[[], str] | None = None


@dataclass(frozen=True, slots=True)
class Fitted:
    """What is told of each section, in the order of the items; how many are shortened, how many left out of which."""

    sections: dict[str, list[str]]
    shortened: int
    left_out: Counter[str]


def fitted(items: Sequence[Item], room: int, around: int) -> Fitted:
    """What fits into so many bytes of UTF-8, when a section takes `around` bytes more than its texts.

    Of each rank first the lines, then as many wholes as fit, and what is left is for the next rank.
    """
    order = sorted(range(len(items)), key=lambda position: items[position].rank)
    told: dict[int, str] = {}
    seen: set[str] = set()
    shortened = 0
    for _, group in groupby(order, lambda position: items[position].rank):
        ranked = list(group)
        for position in ranked:
            item = items[position]
            cost = _size(item.line) + (0 if item.section in seen else around)
            if cost <= room:
                room -= cost
                told[position] = item.line
                seen.add(item.section)
        for position in (position for position in ranked if position in told):
            longer = items[position].whole
            if longer is None:
                continue
            text = longer() if shortened < _MISFITS else None
            cost = 0 if text is None else _size(text) - _size(told[position])
            if text is None or cost > room:
                shortened += 1
                continue
            room -= cost
            told[position] = text
    left_out = Counter(item.section for position, item in enumerate(items) if position not in told)
    return Fitted(_by_section(items, told), shortened, left_out)


def _by_section(items: Sequence[Item], told: dict[int, str]) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    for position, text in sorted(told.items()):
        sections.setdefault(items[position].section, []).append(text)
    return sections


def _size(text: str) -> int:
    return len(text.encode()) + 1


def size(texts: Iterable[str]) -> int:
    """The bytes of all texts, each with its line break."""
    return sum(map(_size, texts))

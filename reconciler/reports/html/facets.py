"""What the objects of a page can be filtered by: only what tells some of them from others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from reconciler.reports.html.item import Item


@dataclass(frozen=True, slots=True)
class Facet:
    """A choice: its name in the page, its label, and each value with how many objects have it."""

    name: str
    label: str
    values: tuple[tuple[str, int], ...]


_FACETS: Sequence[tuple[str, str, Callable[[Item], Iterable[str]]]] = (
    ("kind", "Kind", lambda item: (item.key.kind,)),
    ("verb", "What happens", lambda item: (item.verb,)),
    ("sort", "Drift", lambda item: (item.sort,) if item.sort else ()),
    ("status", "Outcome", lambda item: (item.status,) if item.status else ()),
    ("danger", "Danger", lambda item: item.dangers),
    ("owner", "Owner", lambda item: (item.owner,) if item.owner else ()),
)


def facets(items: Iterable[Item]) -> tuple[Facet, ...]:
    """All choices of these objects."""
    listed = list(items)
    found = [(name, label, Counter(value for item in listed for value in of(item))) for name, label, of in _FACETS]
    return tuple(Facet(name, label, tuple(sorted(many.items()))) for name, label, many in found if many)

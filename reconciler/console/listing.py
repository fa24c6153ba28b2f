"""Reading a whole collection, page by page: complete, or an error; never a part of it.

Pages are counted, since `nextPage` comes in five shapes, one of them the path of another endpoint; only whether there
is one matters. A collection that changes while it is read moves objects between pages. An object that is seen twice
counts once; one that may have been skipped is an error, because a plan would take it for absent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reconciler.console.errors import ListingError
from reconciler.domain import Call, Json, Tree

PAGE_SIZE = 100
"""What the vendor's own command line asks for; a higher maximum is documented nowhere."""
MOST_PAGES = 10_000


@dataclass(frozen=True, slots=True)
class _Page:
    items: dict[str, Tree]
    more: bool
    total: int


def collect(read_page: Callable[[int], Tree], call: Call, identity: str, most_pages: int = MOST_PAGES) -> list[Tree]:
    """All objects of the collection that `call` lists, in order; `read_page` reads page 1, 2, ... as an envelope.

    Raises `ListingError` for a page that brings nothing new, a collection that shrinks meanwhile or is shorter than the
    service counts, objects without the field `identity`, and answers that are no list.
    """
    found: dict[str, Tree] = {}
    total = 0
    for number in range(1, most_pages + 1):
        page = _page(read_page(number), call, identity)
        known = len(found)
        found |= page.items
        if flaw := _flaw(page, number, total, known, len(found)):
            raise ListingError(flaw, call)
        if not page.more:
            return list(found.values())
        total = page.total or total
    flaw = f"the collection has more than {most_pages} pages"
    raise ListingError(flaw, call)


def _flaw(page: _Page, number: int, total: int, known: int, found: int) -> str:
    """Why the pages up to `number` are no list; `known` objects were found before it, `found` with it."""
    if found == known and (page.items or page.more):
        return f"page {number} brings nothing that the pages before it did not"
    if 0 < page.total < total:
        return f"the collection shrank from {total} to {page.total} objects while it was read"
    if not page.more and found < (counted := page.total or total):
        return f"{found} objects were listed, of {counted} that the service counts"
    return ""


def _page(envelope: Tree, call: Call, identity: str) -> _Page:
    items = rows_by(identity, envelope.get("data"), call)
    pagination = envelope.get("pagination")
    if pagination is None:
        return _Page(items, more=False, total=0)
    if not isinstance(pagination, dict):
        flaw = "the answer does not say whether there are more pages"
        raise ListingError(flaw, call)
    total = pagination.get("totalItems")
    return _Page(items, bool(pagination.get("nextPage")), total if isinstance(total, int) else 0)


def rows_by(identity: str, rows: Json, call: Call) -> dict[str, Tree]:
    """The objects of a list by the field `identity`; `ListingError` if they are no list, or one has no such text."""
    if not isinstance(rows, list):
        flaw = "the answer holds no list"
        raise ListingError(flaw, call)
    return {_identified(row, identity, call): row for row in rows}


def _identified(row: Json, identity: str, call: Call) -> str:
    name = row.get(identity) if isinstance(row, dict) else None
    if isinstance(name, str) and name:
        return name
    flaw = f"an object in the list has no {identity!r}"
    raise ListingError(flaw, call)

"""Pages of lists. `nextPage` comes in several shapes, some of which lead nowhere: it is to be tested for null only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from starlette.datastructures import QueryParams

from reconciler.domain import Json, Tree
from reconciler.emulator.errors import invalid

DEFAULT_LIMIT = 100
"""The page size that most examples show; the document states none."""

ABSOLUTE = "{path}?page={page}&limit={limit}"
"""``/console/v1/gates?page=2&limit=5``."""
NO_SCHEME = "statsigapi.net{path}?page={page}&limit={limit}"
"""``statsigapi.net/console/v1/audit_logs?page=3&limit=3``."""
QUERY_ONLY = "?page={page}&limit={limit}"
"""``?page=2&limit=5``."""
ANOTHER_ENDPOINT = "/console/v1/metrics/experiment/list?page={page}&limit={limit}"
"""A path of another endpoint, as qualifying events answer with one below ``/metrics``."""

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is asked for: page `page` (from 1) of `limit` items."""

    page: int
    limit: int

    @property
    def start(self) -> int:
        """How many items come before."""
        return (self.page - 1) * self.limit

    def of(self, items: Sequence[_Item]) -> Sequence[_Item]:
        """The items of this page."""
        return items[self.start : self.start + self.limit]


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its items, the window they were cut with, and how many items there are in all."""

    items: Sequence[Tree]
    window: Window
    total: int

    def pagination(self, path: str, shape: str) -> Tree:
        """The paging part of the answer; `shape` is one of the forms above."""
        page, limit = self.window.page, self.window.limit
        more = limit > 0 and self.total > page * limit

        def link(number: int) -> str:
            return shape.format(path=path, page=number, limit=limit)

        return {
            "itemsPerPage": limit,
            "pageNumber": page,
            "nextPage": link(page + 1) if more else None,
            "previousPage": link(page - 1) if page > 1 else None,
            "totalItems": self.total,
            "all": "",
        }


def window(query: QueryParams, maximum: int | None = None) -> Window:
    """The window that a query asks for. `maximum` is stated for the references of a gate only."""
    limit = _whole(query, "limit", DEFAULT_LIMIT, 0)
    if maximum is not None and limit > maximum:
        raise invalid(("limit", f"Number must be less than or equal to {maximum}"))
    return Window(_whole(query, "page", 1, 1), limit)


def paged(items: Sequence[Tree], within: Window) -> Page:
    """The page of a list that is at hand."""
    return Page(within.of(items), within, len(items))


def whole(items: Json) -> Page:
    """Everything as a single page of 20000, as the rules of an object are listed."""
    return paged(items, Window(1, 20000))


def _whole(query: QueryParams, name: str, default: int, minimum: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 16):  # noqa: PLR2004 - beyond what a database can count
        raise invalid((name, "Expected number, received nan"))
    if int(text) < minimum:
        raise invalid((name, f"Number must be greater than or equal to {minimum}"))
    return int(text)

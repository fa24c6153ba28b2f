"""What the service remembers: past versions of an object, and the audit log. Nothing here raises.

It is asked about few objects, and as long as it answers: a refusal is the same for all of them. What it does not tell
is an `Unread`, which says why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from reconciler.console.errors import ApiError, ConsoleError, NotFound
from reconciler.console.listing import PAGE_SIZE
from reconciler.console.log_entry import entry
from reconciler.domain import Entry, Json, Tree
from reconciler.shape import misfit, shape_of

if TYPE_CHECKING:
    from reconciler.console.client import Console, Params
    from reconciler.kind import Kind

_MOST_ASKED = 200
"""About so many objects at most: where more differ, who did it is not the question."""
_MOST_PAGES = 10
_LOG, _THE_LOG = "/audit_logs", "the audit log"


@dataclass(frozen=True, slots=True)
class Unread:
    """Why nothing is known."""

    why: str


Rows: TypeAlias = list[Tree]


@dataclass(slots=True)
class History:
    """The past of one project. `asked` counts objects."""

    console: Console
    asked: int = 0
    _shut: dict[str, Unread] = field(default_factory=dict)

    def versions(self, kind: Kind, id_: str) -> Rows | Unread:
        """The latest versions of an object, whole: the last 100, in whatever order they come."""
        rows = self._first_page("its versions", f"{kind.item(id_)}/versions", {})
        if isinstance(rows, Unread):
            return rows
        odd = next(filter(None, (misfit(shape_of(kind.spec), row) for row in rows)), "")
        return Unread(f"its versions have a form that is not known: {odd}") if odd else rows

    def entries(self, name: str) -> list[Entry] | Unread:
        """The latest entries of the audit log about what is called `name`: of 100, whatever else they are about."""
        rows = self._first_page(_THE_LOG, _LOG, {"id": name})
        return rows if isinstance(rows, Unread) else [found for row in rows if (found := entry(row)).name == name]

    def since(self, day: str, actions: Iterable[str]) -> tuple[list[Entry], Unread | None]:
        """The entries with these actions from a day on (YYYY-MM-DD, UTC), and why there may be more of them."""
        if shut := self._shut.get(_THE_LOG):
            return [], shut
        asked: Params = {"startDate": day, "actionTypes": sorted(actions), "limit": PAGE_SIZE}
        found: dict[str, Entry] = {}
        for number in range(1, _MOST_PAGES + 1):
            try:
                envelope = self.console.read(_LOG, {**asked, "page": number})
            except ConsoleError as error:
                return list(found.values()), Unread(f"the audit log could not be read: {_said(error)}")
            rows = _rows(envelope)
            if rows is None:
                return list(found.values()), Unread("the audit log could not be read: the answer holds no list")
            found |= {made.id: made for made in map(entry, rows)}
            if not rows or not _goes_on(envelope):
                return list(found.values()), None
        return list(found.values()), Unread(f"the audit log has more than {_MOST_PAGES * PAGE_SIZE} entries since then")

    def _first_page(self, what: str, path: str, params: Params) -> Rows | Unread:
        if what in self._shut:
            return self._shut[what]
        if self.asked >= _MOST_ASKED:
            return Unread(f"it was asked about {_MOST_ASKED} other objects first, and no more")
        self.asked += 1
        try:
            rows = _rows(self.console.read(path, {**params, "limit": PAGE_SIZE, "page": 1}))
        except NotFound as error:
            return Unread(f"{what} could not be read: {_said(error)}")
        except ConsoleError as error:
            return self._shut.setdefault(what, Unread(f"{what} could not be read: {_said(error)}"))
        return Unread(f"{what} could not be read: the answer holds no list") if rows is None else rows


def _said(error: ConsoleError) -> str:
    """What became of the call, without the call: the same is said of all objects."""
    return f"the service answered {error.status}: {error.message}" if isinstance(error, ApiError) else error.message


def _rows(envelope: Tree) -> Rows | None:
    data: Json = envelope.get("data")
    return [row for row in data if isinstance(row, dict)] if isinstance(data, list) else None


def _goes_on(envelope: Tree) -> bool:
    pagination = envelope.get("pagination")
    return isinstance(pagination, dict) and bool(pagination.get("nextPage"))

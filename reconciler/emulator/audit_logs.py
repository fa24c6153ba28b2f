"""``/audit_logs``: who did what, newest first. `id` is the name of an object; days are whole days in UTC."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import takewhile

from starlette.datastructures import QueryParams

from reconciler.domain import Tree
from reconciler.emulator.errors import invalid
from reconciler.emulator.filters import DAY, day
from reconciler.emulator.paging import Page, paged, window
from reconciler.emulator.request import Request

_SORT_KEYS = ("id", "name", "changeLog", "actionType", "date", "time", "updatedBy", "updatedByUserID")


def list_all(request: Request) -> Page:
    """GET /audit_logs."""
    matches = _test(request.query)
    records = [record for at, record in _until(request, request.query.get("latestID")) if matches(at, record)]
    return paged(_sorted(records, request.query), window(request.query))


def _until(request: Request, latest: str | None) -> Iterator[tuple[int, Tree]]:
    """The records that are newer than the one with this id, which a client uses as a cursor."""
    return takewhile(lambda entry: entry[1]["id"] != latest, request.session.logged())


def _test(query: QueryParams) -> Callable[[int, Tree], bool]:
    actions = {*query.getlist("actionType"), *query.getlist("actionTypes")}
    name, tags = query.get("id"), set(query.getlist("tags"))
    start = day("startDate", query["startDate"]) if "startDate" in query else 0
    end = day("endDate", query["endDate"]) + DAY if "endDate" in query else None

    def matches(at: int, record: Tree) -> bool:
        return (
            name in {None, record["name"]}
            and (not actions or record["actionType"] in actions)
            and (not tags or bool(tags & set(record["tags"])))
            and start <= at
            and (end is None or at < end)
        )

    return matches


def _sorted(records: list[Tree], query: QueryParams) -> list[Tree]:
    """Records in the order that is asked for. They come newest first, so days and times need no sorting."""
    key, order = query.get("sortKey", "date"), query.get("sortOrder", "desc")
    if key not in _SORT_KEYS:
        raise invalid(("sortKey", f"Invalid enum value. Expected one of {', '.join(_SORT_KEYS)}"))
    if order not in {"asc", "desc"}:
        raise invalid(("sortOrder", "Invalid enum value. Expected 'asc' | 'desc'"))
    if key in {"date", "time"}:
        return records[::-1] if order == "asc" else records
    return sorted(records, key=lambda record: str(record[key]), reverse=order == "desc")

"""``/audit_logs``: who did what, newest first. `id` is the name of an object; days are whole days in UTC."""

from __future__ import annotations

from collections.abc import Iterator
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
    query = request.query
    records = [record for at, record in _until(request, query.get("latestID")) if _matches(query, at, record)]
    return paged(_sorted(records, query), window(query))


def _until(request: Request, latest: str | None) -> Iterator[tuple[int, Tree]]:
    """The records that are newer than the one with this id, which a client uses as a cursor."""
    return takewhile(lambda entry: entry[1]["id"] != latest, request.session.logged())


def _matches(query: QueryParams, at: int, record: Tree) -> bool:
    actions = [*query.getlist("actionType"), *query.getlist("actionTypes")]
    tags = query.getlist("tags")
    return (
        query.get("id", record["name"]) == record["name"]
        and (not actions or record["actionType"] in actions)
        and (not tags or bool(set(tags) & set(record["tags"])))
        and ("startDate" not in query or at >= day("startDate", query["startDate"]))
        and ("endDate" not in query or at < day("endDate", query["endDate"]) + DAY)
    )


def _sorted(records: list[Tree], query: QueryParams) -> list[Tree]:
    """Records in the order that is asked for. Newest first is the order they come in, so days and times need no sorting."""
    key, order = query.get("sortKey", "date"), query.get("sortOrder", "desc")
    if key not in _SORT_KEYS:
        raise invalid(("sortKey", f"Invalid enum value. Expected one of {', '.join(_SORT_KEYS)}"))
    if order not in {"asc", "desc"}:
        raise invalid(("sortOrder", "Invalid enum value. Expected 'asc' | 'desc'"))
    if key in {"date", "time"}:
        return records[::-1] if order == "asc" else records
    return sorted(records, key=lambda record: str(record[key]), reverse=order == "desc")

"""An entry of the audit log, read from what the service answers."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime

from reconciler.domain import Entry, Json, Tree, Writer

_ZONE = re.compile(r"(GMT|UTC)?([+-]\d{4})?.*", re.DOTALL)


def entry(row: Tree) -> Entry:
    """The entry in a row of ``GET /audit_logs``; what is missing or no text is ""."""
    writer = Writer(_text(row, "updatedBy"), _text(row, "modifierEmail"), _text(row, "updatedByUserID"))
    at = moment(_text(row, "date"), _text(row, "time"))
    return Entry(_text(row, "id"), _text(row, "name"), _text(row, "actionType"), writer, at, _text(row, "changeLog"))


def moment(day: str, time: str) -> int | None:
    """Epoch milliseconds of ``Mon Sep 26 2022`` and ``23:46:14 GMT+0000 (Coordinated Universal Time)``."""
    clock, _, rest = time.partition(" ")
    zone = _ZONE.match(rest)
    offset = (zone[2] if zone else None) or "+0000"
    with suppress(ValueError):
        return int(datetime.strptime(f"{day} {clock} {offset}", "%a %b %d %Y %H:%M:%S %z").timestamp()) * 1000
    return None


def _text(row: Tree, name: str) -> str:
    value: Json = row.get(name)
    return value if isinstance(value, str) else ""

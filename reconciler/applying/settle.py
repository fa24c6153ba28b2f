"""What became of a write whose answer was lost: found out by reading, never by writing twice.

before --(call sent, answer lost)--> ?

live equals before              it did not happen: it may be sent once more
live holds what the call says   it happened
anything else                   not known: somebody else may have been faster
"""

from __future__ import annotations

from enum import StrEnum

from reconciler.domain import Call, Json, Tree
from reconciler.kind import Kind
from reconciler.planning.compare import compare
from reconciler.planning.precondition import at_rest
from reconciler.saving.form import digest
from reconciler.shape import misfit, shape_of

_STAMP = ("createdTime", "lastModifiedTime", "version")


class UnsettledError(Exception):
    """Nobody can tell whether a call took effect; the message says why."""


class Fate(StrEnum):
    """What became of a call."""

    HAPPENED = "happened"
    DID_NOT = "did not happen"
    UNKNOWN = "unknown"


def mark(live: Tree | None) -> str | None:
    """What an object is known again by, until somebody edits it; None if there is none."""
    rest = at_rest(live)
    return None if rest is None else digest(rest)


def stamp(live: Tree | None) -> Tree | None:
    """When a live object was made and changed, as far as it says so."""
    told = {name: live[name] for name in _STAMP if live.get(name) is not None} if live else {}
    return told or None


def is_another(known: Json, live: Tree | None) -> bool:
    """Whether a live object was made or changed after it had the stamp `known`; False where that cannot be told."""
    now = stamp(live)
    return isinstance(known, dict) and now is not None and any(now.get(name, at) != at for name, at in known.items())


def fate(kind: Kind | None, call: Call, before: str | None, after: Tree | None) -> Fate:
    """What a call did to an object that had the mark `before` and is `after` by now (None: there is none).

    `kind` is None for what manifests only refer to, such as tags.
    """
    if call.method != "DELETE" and mark(after) == before:
        return Fate.DID_NOT
    if in_effect(kind, call, after):
        return Fate.HAPPENED
    return Fate.DID_NOT if call.method == "DELETE" else Fate.UNKNOWN


def in_effect(kind: Kind | None, call: Call, after: Tree | None) -> bool:
    """Whether the object `after` (None: there is none) is as the call says. False for a body of no known form."""
    if after is None or call.method == "DELETE":
        return after is None and call.method == "DELETE"
    if kind is None:
        return True
    view, body = kind.view(after), call.body or {}
    if call.method == "PUT":
        reached = view.get("status") in kind.actions.get(call.path.rsplit("/", 1)[-1], ())
        # `PUT make_decision` names the launched group as `id` (OpenAPI document).
        return reached and body.get("id") in {None, after.get("launchedGroupID")}
    shape = shape_of(kind.spec)
    if misfit(shape, body) is not None:
        return False
    body = {name: value for name, value in body.items() if name != kind.identity}
    known = {name: value for name, value in body.items() if name in shape.fields}
    return not compare(shape, known, view).changes and all(
        after.get(name) == value for name, value in body.items() if name not in shape.fields
    )

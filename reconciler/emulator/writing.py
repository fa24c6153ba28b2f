"""Every write of an object ends here: its stamp, its versions and its records in the audit log."""

from __future__ import annotations

from collections import ChainMap

from reconciler.domain import Tree
from reconciler.emulator import audit
from reconciler.emulator.inventory import LISTS, REVIEWS
from reconciler.emulator.request import Request

_STAMPED = frozenset({"gates", "dynamic_configs", "experiments", "segments", "layers", "holdouts"})
"""Objects that say who changed them last. Entity property sources and tags do not."""


def save(request: Request, collection: str, before: Tree | None, after: Tree, action: str | None = None) -> Tree:
    """Store `after` and return it with its stamp. No `before` is a creation.

    The audit log derives its actions from the change, unless the one `action` is given.
    """
    stamped = after | _stamp(request, before) if collection in _STAMPED else after
    identity = LISTS[collection]
    id_ = stamped[identity]
    if before is not None and before[identity] != id_:
        request.session.rename(collection, before[identity], id_)
        request.session.rename(REVIEWS, f"{collection}/{before[identity]}", f"{collection}/{id_}")
    request.session.put(collection, id_, stamped)
    request.session.remember(collection, id_, stamped)
    actions = audit.actions(collection, before, stamped)
    log(request, {action: dict(ChainMap(*actions.values()))} if action else actions, stamped)
    return stamped


def remove(request: Request, collection: str, before: Tree) -> None:
    """Forget an object; its records in the audit log stay."""
    id_ = before[LISTS[collection]]
    request.session.remove(collection, id_)
    request.session.remove(REVIEWS, f"{collection}/{id_}")
    log(request, audit.actions(collection, before, None), before)


def log(request: Request, actions: dict[str, Tree], about: Tree) -> None:
    """Add a record for each action, written by whoever makes the request."""
    actor = request.actor
    author: Tree = {"updatedBy": actor.name, "updatedByUserID": actor.id, "modifierEmail": actor.email}
    for action, changes in actions.items():
        record = audit.record(action, about, changes, request.now)
        request.session.log(request.now, record | author)


def authored(request: Request) -> Tree:
    """The fields that say who made a new object."""
    actor = request.actor
    return {
        "creatorID": actor.id,
        "createdTime": request.now,
        "creatorName": actor.name,
        "creatorEmail": actor.email,
    }


def _stamp(request: Request, before: Tree | None) -> Tree:
    actor = request.actor
    return {
        "version": (before or {}).get("version", 0) + 1,
        "lastModifierID": actor.id,
        "lastModifiedTime": request.now,
        "lastModifierName": actor.name,
        "lastModifierEmail": actor.email,
    }

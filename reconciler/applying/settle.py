"""What became of a write whose answer was lost: found out by reading, never by writing twice.

before --(call sent, answer lost)--> ?

live equals before              it did not happen: it may be sent once more
live holds what the call says   it happened
anything else                   not known: somebody else may have been faster
"""

from __future__ import annotations

from enum import StrEnum

from reconciler.applying.live import Lives
from reconciler.domain import Call, Json, ResourceKey, Tree
from reconciler.forms import json_value
from reconciler.planning.compare import compare
from reconciler.shape import shape_of

_NOISE = frozenset({"checksPerHour", "healthChecks", "healthCheckStatus"})
"""Members that change by themselves."""

_STATUS = {
    "launch": {"launched"}, "enable": {"in_progress", "enabled"}, "disable": {"disabled"}, "archive": {"archived"},
    "start": {"active"}, "make_decision": {"decision_made"}, "abandon": {"abandoned"},
}  # fmt: skip
"""The statuses to which a call leads."""


class Fate(StrEnum):
    """What became of a call."""

    HAPPENED = "happened"
    DID_NOT = "did not happen"
    UNKNOWN = "unknown"


def fate(lives: Lives, key: ResourceKey, call: Call, before: Tree | None) -> Fate:
    """Read the object and compare it with the one before the call (None: there was none). Raises ConsoleError."""
    after = lives.read(key)
    lives.seen[key] = after
    if call.method == "DELETE":
        return Fate.HAPPENED if in_effect(lives, key, call, after) else Fate.DID_NOT
    if _quiet(after) == _quiet(before):
        return Fate.DID_NOT
    return Fate.HAPPENED if in_effect(lives, key, call, after) else Fate.UNKNOWN


def _quiet(tree: Tree | None) -> Json:
    return None if tree is None else json_value({name: value for name, value in tree.items() if name not in _NOISE})


def in_effect(lives: Lives, key: ResourceKey, call: Call, after: Tree | None) -> bool:
    """Whether the object `after` (None: there is none) is as the call says."""
    if after is None or call.method == "DELETE":
        return after is None and call.method == "DELETE"
    kind = lives.kinds.get(key.kind)
    if kind is None:
        return True
    if call.method == "PUT":
        return _led_to(call.path.rsplit("/", 1)[-1], str(kind.view(after).get("status")))
    body = {name: value for name, value in call.body.items() if name != kind.identity}
    shape = shape_of(kind.spec)
    others = {name: value for name, value in body.items() if name not in shape.fields}
    known = {name: value for name, value in body.items() if name in shape.fields}
    return not compare(shape, known, kind.view(after)).changes and all(
        after.get(name) == value for name, value in others.items()
    )


def _led_to(action: str, status: str) -> bool:
    return status != "archived" if action == "unarchive" else status in _STATUS.get(action, {status})

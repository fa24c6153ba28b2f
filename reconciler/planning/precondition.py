"""Whether a live object moved since a step was computed from it, and how."""

from __future__ import annotations

from reconciler.domain import Conflict, Json, Step, Tree
from reconciler.forms import json_value
from reconciler.kind import Kind

_RESTLESS = frozenset({"checksPerHour", "healthChecks", "healthCheckStatus", "typeReason"})
"""Members that change by themselves."""
_STAMP = frozenset({"version", "lastModifierID", "lastModifiedTime", "lastModifierEmail", "lastModifierName"})
"""Members that change with every edit, whether it changes anything else or not."""
_AGED = "STALE"
"""What the service makes of the type TEMPORARY by itself."""
_BESIDE = frozenset({"activeReview"})
"""Members that people open and close beside the object."""


def at_rest(live: Tree | None) -> Tree | None:
    """The live object without what changes by itself: the same until somebody edits it."""
    return _without(live, _RESTLESS)


_ENABLED = frozenset({"in_progress", "enabled"})
"""Statuses of gates and configs in which isEnabled is true."""


def quiet(live: Tree | None) -> Tree | None:
    """The live object without what changes by itself, with every edit or beside it: what a step's `base` holds."""
    return _without(live, _RESTLESS | _STAMP | _BESIDE)


def _without(live: Tree | None, names: frozenset[str]) -> Tree | None:
    if live is None:
        return None
    kept = {name: value for name, value in live.items() if name not in names}
    return kept | {"type": "TEMPORARY"} if kept.get("type") == _AGED else kept


def moved(step: Step, live: Tree | None) -> bool:
    """Whether the object is another than the one that the step was computed from."""
    return bool(json_value(step.base) != json_value(quiet(live)))


def conflicts(step: Step, live: Tree | None, kind: Kind | None) -> tuple[Conflict, ...]:
    """Each field at the top that moved, with what the step would have made of it: its base where it does not touch it.

    Fields are those of manifests, as far as the kind has another word for what the API says. An object that came or
    went is one conflict without a field.
    """
    now = quiet(live)
    if step.base is None or now is None:
        return (Conflict("", _presence(step.base), _presence(now), step.verb),)
    raw = _between(step.base, now, _written(step))
    if kind is None:
        return raw
    told = _between(kind.view(step.base), kind.view(now), _written(step))
    return tuple(found for found in told if found.field not in kind.instead) or raw


def _between(base: Tree, now: Tree, written: Tree) -> tuple[Conflict, ...]:
    wanted = {**base, **written}
    return tuple(
        Conflict(name, base.get(name), now.get(name), wanted.get(name), touched=name in written)
        for name in sorted(base.keys() | now.keys())
        if json_value(base.get(name)) != json_value(now.get(name))
    )


def _presence(tree: Tree | None) -> str:
    return "absent" if tree is None else "there"


def _written(step: Step) -> Tree:
    """What the calls of the step write into the object, and what its other calls lead to."""
    written: dict[str, Json] = {}
    for call in step.calls:
        if call.method in {"PATCH", "POST"} and isinstance(call.body, dict):
            written |= call.body
    led = {str(change.path[0]): change.desired for change in step.fields if len(change.path) == 1}
    status = {"isEnabled": led["status"] in _ENABLED} if "status" in led else {}
    return {**led, **written, **status}

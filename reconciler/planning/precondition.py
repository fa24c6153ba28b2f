"""Whether a live object moved since a step was computed from it, and how."""

from __future__ import annotations

from reconciler.domain import Conflict, Json, Step, Tree, Verb
from reconciler.forms import json_value

_RESTLESS = frozenset({"checksPerHour", "healthChecks", "healthCheckStatus", "typeReason"})
"""Members that change by themselves."""
_STAMP = frozenset({"version", "lastModifierID", "lastModifiedTime", "lastModifierEmail", "lastModifierName"})
"""Members that change with every edit, whether it changes anything else or not."""
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
    return None if live is None else {name: value for name, value in live.items() if name not in names}


def moved(step: Step, live: Tree | None) -> bool:
    """Whether the object is another than the one that the step was computed from."""
    return bool(json_value(step.base) != json_value(quiet(live)))


def conflicts(step: Step, live: Tree | None) -> tuple[Conflict, ...]:
    """Each top-level field that moved, with what the step would have made of it (its base where it would not touch it).

    An object that came or went is one conflict without a field.
    """
    now = quiet(live)
    if step.base is None or now is None:
        return (Conflict("", _presence(step.base), _presence(now), step.verb),)
    written = _written(step)
    wanted = {**step.base, **written}
    return tuple(
        Conflict(name, step.base.get(name), now.get(name), wanted.get(name), touched=name in written)
        for name in sorted(step.base.keys() | now.keys())
        if json_value(step.base.get(name)) != json_value(now.get(name))
    )


def reached(step: Step, live: Tree | None) -> bool:
    """Whether the object is by now surely as the step would leave it; what a step leads to by ids nobody can tell."""
    now = quiet(live)
    if step.verb is Verb.DELETE or now is None or step.base is None:
        return step.verb is Verb.DELETE and now is None
    written = _written(step)
    names = {str(change.path[0]) for change in step.fields}
    return names <= written.keys() and all(_says(now, name, value) for name, value in written.items())


def _says(now: Tree, name: str, value: Json) -> bool:
    """Whether live says it. Statuses are spelled with blanks there."""
    found = now.get(name)
    if name == "status":
        found = str(found).lower().replace(" ", "_")
    return name in now and bool(json_value(found) == json_value(value))


def _presence(tree: Tree | None) -> str:
    return "absent" if tree is None else "there"


def _written(step: Step) -> Tree:
    """What the calls of the step write into the object, and the status that they lead to."""
    written: dict[str, Json] = {}
    for call in step.calls:
        if call.method in {"PATCH", "POST"} and isinstance(call.body, dict):
            written |= call.body
    status = next((change.desired for change in step.fields if change.path == ("status",)), None)
    return {**written, "status": status, "isEnabled": status in _ENABLED} if status else written

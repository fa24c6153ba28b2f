"""Whether a live object moved since a step was computed from it, and how."""

from __future__ import annotations

from reconciler.domain import Conflict, Json, Step, Tree
from reconciler.forms import json_value

_NOISE = frozenset(
    {
        "version", "lastModifierID", "lastModifiedTime", "lastModifierEmail", "lastModifierName", "checksPerHour",
        "healthChecks", "healthCheckStatus", "typeReason", "activeReview",
    }
)  # fmt: skip
"""Members that change by themselves, or with every edit whether it changes anything or not, or that people open and
close beside it."""


def quiet(live: Tree | None) -> Tree | None:
    """The live object without what changes by itself: what a step's `base` holds."""
    return None if live is None else {name: value for name, value in live.items() if name not in _NOISE}


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
    wanted = {**step.base, **_written(step)}
    return tuple(
        Conflict(name, step.base.get(name), now.get(name), wanted.get(name))
        for name in sorted(step.base.keys() | now.keys())
        if json_value(step.base.get(name)) != json_value(now.get(name))
    )


def _presence(tree: Tree | None) -> str:
    return "absent" if tree is None else "there"


def _written(step: Step) -> Tree:
    """What the calls of the step write into the object, and the status that they lead to."""
    written: dict[str, Json] = {}
    for call in step.calls:
        if call.method in {"PATCH", "POST"} and isinstance(call.body, dict):
            written |= call.body
    status = next((change.desired for change in step.fields if change.path == ("status",)), None)
    return {**written, "status": status} if status else written

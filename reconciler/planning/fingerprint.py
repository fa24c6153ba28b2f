"""What a plan would do, as one short text: equal for plans that would do the same."""

from __future__ import annotations

import hashlib
import json

from reconciler.domain import IdOf, Json, Path, Plan, Step
from reconciler.planning.order import REMOVALS


def fingerprint(plan: Plan) -> str:
    """SHA-256 (hexadecimal) over what all steps change, from what, and their calls.

    Files, commits, lines and notes have no part in it, nor has what else is live: 10 % to 50 % is another plan than
    20 % to 50 %, though its calls are the same. Of what is removed, or gets another status, all counts: who gets it
    depends on the rest of it.
    """
    return sha256_of([_does(step) for step in sorted(plan.steps, key=lambda step: step.key)])


def _does(step: Step) -> Json:
    changes = [
        [
            list(change.path),
            change.action,
            *(_unordered(change.path[-1:], each) for each in (change.live, change.desired)),
        ]
        for change in step.fields
    ]
    calls = [[call.method, call.path, _unordered((), call.body)] for call in step.calls]
    switched = any(change.path == ("status",) for change in step.fields)
    goes = [step.base] if step.base is not None and (step.verb in REMOVALS or switched) else []
    return [step.key.kind, step.key.id, step.verb, sorted(changes, key=sha256_of), calls, goes]


_SETS = frozenset({"environments", "tags", "targetApps", "targetValue"})
"""Lists in which only the members count."""


def _unordered(at: Path, value: Json) -> Json:
    """The value with sets in an order that does not depend on how they were written."""
    if isinstance(value, dict):
        return {name: _unordered((name,), item) for name, item in value.items()}
    if not isinstance(value, list):
        return value
    if at and at[-1] in _SETS and not any(isinstance(item, dict | list) for item in value):
        return sorted(set(map(_member, value)))
    return [_unordered((), item) for item in value]


def _member(value: Json) -> str:
    """A text that is the same for equal members alone."""
    return f"text {value}" if isinstance(value, str) else json.dumps(_plain(value), default=_marker)


def sha256_of(value: Json) -> str:
    """SHA-256 (hexadecimal) of the value, in which 60 is 60.0 and the order of members says nothing."""
    text = json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), default=_marker)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _plain(value: Json) -> Json:
    """60 for 60.0, so that a number is the same however it was written."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _marker(value: object) -> Json:
    if isinstance(value, IdOf):
        return {"$idOf": [value.field, value.name]}
    raise TypeError(type(value).__name__)

"""What a plan would do, as one short text: equal for plans that would do the same."""

from __future__ import annotations

import hashlib
import json
from functools import partial

from reconciler.domain import FieldChange, IdOf, ItemName, Json, Plan, Step
from reconciler.forms import names
from reconciler.kinds import KINDS
from reconciler.planning.order import REMOVALS
from reconciler.shape import Field, Shape, shape_of
from reconciler.targeting.condition import target_form


def fingerprint(plan: Plan) -> str:
    """SHA-256 (hexadecimal) over what all steps change, from what, and their calls.

    Files, commits, lines and notes have no part in it, nor has what else is live: 10 % to 50 % is another plan than
    20 % to 50 %, though its calls are the same. Of what is removed, or gets another status, all counts: who gets it
    depends on the rest of it. So does the status of what an object comes to refer to.
    """
    return sha256_of([_does(step) for step in sorted(plan.steps, key=lambda step: step.key)])


def _does(step: Step) -> Json:
    kind = KINDS.get(step.key.kind)
    shape = shape_of(kind.spec) if kind else None
    changes = [_change(change, shape) for change in step.fields]
    calls = [[call.method, call.path, _object(shape, call.body)] for call in step.calls]
    switched = any(change.path == ("status",) for change in step.fields)
    goes = [step.base] if step.base is not None and (step.verb in REMOVALS or switched) else []
    relies = [[target.kind, target.id, status] for target, status in sorted(step.relies.items())]
    return [step.key.kind, step.key.id, step.verb, sorted(changes, key=sha256_of), calls, goes, relies]


def _change(change: FieldChange, shape: Shape | None) -> Json:
    """What changes. The way leads through fields and items to one of them, or into a free value of a config."""
    field: Field | None = None
    for name in (part for part in change.path if not isinstance(part, int | ItemName)):
        field = shape.fields.get(name) if shape else None
        shape = field.item if field else None
    is_item = isinstance(change.path[-1], int | ItemName) if change.path else False
    read = partial(_object, shape) if is_item else partial(_value, field)
    return [list(change.path), change.action, read(change.live), read(change.desired)]


def _object(shape: Shape | None, value: Json) -> Json:
    """An object, with the sets in its fields in an order that does not depend on how they were written."""
    if shape is None or not isinstance(value, dict):
        return value
    return {name: _value(shape.fields.get(name), item) for name, item in value.items()}


def _value(field: Field | None, value: Json) -> Json:
    if field is None or not isinstance(value, dict | list):
        return value
    if field.item:
        return [_object(field.item, each) for each in value] if isinstance(value, list) else _object(field.item, value)
    is_set = field.form in {names, target_form} and not any(isinstance(item, dict | list) for item in value)
    return sorted(set(map(_member, value))) if is_set else value


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

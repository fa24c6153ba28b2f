"""A live object as the manifest that a person would write for it."""

from __future__ import annotations

from reconciler.domain import Json, Tree
from reconciler.kind import Kind
from reconciler.shape import Field, Shape, shape_of
from reconciler.targeting import Condition, natural_condition

API_VERSION = "reconciler/v1"


def from_wire(kind: Kind, live: Tree) -> Tree:
    """The document whose plan against `live` is empty.

    Left out is what the service makes (ids of rules, variants and groups), what it only reads, what it drives
    (automated rollouts), what says nothing ("", null, empty lists), and JSON5 text beside the value that it repeats.
    """
    spec = _spec(shape_of(kind.spec), kind.view(live))
    if spec.get("name") == live[kind.identity]:
        del spec["name"]
    return {"apiVersion": API_VERSION, "kind": kind.name, "metadata": {"id": live[kind.identity]}, "spec": spec}


def _spec(shape: Shape, live: Tree) -> Tree:
    out: Tree = {}
    schedules = {name for field in shape.fields.values() if field.driven for name in field.driven.schedules}
    for name, field in shape.fields.items():
        value = live.get(name)
        repeated = name in shape.twins and live.get(shape.twins[name]) is not None
        silent = value in (None, "", []) or (value != {} and field.form(value) == field.form(None))
        if (field.required or not silent) and not repeated and not field.write_once and name not in schedules:
            out[name] = _value(field, value)
    return natural_condition(out) if shape is shape_of(Condition) else out


def _value(field: Field, value: Json) -> Json:
    if not field.item:
        return value
    if isinstance(value, list):
        carried = field.keyed.carry if field.keyed else ()
        return [
            {name: inner for name, inner in _spec(field.item, item).items() if name not in carried} for item in value
        ]
    return _spec(field.item, value)

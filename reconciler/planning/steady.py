"""Differences in a form that does not depend on the order in which the service lists what has no order."""

from __future__ import annotations

import json

from reconciler.domain import FieldChange, ItemName, Json, Path
from reconciler.kind import Kind
from reconciler.shape import shape_of


def steady(kind: Kind, path: Path, value: Json) -> Json:
    """The value of the field at `path`; a set of texts is sorted."""
    shape, form = shape_of(kind.spec), None
    for name in path:
        if isinstance(name, int | ItemName):
            continue
        field = shape.fields.get(name)
        if field is None:
            return value
        form, shape = field.form, field.item or shape
    formed = form(value) if form else value
    return sorted(formed) if isinstance(formed, frozenset) else value


def sign(kind: Kind, change: FieldChange) -> str:
    """What is the same of a difference in two versions of an object: where it is, and what live has there."""
    live = steady(kind, change.path, change.live)
    return json.dumps([list(change.path), change.action, live], sort_keys=True, default=repr)

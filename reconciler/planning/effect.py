"""Whether what a step was to bring about is what is live."""

from __future__ import annotations

from dataclasses import replace

from reconciler.domain import FieldChange, Step, Tree, Verb
from reconciler.kind import Kind
from reconciler.planning.compare import compare
from reconciler.planning.precondition import conflicts
from reconciler.shape import shape_of


def reached(step: Step, kind: Kind, live: Tree | None) -> bool:
    """Whether the object is by now surely as the step would leave it, and nothing else of it moved."""
    if step.verb is Verb.DELETE or live is None or step.base is None:
        return step.verb is Verb.DELETE and live is None
    return missing(step, kind, live) == () and all(found.touched for found in conflicts(step, live, kind))


def missing(step: Step, kind: Kind, live: Tree | None) -> tuple[FieldChange, ...] | None:
    """The fields that the step was to write and that are otherwise live; None when the object itself is amiss."""
    if (live is None) != (step.verb is Verb.DELETE):
        return None
    if live is None:
        return ()
    shape, view = shape_of(kind.spec), kind.view(live)
    written: Tree = {}
    for call in step.calls:
        if isinstance(call.body, dict):
            written |= {name: value for name, value in call.body.items() if name in shape.fields}
    directed = tuple(
        replace(change, live=view.get(str(change.path[0])))
        for change in step.fields
        if shape.fields[str(change.path[0])].directed and view.get(str(change.path[0])) != change.desired
    )
    return (*directed, *compare(shape, written, view).changes)

"""The meaning of a spec model, read once from its annotations, so that plain trees can be compared by it."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from reconciler.domain import Json, ResourceKey, Tree
from reconciler.kind import Reference
from reconciler.meaning import (
    CreateOnly,
    Directed,
    DrivenBy,
    EmptyIsNull,
    Form,
    GrownBy,
    KeyedBy,
    Refers,
    Spec,
    Twin,
    WriteOnce,
    marker,
)
from reconciler.targeting.condition import CONDITION_TARGETS, Condition, condition_references


def _itself(value: Json) -> Json:
    return value


@dataclass(frozen=True, slots=True)
class Field:
    """What the annotations of one field say. `item` is the shape of a nested model or of a list's items.

    `nullable`: whether the API takes null for it.
    """

    name: str
    required: bool = False
    nullable: bool = False
    form: Callable[[Json], Json] = _itself
    create_only: bool = False
    write_once: bool = False
    directed: bool = False
    keyed: KeyedBy | None = None
    twin: str | None = None
    grown_by: str | None = None
    driven: DrivenBy | None = None
    refers: str | None = None
    empty_is_null: bool = False
    item: Shape | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of one model by name; `twins` maps a JSON5 text field to the field whose value it repeats.

    `read_only` are members of the live object that are never sent back.
    """

    fields: dict[str, Field]
    twins: dict[str, str]
    references: Callable[[Tree], Iterator[Reference]] | None = None
    read_only: frozenset[str] = frozenset()


@cache
def shape_of(model: type[Spec]) -> Shape:
    """The shape of a spec model."""
    named = {info.alias or name: info for name, info in model.model_fields.items()}
    fields = {name: _field(name, info) for name, info in named.items()}
    twins = {field.twin: name for name, field in fields.items() if field.twin}
    return Shape(fields, twins, condition_references if model is Condition else None, model.read_only)


def _field(name: str, info: FieldInfo) -> Field:
    found = [*info.metadata, *_nested_metadata(info.annotation)]
    form, refers, twin = marker(found, Form), marker(found, Refers), marker(found, Twin)
    grown = marker(found, GrownBy)
    nested = _model_in(info.annotation)
    return Field(
        name,
        required=info.is_required(),
        nullable=type(None) in get_args(info.annotation),
        form=form.of if form else _itself,
        create_only=marker(found, CreateOnly) is not None,
        write_once=marker(found, WriteOnce) is not None,
        directed=marker(found, Directed) is not None,
        keyed=marker(found, KeyedBy),
        twin=twin.text if twin else None,
        grown_by=grown.tags if grown else None,
        driven=marker(found, DrivenBy),
        refers=refers.kind if refers else None,
        empty_is_null=marker(found, EmptyIsNull) is not None,
        item=shape_of(nested) if nested else None,
    )


def _nested_metadata(annotation: Any) -> Iterator[Any]:  # noqa: ANN401 - annotations are any type form
    """Annotations inside a union (``Annotated[...] | None``), which pydantic leaves where they are."""
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        yield from metadata
        yield from _nested_metadata(inner)
    elif get_origin(annotation) in (Union, types.UnionType):
        for branch in get_args(annotation):
            yield from _nested_metadata(branch)


def _model_in(annotation: Any) -> type[Spec] | None:  # noqa: ANN401
    if isinstance(annotation, type) and issubclass(annotation, Spec):
        return annotation
    if get_origin(annotation) is dict:
        return None
    return next((model for part in get_args(annotation) if (model := _model_in(part))), None)


def references(shape: Shape, tree: Tree) -> Iterator[Reference]:
    """Everything that a spec or a live object names, with the keys that lead there."""
    if shape.references:
        yield from shape.references(tree)
    for name, field in shape.fields.items():
        value = tree.get(name)
        if value in (None, "", []):
            continue
        if field.refers:
            yield from _named(field.refers, value, name)
        elif field.item:
            for at, item in _items(value, name):
                for reference in references(field.item, item):
                    yield Reference(reference.target, (*at, *reference.at))


def misfit(shape: Shape, live: Tree) -> str | None:
    """The first part of a live object that has not the form that everything here relies on; None if all have it.

    Objects stand in lists, tags are a list of text, and a status and the fields by which objects are told apart hold no
    further values.
    """
    for name, field in shape.fields.items():
        value = live.get(name)
        if field.directed and isinstance(value, dict | list):
            return name
        if not value:
            continue
        if field.refers == "Tag" and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            return name
        if field.item and (below := _misfit_below(field, field.item, value)) is not None:
            return f"{name}.{below}".rstrip(".")
    return None


def _misfit_below(field: Field, shape: Shape, value: Json) -> str | None:
    """The same for what a field with items holds: "" if it is the field itself."""
    if field.keyed and not isinstance(value, list):
        return ""
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, dict):
            return ""
        if odd := next((key for key in _telling(field) if not _tells(field, item.get(key))), None):
            return odd
        if below := misfit(shape, item):
            return below
    return None


def _telling(field: Field) -> tuple[str, ...]:
    return field.keyed.fields if field.keyed else ()


def _tells(field: Field, value: Json) -> bool:
    named = field.keyed is not None and field.keyed.named
    return isinstance(value, str) if named else not isinstance(value, dict | list)


def targets_of(shape: Shape) -> frozenset[str]:
    """The kinds that a spec of this shape can refer to."""
    own = {field.refers for field in shape.fields.values() if field.refers}
    below = [targets_of(field.item) for field in shape.fields.values() if field.item]
    return frozenset(own).union(*below, CONDITION_TARGETS if shape.references else ())


def _named(kind: str, value: Json, name: str) -> Iterator[Reference]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield Reference(ResourceKey(kind, str(item)), (name, index))
    else:
        yield Reference(ResourceKey(kind, str(value)), (name,))


def _items(value: Json, name: str) -> Iterator[tuple[tuple[str | int, ...], Tree]]:
    if isinstance(value, dict):
        yield (name,), value
    elif isinstance(value, list):
        yield from (((name, index), item) for index, item in enumerate(value) if isinstance(item, dict))

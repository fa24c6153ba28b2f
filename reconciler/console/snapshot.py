"""Reading the live project: one list call per 100 objects of a kind, and none per object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from reconciler.console.answer import data_of
from reconciler.console.errors import ConsoleError, Forbidden, Invalid, ListingError, NotFound, UnknownForm
from reconciler.console.listing import rows_by
from reconciler.domain import Call, Finding, Json, ResourceKey, Severity, Tree
from reconciler.domain.snapshot import Snapshot
from reconciler.shape import misfit, shape_of

if TYPE_CHECKING:
    from reconciler.console.client import Console
    from reconciler.kind import Kind


@dataclass(frozen=True, slots=True)
class _Collection:
    """Where a collection is listed, the field by which others refer to its objects, and its fields that list ids."""

    path: str
    identity: str
    names: tuple[str, ...] = ()


_COLLECTIONS: Mapping[str, _Collection] = MappingProxyType(
    {
        "segments": _Collection("/segments", "id"),
        "holdouts": _Collection("/holdouts", "id", ("gateIDs", "experimentIDs")),
        "param_stores": _Collection("/param_stores", "name"),
        "release_pipelines": _Collection("/release_pipelines", "id"),
        "layers": _Collection("/layers", "id"),
        "tags": _Collection("/tags", "name"),
        "environments": _Collection("/environments", "name"),
        "unit_id_types": _Collection("/unit_id_types", "name"),
        "target_app": _Collection("/target_app", "name"),
    }
)
"""What manifests refer to and do not describe, and what refers to objects that they describe."""

_REFUSED = (Forbidden, NotFound, Invalid)
"""The key may not read it, or the project has none: entity property sources exist in warehouse native projects only."""


def read_snapshot(
    console: Console, kinds: Iterable[Kind], *, needed: frozenset[str], references: frozenset[str]
) -> Snapshot:
    """The live objects of `kinds`, and the names in the collections `references`.

    `needed` names the kinds that manifests describe; a refusal there is raised. A refused kind that nobody needs, and a
    collection that is refused or does not list properly, are named in `unread`. Everything else raises a
    `ConsoleError`: an outage says nothing about what exists.
    """
    project_id = _project_id(console)
    objects: dict[ResourceKey, Tree] = {}
    unread: dict[str, Finding] = {}
    for kind in kinds:
        try:
            objects |= {kind.key(live): live for live in _known_form(console, kind)}
        except _REFUSED as error:
            if kind.name in needed:
                raise
            unread[kind.name] = _note(f"objects of kind {kind.name}", Severity.NOTE, error)
    rows: dict[str, Mapping[str, Tree]] = {}
    for name in sorted(references):
        try:
            rows[name] = _rows(console, name)
        except (*_REFUSED, ListingError) as error:
            unread[name] = _note(f"the collection {name}", Severity.WARNING, error)
    return Snapshot(
        objects=MappingProxyType(objects),
        names=MappingProxyType({name: frozenset(rows[name]) if name in rows else None for name in references}),
        segments=MappingProxyType(dict(rows.get("segments", {}))),
        holdouts=MappingProxyType(dict(rows.get("holdouts", {}))),
        param_stores=MappingProxyType(dict(rows.get("param_stores", {}))),
        release_pipelines=MappingProxyType(dict(rows.get("release_pipelines", {}))),
        production=_production(rows.get("environments", {})),
        unread=MappingProxyType(unread),
        project_id=project_id,
    )


def _known_form(console: Console, kind: Kind) -> Iterator[Tree]:
    """The live objects of a kind. Raises `UnknownForm` if one of them is not as objects of that kind are."""
    shape = shape_of(kind.spec)
    for live in console.list(kind.collection, identity=kind.identity):
        if part := misfit(shape, live):
            flaw = f"{kind.key(live)} has a form that is not known: {part}"
            raise UnknownForm(flaw, Call("GET", kind.collection))
        yield live


def _project_id(console: Console) -> str | None:
    try:
        data = data_of(console.read("/project"))
    except _REFUSED:
        return None
    found = data.get("id") if isinstance(data, dict) else None
    return found if isinstance(found, str) else None


def _rows(console: Console, name: str) -> Mapping[str, Tree]:
    collection = _COLLECTIONS[name]
    if name == "environments":
        return _environments(console, collection)
    rows = {row[collection.identity]: row for row in console.list(collection.path, identity=collection.identity)}
    for id_, row in rows.items():
        odd = next((field for field in collection.names if not _is_text_list(row.get(field) or [])), None) or _odd(row)
        if odd:
            flaw = f"{id_} has a form that is not known: {odd}"
            raise UnknownForm(flaw, Call("GET", collection.path))
    return rows


_OBJECTS = ("parameters", "phases", "rules", "conditions")
"""What holds references is in lists of objects that are called so."""


def _odd(row: Tree) -> str | None:
    """A part of the row in which a reference could stand unseen; None if all have the form that is known."""
    target = row.get("targetValue")
    if isinstance(target, dict) or (isinstance(target, list) and any(isinstance(each, dict | list) for each in target)):
        return "targetValue"
    for name in _OBJECTS:
        items = row.get(name) or []
        items = [items] if isinstance(items, dict) and "conditions" in items else items  # a segment of one rule
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            return name
        if odd := next(filter(None, map(_odd, items)), None):
            return f"{name}.{odd}"
    return None


def _is_text_list(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _environments(console: Console, collection: _Collection) -> Mapping[str, Tree]:
    """``GET /environments`` is not paged; its `data` is an object that holds the list (OpenAPI document)."""
    call = Call("GET", collection.path)
    data = data_of(console.read(collection.path))
    return rows_by(collection.identity, data.get("environments") if isinstance(data, dict) else data, call)


def _production(environments: Mapping[str, Tree]) -> frozenset[str] | None:
    """The environments that count as production; None where not one is said to."""
    return frozenset(name for name, row in environments.items() if row.get("isProduction") is True) or None


def _note(what: str, severity: Severity, error: ConsoleError) -> Finding:
    return Finding(
        code="API/UNREAD",
        message=f"{what} could not be read, so what exists there is unknown: {error}",
        cure=f"let the key read {error.call.path}, if the project has it",
        severity=severity,
    )

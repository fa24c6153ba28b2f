"""The outside of a document: what it is (`apiVersion`, `kind`), our part (`metadata`), the object itself (`spec`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, ValidationError

from reconciler.domain import Finding, Json, Place, Problem, ResourceKey, Tree
from reconciler.kind import Kind
from reconciler.manifests.explain import Advice, explain, field_names
from reconciler.manifests.resource import Metadata
from reconciler.manifests.wording import one_of, shown
from reconciler.manifests.yaml_tree import Document
from reconciler.meaning import Text

ApiVersion: TypeAlias = Literal["reconciler/v1"]
"""The version of the manifest format."""

_NO_MAPPING = Problem(
    "SCHEMA/type", "a document must be a mapping", "write a mapping with apiVersion, kind, metadata and spec"
)
_LONGEST_ID = 1000
"""No kind has ids of more characters. A longer one would stand beside each finding about its object."""
_LEAST = {"metadata": "{id: ...}", "spec": "{}"}


@dataclass(frozen=True, slots=True)
class Envelope:
    """The parts of a document that could be read, and what is wrong with the others."""

    kind: Kind | None = None
    key: ResourceKey | None = None
    metadata: Metadata | None = None
    spec: Tree | None = None
    findings: tuple[Finding, ...] = ()


class _Outside(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    apiVersion: ApiVersion  # noqa: N815 - the manifest's own name
    kind: Text
    metadata: dict[str, Any]
    spec: dict[str, Any]


def open_envelope(document: Document, kinds: Mapping[str, Kind]) -> Envelope:
    """Read the outside of a document. The inside of `spec` is left as it is."""
    tree = document.tree
    if not isinstance(tree, dict):
        return Envelope(findings=found(_read(document, [_NO_MAPPING]), document.place, None))
    name, spec = tree.get("kind"), tree.get("spec")
    kind = kinds.get(name) if isinstance(name, str) else None
    key = _key(name, tree.get("metadata"))
    metadata, inside = _metadata(tree.get("metadata"), kind)
    problems = (
        *_outside_problems(tree, kind),
        *_kind_problems(name, kinds),
        *(replace(problem, at=("metadata", *problem.at)) for problem in inside),
        *(replace(problem, at=("metadata", "id")) for problem in _endless(kind, tree.get("metadata"))),
    )
    return Envelope(
        kind=kind,
        key=key,
        metadata=metadata,
        spec=spec if isinstance(spec, dict) else None,
        findings=found(_read(document, problems), document.place, key),
    )


def _read(document: Document, problems: Iterable[Problem]) -> Iterator[Problem]:
    """The problems that are not about a value that could not be read, of which enough is said."""
    return (problem for problem in problems if problem.at not in document.gaps)


def found(problems: Iterable[Problem], below: Place, key: ResourceKey | None) -> tuple[Finding, ...]:
    """The problems of the tree that stands at `below`, as findings about the object `key`."""
    return tuple(
        Finding(each.code, each.message, each.cure, below.at(*each.at), key, each.severity) for each in problems
    )


def _key(kind: Json, metadata: Json) -> ResourceKey | None:
    id_ = metadata.get("id") if isinstance(metadata, dict) else None
    known = isinstance(kind, str) and isinstance(id_, str) and max(len(kind), len(id_)) <= _LONGEST_ID
    return ResourceKey(str(kind), str(id_)) if known else None


def _endless(kind: Kind | None, metadata: Json) -> Iterator[Problem]:
    """What is wrong with an id that stands beside no finding, long as it is."""
    id_ = metadata.get("id") if isinstance(metadata, dict) else None
    if kind and isinstance(id_, str) and len(id_) > _LONGEST_ID:
        yield from islice(kind.id_problems(id_), 1)


def _outside_problems(tree: Tree, kind: Kind | None) -> tuple[Problem, ...]:
    try:
        _Outside.model_validate(tree)
    except ValidationError as error:
        elsewhere = dict.fromkeys(field_names(Metadata), "it belongs below metadata") | _below_spec(kind)
        return explain(error, tree, _Outside, Advice(elsewhere=elsewhere, least=_LEAST))
    return ()


def _kind_problems(name: Json, kinds: Mapping[str, Kind]) -> tuple[Problem, ...]:
    if not isinstance(name, str) or name in kinds:
        return ()
    if name == "Project":
        cure = "keep it in a file that the patterns of `manifests` do not match"
        return (Problem("SCHEMA/enum", "this is a project file, not a manifest", cure, ("kind",)),)
    return (Problem("SCHEMA/enum", f"there is no kind {shown(name)}", one_of(name, kinds), ("kind",)),)


def _metadata(tree: Json, kind: Kind | None) -> tuple[Metadata | None, tuple[Problem, ...]]:
    if not isinstance(tree, dict):
        return None, ()
    try:
        metadata = Metadata.model_validate(tree)
    except ValidationError as error:
        name = tree.get("name")
        instead = {"name": f"what identifies the object is its id: write id: {shown(name)}"} if "id" not in tree else {}
        return None, explain(error, tree, Metadata, Advice(elsewhere=_below_spec(kind), instead=instead))
    return metadata, tuple(_idle_permits(tree.get("permit"), kind))


def _idle_permits(permit: Json, kind: Kind | None) -> Iterator[Problem]:
    """A permission that its kind never asks for was meant to do something."""
    if kind and isinstance(permit, dict):
        for name in sorted(permit.keys() - kind.permits):
            message = f"nothing of a {kind.name} can be permitted by {name}"
            cure = one_of(name, sorted(kind.permits)) if kind.permits else "take it out"
            yield Problem("SCHEMA/permit", message, cure, ("permit", name))


def _below_spec(kind: Kind | None) -> dict[str, str]:
    return dict.fromkeys(field_names(kind.spec), "it belongs below spec") if kind else {}

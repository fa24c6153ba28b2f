"""A document tree -> a `Resource`, or what is wrong with it in words a reader can act on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from reconciler.domain import Finding, Place
from reconciler.kind import Kind, Spec
from reconciler.manifests.envelope import Envelope, found, open_envelope
from reconciler.manifests.explain import Advice, explain, field_names
from reconciler.manifests.resource import Metadata, Resource
from reconciler.manifests.yaml_tree import Document


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a document holds. Without a `resource` it could not be read; with one, findings are about the object."""

    resource: Resource | None = None
    findings: tuple[Finding, ...] = ()


def decode(document: Document, kinds: Mapping[str, Kind]) -> Decoded:
    """Read a document by the models of its kind, and check the object by itself.

    Everything that is wrong is found at once: with the outside, with `metadata`, and with `spec`.
    """
    envelope = open_envelope(document, kinds)
    spec, problems = _spec(envelope, document.place.at("spec"))
    findings = (*envelope.findings, *problems)
    if findings or not (spec and envelope.kind and envelope.key and envelope.metadata):
        return Decoded(findings=findings)
    resource = Resource(envelope.key, envelope.metadata, spec, document.place)
    return Decoded(resource, tuple(_checked(resource, envelope.kind)))


def _spec(envelope: Envelope, place: Place) -> tuple[Spec | None, tuple[Finding, ...]]:
    kind, tree = envelope.kind, envelope.spec
    if kind is None or tree is None:
        return None, ()
    try:
        return kind.spec.model_validate(tree), ()
    except ValidationError as error:
        return None, found(explain(error, tree, kind.spec, _advice(kind)), place, envelope.key)


def _advice(kind: Kind) -> Advice:
    elsewhere = dict.fromkeys(field_names(Metadata), "it belongs below metadata")
    return Advice(kind.read_only, kind.instead, elsewhere)


def _checked(resource: Resource, kind: Kind) -> Iterator[Finding]:
    place, key = resource.place, resource.key
    yield from found(kind.id_problems(key.id), place.at("metadata", "id"), key)
    yield from found(kind.check(resource.spec.tree()), place.at("spec"), key)

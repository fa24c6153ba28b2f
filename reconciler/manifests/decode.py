"""A document tree -> a `Resource`, or what is wrong with it in words a reader can act on."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from reconciler.domain import Finding, Place
from reconciler.kind import Kind
from reconciler.manifests.envelope import Envelope, found, open_envelope
from reconciler.manifests.explain import Advice, explain, field_names
from reconciler.manifests.resource import Metadata, Resource
from reconciler.manifests.yaml_tree import Document
from reconciler.meaning import Spec


def decode(document: Document, kinds: Mapping[str, Kind]) -> Resource | tuple[Finding, ...]:
    """The object that a document describes, by the models of its kind.

    Everything that is wrong is found at once: with the outside, with `metadata`, and with `spec`.
    """
    envelope = open_envelope(document, kinds)
    spec, problems = _spec(envelope, document.place.at("spec"))
    findings = (*envelope.findings, *problems)
    if findings or not (spec and envelope.key and envelope.metadata):
        return findings
    return Resource(envelope.key, envelope.metadata, spec, document.place)


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

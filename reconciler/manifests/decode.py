"""A document tree -> a `Resource`, or what is wrong with it in words a reader can act on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from reconciler.domain import Finding, Problem
from reconciler.kind import Kind
from reconciler.manifests.envelope import Envelope, found, open_envelope
from reconciler.manifests.explain import Advice, At, field_names
from reconciler.manifests.resource import Metadata, Partial, Resource
from reconciler.manifests.rest import NOTHING, Rest, read_rest
from reconciler.manifests.yaml_tree import Document
from reconciler.meaning import Spec


@dataclass(frozen=True, slots=True)
class Broken:
    """A document that is no object as it stands: what is wrong with it, and the object, if it is known which it is."""

    findings: tuple[Finding, ...]
    partial: Partial | None = None


def decode(document: Document, kinds: Mapping[str, Kind]) -> Resource | Broken:
    """The object that a document describes, by the models of its kind.

    A document with doubtful values is none. Everything that is wrong is found at once: with the outside, with
    `metadata`, with `spec`, and what its kind knows to be wrong with whatever of them can be read.
    """
    envelope = open_envelope(document, kinds)
    spec, problems = _spec(envelope, document.gaps)
    whole = not (document.doubtful or envelope.findings)
    if envelope.key and envelope.metadata and isinstance(spec, Spec) and whole:
        return Resource(envelope.key, envelope.metadata, spec, document.place)
    rest = Rest(spec.tree()) if isinstance(spec, Spec) else spec
    wrong = [*problems, *_checked(envelope, rest)]
    findings = [*envelope.findings, *found(wrong, document.place.at("spec"), envelope.key)]
    if envelope.kind is None or envelope.key is None:
        return Broken(tuple(findings))
    findings += found(envelope.kind.id_problems(envelope.key.id), document.place.at("metadata", "id"), envelope.key)
    labels = envelope.metadata.labels if envelope.metadata else None
    return Broken(tuple(findings), Partial(envelope.key, labels, rest, document.place))


def _spec(envelope: Envelope, unread: Collection[At]) -> tuple[Spec | Rest, tuple[Problem, ...]]:
    """The spec, or what is left of it and what is wrong with the other parts."""
    kind, tree = envelope.kind, envelope.spec
    if kind is None or tree is None:
        return NOTHING, ()
    gaps = [at[1:] for at in unread if at[:1] == ("spec",)]
    try:
        read = None if gaps else kind.spec.model_validate(tree)
    except ValidationError:
        read = None
    return (read, ()) if read else read_rest(tree, kind.spec, _advice(kind), gaps)


def _checked(envelope: Envelope, rest: Rest) -> Iterator[Problem]:
    """What the kind knows to be wrong with what is left of the spec, whatever the rest of it may be."""
    if envelope.kind and rest != NOTHING:
        yield from (rest.told(problem) for problem in envelope.kind.check(rest.tree) if rest.certain(problem))


def _advice(kind: Kind) -> Advice:
    elsewhere = dict.fromkeys(field_names(Metadata), "it belongs below metadata")
    return Advice(kind.read_only, kind.instead, elsewhere)

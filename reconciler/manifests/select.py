"""Which objects a run is about: ``kind=Gate,label=team:payments,id=checkout_*``.

The terms of one selection must all hold; of several selections, any may.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Self, TypeAlias

from reconciler.domain import Finding, ResourceKey
from reconciler.kinds import KINDS
from reconciler.manifests.wording import one_of

Term: TypeAlias = tuple[str, str]
"""What is looked at (``kind``, ``label`` or ``id``), and what it must be."""

_TERMS = ("kind", "label", "id")
_WILD = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Selection:
    """`alternatives`: each a group of terms that must all hold. Without any, everything is selected."""

    alternatives: tuple[tuple[Term, ...], ...] = ()

    @classmethod
    def parse(cls, *texts: str, kinds: Collection[str] = tuple(KINDS)) -> Self | tuple[Finding, ...]:
        """The selection that `texts` ask for together, or all that is wrong with them.

        A kind is named in upper or lower case, a label as ``name:value`` (``name`` for any value), an id by a pattern
        with `*`, `?` (which stands for a comma, too) and `[...]`.
        """
        alternatives = [[_term(part.strip(), kinds) for part in text.split(",")] for text in texts]
        good = [tuple(term for term in terms if not isinstance(term, Finding)) for terms in alternatives]
        wrong = [term for terms in alternatives for term in terms if isinstance(term, Finding)]
        wrong += [finding for terms in good for finding in _contradictions(terms)]
        return tuple(wrong) or cls(tuple(good))

    def matches(self, key: ResourceKey, labels: Mapping[str, str] | None) -> bool:
        """Whether the object with this key and these labels is selected; whether it may be, if they are not known."""
        if not self.alternatives:
            return True
        return any(all(_holds(term, key, labels) for term in terms) for terms in self.alternatives)


def _term(text: str, kinds: Collection[str]) -> Term | Finding:
    name, equals, wanted = (part.strip() for part in text.partition("="))
    if not (name and equals and wanted):
        cure = "write kind=Gate, label=team:payments or id=checkout_*; ? stands for a comma within an id"
        return Finding("SELECT/syntax", f"{text!r} is no term of a selection", cure)
    if name not in _TERMS:
        return Finding("SELECT/term", f"nothing can be selected by {name!r}", one_of(name, _TERMS))
    return _kind_term(wanted, kinds) if name == "kind" else (name, wanted)


def _kind_term(wanted: str, kinds: Collection[str]) -> Term | Finding:
    for kind in kinds:
        if kind.casefold() == wanted.casefold():
            return ("kind", kind)
    return Finding("SELECT/kind", f"there is no kind {wanted!r}", one_of(wanted, kinds))


def _contradictions(terms: Iterable[Term]) -> Iterator[Finding]:
    """Terms of one selection that no object meets together."""
    for name in ("kind", "id"):
        exact = dict.fromkeys(term for term in terms if term[0] == name and not _WILD.intersection(term[1]))
        if len(exact) > 1:
            one, other, *_ = (f"{name}={wanted}" for _, wanted in exact)
            cure = f"terms within one selection must all hold; write --select {one} --select {other}"
            yield Finding("SELECT/contradiction", f"no object is both {one} and {other}", cure)


def _holds(term: Term, key: ResourceKey, labels: Mapping[str, str] | None) -> bool:
    match term:
        case ("kind", kind):
            return key.kind == kind
        case ("id", pattern):
            return fnmatchcase(key.id, pattern)
    name, colon, value = term[1].partition(":")
    return labels is None or (name in labels and (not colon or labels[name] == value))

"""All manifests of a project -> a `Catalog`: what is desired, and what is wrong. The reading edge of the package."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from reconciler.domain import Finding, Place, ResourceKey, Severity, sort_findings
from reconciler.kind import Kind
from reconciler.kinds import KINDS
from reconciler.manifests.decode import Broken, decode
from reconciler.manifests.files import find
from reconciler.manifests.positions import locate
from reconciler.manifests.project import PROJECT_FILE, Project
from reconciler.manifests.resource import Described, Resource
from reconciler.manifests.syntax import MAX_BYTES
from reconciler.manifests.yaml_tree import Parsed, parse

_MANIFEST = re.compile(rb"""(?m)(?:^|\xef\xbb\xbf|[{,])[ \t]*["']?apiVersion["']?[ \t]*:[ \t]*["']?reconciler/""")
_PROJECT = re.compile(rb"""kind["']?[ \t]*:[ \t]*["']?Project\b""")
"""Enough to tell a manifest from other YAML and JSON, even in a broken file. Other project files are no manifests."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """What the manifests ask for, sorted by key, and the findings, sorted by place.

    `described` are all objects that a document is about, also those that can be read in part only or are written again.
    `complete` is false as soon as a file or a document could not be read, a file holds no document, or a manifest was
    seen that no pattern matches: what is not in `resources` may then still be wanted, so nothing must be removed.
    """

    resources: tuple[Resource, ...] = ()
    described: tuple[Described, ...] = ()
    findings: tuple[Finding, ...] = ()
    complete: bool = True


def load(
    project: Project, root: Path, *, project_file: str = PROJECT_FILE, kinds: Mapping[str, Kind] = KINDS
) -> Catalog:
    """Read every manifest of the project whose file `project_file` lies in the folder `root`.

    Places name files by their path from `root`. Nothing is raised for a file: what is wrong with it is a finding.
    """
    chosen = find(root, project.manifests, project_file)
    with _without_collection():
        results = [result for path in chosen.paths for result in _read(root, path, kinds)]
    described = [result for result in results if isinstance(result, Described)]
    first, twice = _unique(described)
    ignored = (finding for path in chosen.strays for finding in _ignored(root, path, project.manifests))
    broken = [*chosen.findings, *ignored, *(result for result in results if isinstance(result, Finding))]
    read = partial(read_bytes, root)
    return Catalog(
        resources=tuple(item for item in first if isinstance(item, Resource)),
        described=tuple(sorted(described, key=lambda item: item.key)),
        findings=tuple(sort_findings(locate([*broken, *_named(twice, root)], read))),
        complete=not broken,
    )


def read_bytes(root: Path, path: str) -> bytes:
    """The bytes of a manifest, or just enough of them to tell that it is too large. Raises OSError."""
    with (root / path).open("rb") as file:
        return file.read(MAX_BYTES + 1)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Without garbage collection, which would go through all trees again and again; none of them holds a cycle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read(root: Path, path: str, kinds: Mapping[str, Kind]) -> Iterator[Described | Finding]:
    """What the documents of a file hold, and what is wrong with it and with them."""
    try:
        data = read_bytes(root, path)
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        yield Finding("FILE/unreadable", message, "make it readable", Place(path))
        return
    parsed = parse(data, path)
    if parsed == Parsed():
        yield _empty(path)
    doubtful = [decode(document, kinds) for document in parsed.doubtful]
    partials = (decoded.partial for decoded in doubtful if isinstance(decoded, Broken))
    about = {partial.place.document: partial.key for partial in partials if partial}
    yield from (
        replace(found, key=about.get(found.where.document) if found.where else None) for found in parsed.findings
    )
    for decoded in (*(decode(document, kinds) for document in parsed.documents), *doubtful):
        yield from _described(decoded)


def _empty(path: str) -> Finding:
    """What is said of a file without a document: a render that failed looks the same as objects that are to go."""
    message = "the file holds no manifest: nothing is removed meanwhile"
    cure = "write its manifests again, or delete the file if its objects are to go"
    return Finding("FILE/empty", message, cure, Place(path), severity=Severity.WARNING)


def _described(decoded: Resource | Broken) -> Iterator[Described | Finding]:
    """The object, as far as it can be read, and what is wrong with it."""
    if isinstance(decoded, Resource):
        yield decoded
        return
    yield from decoded.findings
    if decoded.partial:
        yield decoded.partial


def _ignored(root: Path, path: str, patterns: Iterable[str]) -> Iterator[Finding]:
    """What to say of a file that no pattern matches: something only if it is a manifest, as far as can be seen."""
    try:
        data = read_bytes(root, path)
    except OSError:
        return
    if _MANIFEST.search(data) and not _PROJECT.search(data):
        message = "no pattern matches this manifest: it is not read, and nothing is removed meanwhile"
        cure = f"rename it so that {' or '.join(patterns)} matches it, or add a pattern that does"
        yield Finding("FILE/ignored", message, cure, Place(path), severity=Severity.WARNING)


def _unique(described: Iterable[Described]) -> tuple[list[Described], list[tuple[Described, Described]]]:
    """Each object once, as it was written first; and, for each that was written again, the first and the other."""
    first: dict[ResourceKey, Described] = {}
    twice: list[tuple[Described, Described]] = []
    for item in described:
        known = first.setdefault(item.key, item)
        if known is not item:
            twice.append((known, item))
    return sorted(first.values(), key=lambda item: item.key), twice


def _named(twice: Iterable[tuple[Described, Described]], root: Path) -> Iterator[Finding]:
    """A finding for each object that was written again, which names the line of the first.

    A reader is sent there from the current folder, from which `root` leads on.
    """
    for known, other in twice:
        place = known.place.at("metadata", "id")
        here = replace(place, path=(root / place.path).as_posix())
        (first,) = locate([Finding("", "", "", here)], partial(read_bytes, Path()))
        message = f"{other.key} is written twice; the other is {first.where}"
        yield Finding("FILE/duplicate", message, "keep one of the two", other.place.at("metadata", "id"), other.key)

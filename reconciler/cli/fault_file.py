"""A script of faults from a file, or findings about all that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from reconciler.cli.bounded import read_bounded
from reconciler.cli.failures import StoppedError
from reconciler.domain import Finding, Json, Place
from reconciler.fault_script import BY_NAME, FAULT, Fault, Striking
from reconciler.manifests import Document, locate, parse
from reconciler.manifests.envelope import found
from reconciler.manifests.explain import explain


def read_faults(file: Path) -> list[Fault]:
    """The faults of a YAML or JSON file, in order; the end of the command if there is anything to mend."""
    try:
        data = read_bounded(file)
    except OSError as error:
        raise StoppedError([_wrong(f"the faults cannot be read: {error.strerror}", Place(str(file)))]) from None
    read = list(_read(data, str(file)))
    findings = [item for item in read if isinstance(item, Finding)]
    if findings:
        raise StoppedError(locate(findings, lambda _: data))
    return [item for item in read if not isinstance(item, Finding)]


def _read(data: bytes, path: str) -> Iterator[Fault | Finding]:
    parsed = parse(data, path)
    yield from parsed.findings
    if not parsed.findings and len(parsed.documents) != 1:
        yield _wrong(f"a script of faults is one document, not {len(parsed.documents)}", Place(path, line=1, column=1))
    elif not parsed.findings:
        yield from _faults(parsed.documents[0])


def _faults(document: Document) -> Iterator[Fault | Finding]:
    if not isinstance(document.tree, list):
        yield _wrong("a script of faults is a list", document.place)
        return
    for number, item in enumerate(document.tree):
        yield from _fault(item, document.place.at(number))


def _fault(item: Json, place: Place) -> Iterator[Fault | Finding]:
    if not isinstance(item, dict):
        yield _wrong("a fault is a mapping", place)
        return
    try:
        yield FAULT.validate_python(item)
    except ValidationError as error:
        meant = BY_NAME.get(str(item.get("do")), Striking)
        yield from found(explain(error, item, meant), place, None)


def _wrong(message: str, place: Place) -> Finding:
    return Finding("EMULATOR/faults", message, "write a list of faults: [{do: refuse, request: 3}, ...]", place)

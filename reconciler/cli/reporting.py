"""Reports beside what a command prints: each in a form of its own, in a file of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from reconciler.cli.failures import StoppedError
from reconciler.cli.files import write_whole
from reconciler.cli.origin import origin
from reconciler.cli.screen import Screen
from reconciler.domain import Finding
from reconciler.reports.formats import FORMATS
from reconciler.reports.told import Told
from reconciler.suggest import did_you_mean

_STANDARD_OUTPUT = Path("-")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A report in the form `form`, for the file `file` (``-`` is standard output)."""

    form: str
    file: Path


def wanted(options: Iterable[str]) -> tuple[Wanted, ...]:
    """The reports that ``FORMAT=FILE`` asks for; the end of the command if one makes no sense."""
    return tuple(map(_parsed, options))


def _parsed(option: str) -> Wanted:
    form, _, file = option.partition("=")
    if form in FORMATS and file:
        return Wanted(form, Path(file))
    message = f"--report {option}: " + ("no file is named" if form in FORMATS else f"there is no form {form!r}")
    cure = did_you_mean(form, FORMATS) if form not in FORMATS else f"write --report {form}=FILE"
    listed = f"write one of {', '.join(FORMATS)}, and a file: --report markdown=plan.md"
    raise StoppedError([Finding("USAGE/report", message, cure or listed)])


def deliver(screen: Screen, reports: Iterable[Wanted], told: Told) -> tuple[Finding, ...]:
    """Write the reports. What could not be written is a finding."""
    placed = replace(told, origin=origin(screen.environ, Path.cwd()))
    return tuple(trouble for report in reports for trouble in _write(screen, report, placed))


def _write(screen: Screen, report: Wanted, told: Told) -> tuple[Finding, ...]:
    text = FORMATS[report.form](told)
    if report.file == _STANDARD_OUTPUT:
        screen.document(text)
        return ()
    why = write_whole(report.file, text)
    message = f"the report {report.file} cannot be written: {why}"
    return (Finding("REPORT/output", message, "name a file in a folder with room for it"),) if why else ()

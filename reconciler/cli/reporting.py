"""Reports beside what a command prints: each in a form of its own, in a file of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from reconciler.cli import github_step
from reconciler.cli.failures import StoppedError
from reconciler.cli.files import write_whole
from reconciler.cli.origin import origin
from reconciler.cli.screen import Screen
from reconciler.domain import Finding
from reconciler.reports.formats import FORMATS
from reconciler.reports.told import Told
from reconciler.suggest import did_you_mean

STEP = "github"
_STANDARD_OUTPUT = Path("-")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A report in the form `form`, for the file `file` (``-`` is standard output); `STEP` has files of its own."""

    form: str
    file: Path


def wanted(screen: Screen, options: Iterable[str]) -> tuple[Wanted, ...]:
    """The reports that ``FORMAT=FILE`` asks for; the end of the command if one makes no sense."""
    return tuple(_parsed(screen, option) for option in options)


def _step(screen: Screen) -> Wanted:
    if name := github_step.missing(screen):
        message = f"--report {STEP} is for a step of GitHub Actions, and {name} is not set"
        raise StoppedError([Finding("USAGE/report", message, "write --report markdown=FILE elsewhere")])
    return Wanted(STEP, _STANDARD_OUTPUT)


def _parsed(screen: Screen, option: str) -> Wanted:
    if option == STEP:
        return _step(screen)
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
    if report.form == STEP:
        why = github_step.write(screen, told)
        return (_unwritable(why),) if why else ()
    text = FORMATS[report.form](told)
    if report.file == _STANDARD_OUTPUT:
        screen.document(text)
        return ()
    why = write_whole(report.file, text)
    return (_unwritable(f"{report.file}: {why}"),) if why else ()


def _unwritable(why: str) -> Finding:
    return Finding("REPORT/output", f"a report cannot be written to {why}", "name a file in a folder with room for it")

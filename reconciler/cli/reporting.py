"""Reports beside what a command prints: each in a form of its own, in a file of its own."""

from __future__ import annotations

from collections import Counter
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
from reconciler.reports.markdown import LEAST_BYTES, comment
from reconciler.reports.told import Told
from reconciler.suggest import did_you_mean

STEP = "github"
_COMMENT = "markdown"
_DIGITS = 10
_STANDARD_OUTPUT = Path("-")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A report in the form `form`, for the file `file` (``-`` is standard output); `STEP` has files of its own.

    `most`: how many bytes a comment may have, where that is asked.
    """

    form: str
    file: Path
    most: int | None = None


def wanted(screen: Screen, options: Iterable[str]) -> tuple[Wanted, ...]:
    """The reports that ``FORMAT=FILE`` asks for; the end of the command if one makes no sense."""
    found = tuple(_parsed(screen, option) for option in options)
    places = Counter(STEP if each.form == STEP else str(each.file) for each in found)
    if twice := [place for place, many in places.items() if many > 1]:
        message = f"several reports go to {twice[0]}, where one would take the place of the other"
        raise StoppedError([Finding("USAGE/report", message, "give each a file of its own")])
    return found


def on_screen(form: str) -> Wanted:
    """The report that ``--format FORMAT`` asks for; the end of the command if there is no such form."""
    if form not in FORMATS:
        cure = did_you_mean(form, FORMATS) or f"write one of {', '.join(FORMATS)}"
        raise StoppedError([Finding("USAGE/format", f"--format {form}: there is no such form", cure)])
    return Wanted(form, _STANDARD_OUTPUT)


def _step(screen: Screen) -> Wanted:
    if name := github_step.missing(screen):
        message = f"--report {STEP} is for a step of GitHub Actions, and {name} is not set"
        raise StoppedError([Finding("USAGE/report", message, "write --report markdown=FILE elsewhere")])
    return Wanted(STEP, _STANDARD_OUTPUT)


def _parsed(screen: Screen, option: str) -> Wanted:
    if option == STEP:
        return _step(screen)
    named, _, file = option.partition("=")
    form, _, bound = named.partition(":")
    if form == _COMMENT and bound and file:
        return Wanted(form, Path(file), _bytes(option, bound))
    form = named
    if form in FORMATS and file:
        return Wanted(form, Path(file))
    message = f"--report {option}: " + ("no file is named" if form in FORMATS else f"there is no form {form!r}")
    cure = did_you_mean(form, (*FORMATS, STEP)) if form not in FORMATS else f"write --report {form}=FILE"
    listed = f"write one of {', '.join(FORMATS)}, and a file: --report markdown=plan.md; or --report {STEP}"
    raise StoppedError([Finding("USAGE/report", message, cure or listed)])


def _bytes(option: str, bound: str) -> int:
    if bound.isascii() and bound.isdigit() and len(bound) < _DIGITS and int(bound) >= LEAST_BYTES:
        return int(bound)
    message = f"--report {option}: {bound!r} is no number of bytes that a comment can do with"
    raise StoppedError(
        [Finding("USAGE/report", message, f"write a number from {LEAST_BYTES} on: markdown:65536=plan.md")]
    )


def deliver(screen: Screen, reports: Iterable[Wanted], told: Told) -> tuple[Finding, ...]:
    """Write the reports. What could not be written is a finding."""
    placed = replace(told, origin=origin(screen.environ, Path.cwd()))
    return tuple(trouble for report in reports for trouble in _write(screen, report, placed))


def _write(screen: Screen, report: Wanted, told: Told) -> tuple[Finding, ...]:
    if report.form == STEP:
        why = github_step.write(screen, told)
        return (_unwritable(why),) if why else ()
    text = FORMATS[report.form](told) if report.most is None else comment(told, report.most)
    if report.file == _STANDARD_OUTPUT:
        screen.document(text)
        return ()
    why = write_whole(report.file, text)
    return (_unwritable(f"{report.file}: {why}"),) if why else ()


def _unwritable(why: str) -> Finding:
    return Finding("REPORT/output", f"a report cannot be written to {why}", "name a file in a folder with room for it")

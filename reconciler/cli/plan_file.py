"""Plan files on the disk: written whole or not at all, and read with suspicion."""

from __future__ import annotations

import shlex
from pathlib import Path

from reconciler.cli.bounded import read_bounded
from reconciler.cli.failures import StoppedError
from reconciler.cli.files import write_whole
from reconciler.cli.options import PROJECT
from reconciler.domain import Finding, Severity, Snapshot
from reconciler.saving import SavedPlan
from reconciler.workflow import Loaded, reviewed


def write(file: Path, text: str) -> tuple[Finding, ...]:
    """Put the text in the place of what the file held, in one move; why not, if that fails."""
    why = write_whole(file, text)
    return (_unwritable(file, why),) if why else ()


def _unwritable(file: Path, why: str) -> Finding:
    return Finding("PLANFILE/output", f"{file} cannot be written: {why}", "name a file in a folder with room for it")


def read(file: Path) -> SavedPlan:
    """The plan in the file; the end of the command if it cannot be trusted."""
    try:
        data = read_bounded(file)
    except OSError as error:
        cure = "name a file that 'reconciler plan --out FILE' wrote"
        message = f"{file} cannot be read: {error.strerror}"
        raise StoppedError([Finding("PLANFILE/unreadable", message, cure)]) from None
    saved = reviewed.open_plan(data, str(file))
    if isinstance(saved, Finding):
        raise StoppedError([saved])
    return saved


def doubts(saved: SavedPlan, loaded: Loaded, live: Snapshot) -> tuple[Finding, ...]:
    """What is uncertain about whom the plan is for; the end of the command if it is for another project."""
    found = reviewed.not_for(saved, loaded, live)
    if any(finding.severity is Severity.ERROR for finding in found):
        raise StoppedError(found)
    return found


def command_for(file: Path, project: Path) -> str:
    """The command that applies the plan in the file, ready to be copied into a shell."""
    about = [] if project == PROJECT else ["--project", str(project)]
    return shlex.join(["reconciler", "apply", str(file), *about])

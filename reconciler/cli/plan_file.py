"""Plan files on the disk: written whole or not at all, and read with suspicion."""

from __future__ import annotations

import os
import secrets
import shlex
from contextlib import suppress
from pathlib import Path

from reconciler.cli.failures import StoppedError
from reconciler.cli.options import PROJECT
from reconciler.domain import Finding, Severity, Snapshot
from reconciler.saving import SavedPlan
from reconciler.workflow import Loaded, reviewed


def write(file: Path, text: str) -> tuple[Finding, ...]:
    """Put the text in the place of what the file held, in one move; why not, if that fails.

    Until the move the text stands in a file beside it, so that whoever reads the plan never meets half of it.
    """
    target = Path(os.path.realpath(file))
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        if target.exists() and not target.is_file():
            return (_unwritable(file, "it is no ordinary file"),)
        _replace(target, beside, text)
    except OSError as error:
        return (_unwritable(file, str(error.strerror)),)
    finally:
        with suppress(OSError):  # a folder that is none, a name that is too long
            beside.unlink(missing_ok=True)
    return ()


def _replace(target: Path, beside: Path, text: str) -> None:
    with beside.open("x", encoding="ascii") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(target)


def _unwritable(file: Path, why: str) -> Finding:
    return Finding("PLANFILE/output", f"{file} cannot be written: {why}", "name a file in a folder with room for it")


def read(file: Path) -> SavedPlan:
    """The plan in the file; the end of the command if it cannot be trusted."""
    try:
        data = file.read_bytes()
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

"""``reconciler plan``: what would be done to the live project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reconciler import workflow
from reconciler.cli import plan_file
from reconciler.cli.exits import ExitCode
from reconciler.cli.logbook import left_open
from reconciler.cli.project import Scope, connected
from reconciler.cli.running import Format
from reconciler.cli.screen import Screen
from reconciler.domain import Finding
from reconciler.planning.fingerprint import fingerprint
from reconciler.reports.json_report import json_text, report_of
from reconciler.reports.text import finding_lines, plan_lines, written_lines
from reconciler.reports.told import Told
from reconciler.workflow import Loaded, Planned, reviewed


@dataclass(frozen=True, slots=True)
class Show:
    """What of a plan is shown, and the file that it is written to, if any."""

    out: Path | None = None
    fingerprint_alone: bool = False
    calls: bool = False
    unmanaged: bool = False


def plan(screen: Screen, scope: Scope, show: Show, *, server_validate: bool) -> ExitCode:
    """Print the plan, and write it to a file if one is named."""
    with screen.working("Reading the manifests"):
        loaded = scope.sound(scope.occasion(screen))
        screen.now("Reading the live project")
        with connected(loaded, screen.environ) as console:
            asked = scope.asked(loaded, screen)
            found = workflow.plan(loaded, console, asked, server_validate=server_validate)
            before = left_open(scope.file.parent, loaded, console)
    guarded = workflow.guard(loaded, found, screen.clock())
    planned = guarded.noting(before)
    trouble = _save(show.out, loaded, guarded)
    code = ExitCode.FAILED if trouble else _code(planned)
    known_by, production = fingerprint(planned.plan), planned.production
    screen.told = Told("plan", code, planned.plan, known_by, findings=trouble, production=production)
    if scope.form is Format.JSON:
        screen.document(json_text(report_of(screen.told)))
    elif show.fingerprint_alone:
        _tell_fingerprint(screen, planned, trouble)
    else:
        screen.show(plan_lines(planned.plan, show_calls=show.calls, show_unmanaged=show.unmanaged))
        _tell_file(screen, scope, show.out, planned, trouble)
    return code


def _code(planned: Planned) -> ExitCode:
    if planned.failed:
        return ExitCode.FAILED
    return ExitCode.PENDING if planned.plan.steps or planned.plan.pending else ExitCode.OK


def _save(out: Path | None, loaded: Loaded, planned: Planned) -> tuple[Finding, ...]:
    """Write the plan, unless it must not be applied. What the file held before stays if that fails."""
    if out is None:
        return ()
    if planned.failed:
        message = f"{out} was not written: the plan has errors, and cannot be applied"
        return (Finding("PLANFILE/not-written", message, "mend what the findings name, and plan again"),)
    return plan_file.write(out, reviewed.save(loaded, planned))


def _tell_fingerprint(screen: Screen, planned: Planned, trouble: tuple[Finding, ...]) -> None:
    """The fingerprint and nothing else, or why there is none worth having."""
    errors = planned.plan.findings if planned.failed else ()
    screen.complain(finding_lines((*errors, *trouble)))
    if not planned.failed:
        screen.document(f"{fingerprint(planned.plan)}\n")


def _tell_file(screen: Screen, scope: Scope, out: Path | None, planned: Planned, trouble: tuple[Finding, ...]) -> None:
    screen.complain(finding_lines(trouble))
    if out and not trouble:
        command = plan_file.command_for(out, scope.path) if planned.plan.steps else ""
        screen.show(written_lines(str(out), fingerprint(planned.plan), command))

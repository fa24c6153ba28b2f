"""``reconciler plan``: what would be done to the live project."""

from __future__ import annotations

from reconciler import workflow
from reconciler.cli.exits import ExitCode
from reconciler.cli.project import Scope, connected
from reconciler.cli.running import Format
from reconciler.cli.screen import Screen
from reconciler.reports.json_report import json_text, plan_report
from reconciler.reports.text import plan_lines


def plan(screen: Screen, scope: Scope, *, server_validate: bool, show_calls: bool, unmanaged: bool) -> ExitCode:
    """Print the plan."""
    with screen.working("Reading the manifests"):
        loaded = scope.sound()
        screen.now("Reading the live project")
        with connected(loaded, screen.environ) as console:
            planned = workflow.plan(loaded, console, server_validate=server_validate)
    code = _code(planned)
    if scope.form is Format.JSON:
        screen.document(json_text(plan_report(planned.plan, code)))
    else:
        screen.show(plan_lines(planned.plan, show_calls=show_calls, show_unmanaged=unmanaged))
    return code


def _code(planned: workflow.Planned) -> ExitCode:
    if planned.failed:
        return ExitCode.FAILED
    return ExitCode.PENDING if planned.plan.steps else ExitCode.OK

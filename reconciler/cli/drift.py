"""``reconciler drift``: what was changed behind Git's back."""

from __future__ import annotations

from reconciler import workflow
from reconciler.cli.exits import ExitCode
from reconciler.cli.project import Scope, connected
from reconciler.cli.running import Format
from reconciler.cli.screen import Screen
from reconciler.domain import Drift, Severity
from reconciler.reports.json_report import json_text, report_of
from reconciler.reports.text import drift_lines
from reconciler.reports.told import Told


def drift(screen: Screen, scope: Scope, *, unmanaged: bool) -> ExitCode:
    """Print how live differs from the manifests."""
    with screen.working("Reading the manifests"):
        loaded = scope.sound()
        screen.now("Reading the live project")
        with connected(loaded, screen.environ) as console:
            found = workflow.drift(loaded, console, screen.milliseconds)
    code = _code(found)
    screen.told = Told("drift", code, drift=found)
    if scope.form is Format.JSON:
        screen.document(json_text(report_of(screen.told)))
    else:
        screen.show(drift_lines(found, show_unmanaged=unmanaged))
    return code


def _code(found: Drift) -> ExitCode:
    if any(finding.severity is Severity.ERROR for finding in found.findings):
        return ExitCode.FAILED
    return ExitCode.PENDING if found.found else ExitCode.OK

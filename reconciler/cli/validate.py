"""``reconciler validate``: are the manifests sound by themselves."""

from __future__ import annotations

from reconciler.cli.exits import ExitCode
from reconciler.cli.project import Scope
from reconciler.cli.running import Format
from reconciler.cli.screen import Screen
from reconciler.reports.json_report import json_text, report_of
from reconciler.reports.text import validation_lines
from reconciler.reports.told import Told


def validate(screen: Screen, scope: Scope) -> ExitCode:
    """Print all findings."""
    with screen.working("Reading the manifests"):
        loaded = scope.load(scope.occasion(screen))
    code = ExitCode.FAILED if loaded.failed else ExitCode.OK
    screen.told = Told("validate", code, manifests=loaded.seen, findings=loaded.findings)
    if scope.form is Format.JSON:
        screen.document(json_text(report_of(screen.told)))
    else:
        screen.show(validation_lines(loaded.seen, loaded.findings))
    return code

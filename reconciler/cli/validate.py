"""``reconciler validate``: are the manifests sound by themselves."""

from __future__ import annotations

from reconciler.cli.exits import ExitCode
from reconciler.cli.project import Scope
from reconciler.cli.running import Format
from reconciler.cli.screen import Screen
from reconciler.reports.json_report import json_text, validate_report
from reconciler.reports.text import validation_lines


def validate(screen: Screen, scope: Scope) -> ExitCode:
    """Print all findings."""
    with screen.working("Reading the manifests"):
        loaded = scope.load(scope.occasion(screen))
    code = ExitCode.FAILED if loaded.failed else ExitCode.OK
    if scope.form is Format.JSON:
        screen.document(json_text(validate_report(loaded.seen, loaded.findings, code)))
    else:
        screen.show(validation_lines(loaded.seen, loaded.findings))
    return code

"""What must hold for every input: findings that help, reports that can be shown, values that can be sent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from reconciler.domain import Finding, Plan
from reconciler.planning.fingerprint import fingerprint
from reconciler.reports.json_report import json_text, plan_report, validate_report
from reconciler.reports.text import Line, plan_lines, validation_lines

_REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "findings.md"
_WHOLE_FILE = ("FILE/", "EMULATOR/seed", "PLANFILE/")
"""What is said of a file as a whole has no line."""


class WrongError(AssertionError):
    """The program did something that it may do for no input."""


@cache
def _codes() -> frozenset[str]:
    """The codes that the reference lists."""
    return frozenset(re.findall(r"^\| `([^`]+)` \|", _REFERENCE.read_text("utf-8"), flags=re.MULTILINE))


def demand_help(findings: Iterable[Finding], path: str | None = None) -> None:
    """Each finding has a listed code (a project names its own guards), words and a cure.

    One about the file `path` has line and column.
    """
    for finding in findings:
        if finding.code not in _codes() and not finding.code.startswith("GUARD/"):
            raise WrongError(f"the reference does not list the code of {finding}")
        if not (finding.message.strip() and finding.cure.strip()):
            raise WrongError(f"no words or no cure: {finding}")
        if path is not None:
            _demand_place(finding, path)


def _demand_place(finding: Finding, path: str) -> None:
    if finding.where is None:
        raise WrongError(f"no place: {finding}")
    in_file = finding.where.path.endswith(path) and not finding.code.startswith(_WHOLE_FILE)
    if in_file and not (finding.where.line and finding.where.column):
        raise WrongError(f"no line and column: {finding}")


def demand_shown(lines: Iterable[Line]) -> None:
    """Every line can be printed on any terminal."""
    for line in map(str, lines):
        if not line.isprintable():
            raise WrongError(f"a line that a terminal could obey: {line!r}")
        line.encode()


def demand_findings_shown(findings: tuple[Finding, ...]) -> None:
    """The findings can be reported in both forms."""
    demand_shown(validation_lines(1, findings))
    json_text(validate_report(1, findings, 1))


def demand_plan_shown(plan: Plan) -> None:
    """The plan can be reported in both forms."""
    demand_shown(plan_lines(plan, show_calls=True, show_unmanaged=True))
    json_text(plan_report(plan, 2, fingerprint(plan)))

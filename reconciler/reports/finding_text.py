"""Findings as lines that an editor can jump to and a script can search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.domain import Finding, Severity
from reconciler.reports.line import INDENT, Line, Part, line
from reconciler.reports.values import counted

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold blue"}


def finding_lines(findings: Iterable[Finding]) -> Iterator[Line]:
    """``path:line:column: error CODE: message`` and below it the cure. The order is kept."""
    for finding in findings:
        head: Part = (f"{finding.severity} {finding.code}: ", _STYLES[finding.severity])
        yield line(_about(finding), head, finding.message)
        if finding.cure:
            yield line(("→ ", "green"), finding.cure, indent=INDENT, hang=2)


def _about(finding: Finding) -> str:
    """The place or the object, unless the message begins with it."""
    subject = finding.where or finding.key
    return f"{subject}: " if subject and not finding.message.startswith(f"{subject}: ") else ""


def validation_lines(manifests: int, findings: Iterable[Finding]) -> Iterator[Line]:
    """All findings, and how many of which severity there are."""
    listed = list(findings)
    yield from finding_lines(listed)
    style = "bold red" if _number(listed, Severity.ERROR) else "bold green"
    yield line((f"{counted(manifests, 'manifest')}, {tally(listed)}", style))


def but_for_rollouts(findings: Iterable[Finding]) -> str:
    """What takes back that live equals the manifests, where a rollout led a percentage elsewhere."""
    led = any(finding.code == "PLAN/rollout" for finding in findings)
    return ", but for what rollouts lead to" if led else ""


def tally(findings: Iterable[Finding]) -> str:
    """``0 errors, 2 warnings``, and notes if there are any."""
    listed = list(findings)
    numbers = {severity: _number(listed, severity) for severity in Severity}
    return ", ".join(counted(many, key) for key, many in numbers.items() if many or key is not Severity.NOTE)


def _number(findings: list[Finding], severity: Severity) -> int:
    return sum(finding.severity is severity for finding in findings)

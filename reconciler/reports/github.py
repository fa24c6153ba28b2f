"""What a step of GitHub Actions says besides its log: annotations at lines of files, and outputs for later steps."""

from __future__ import annotations

from reconciler.domain import Finding, Outcome, Place, Severity, Status, Verb, sort_findings
from reconciler.reports.told import Origin, Told
from reconciler.reports.visible import visible

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def workflow_commands(told: Told) -> str:
    """A workflow command for each finding and each step that went wrong.

    ``::error file=manifests/a.yaml,line=4,title=...::message``
    """
    found = [_annotation(finding, told.origin) for finding in sort_findings(told.all_findings)]
    ended = [_end(outcome, told.origin) for outcome in told.outcomes if outcome.status.went_wrong]
    return "".join(f"{command}\n" for command in (*found, *ended))


def _annotation(finding: Finding, origin: Origin) -> str:
    about = f"{finding.key}: " if finding.key else ""
    text = f"{about}{finding.message}" + (f"\n{finding.cure}" if finding.cure else "")
    return _command(_COMMANDS[finding.severity], finding.code, finding.where, text, origin)


def _end(outcome: Outcome, origin: Origin) -> str:
    step = outcome.step
    return _command("error", f"{outcome.status} to {step.verb}", step.where, f"{step.key}: {outcome.reason}", origin)


def _command(level: str, title: str, where: Place | None, text: str, origin: Origin) -> str:
    fields = {"title": title}
    if where:
        fields = {"file": origin.path(where) or where.path, **fields}
        fields |= {"line": str(where.line)} if where.line else {}
        fields |= {"col": str(where.column)} if where.column else {}
    named = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in fields.items())
    rows = "\n".join(map(visible, text.split("\n")))
    return f"::{level} {named}::{_escaped(rows)}"


def _escaped(text: str, more: str = "") -> str:
    """As the runner reads it: a percent sign and two digits for what ends a property or the command."""
    return "".join(f"%{ord(letter):02X}" if letter in f"%\r\n{more}" else letter for letter in text)


def outputs(told: Told) -> str:
    """``has_changes=true`` and the like, one on each line; numbers, digests and true or false only."""
    plan, drift = told.plan, told.drift
    verbs = [step.verb for step in plan.steps]
    severities = [finding.severity for finding in told.all_findings]
    ends = [outcome.status for outcome in told.outcomes]
    went_wrong = any(status.went_wrong for status in ends) or any(each.amiss for each in told.convergence)
    values: dict[str, object] = {
        "exit_code": int(told.exit_code),
        "has_changes": bool(plan.steps),
        "has_errors": Severity.ERROR in severities or went_wrong,
        "has_drift": bool(drift and drift.found),
        **{str(verb): verbs.count(verb) for verb in Verb},
        **{str(status): ends.count(status) for status in Status},
        "pending": len(plan.pending),
        "errors": severities.count(Severity.ERROR),
        "warnings": severities.count(Severity.WARNING),
        "fingerprint": told.fingerprint or "",
        "digest": (drift and drift.digest) or "",
    }
    return "".join(f"{name}={str(value).lower()}\n" for name, value in values.items())

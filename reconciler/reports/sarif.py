"""Findings in SARIF 2.1.0, the form that code scanning of GitHub and others read.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from reconciler import __version__
from reconciler.domain import Finding, Place, Severity, Tree, sort_findings
from reconciler.reports.areas import AREAS
from reconciler.reports.told import Origin, Told

_NOWHERE = Place("reconciler.yaml", line=1)
"""Where a finding about no file is shown: code scanning takes no document in which one has no place."""
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def sarif(told: Told) -> str:
    """The findings of a run, each at its line. Paths count from the top of the repository where that is known."""
    findings = sort_findings(told.all_findings)
    driver = {"name": "statsig-reconciler", "version": __version__, "rules": _rules(findings)}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, told.origin) for finding in findings],
    }
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(document, indent=2) + "\n"


def _rules(findings: Iterable[Finding]) -> list[Tree]:
    return [_rule(code) for code in sorted({finding.code for finding in findings})]


def _rule(code: str) -> Tree:
    """A code, and what its area is about. A plan file may hold one of which nothing is known."""
    about = AREAS.get(code.partition("/")[0])
    return {"id": code, "shortDescription": {"text": f"{code}: {about}"}} if about else {"id": code}


def _result(finding: Finding, origin: Origin) -> Tree:
    cure = f" {finding.cure}" if finding.cure else ""
    about = f"{finding.key}: " if finding.key else ""
    result: Tree = {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{about}{finding.message}.{cure}"},
    }
    where = finding.where or _NOWHERE
    place: Tree = {"artifactLocation": {"uri": origin.uri(where)}}
    if where.line:
        column = {"startColumn": where.column} if where.column else {}
        place["region"] = {"startLine": where.line, **column}
    result["locations"] = [{"physicalLocation": place}]
    return result

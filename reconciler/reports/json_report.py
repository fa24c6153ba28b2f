"""Reports as JSON, for programs. `reconciler.reports.forms` says what each field means."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from reconciler.domain import Conflict, Convergence, Drift, Finding, Graph, Outcome, Plan, Status, Verb
from reconciler.reports.drift_json import drift_report
from reconciler.reports.forms import (
    VERSION,
    ActForm,
    ApplyReport,
    ApplySummary,
    ConflictForm,
    ConvergenceForm,
    DemoReport,
    OutcomeForm,
    PlanReport,
    Report,
    RollbackReport,
    ValidateReport,
)
from reconciler.reports.graph.form import graph_report
from reconciler.reports.json_parts import (
    field_form,
    finding_counts,
    finding_forms,
    object_form,
    step_form,
    unmanaged_forms,
    value_form,
)
from reconciler.reports.saved_text import kept
from reconciler.reports.told import Told


def json_text(report: Report) -> str:
    """The report as a document. Letters beyond ASCII are escaped, so that it is the same in every encoding."""
    return json.dumps(report, indent=2, allow_nan=False) + "\n"


def validate_report(manifests: int, findings: Sequence[Finding], exit_code: int) -> ValidateReport:
    """`manifests`: how many were looked at."""
    return {
        "version": VERSION,
        "command": "validate",
        "exitCode": exit_code,
        "summary": {"manifests": manifests, **finding_counts(findings)},
        "findings": finding_forms(findings),
    }


def plan_report(plan: Plan, exit_code: int, fingerprint: str | None = None) -> PlanReport:
    """The whole plan. `fingerprint`: None where there is no plan."""
    number = {verb: sum(1 for _ in plan.of(verb)) for verb in Verb}
    return {
        "version": VERSION,
        "command": "plan",
        "exitCode": exit_code,
        "fingerprint": fingerprint,
        "summary": {
            "create": number[Verb.CREATE],
            "update": number[Verb.UPDATE],
            "adopt": number[Verb.ADOPT],
            "archive": number[Verb.ARCHIVE],
            "delete": number[Verb.DELETE],
            "unchanged": len(plan.unchanged),
            "held": len(plan.held),
            "pending": len(plan.pending),
            "unmanaged": len(plan.unmanaged),
            **finding_counts(plan.findings),
        },
        "steps": [step_form(step) for step in plan.steps],
        "held": [step_form(step) for step in sorted(plan.held, key=lambda step: step.key)],
        "pending": [step_form(step) for step in plan.pending],
        "unchanged": [object_form(key) for key in sorted(plan.unchanged)],
        "unmanaged": unmanaged_forms(plan.unmanaged),
        "findings": finding_forms(plan.findings),
    }


def apply_report(
    plan: Plan,
    outcomes: Sequence[Outcome],
    convergence: Sequence[Convergence],
    trouble: Sequence[Finding],
    exit_code: int,
) -> ApplyReport:
    """`plan`: what was to be done, with its findings. `trouble`: what ended the run early, if anything did."""
    findings = (*plan.findings, *trouble)
    return {
        "version": VERSION,
        "command": "apply",
        "exitCode": exit_code,
        "summary": _sum(len(plan.steps), outcomes, convergence, findings),
        "pending": [step_form(step) for step in plan.pending],
        "outcomes": [outcome_form(outcome) for outcome in outcomes],
        "convergence": convergence_forms(convergence),
        "findings": finding_forms(findings),
    }


def rollback_report(
    back: Plan,
    outcomes: Sequence[Outcome],
    convergence: Sequence[Convergence],
    trouble: Sequence[Finding],
    exit_code: int,
) -> RollbackReport:
    """`back`: the way back, with its findings. `trouble`: what ended the run early, if anything did."""
    findings = (*back.findings, *trouble)
    return {
        "version": VERSION,
        "command": "rollback",
        "exitCode": exit_code,
        "summary": _sum(len(back.steps), outcomes, convergence, findings),
        "steps": [step_form(step) for step in back.steps],
        "kept": [object_form(key) for key in kept(back)],
        "outcomes": [outcome_form(outcome) for outcome in outcomes],
        "convergence": convergence_forms(convergence),
        "findings": finding_forms(findings),
    }


def _sum(
    steps: int, outcomes: Sequence[Outcome], convergence: Sequence[Convergence], findings: Sequence[Finding]
) -> ApplySummary:
    ended = [outcome.status for outcome in outcomes]
    holding = sum(each.holds for each in convergence)
    waiting = sum(bool(each.pending) for each in convergence)
    return {
        "steps": steps,
        "done": ended.count(Status.DONE),
        "failed": ended.count(Status.FAILED),
        "skipped": ended.count(Status.SKIPPED),
        "stale": ended.count(Status.STALE),
        "unknown": ended.count(Status.UNKNOWN),
        "pendingReview": ended.count(Status.PENDING_REVIEW),
        "unreached": steps - len(ended),
        "converged": holding,
        "differing": len(convergence) - holding - waiting,
        "waiting": waiting,
        **finding_counts(findings),
    }


def outcome_form(outcome: Outcome) -> OutcomeForm:
    """How a step ended."""
    return {
        "step": step_form(outcome.step),
        "status": outcome.status,
        "callsMade": outcome.calls_made,
        "reason": outcome.reason,
        "conflicts": [_conflict_form(conflict) for conflict in outcome.conflicts],
    }


def _conflict_form(conflict: Conflict) -> ConflictForm:
    return {
        "field": conflict.field,
        "base": value_form(conflict.base),
        "live": value_form(conflict.live),
        "desired": value_form(conflict.desired),
        "touched": conflict.touched,
    }


def convergence_forms(convergence: Sequence[Convergence]) -> list[ConvergenceForm]:
    """Each object, as it was read last."""
    return [
        {
            **object_form(each.key),
            "holds": each.holds,
            "gone": each.gone,
            "differences": [field_form(change) for change in each.differences],
            "leftAlone": [field_form(change) for change in each.left_alone],
            "pending": each.pending,
        }
        for each in sorted(convergence, key=lambda each: each.key)
    ]


def demo_report(acts: list[ActForm], findings: Iterable[Finding], exit_code: int) -> DemoReport:
    """The acts that were played."""
    return {
        "version": VERSION,
        "command": "demo",
        "exitCode": exit_code,
        "acts": acts,
        "findings": finding_forms(findings),
    }


def report_of(told: Told) -> Report:
    """The report of a command, in the form that its command has."""
    plan, code, findings = told.plan, told.exit_code, told.findings
    if told.command == "validate":
        return validate_report(told.manifests, findings, code)
    if told.command == "plan":
        return plan_report(replace(plan, findings=(*plan.findings, *findings)), code, told.fingerprint)
    if told.command == "drift":
        drift = told.drift or Drift()
        return drift_report(replace(drift, findings=(*drift.findings, *findings)), code)
    carried = {"apply": apply_report, "rollback": rollback_report}.get(told.command)
    if carried:
        return carried(plan, told.outcomes, told.convergence, findings, code)
    return failure_report(told.command, findings, code)


def failure_report(command: str, findings: Iterable[Finding], exit_code: int) -> Report:
    """The report of a command that came to no result: in its own form, with nothing in it but the reasons."""
    reasons = tuple(findings)
    nothing: Mapping[str, Callable[[], Report]] = {
        "validate": lambda: validate_report(0, reasons, exit_code),
        "plan": lambda: plan_report(Plan(findings=reasons), exit_code),
        "apply": lambda: apply_report(Plan(), (), (), reasons, exit_code),
        "rollback": lambda: rollback_report(Plan(), (), (), reasons, exit_code),
        "drift": lambda: drift_report(Drift(findings=reasons), exit_code),
        "graph": lambda: graph_report(Graph(), None, reasons, exit_code),
        "demo": lambda: demo_report([], reasons, exit_code),
    }
    if command in nothing:
        return nothing[command]()
    return {"version": VERSION, "command": command, "exitCode": exit_code, "findings": finding_forms(reasons)}

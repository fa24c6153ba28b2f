"""``reconciler apply``: do what the plan says, then read everything again and say whether it holds."""

from __future__ import annotations

from dataclasses import dataclass, field

from reconciler import workflow
from reconciler.cli.exits import ExitCode
from reconciler.cli.failures import StoppedError
from reconciler.cli.project import Scope, connected
from reconciler.cli.running import Format, account
from reconciler.cli.screen import Screen
from reconciler.console import Console
from reconciler.domain import Convergence, Finding, Outcome, Plan, Status
from reconciler.reports.json_report import apply_report, json_text
from reconciler.reports.text import EMPTY, applied_lines, convergence_lines, finding_lines, outcome_lines, plan_lines
from reconciler.reports.values import counted


@dataclass(slots=True)
class _Run:
    """What has come of an apply so far."""

    plan: Plan = field(default_factory=Plan)
    begun: bool = False
    outcomes: list[Outcome] = field(default_factory=list)
    convergence: tuple[Convergence, ...] = ()
    trouble: tuple[Finding, ...] = ()
    code: ExitCode = ExitCode.FAILED


def apply(screen: Screen, scope: Scope, *, yes: bool, show_calls: bool) -> ExitCode:
    """Plan, show the plan, ask, do it, and prove it. Whatever ends it early, what was done until then is told."""
    run = _Run()
    try:
        _apply(screen, scope, run, yes=yes, show_calls=show_calls)
    except (Exception, KeyboardInterrupt) as error:
        if not run.begun:
            raise
        _cut_short(screen, scope, run, error)
    if scope.form is Format.JSON:
        findings = (*run.plan.findings, *run.trouble)
        report = apply_report(len(run.plan.steps), run.outcomes, run.convergence, findings, run.code)
        screen.document(json_text(report))
    return run.code


def _apply(screen: Screen, scope: Scope, run: _Run, *, yes: bool, show_calls: bool) -> None:
    with screen.working("Reading the manifests"):
        loaded = scope.sound()
    with connected(loaded, screen.environ) as console:
        with screen.working("Reading the live project"):
            planned = workflow.plan(loaded, console)
        run.plan = planned.plan
        if scope.form is Format.TEXT:
            screen.show(plan_lines(run.plan, show_calls=show_calls))
        if planned.failed:
            return
        if run.plan.steps:
            _permit(screen, scope, len(run.plan.steps), yes=yes)
            run.begun = True
            _execute(screen, scope, run, planned, console)
            _verify(screen, scope, run, loaded, console)
        good = all(outcome.status is Status.DONE for outcome in run.outcomes)
        run.code = ExitCode.OK if good and all(each.holds for each in run.convergence) else ExitCode.FAILED


def _permit(screen: Screen, scope: Scope, steps: int, *, yes: bool) -> None:
    """Go on with --yes, or with a person's consent."""
    if yes:
        return
    if scope.form is Format.JSON or not screen.can_ask:
        message = f"{counted(steps, 'step')} to apply, and nobody who could be asked: nothing was done"
        raise StoppedError([Finding("APPLY/consent", message, "look at the plan, and run again with --yes")])
    if not screen.ask(f"Apply {counted(steps, 'step')}?"):
        raise StoppedError(
            [Finding("APPLY/declined", "nothing was done", "run again when the plan is as it should be")]
        )


def _execute(screen: Screen, scope: Scope, run: _Run, planned: workflow.Planned, console: Console) -> None:
    steps = len(run.plan.steps)
    if scope.form is Format.TEXT:
        screen.show([EMPTY])
    with screen.working(f"Applying step 1 of {steps}"):
        for outcome in workflow.apply(planned, console):
            run.outcomes.append(outcome)
            if scope.form is Format.TEXT:
                screen.show(outcome_lines(outcome, len(run.outcomes), steps))
            screen.now(f"Applying step {min(len(run.outcomes) + 1, steps)} of {steps}")
    if scope.form is Format.TEXT:
        screen.show(applied_lines(run.outcomes, steps))


def _verify(screen: Screen, scope: Scope, run: _Run, loaded: workflow.Loaded, console: Console) -> None:
    with screen.working("Reading everything again"):
        run.convergence = workflow.verify(loaded, console)
    if scope.form is Format.TEXT:
        screen.show(convergence_lines(run.convergence))


def _cut_short(screen: Screen, scope: Scope, run: _Run, error: BaseException) -> None:
    run.trouble, run.code = account(screen, error)
    if run.code is ExitCode.INTERRUPTED:
        message = "interrupted from the keyboard; a step that was under way may have been done in part"
        run.trouble = (Finding("RUN/interrupted", message, "run plan to see what is left to do"),)
    if scope.form is Format.TEXT:
        if len(run.outcomes) < len(run.plan.steps):
            screen.show(applied_lines(run.outcomes, len(run.plan.steps)))
        screen.complain(finding_lines(run.trouble))

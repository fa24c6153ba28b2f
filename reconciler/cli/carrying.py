"""What apply and rollback have in common: consent, one step after the other, and the truth whatever ends them early."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from reconciler import workflow
from reconciler.cli.exits import ExitCode
from reconciler.cli.failures import StoppedError
from reconciler.cli.project import Scope
from reconciler.cli.running import Format, account
from reconciler.cli.screen import Screen
from reconciler.console import Console
from reconciler.domain import Convergence, Finding, Outcome, Plan, Status, told_apart, waiting
from reconciler.reports.forms import Report
from reconciler.reports.json_report import json_text
from reconciler.reports.text import (
    EMPTY,
    MANIFESTS,
    Wording,
    applied_lines,
    convergence_lines,
    finding_lines,
    outcome_lines,
)
from reconciler.reports.values import counted
from reconciler.workflow import Planned


@dataclass(frozen=True, slots=True)
class Manner:
    """How a plan is to be carried out. `expected`: the only fingerprint that it may have."""

    yes: bool = False
    show_calls: bool = False
    all_or_nothing: bool = False
    expected: str | None = None


@dataclass(slots=True)
class Run:
    """One plan that is carried out, and what has come of it so far. `planned` is None until there is a plan."""

    command: str
    screen: Screen
    scope: Scope
    manner: Manner
    wording: Wording = MANIFESTS
    planned: Planned | None = None
    begun: bool = False
    outcomes: list[Outcome] = field(default_factory=list)
    convergence: tuple[Convergence, ...] = ()
    trouble: tuple[Finding, ...] = ()
    code: ExitCode = ExitCode.FAILED

    @property
    def plan(self) -> Plan:
        """The plan; an empty one until there is one."""
        return self.planned.plan if self.planned else Plan()

    @property
    def in_text(self) -> bool:
        """Whether text is wanted, and not a document at the end."""
        return self.scope.form is Format.TEXT


def conclude(run: Run, job: Callable[[Run], None], report: Callable[[Run], Report]) -> ExitCode:
    """Do the job and report on it. Whatever ends it early, what was done until then is told."""
    try:
        job(run)
    except (Exception, KeyboardInterrupt) as error:
        if run.planned is None:
            raise
        _cut_short(run, error)
    if not run.in_text:
        run.screen.document(json_text(report(run)))
    return run.code


def carry_out(run: Run, planned: Planned, console: Console, look: Callable[[], tuple[Convergence, ...]]) -> None:
    """Ask, make the calls of the plan, and `look` whether live is as it was to be."""
    _permit(run)
    run.begun = True
    _execute(run, planned, console)
    with run.screen.working("Reading everything again"):
        run.convergence = told_apart(look(), waiting(run.outcomes))
    if run.in_text:
        run.screen.show(convergence_lines(run.convergence, run.wording))


def verdict(run: Run) -> ExitCode:
    """Whether every step was done, and everything is as it was to be, but for what waits for a review."""
    later = waiting(run.outcomes)
    done = all(outcome.status is Status.DONE or outcome.step.key in later for outcome in run.outcomes)
    if not done or any(not each.holds and not each.pending for each in run.convergence):
        return ExitCode.FAILED
    pending = later or run.plan.pending or any(each.pending for each in run.convergence)
    return ExitCode.PENDING if pending else ExitCode.OK


def _permit(run: Run) -> None:
    """Go on with --yes, or with a person's consent."""
    if run.manner.yes:
        return
    steps, code = counted(len(run.plan.steps), "step"), run.command.upper()
    if not run.in_text or not run.screen.can_ask:
        message = f"{steps} to apply, and nobody who could be asked: nothing was done"
        raise StoppedError([Finding(f"{code}/consent", message, "look at the plan, and run again with --yes")])
    if not run.screen.ask(f"{run.wording.ask} {steps}?"):
        cure = "run again when the plan is as it should be"
        raise StoppedError([Finding(f"{code}/declined", "nothing was done", cure)])


def _execute(run: Run, planned: Planned, console: Console) -> None:
    steps = len(run.plan.steps)
    if run.in_text:
        run.screen.show([EMPTY])
    with run.screen.working("Applying", steps):
        for outcome in workflow.apply(planned, console, all_or_nothing=run.manner.all_or_nothing):
            run.outcomes.append(outcome)
            run.screen.advance()
            if run.in_text:
                run.screen.show(outcome_lines(outcome, len(run.outcomes), steps))
    if run.in_text:
        run.screen.show(applied_lines(run.outcomes, steps, run.wording))


def _cut_short(run: Run, error: BaseException) -> None:
    run.trouble, run.code = account(run.screen, error)
    if run.begun and run.code is ExitCode.INTERRUPTED:
        message = "interrupted from the keyboard; a step that was under way may have been done in part"
        run.trouble = (Finding("RUN/interrupted", message, run.wording.rest),)
    if run.in_text:
        if run.begun and len(run.outcomes) < len(run.plan.steps):
            run.screen.show(applied_lines(run.outcomes, len(run.plan.steps), run.wording))
        run.screen.complain(finding_lines(run.trouble))

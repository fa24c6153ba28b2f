"""``reconciler apply``: do what the plan says, then read everything again and say whether it holds."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from reconciler import workflow
from reconciler.cli import plan_file
from reconciler.cli.carrying import Manner, Run, carry_out, conclude, verdict
from reconciler.cli.exits import ExitCode
from reconciler.cli.failures import StoppedError
from reconciler.cli.project import Scope, connected
from reconciler.cli.screen import Screen
from reconciler.domain import Finding, Plan, ResourceKey, Severity, Snapshot, Status
from reconciler.planning.fingerprint import fingerprint
from reconciler.reports.text import SAVED_PLAN, opened_lines, plan_lines
from reconciler.workflow import reviewed


def apply(screen: Screen, scope: Scope, manner: Manner) -> ExitCode:
    """Plan, show the plan, ask, do it, and prove it."""
    return conclude(Run("apply", screen, scope, manner), _apply)


def apply_file(screen: Screen, scope: Scope, manner: Manner, *, file: Path) -> ExitCode:
    """Show a saved plan, ask, do what of it still fits, and prove it. The manifests have no part in it."""
    if scope.select or scope.since or scope.switch_on:
        message = "a saved plan is applied as it is: --select, --since and --switch-on would make another one of it"
        cure = "give them to the command that makes the plan: reconciler plan --select TERMS --out FILE"
        raise StoppedError([Finding("USAGE/arguments", message, cure)])
    return conclude(Run("apply", screen, scope, manner, SAVED_PLAN), partial(_apply_file, file=file))


def _apply(run: Run) -> None:
    with run.screen.working("Reading the manifests"):
        loaded = run.scope.sound(run.scope.occasion(run.screen))
        asked = run.scope.asked(loaded, run.screen)
    with connected(loaded, run.screen.environ) as console:
        with run.screen.working("Reading the live project"):
            found = workflow.plan(loaded, console, asked)
            guarded = workflow.guard(loaded, found, run.screen.clock(), acting=True)
            doubts = (*run.logbook.left_open(loaded, console), *_idle(guarded.plan, run.manner.expected))
            planned = run.planned = guarded.noting(doubts)
        if run.in_text:
            run.screen.show(plan_lines(run.plan, show_calls=run.manner.show_calls))
        if planned.failed:
            return
        _demand(run.plan, run.manner.expected)
        carry_out(run, loaded, planned, console, lambda: workflow.verify(loaded, console, asked, _done(run)))
        if not run.plan.steps:
            run.convergence = workflow.convergence(loaded, run.plan)
        run.code = verdict(run)


def _apply_file(run: Run, file: Path) -> None:
    saved, loaded = plan_file.read(file), run.scope.project_alone(run.scope.occasion(run.screen))
    with connected(loaded, run.screen.environ) as console:
        live = reviewed.at_hand(console, production=loaded.usable.safety.asks_for_production)
        left_open = run.logbook.left_open(loaded, console)
        doubts = (*plan_file.doubts(saved, loaded, live), *left_open, *_idle(saved.plan, run.manner.expected))
        guarded = workflow.guard_again(loaded, saved.plan, live, run.screen.clock())
        planned = run.planned = replace(guarded, live=Snapshot(project_id=saved.target.project_id)).noting(doubts)
        if run.in_text:
            run.screen.show(opened_lines(run.plan, str(file), saved.fingerprint, show_calls=run.manner.show_calls))
        if planned.failed:
            return
        _demand(run.plan, run.manner.expected)
        carry_out(run, loaded, planned, console, partial(reviewed.look_again, run.plan, console))
        run.code = verdict(run)


def _done(run: Run) -> frozenset[ResourceKey]:
    return frozenset(outcome.step.key for outcome in run.outcomes if outcome.status is Status.DONE)


def _is(plan: Plan, expected: str | None) -> bool:
    return expected is None or expected.strip().lower() == fingerprint(plan)


def _idle(plan: Plan, expected: str | None) -> tuple[Finding, ...]:
    """What is said where another plan was expected, and this one does nothing: a run that is repeated, for instance."""
    if _is(plan, expected) or plan.steps:
        return ()
    left = "what is left waits for people" if plan.pending else "nothing is left to do"
    message = f"the plan that was expected is not to be made any more: {left}"
    return (Finding("APPLY/nothing-left", message, "", severity=Severity.NOTE),)


def _demand(plan: Plan, expected: str | None) -> None:
    """The end of the command if a plan is not the one that was reviewed. One without steps needs no review."""
    if _is(plan, expected) or not plan.steps:
        return
    found = fingerprint(plan)
    message = f"this is not the plan that was expected: its fingerprint is {found}, and {expected!r} was expected"
    cure = "nothing was done; have this plan reviewed, and expect the fingerprint that it has"
    raise StoppedError([Finding("APPLY/fingerprint", message, cure)])

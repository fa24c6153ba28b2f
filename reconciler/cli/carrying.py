"""What apply and rollback have in common: consent, one step after the other, and the truth whatever ends them early."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from reconciler import workflow
from reconciler.applying import FileJournal
from reconciler.cli.events import Events
from reconciler.cli.exits import ExitCode
from reconciler.cli.failures import StoppedError
from reconciler.cli.logbook import Logbook, alone
from reconciler.cli.project import Scope
from reconciler.cli.running import Format, account
from reconciler.cli.screen import Screen
from reconciler.cli.stopping import stoppable
from reconciler.console import Console
from reconciler.domain import Convergence, Finding, Json, Outcome, Plan, Status, told_apart, waiting
from reconciler.planning.exposure import USUAL_PRODUCTION
from reconciler.planning.fingerprint import fingerprint
from reconciler.reports.events import convergence_event, end_event, outcome_event, plan_event
from reconciler.reports.json_report import json_text, report_of
from reconciler.reports.text import (
    EMPTY,
    MANIFESTS,
    Wording,
    applied_lines,
    convergence_lines,
    duration,
    finding_lines,
    forecast_lines,
    outcome_lines,
)
from reconciler.reports.told import Told
from reconciler.reports.values import counted
from reconciler.workflow import Loaded, Planned

_STOPPING = "Stopping when the calls under way have ended; once more to stop at once"
_ORDERLY = "the calls that were under way were finished first, and nothing is unknown"
_AT_ONCE = "a step that was under way may have been done in part; the next plan looks what became of it"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a plan is to be carried out. `expected`: the only fingerprint that it may have."""

    yes: bool = False
    show_calls: bool = False
    all_or_nothing: bool = False
    expected: str | None = None
    events: Path | None = None


@dataclass(slots=True)
class Run:
    """One plan that is carried out, and what has come of it so far. `planned` is None until there is a plan.

    `undoes`: the fingerprint of the plan that is undone.
    """

    command: str
    screen: Screen
    scope: Scope
    manner: Manner
    wording: Wording = MANIFESTS
    planned: Planned | None = None
    logbook: Logbook = field(init=False)
    events: Events = field(init=False)
    begun: bool = False
    undoes: str = ""
    orderly: bool = False
    outcomes: list[Outcome] = field(default_factory=list)
    convergence: tuple[Convergence, ...] = ()
    trouble: tuple[Finding, ...] = ()
    code: ExitCode = ExitCode.FAILED

    @property
    def plan(self) -> Plan:
        """The plan; an empty one until there is one."""
        return self.planned.plan if self.planned else Plan()

    def __post_init__(self) -> None:
        self.events = Events(self.manner.events)

    @property
    def told(self) -> Told:
        """What it has come to."""
        production = self.planned.production if self.planned else USUAL_PRODUCTION
        ends = tuple(self.outcomes), self.convergence
        return Told(
            self.command,
            self.code,
            self.plan,
            fingerprint(self.plan),
            *ends,
            findings=self.trouble,
            production=production,
            wording=self.wording,
        )

    @property
    def in_text(self) -> bool:
        """Whether text is wanted, and not a document at the end."""
        return self.scope.form is Format.TEXT


def conclude(run: Run, job: Callable[[Run], None]) -> ExitCode:
    """Do the job and report on it. Whatever ends it early, what was done until then is told."""
    try:
        with alone(run.scope.file.parent) as run.logbook:
            job(run)
    except (Exception, KeyboardInterrupt) as error:
        if run.planned is None:
            raise
        _cut_short(run, error)
    run.events.tell(end_event(run.told))
    _lament(run)
    run.screen.told = run.told
    if not run.in_text:
        run.screen.document(json_text(report_of(run.told)))
    return run.code


def _lament(run: Run) -> None:
    """Events that could not be written are trouble of their own, at the end of a run that went on without them."""
    if run.events.trouble:
        run.trouble = (*run.trouble, *run.events.trouble)
        run.code = ExitCode.FAILED if run.code in {ExitCode.OK, ExitCode.PENDING} else run.code
        if run.in_text:
            run.screen.complain(finding_lines(run.events.trouble))


def carry_out(
    run: Run, loaded: Loaded, planned: Planned, console: Console, look: Callable[[], tuple[Convergence, ...]]
) -> None:
    """Ask, make the calls of the plan, and `look` whether live is as it was to be."""
    if not run.plan.steps:
        run.logbook.settle()
        return
    workers = loaded.usable.api.workers
    if run.in_text:
        ahead = console.turns.forecast(_calls_left(run), workers)
        run.screen.show(forecast_lines(ahead.writes, ahead.seconds, published=ahead.published))
    _permit(run)
    with run.logbook.run(_about(run, loaded, planned)) as journal, stoppable(partial(_stop, run, console)):
        run.begun = True
        run.events.tell(plan_event(run.told))
        _execute(run, planned, console, workers, journal)
    with run.screen.working("Reading everything again"):
        run.convergence = told_apart(look(), waiting(run.outcomes))
    run.events.tell(convergence_event(run.told))
    if run.in_text:
        run.screen.show(convergence_lines(run.convergence, run.wording))


def verdict(run: Run) -> ExitCode:
    """Whether every step was done, and everything is as it was to be, but for what waits for people."""
    later = waiting(run.outcomes)
    done = all(outcome.status is Status.DONE or outcome.step.key in later for outcome in run.outcomes)
    if not done or any(each.amiss for each in run.convergence):
        return ExitCode.FAILED
    pending = later or run.plan.pending or any(each.pending for each in run.convergence)
    return ExitCode.PENDING if pending else ExitCode.OK


_WITHOUT_CONSENT = {
    "apply": ("APPLY/consent", "APPLY/declined"),
    "rollback": ("ROLLBACK/consent", "ROLLBACK/declined"),
}
"""What is said where nobody can be asked, and where somebody said no."""


def _permit(run: Run) -> None:
    """Go on with --yes, or with a person's consent."""
    if run.manner.yes:
        return
    steps, (unasked, declined) = counted(len(run.plan.steps), "step"), _WITHOUT_CONSENT[run.command]
    if not run.in_text or not run.screen.can_ask:
        message = f"{steps} to apply, and nobody who could be asked: nothing was done"
        raise StoppedError([Finding(unasked, message, "look at the plan, and run again with --yes")])
    if not run.screen.ask(f"{run.wording.ask} {steps}?"):
        cure = "run again when the plan is as it should be"
        raise StoppedError([Finding(declined, "nothing was done", cure)])


def _about(run: Run, loaded: Loaded, planned: Planned) -> Mapping[str, Json]:
    at = run.screen.milliseconds
    where = {"url": loaded.usable.api.url, "project": planned.live.project_id}
    undoes = {"undoes": run.undoes} if run.undoes else {}
    return {"command": run.command, "at": at, "fingerprint": fingerprint(run.plan), **where, **undoes}


def _execute(run: Run, planned: Planned, console: Console, workers: int, journal: FileJournal) -> None:
    steps, all_or_nothing = len(run.plan.steps), run.manner.all_or_nothing
    if run.in_text:
        run.screen.show([EMPTY])
    outcomes = workflow.apply(planned, console, all_or_nothing=all_or_nothing, workers=workers, journal=journal)
    with run.screen.working("Applying", steps), _finishing(run, outcomes, console, journal):
        run.screen.now(_progress(run, console, workers))
        for outcome in outcomes:
            run.outcomes.append(outcome)
            run.events.tell(outcome_event(run.told))
            run.screen.advance()
            if run.in_text:
                run.screen.show(outcome_lines(outcome, len(run.outcomes), steps))
            run.screen.now(_progress(run, console, workers))
    _ended_early(console, journal)
    if run.in_text:
        run.screen.show(applied_lines(run.outcomes, steps, run.wording))


@contextmanager
def _finishing(run: Run, outcomes: Iterator[Outcome], console: Console, journal: FileJournal) -> Iterator[None]:
    """A block that, when it is cut short, lets the calls under way end and takes down what came of them."""
    try:
        yield
    except BaseException:
        console.turns.stop()
        run.outcomes.extend(outcomes)
        raise
    finally:
        run.orderly = journal.finished


def _ended_early(console: Console, journal: FileJournal) -> None:
    """The end of the command if the steps ended before the plan did."""
    if journal.broken:
        message = f"what is done could not be noted any more ({journal.broken}), so that nothing else was begun"
        raise StoppedError([Finding("JOURNAL/broken", message, "make room, and run the command again")])
    if console.turns.stopped:
        raise KeyboardInterrupt


def _stop(run: Run, console: Console) -> None:
    console.turns.stop()
    run.screen.now(_STOPPING)


def _calls_left(run: Run) -> int:
    """The calls of the steps that have not ended."""
    ended = {outcome.step.key for outcome in run.outcomes}
    return sum(len(step.calls) for step in run.plan.steps if step.key not in ended)


def _progress(run: Run, console: Console, workers: int) -> str:
    if console.turns.stopped:
        return _STOPPING
    left = console.turns.forecast(_calls_left(run), workers)
    return f"Applying, {duration(left.seconds)} left"


def _cut_short(run: Run, error: BaseException) -> None:
    run.trouble, run.code = account(run.screen, error)
    if run.begun and run.code is ExitCode.INTERRUPTED:
        message = f"interrupted; {_ORDERLY if run.orderly else _AT_ONCE}"
        run.trouble = (Finding("RUN/interrupted", message, run.wording.rest),)
    if run.in_text:
        if run.begun and len(run.outcomes) < len(run.plan.steps):
            run.screen.show(applied_lines(run.outcomes, len(run.plan.steps), run.wording))
        run.screen.complain(finding_lines(run.trouble))

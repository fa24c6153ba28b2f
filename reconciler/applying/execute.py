"""Run the steps of a plan, and say of each how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from reconciler.applying.journal import Journal, JournalError, NoJournal
from reconciler.applying.left_out import left_out, not_looked_at, stale_since
from reconciler.applying.live import Lives, MovedError, fill_in
from reconciler.applying.review import ReviewPendingError, demand_effect, demand_no_review
from reconciler.applying.settle import Fate, UnsettledError, fate, mark
from reconciler.applying.together import together
from reconciler.console import AnswerLost, ApiError, Console, ConsoleError, NotSent, ServerError, Stopped
from reconciler.domain import Call, Outcome, Plan, ResourceKey, Snapshot, Status, Step, Tree
from reconciler.domain.plan import WAITS
from reconciler.kind import REFERENCE_ONLY, Kind
from reconciler.planning.order import REMOVALS
from reconciler.planning.precondition import moved

_FRESH = 5.0
"""Seconds for which a reading counts: a run that keeps to the limits of the service can take a quarter of an hour."""
_LOST = "the answer was lost"
_ALL_OR_NOTHING = "another step is stale or waits for a review, and all or nothing was asked for"


def execute(  # noqa: PLR0913 - the last three are given by name
    plan: Plan,
    live: Snapshot,
    console: Console,
    kinds: Mapping[str, Kind],
    *,
    all_or_nothing: bool = False,
    workers: int = 1,
    journal: Journal | None = None,
    look: Callable[[], Snapshot] | None = None,
) -> Iterator[Outcome]:
    """Make the calls of each step, in order. `live` holds the objects of the plan as they were read just now.

    A step whose object is another than the one that it was computed from is stale and left out, one on whose object a
    review is open waits, one whose needs did not succeed is skipped, and all others are tried; with `all_or_nothing`
    one step that is stale or waits stops all. `workers` steps run at the same time, and outcomes come as steps end.
    When the turns of the console are stopped, the calls under way are finished and no other is made; so it is when the
    `journal`, in which every call is noted first, cannot be written any more. `look` reads all of `live` again: what is
    to go may have come into use while the rest was written. Never raises for what the service answers; JournalError if
    not even the beginning can be noted.
    """
    noted = journal or NoJournal()
    lives = Lives(console, kinds, {step.key: live.objects.get(step.key) for step in plan.steps}, noted)
    course = _Course(plan.steps, live, lives, all_or_nothing=all_or_nothing, look=look)
    noted.begin(plan.steps)
    try:
        for outcome in together(
            plan.steps, course.before, course.run, workers=workers, stopped=lambda: console.turns.stopped
        ):
            course.ended[outcome.step.key] = outcome.status
            noted.ended(outcome)
            yield outcome
    except BaseException:
        console.turns.stop()
        raise
    noted.end()


class _Course:
    """What is known while steps run: which of them are left out, and how others ended."""

    def __init__(
        self,
        steps: Sequence[Step],
        live: Snapshot,
        lives: Lives,
        *,
        all_or_nothing: bool,
        look: Callable[[], Snapshot] | None,
    ) -> None:
        self.live, self.lives, self.all_or_nothing, self.look = live, lives, all_or_nothing, look
        self.seen_at = lives.console.turns.now()
        self.removals = [step for step in steps if step.verb in REMOVALS]
        self.left_out = left_out(steps, live, lives.kinds)
        self.unseen: dict[ResourceKey, Outcome] = {}
        self.ended: dict[ResourceKey, Status] = {}

    def before(self, step: Step) -> Outcome | None:
        """The end of a step that is not begun; None if its turn has come."""
        if self.removals and step is self.removals[0]:
            self._look_again()
        found = self.left_out.get(step.key) or _skipped(step, self.ended) or self.unseen.get(step.key)
        held_up = self.all_or_nothing and self.left_out
        return found or (_held_up(step) if held_up else _present(step, self.live))

    def _look_again(self) -> None:
        """See before the first removal what came to refer to what goes, where the reading is a while ago."""
        if self.look and self.lives.console.turns.now() - self.seen_at > _FRESH:
            try:
                self.left_out |= left_out(self.removals, self.look(), self.lives.kinds)
            except ConsoleError as error:
                self.unseen |= not_looked_at(self.removals, error)

    def run(self, step: Step) -> Outcome | None:
        """The end of a step that is begun; None if all was stopped before its first call."""
        try:
            return _run(step, self.lives, self.seen_at)
        except MovedError as error:
            return stale_since(step, error.live, self.lives.kinds.get(step.key.kind))


def _skipped(step: Step, ended: Mapping[ResourceKey, Status]) -> Outcome | None:
    missing = sorted(need for need in step.needs if ended.get(need) is not Status.DONE)
    if not missing:
        return None
    waiting = [need for need in missing if ended.get(need) is Status.PENDING_REVIEW]
    moved_on = [need for need in missing if ended.get(need) is Status.STALE]
    failed = [need for need in missing if need not in {*waiting, *moved_on}]
    groups = (failed, "which did not succeed"), (moved_on, "which is stale"), (waiting, WAITS)
    reasons = [f"{', '.join(map(str, group))}, {why}" for group, why in groups if group]
    return Outcome(step, Status.SKIPPED, 0, f"it needs {'; '.join(reasons)}")


def _held_up(step: Step) -> Outcome:
    return Outcome(step, Status.SKIPPED, 0, _ALL_OR_NOTHING)


def _present(step: Step, live: Snapshot) -> Outcome | None:
    """A tag that somebody else made in the meantime is as good as our own."""
    collection = REFERENCE_ONLY.get(step.key.kind)
    names = live.names.get(collection) if collection else None
    return Outcome(step, Status.DONE) if names and step.key.id in names else None


def _look_again(step: Step, lives: Lives, seen_at: float) -> None:
    """Raise MovedError if the object is another by now, where it was read at `seen_at` and that is a while ago."""
    if step.key.kind not in lives.kinds or lives.console.turns.now() - seen_at <= _FRESH:
        return
    try:
        found = lives.read(step.key)
    except ConsoleError as error:
        raise NotSent(f"its object could not be read again before it: {error}", error.call) from None
    if moved(step, found):
        raise MovedError(found)


def _run(step: Step, lives: Lives, seen_at: float) -> Outcome | None:
    """Make the calls of a step. None: the run was stopped before the first of them.

    `seen_at`: when the objects were read. Where that is a while ago, this one is read again when its turn has come.
    """
    look = partial(_look_again, step, lives, seen_at)
    for made, call in enumerate(step.calls):
        try:
            _make(step, call, lives, right_before=_nothing if made else look)
        except UnsettledError as unknown:
            return Outcome(step, Status.UNKNOWN, made + 1, f"{call}: {unknown}")
        except ReviewPendingError as pending:
            return Outcome(step, Status.PENDING_REVIEW, made + 1, str(pending))
        except LookupError as error:
            return Outcome(step, Status.FAILED, made, f"{call}: {error.args[0]}")
        except JournalError as error:
            lives.console.turns.stop()
            return Outcome(step, Status.FAILED, made, f"{call} was not made: the journal cannot be written: {error}")
        except ConsoleError as error:
            stopped = isinstance(error, Stopped) and not made
            return None if stopped else Outcome(step, Status.FAILED, made, str(error))
    return Outcome(step, Status.DONE, len(step.calls))


def _nothing() -> None:
    """Later calls of a step find the object as the first has left it."""


def _make(
    step: Step, call: Call, lives: Lives, *, again: bool = False, right_before: Callable[[], None] = _nothing
) -> None:
    """One call; after a lost answer the object is read, and the call is sent once more if it did not happen.

    When the second one is refused, it may be because the first took its time and happened after all.
    """
    before = lives.current(step.key)
    filled = Call(call.method, call.path, fill_in(call.body, before))
    try:
        lives.write(step.key, filled, right_before)
    except (AnswerLost, ServerError) as error:
        _settle(step, filled, lives, before, error if again else None)
    except ApiError as error:
        if not again:
            raise
        _settle(step, filled, lives, before, error)
    else:
        demand_effect(lives, step.key, filled, before)


def _settle(step: Step, call: Call, lives: Lives, before: Tree | None, last: ConsoleError | None) -> None:
    """See what became of a call that may have happened. `last`: the error to end with if it did not."""
    try:
        found = fate(lives.kinds.get(step.key.kind), call, mark(before), lives.look_again(step.key))
    except ConsoleError as error:
        raise UnsettledError(f"{_LOST}, and the object could not be read: {error}") from error
    if found is Fate.UNKNOWN:
        demand_no_review(lives.seen[step.key])
        raise UnsettledError(f"{_LOST}, and the object is neither as it was nor as the call says")
    if found is Fate.DID_NOT:
        if last is not None:
            raise last
        _make(step, call, lives, again=True)

"""Run the steps of a plan, one after the other, and say of each how it ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.applying.live import Lives, fill_in
from reconciler.applying.review import ReviewPendingError, demand_no_review, effect, under_review
from reconciler.applying.settle import Fate, fate
from reconciler.console import AnswerLost, Console, ConsoleError, ServerError
from reconciler.domain import Call, Outcome, Plan, ResourceKey, Snapshot, Status, Step, Tree
from reconciler.domain.plan import WAITS
from reconciler.kind import REFERENCE_ONLY, Kind
from reconciler.planning.naming import live_naming, unseen, users
from reconciler.planning.order import REMOVALS
from reconciler.planning.precondition import conflicts, moved
from reconciler.planning.taint import newly_tainted

_ALL_OR_NOTHING = "another step is stale or waits for a review, and all or nothing was asked for"


def execute(
    plan: Plan, live: Snapshot, console: Console, kinds: Mapping[str, Kind], *, all_or_nothing: bool = False
) -> Iterator[Outcome]:
    """Make the calls of each step, in order. `live` holds the objects of the plan as they were read just now.

    A step whose object is another than the one that it was computed from is stale and left out, one on whose object a
    review is open waits, one whose needs did not succeed is skipped, and all others are tried; with `all_or_nothing`
    one step that is stale or waits stops all. Never raises for what the service answers.
    """
    in_use = newly_tainted(kinds, plan.steps, live)
    in_use |= _in_use([step for step in plan.steps if step.verb in REMOVALS], live, kinds)
    ends = ((step, under_review(step, live) or _stale(step, live, in_use.get(step.key))) for step in plan.steps)
    stale = {step.key: outcome for step, outcome in ends if outcome}
    lives = Lives(console, kinds, {step.key: live.objects.get(step.key) for step in plan.steps})
    ended: dict[ResourceKey, Status] = {}
    for step in plan.steps:
        outcome = stale.get(step.key) or _skipped(step, ended)
        if outcome is None and stale and all_or_nothing:
            outcome = Outcome(step, Status.SKIPPED, 0, _ALL_OR_NOTHING)
        outcome = outcome or _present(step, live) or _run(step, lives)
        ended[step.key] = outcome.status
        yield outcome


def _in_use(removals: list[Step], live: Snapshot, kinds: Mapping[str, Kind]) -> dict[ResourceKey, str]:
    """Why objects may not be removed although nothing about themselves changed."""
    if not removals:
        return {}
    if unlisted := unseen(kinds, live):
        reason = f"{', '.join(unlisted)} could not be listed, and something there may refer to it"
        return {step.key: reason for step in removals}
    named_by, going = users(live_naming(kinds, live)), {step.key for step in removals}
    others = {step.key: named_by.get(step.key, frozenset()) - step.needs - going for step in removals}
    return {
        key: f"{', '.join(map(str, sorted(found)))} came to refer to it after the plan was made: plan again"
        for key, found in others.items()
        if found
    }


def _stale(step: Step, live: Snapshot, in_use: str | None) -> Outcome | None:
    found = live.objects.get(step.key)
    if in_use:
        return Outcome(step, Status.STALE, 0, in_use)
    if not moved(step, found):
        return None
    reason = "the live object changed after the plan was made: plan again, and review what is different"
    return Outcome(step, Status.STALE, 0, reason, conflicts(step, found))


def _skipped(step: Step, ended: Mapping[ResourceKey, Status]) -> Outcome | None:
    missing = sorted(need for need in step.needs if ended.get(need) is not Status.DONE)
    if not missing:
        return None
    waiting = [need for need in missing if ended.get(need) is Status.PENDING_REVIEW]
    failed = [need for need in missing if need not in waiting]
    groups = (failed, "which did not succeed"), (waiting, WAITS)
    reasons = [f"{', '.join(map(str, group))}, {why}" for group, why in groups if group]
    return Outcome(step, Status.SKIPPED, 0, f"it needs {'; '.join(reasons)}")


def _present(step: Step, live: Snapshot) -> Outcome | None:
    """A tag that somebody else made in the meantime is as good as our own."""
    collection = REFERENCE_ONLY.get(step.key.kind)
    names = live.names.get(collection) if collection else None
    return Outcome(step, Status.DONE) if names and step.key.id in names else None


def _run(step: Step, lives: Lives) -> Outcome:
    for made, call in enumerate(step.calls):
        try:
            status = _make(step, call, lives)
        except ReviewPendingError as pending:
            return Outcome(step, Status.PENDING_REVIEW, made + 1, str(pending))
        except LookupError as error:
            return Outcome(step, Status.FAILED, made, f"{call}: {error.args[0]}")
        except ConsoleError as error:
            return Outcome(step, Status.FAILED, made, str(error))
        if status is not Status.DONE:
            reason = f"{call}: the answer was lost, and reading the object did not settle whether it happened"
            return Outcome(step, status, made + 1, reason)
    return Outcome(step, Status.DONE, len(step.calls))


def _make(step: Step, call: Call, lives: Lives, *, again: bool = True) -> Status:
    """One call; after a lost answer the object is read, and the call is sent once more if it did not happen."""
    before = lives.current(step.key)
    filled = Call(call.method, call.path, fill_in(call.body, before))
    try:
        envelope = lives.console.write(filled)
    except (AnswerLost, ServerError) as error:
        return _settle(step, filled, lives, before, None if again else error)
    lives.learn(step.key, envelope)
    return effect(lives, step.key, filled, before)


def _settle(step: Step, call: Call, lives: Lives, before: Tree | None, last: ConsoleError | None) -> Status:
    try:
        found = fate(lives, step.key, call, before)
    except ConsoleError:
        return Status.UNKNOWN
    if found is Fate.HAPPENED:
        return Status.DONE
    if found is Fate.UNKNOWN:
        demand_no_review(lives.seen[step.key])
        return Status.UNKNOWN
    if last is not None:
        raise last
    return _make(step, call, lives, again=False)

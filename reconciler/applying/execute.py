"""Run the steps of a plan, one after the other, and say of each how it ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.applying.live import Lives, fill_in
from reconciler.applying.settle import Fate, fate
from reconciler.console import AnswerLost, Console, ConsoleError, ServerError
from reconciler.domain import Call, Outcome, Plan, ResourceKey, Snapshot, Status, Step, Tree
from reconciler.kind import Kind


def execute(plan: Plan, live: Snapshot, console: Console, kinds: Mapping[str, Kind]) -> Iterator[Outcome]:
    """Make the calls of each step, in order. `live` is the snapshot that the plan was made from.

    A step whose needs did not succeed is skipped; all others are tried. Never raises for what the service answers.
    """
    lives = Lives(console, kinds, {step.key: live.objects.get(step.key) for step in plan.steps})
    ended: dict[ResourceKey, Status] = {}
    for step in plan.steps:
        missing = sorted(need for need in step.needs if ended.get(need) is not Status.DONE)
        if missing:
            outcome = Outcome(
                step, Status.SKIPPED, 0, f"it needs {', '.join(map(str, missing))}, which did not succeed"
            )
        else:
            outcome = _run(step, lives)
        ended[step.key] = outcome.status
        yield outcome


def _run(step: Step, lives: Lives) -> Outcome:
    for made, call in enumerate(step.calls):
        try:
            status = _make(step, call, lives)
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
    return Status.DONE


def _settle(step: Step, call: Call, lives: Lives, before: Tree | None, last: ConsoleError | None) -> Status:
    try:
        found = fate(lives, step.key, call, before)
    except ConsoleError:
        return Status.UNKNOWN
    if found is Fate.HAPPENED:
        return Status.DONE
    if found is Fate.UNKNOWN:
        return Status.UNKNOWN
    if last is not None:
        raise last
    return _make(step, call, lives, again=False)

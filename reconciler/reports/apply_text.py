"""How an apply or a rollback goes, step by step, and whether live is afterwards as it was to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reconciler.domain import Action, Conflict, Convergence, FieldChange, Json, Outcome, Status, Step
from reconciler.kinds import KINDS
from reconciler.planning.compare import compare
from reconciler.planning.order import REMOVALS
from reconciler.reports.changes import change_lines
from reconciler.reports.line import EMPTY, INDENT, Line, line
from reconciler.reports.moments import duration
from reconciler.reports.step_text import name
from reconciler.reports.values import counted, fits, flow, waits
from reconciler.shape import shape_of

_STYLES = {
    Status.DONE: "green",
    Status.FAILED: "bold red",
    Status.SKIPPED: "yellow",
    Status.STALE: "yellow",
    Status.UNKNOWN: "bold magenta",
    Status.PENDING_REVIEW: "yellow",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """How carrying out a plan is told.

    `ask` and `done` are about the steps; `one`, `several` and `well` hold live against what it was to be; `rest` is
    what to do when it was interrupted.
    """

    ask: str
    done: str
    one: str
    several: str
    well: str
    rest: str


MANIFESTS = Wording(
    ask="Apply",
    done="Applied",
    one="differs from its manifest",
    several="differ from their manifests",
    well="live equals the manifests",
    rest="run plan to see what is left to do",
)
SAVED_PLAN = Wording(
    ask="Apply",
    done="Applied",
    one="is not as the plan says",
    several="are not as the plan says",
    well="live is as the plan says",
    rest="apply the file again to do the rest, or roll back what was done",
)
WAY_BACK = Wording(
    ask="Undo the plan in",
    done="Rolled back",
    one="is not as it was",
    several="are not as they were",
    well="what was undone is as it was",
    rest="run rollback again to undo the rest",
)


def forecast_lines(calls: int, seconds: float, *, published: bool) -> Iterator[Line]:
    """``130 calls, about 12 s at the published limits``."""
    whose = "the published limits" if published else "the limits in the project file"
    yield line((f"{counted(calls, 'call')}, {duration(seconds)} at {whose}.", "dim"))


def outcome_lines(outcome: Outcome, number: int, steps: int) -> Iterator[Line]:
    """``[ 3/12] done: update Gate checkout_v2 (1 call)``; what did not go well has its reason below it."""
    head = (f"[{number:>{len(str(steps))}}/{steps}] ", "dim")
    verdict = (f"{_words(outcome.status)}: ", _STYLES[outcome.status])
    yield line(head, verdict, f"{outcome.step.verb} ", *name(outcome.step.key), (f" ({_calls(outcome)})", "dim"))
    if outcome.reason:
        yield line(("→ ", "red"), outcome.reason, indent=INDENT, hang=2)
    for conflict in outcome.conflicts:
        yield from conflict_lines(conflict, outcome.step)


def _words(status: Status) -> str:
    return status.replace("_", " ")


def _calls(outcome: Outcome) -> str:
    planned = len(outcome.step.calls)
    if outcome.status is Status.DONE:
        return counted(outcome.calls_made, "call")
    return f"{outcome.calls_made} of {counted(planned, 'call')} made"


def conflict_lines(conflict: Conflict, step: Step) -> Iterator[Line]:
    """What the plan was made from, what is live now, and what was wanted: in one line, or as two small differences."""
    field, base, live, desired = conflict.field or "the object", conflict.base, conflict.live, conflict.desired
    if all(map(fits, (base, live, desired))) and not any(map(_has_parts, (base, live))):
        wants = f"the plan wants {flow(desired)}" if conflict.touched else _untouched(step)
        yield line(f"{field}: was {flow(base)} when planned, is {flow(live)} now, {wants}", indent=INDENT)
        return
    rest = "" if conflict.touched else f", {_untouched(step)}"
    yield line((f"{field}, since it was planned{rest}:", "italic"), indent=INDENT)
    yield from change_lines(_since(conflict, step), 2 * INDENT)
    if not conflict.touched:
        return
    yield line((f"{field}, as the plan wants it:", "italic"), indent=INDENT)
    yield from change_lines(_wanted(conflict, step), 2 * INDENT)


def _has_parts(value: Json) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _untouched(step: Step) -> str:
    """A removal reaches every field of its object."""
    return f"and the plan would {step.verb} the object" if step.verb in REMOVALS else "and the plan does not touch it"


def _since(conflict: Conflict, step: Step) -> Iterable[FieldChange]:
    """What became of the field, in terms of manifests where it is one of theirs."""
    kind = KINDS.get(step.key.kind)
    shape = shape_of(kind.spec) if kind else None
    if shape and conflict.field in shape.fields:
        found = compare(shape, {conflict.field: conflict.live}, {conflict.field: conflict.base}).changes
    else:
        found = ()
    return found or [FieldChange((conflict.field,), Action.SET, conflict.base, conflict.live)]


def _wanted(conflict: Conflict, step: Step) -> Iterable[FieldChange]:
    found = [change for change in step.fields if change.path[:1] == (conflict.field,)]
    return found or [FieldChange((conflict.field,), Action.SET, conflict.base, conflict.desired)]


def applied_lines(outcomes: Iterable[Outcome], steps: int, wording: Wording = MANIFESTS) -> Iterator[Line]:
    """How many of the plan's `steps` ended how."""
    ended = [outcome.status for outcome in outcomes]
    shown = [status for status in Status if status in ended or status is Status.DONE]
    counts = ", ".join(f"{ended.count(status)} {_words(status)}" for status in shown)
    unreached = f", {steps - len(ended)} not reached" if len(ended) < steps else ""
    yield EMPTY
    yield line((f"{wording.done}: ", _style(ended, steps)), f"{counts}{unreached}.")


def _style(ended: list[Status], steps: int) -> str:
    """Green where all is done, yellow where the rest waits for people."""
    if ended.count(Status.DONE) == steps:
        return "bold green"
    bad = len(ended) < steps or any(status.went_wrong for status in ended)
    return "bold red" if bad else "bold yellow"


def convergence_lines(convergence: Iterable[Convergence], wording: Wording = MANIFESTS) -> Iterator[Line]:
    """The objects that are not as they were to be, with what differs, and the others as a number."""
    looked = list(convergence)
    waiting = [each for each in looked if each.pending]
    apart = [each for each in looked if each.amiss]
    for each in waiting:
        yield line(("? ", "yellow"), *name(each.key), f" waits for people: {each.pending}")
    for each in apart:
        whole = as_a_whole(each)
        yield line(("✗ ", "bold red"), *name(each.key), whole or f" {wording.one}:")
        yield from change_lines(() if whole else each.differences)
    alone = sum(1 for each in looked if each.left_alone)
    objects, besides = counted(len(looked), "object"), f", {alone} left alone in part" if alone else ""
    wait = f", {waits(len(waiting))}" if waiting else ""
    if apart:
        differ = wording.one if len(apart) == 1 else wording.several
        yield line(("Not converged: ", "bold red"), f"{len(apart)} of {objects} {differ}{besides}{wait}.")
    elif waiting:
        yield line(("Waiting: ", "bold yellow"), f"{all_but_waiting(len(waiting), objects, besides)}.")
    else:
        yield line(("Converged: ", "bold green"), f"read again, {wording.well} ({objects}{besides}).")


def all_but_waiting(waiting: int, objects: str, besides: str = "") -> str:
    """``1 of 2 objects waits for people, and nothing else differs``."""
    wait = "waits" if waiting == 1 else "wait"
    return f"{waiting} of {objects} {wait} for people{besides}, and nothing else differs"


def as_a_whole(each: Convergence) -> str:
    """What is to be said of an object that should not be there, or should be."""
    if each.gone:
        return " is not there"
    return " is still there" if any(not change.path for change in each.differences) else ""

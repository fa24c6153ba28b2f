"""Which steps of a plan are not begun, since the world moved after it was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.applying.review import under_review
from reconciler.console import ConsoleError
from reconciler.domain import Conflict, Outcome, ResourceKey, Snapshot, Status, Step, Tree, Verb
from reconciler.kind import Kind
from reconciler.planning.effect import reached
from reconciler.planning.naming import live_naming, unseen, users
from reconciler.planning.order import REMOVALS
from reconciler.planning.precondition import conflicts, moved
from reconciler.planning.reliance import let_down
from reconciler.planning.taint import newly_tainted
from reconciler.targeting.rollout import took_a_step

_MOVED = "the live object changed after the plan was made: plan again, and review what is different"
_LED = "its schedule went on after the plan was made: plan again, and have that reviewed"
_REACHED = "live is by now as this step would leave it: nothing is left to do here; plan again for the rest"


def left_out(steps: Sequence[Step], live: Snapshot, kinds: Mapping[str, Kind]) -> dict[ResourceKey, Outcome]:
    """The steps that are not begun: a review is open, their object or what they rely on moved, or it is in use."""
    lost, tainted = let_down(kinds, steps, live), newly_tainted(kinds, steps, live)
    ends = (
        under_review(step, live)
        or stale_since(step, live.objects.get(step.key), kinds.get(step.key.kind))
        or _stale(step, "; ".join(filter(None, (tainted.get(step.key), lost.get(step.key)))))
        for step in steps
    )
    found = {outcome.step.key: outcome for outcome in ends if outcome}
    while True:
        removals = [step for step in steps if step.verb in REMOVALS and step.key not in found]
        in_use = _in_use(removals, live, kinds)
        if not in_use:
            return found
        found |= {step.key: outcome for step in removals if (outcome := _stale(step, in_use.get(step.key)))}


def not_looked_at(removals: Sequence[Step], error: ConsoleError) -> dict[ResourceKey, Outcome]:
    """The removals that are not made since what came to refer to their objects cannot be read."""
    why = f"whether something came to refer to it could not be read: {error}"
    return {step.key: Outcome(step, Status.FAILED, 0, why) for step in removals}


def _in_use(removals: list[Step], live: Snapshot, kinds: Mapping[str, Kind]) -> dict[ResourceKey, str]:
    """Why objects may not be removed although nothing about themselves changed. What is archived refers on."""
    if not removals:
        return {}
    if unlisted := unseen(kinds, live):
        reason = f"{', '.join(unlisted)} could not be listed, and something there may refer to it"
        return {step.key: reason for step in removals}
    named_by, going = users(live_naming(kinds, live)), {step.key for step in removals}
    gone = {step.key for step in removals if step.verb is Verb.DELETE}
    others = {
        step.key: named_by.get(step.key, frozenset()) - step.needs - (gone if step.key in gone else going)
        for step in removals
    }
    found = {
        key: f"{', '.join(map(str, sorted(names)))} came to refer to it after the plan was made: plan again"
        for key, names in others.items()
        if names
    }
    checks = {step.key: (live.objects.get(step.key) or {}).get("checksPerHour") for step in removals}
    checked = {
        key: f"it was checked {number} times in the last hour: plan again" for key, number in checks.items() if number
    }
    return checked | found


def _stale(step: Step, why: str | None) -> Outcome | None:
    return Outcome(step, Status.STALE, 0, why) if why else None


def stale_since(step: Step, found: Tree | None, kind: Kind | None) -> Outcome | None:
    """The end of a step whose object is another by now, with what moved; None if it is the same."""
    if not moved(step, found):
        return None
    how = conflicts(step, found, kind)
    reason = _LED if _is_led(step, found, how) else _REACHED if kind and reached(step, kind, found) else _MOVED
    return Outcome(step, Status.STALE, 0, reason, how)


def _is_led(step: Step, found: Tree | None, how: Sequence[Conflict]) -> bool:
    """Whether a schedule of its rules is seen to have gone on, and nothing else but rules moved."""
    rules = ((tree or {}).get("rules") or [] for tree in (step.base, found))
    return [each.field for each in how] == ["rules"] and took_a_step(*rules)

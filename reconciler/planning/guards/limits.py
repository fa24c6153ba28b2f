"""How much one run may remove or change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.domain import Finding, Verb
from reconciler.manifests.safety import Limit, Limits
from reconciler.planning.guards.contract import Guard, Guarded, leave
from reconciler.planning.order import REMOVALS as REMOVING


@dataclass(frozen=True, slots=True)
class _Counting:
    """The steps that one guard counts, by kind, beside how many objects of each kind are managed."""

    guarded: Guarded
    code: str
    does: str
    setting: str
    counted: Counter[str]

    def over(self, limits: Limits) -> Iterator[Finding]:
        """The limits that the plan is over."""
        managed = self.guarded.plan.managed
        yield from self.above(limits, self.counted.total(), sum(managed.values()), "")
        for kind, limit in sorted(limits.kinds.items()):
            yield from self.above(limit, self.counted[kind], managed.get(kind, 0), kind)

    def above(self, limit: Limit, count: int, managed: int, kind: str) -> Iterator[Finding]:
        """What of one limit is too little for `count` of `managed` objects of a kind ("" for all)."""
        objects = f"{f'{kind} ' if kind else ''}{'object' if count == 1 else 'objects'}"
        if limit.max is not None and count > limit.max:
            yield self.finding(f"{count} {objects}", f"{limit.max}", f"max: {count}", kind)
        share = 100 * count / managed if managed else 100.0
        if limit.max_percent is not None and managed >= limit.percent_from and share > limit.max_percent:
            what = f"{count} of {managed} managed {objects} ({share:.3g} %)"
            yield self.finding(what, f"{limit.max_percent:g} %", f"maxPercent: {_up(share)}", kind)

    def finding(self, what: str, bound: str, line: str, kind: str) -> Finding:
        """The finding about one limit, with the line that would raise it."""
        setting = f"{self.setting}: {{kinds: {{{kind}: {{{line}}}}}}}" if kind else f"{self.setting}: {{{line}}}"
        cure = leave(self.setting, self.guarded.today, line=setting)
        return Finding(self.code, f"the plan {self.does} {what}; the limit is {bound}", cure)


def _up(share: float) -> str:
    """A share that is not below the given one, and short."""
    return f"{min(100.0, -(-share * 10 // 1) / 10):g}"


def _removals(guarded: Guarded) -> Iterator[Finding]:
    counted = Counter(step.key.kind for step in guarded.plan.steps if step.verb in REMOVING)
    yield from _Counting(guarded, "GUARD/removals", "removes", "removals", counted).over(guarded.safety.removals)


def _updates(guarded: Guarded) -> Iterator[Finding]:
    changing = (step for step in guarded.plan.steps if step.verb in {Verb.UPDATE, Verb.ADOPT})
    counted = Counter(step.key.kind for step in changing)
    yield from _Counting(guarded, "GUARD/updates", "changes", "updates", counted).over(guarded.safety.updates)


REMOVALS = Guard(
    name="removals",
    what="How many objects the plan archives or deletes: for all kinds together, and for single kinds.",
    why="A folder that was moved, or a branch that was merged wrongly, looks just like a great clean-up.",
    numbers="""`max` objects, and `maxPercent` of the managed ones, which are the live objects that a manifest describes
or that carry the ownership tag. Exactly as many as allowed may go. A share is looked at where at least `percentFrom`
objects are managed. Without any setting, 10 objects may go.""",
    example="safety: {removals: {max: 5, maxPercent: 10, kinds: {Experiment: {max: 1}}}}",
    find=_removals,
)
UPDATES = Guard(
    name="updates",
    what="How many live objects the plan changes, adopted ones included: for all kinds together, and for single kinds.",
    why="A search-and-replace over all manifests is easily written, and nobody reads three hundred differences.",
    numbers="As for removals. Without any setting there is no bound.",
    example="safety: {updates: {max: 40, kinds: {Gate: {maxPercent: 25}}}}",
    find=_updates,
)

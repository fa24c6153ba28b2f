"""What a step means for users, in sentences, and which of it is dangerous.

    rules["Beta"].passPercentage: 10 → 25      In production 10 % → 25 % of email ends with @example.com pass.
    status: active → decision_made             It ends: everybody gets the group "One page".

What is dangerous has a label; a reviewer looks at those steps first.

effect   a sentence, and its danger
who      who gets what at a moment
rules    gates and dynamic configs
runs     experiments, and entity property sources
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from reconciler.domain import Plan, Step, Verb
from reconciler.domain.listing import few
from reconciler.kind import Kind
from reconciler.kinds import KINDS
from reconciler.planning.emergency import CODE as KEPT_OFF
from reconciler.planning.guards import guard_of
from reconciler.planning.naming import depending
from reconciler.planning.order import REMOVALS
from reconciler.reports.effects.effect import WORST, Danger, Effect, dangers
from reconciler.reports.effects.rules import given_until_now, of_rules
from reconciler.reports.effects.runs import group_until_now, of_runs, of_sources

__all__ = ["WORST", "Danger", "Effect", "dangers", "effects"]

_MOST_NAMES, _MANY = 8, 100
_FELT_BY_OTHERS = frozenset({Danger.LIFECYCLE, Danger.SWITCH, Danger.ROLLOUT, Danger.VALUE})


def effects(step: Step, plan: Plan, production: Collection[str]) -> tuple[Effect, ...]:
    """What the step of a plan means for users."""
    own = tuple(_own(step, production))
    return (*own, *_of_others(step, plan, own), *_besides(step, plan))


def _own(step: Step, production: Collection[str]) -> Iterator[Effect]:
    """For those who ask for the object."""
    kind = KINDS.get(step.key.kind)
    if kind is None:
        return
    if step.verb in REMOVALS:
        yield Effect(_going(step, kind, production), Danger.REMOVAL)
    elif kind.running:
        yield from of_runs(step, kind)
    elif kind.missing:
        yield from of_rules(step, kind, production)
    else:
        yield from of_sources(step)


def _going(step: Step, kind: Kind, production: Collection[str]) -> str:
    if not kind.missing:
        return "It goes."
    until_now = group_until_now(step, kind) if kind.running else given_until_now(step, kind, production)
    return f"It goes: whoever asks for it gets {kind.missing}.{until_now}"


def _of_others(step: Step, plan: Plan, own: Collection[Effect]) -> Iterator[Effect]:
    """For those who ask for what depends on the object."""
    if not any(each.danger in _FELT_BY_OTHERS for each in own):
        return
    if names := sorted(map(str, depending(step.key, plan.asked_by, _MANY))):
        shown = f"{', '.join(names[:_MOST_NAMES])} and many more" if len(names) >= _MANY else few(names, _MOST_NAMES)
        yield Effect(f"What these give depends on it: {shown}.")


def _besides(step: Step, plan: Plan) -> Iterator[Effect]:
    if step.taints:
        names = ", ".join(map(str, sorted(step.taints)))
        yield Effect(f"It mixes what running experiments measure: {names}.", Danger.TAINT)
    for finding in plan.findings:
        if finding.key == step.key and finding.code != KEPT_OFF and (guard := guard_of(finding)):
            said = f" Allowed: {finding.allowed.reason}" if finding.allowed else ""
            yield Effect(f"{guard}: {finding.message}.{said}", Danger.GUARD)
    if step.back.kept and step.verb is not Verb.CREATE:
        yield Effect(f"{'; '.join(step.back.kept)}.", Danger.ONE_WAY)

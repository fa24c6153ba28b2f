"""How far a rollout may go in production in one run."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from reconciler.domain import Finding
from reconciler.planning.exposure import Moment, after, before, is_public, scheduled, twin
from reconciler.planning.guards.contract import Guard, Guarded, leave
from reconciler.planning.order import REMOVALS

_DECIMALS = 6


def _find(guarded: Guarded) -> Iterator[Finding]:
    rollout = guarded.safety.rollout
    if rollout is None:
        return
    production = guarded.production
    for step in guarded.plan.steps:
        kind = guarded.kinds.get(step.key.kind)
        if kind is None or step.verb in REMOVALS:
            continue
        for what, share, wider in _rises(before(step, kind), after(step, kind), production):
            points = round(wider - share, _DECIMALS)
            if points > rollout.max_increase:
                message = f"{what} goes from {share:g} % to {wider:g} % in production, up by {points:g} points; "
                message += f"the limit of one run is {rollout.max_increase:g}"
                cure = leave(ROLLOUT.name, guarded.today, step.key, f"rollout: {{maxIncrease: {points:g}}}")
                yield Finding("GUARD/rollout", message, cure, step.where, step.key)


def _rises(was: Moment, then: Moment, production: Collection[str]) -> Iterator[tuple[str, float, float]]:
    """What is rolled out to more units: a name, and the percentages before and after."""
    if then.status == "launched":
        if was.status != "launched":
            yield "everyone: the gate is launched and", was.everyone(production), 100
        return
    rises = list(_of_rules(was, then, production))
    yield from rises
    share, wider = was.everyone(production), then.everyone(production)
    if wider - share > max((high - low for _, low, high in rises), default=0):
        yield "what everyone gets, by all rules together,", share, wider


def _of_rules(was: Moment, then: Moment, production: Collection[str]) -> Iterator[tuple[str, float, float]]:
    for rule in then.rules:
        same = twin(rule, was.rules)
        widened = is_public(rule) and not (same and is_public(same))
        if same or widened:
            shown = f"the{' public' if is_public(rule) else ''} rule {rule.get('name')!r}"
            share = was.share(None if widened else same, production)
            wider = then.share(rule, production)
            later = then.share(scheduled(rule, same), production)
            yield (f"{shown}, by its schedule,", share, later) if later > wider else (shown, share, wider)


ROLLOUT = Guard(
    name="rollout",
    what="""Percentages that go up in production: of a rule, of all rules of what is switched on, of a rule that comes
into force there, of a new rule for everyone, of a schedule that is new, of what everyone gets where a rule that kept
some out goes or moves, and of a gate that is launched.""",
    why="From 1 % to 100 % in one merge, a mistake meets everybody before anybody sees it in the metrics.",
    numbers="""`maxIncrease` points from before to after, for each rule by itself. A rule is in production if its
`environments` are null or name one that is, and no condition about the environment keeps it out. A new rule with
conditions does not count,
and a rule of a dynamic config that states no percentage has 100. The percentages of variants are not looked at: moving
all units from one variant to another does not trip it. Which environments are
production is said by `production`, or by the service (`isProduction`), or else it is the one called production.""",
    example="safety: {rollout: {maxIncrease: 25}}",
    find=_find,
)

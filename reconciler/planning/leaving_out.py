"""Steps that a plan does not take although its manifests ask for them, and everything that needs those steps."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from reconciler.domain import Plan, ResourceKey, Step, WayBack


def leave_out(plan: Plan, keys: Collection[ResourceKey]) -> Plan:
    """The plan without the steps of these objects, which are pending, and so is all that needs them.

    Tags that nothing else needs are not made.
    """
    waiting: dict[ResourceKey, Step] = {}
    for step in plan.steps:
        needs = frozenset() if step.key in keys else step.needs & waiting.keys()
        if step.key in keys or needs:
            waiting[step.key] = replace(step, calls=(), base=None, back=WayBack(), needs=needs)
    going = [step for step in plan.steps if step.key not in waiting]
    needed = frozenset[ResourceKey]().union(*(step.needs for step in going))
    return replace(
        plan,
        steps=tuple(step for step in going if step.key.kind != "Tag" or step.key in needed),
        pending=tuple(sorted((*plan.pending, *waiting.values()), key=lambda step: step.key)),
    )

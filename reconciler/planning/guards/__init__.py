"""What may not happen without somebody's word: each guard looks at a plan, or at manifests, and may stop the run.

    limits      how much one run removes or changes
    rollout     how far a percentage goes up in production at once
    required    labels, fields and days of expiry that manifests must have
    window      hours in which nothing is applied
    running     what taints a running experiment
    policies    expressions of the project's own
    allowing    who said that a guard may trip, and what becomes of its findings then

Whatever has a code ``GUARD/<name>`` is a guard, wherever it is found, and can be allowed by that name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.domain import Finding, Place
from reconciler.manifests import Safety
from reconciler.planning.guards.allowing import (
    allow,
    covered,
    given,
    guard_of,
    in_force,
    leftovers,
    reopened,
    unknown,
    written,
)
from reconciler.planning.guards.contract import Guard, Guarded, day_at, nothing
from reconciler.planning.guards.limits import REMOVALS, UPDATES
from reconciler.planning.guards.policies import broken, denied
from reconciler.planning.guards.required import EXPIRED, REQUIRED, demanded
from reconciler.planning.guards.rollout import ROLLOUT
from reconciler.planning.guards.running import RUNNING
from reconciler.planning.guards.window import WINDOW

GUARDS: tuple[Guard, ...] = (REMOVALS, UPDATES, ROLLOUT, WINDOW, REQUIRED, EXPIRED, RUNNING)


def tripped(guarded: Guarded) -> Iterator[Finding]:
    """What all guards find that look at a plan."""
    for guard in GUARDS:
        yield from guard.find(guarded)
    yield from denied(guarded)


def misnamed(safety: Safety, file: Place) -> Iterator[Finding]:
    """Policies that are called as another guard is."""
    taken = {guard.name for guard in GUARDS}
    for number, policy in enumerate(safety.policies):
        if policy.name in taken:
            where = file.at("safety", "policies", number, "name")
            yield Finding("POLICY/name", f"there is a guard {policy.name!r} already", "give it another name", where)
        taken.add(policy.name)


def looking_at_plans(policies: Iterable[str]) -> frozenset[str]:
    """The names of the guards that look at a plan, and need nothing besides it."""
    return frozenset({guard.name for guard in GUARDS if guard.find is not nothing} | set(policies))


def names(policies: Iterable[str]) -> frozenset[str]:
    """The names of all guards: those that there are, and a project's own."""
    return frozenset({guard.name for guard in GUARDS} | set(policies))


__all__ = [
    "GUARDS",
    "Guard",
    "Guarded",
    "allow",
    "broken",
    "covered",
    "day_at",
    "demanded",
    "given",
    "guard_of",
    "in_force",
    "leftovers",
    "looking_at_plans",
    "misnamed",
    "names",
    "reopened",
    "tripped",
    "unknown",
    "written",
]

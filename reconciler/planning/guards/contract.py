"""What a guard is, what it looks at, and how it says what would let a plan pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reconciler.domain import Finding, Plan, ResourceKey
from reconciler.kind import Kind
from reconciler.manifests import Safety

_A_WEEK = timedelta(days=7)
"""How long the exception holds that a finding proposes."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """What guards look at.

    `live_production`: the environments that the service says are production, or the usual one; `now`: the moment, with
    its time zone; `acting`: whether the plan is about to be carried out.
    """

    kinds: Mapping[str, Kind]
    plan: Plan
    safety: Safety
    live_production: frozenset[str]
    now: datetime
    acting: bool = False

    @property
    def production(self) -> frozenset[str]:
        """The environments that are production: those of the project file, if it names any."""
        said = self.safety.rollout.production if self.safety.rollout else ()
        return frozenset(said) or self.live_production

    @property
    def today(self) -> date:
        """The day, where the project is."""
        return day_at(self.safety, self.now)


def day_at(safety: Safety, now: datetime) -> date:
    """The day at a moment, in the time zone of the project if it has one."""
    return now.astimezone(safety.windows.time_zone if safety.windows else now.tzinfo).date()


def nothing(_: Guarded) -> Iterator[Finding]:
    """For guards that look at manifests, or speak while the plan is made."""
    return iter(())


@dataclass(frozen=True, slots=True)
class Guard:
    """One guard. `name` is what it is allowed by; `what`, `why` and `numbers` explain it; `example` sets it."""

    name: str
    what: str
    why: str
    numbers: str
    example: str
    find: Callable[[Guarded], Iterator[Finding]] = nothing


def leave(name: str, today: date, key: ResourceKey | None = None, line: str = "") -> str:
    """The lines that let the guard `name` pass; `line` is a setting of the project file that would do it as well."""
    about = f", objects: [{_plain(key)}]" if key else ""
    lines = [f"safety: {{{line}}}"] if line else []
    lines.append(f"safety: {{allow: [{{guard: {name}{about}, reason: WHY, until: {today + _A_WEEK}}}]}}")
    return f"if that is meant, run with --allow {name}=WHY, or write in reconciler.yaml: {' or '.join(lines)}"


def _plain(key: ResourceKey) -> str:
    text = str(key)
    return text if text.replace("/", "").replace("_", "").replace("-", "").isalnum() else f'"{text}"'

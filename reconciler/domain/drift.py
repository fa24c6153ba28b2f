"""How the live project differs from Git, in three classes that are never mixed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reconciler.domain.finding import Finding
from reconciler.domain.identity import ResourceKey
from reconciler.domain.plan import Modified, Step
from reconciler.domain.trace import Resalt, Trace


class Sort(StrEnum):
    """What a difference means to whoever has to do something about it, the most urgent first."""

    OFF = "emergency_off"
    LIFE = "experiment_lifecycle"
    OTHER = "other"
    ROLLOUT = "rollout_step"
    COSMETIC = "cosmetic"


@dataclass(frozen=True, slots=True)
class Ending:
    """How an experiment was concluded: for which group, by name, and why; each None where nobody says."""

    group: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """`changed`: live differs from the manifest (steps without calls; `live` of a field is what the console holds).

    `gone`: in a manifest and not live (steps without calls that would make them). `unmanaged`: live and in no manifest.
    `same`: how many objects are equal, and were not spread anew either. `salts`: each time that the units of an object
    of a manifest were spread anew. `sorts`: what each changed object is about. `traces`: where differences come from:
    of a changed object one for each of its fields, of one that is gone a single one; nothing where nobody was asked.
    `endings`: how each changed experiment was concluded of which that differs, if live tells anything of it.
    `digest`: a text that is another one just when something else differs; None without drift.
    """

    changed: tuple[Step, ...] = ()
    gone: tuple[Step, ...] = ()
    unmanaged: tuple[tuple[ResourceKey, Modified], ...] = ()
    same: int = 0
    findings: tuple[Finding, ...] = ()
    salts: tuple[Resalt, ...] = ()
    sorts: Mapping[ResourceKey, Sort] = field(default_factory=dict)
    traces: Mapping[ResourceKey, tuple[Trace, ...]] = field(default_factory=dict)
    endings: Mapping[ResourceKey, Ending] = field(default_factory=dict)
    digest: str | None = None

    @property
    def objects(self) -> int:
        """How many objects are not as the manifests say, or had their units spread anew."""
        differing = [{step.key} for step in (*self.changed, *self.gone)]
        return counted_once((*differing, *(salt.keys for salt in self.salts)))

    @property
    def spread(self) -> int:
        """How many objects had their units spread anew, however often."""
        return counted_once(salt.keys for salt in self.salts)

    @property
    def found(self) -> bool:
        """Whether there is drift. Unmanaged objects are none."""
        return bool(self.changed or self.gone or self.salts)


def counted_once(told: Iterable[Collection[ResourceKey]]) -> int:
    """How many objects are told of, at least, when each time one of several may be meant."""
    number, known = 0, set[ResourceKey]()
    for keys in sorted(told, key=len):
        number += known.isdisjoint(keys)
        known.update(keys)
    return number

"""How the live project differs from Git, in three classes that are never mixed."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.domain.finding import Finding
from reconciler.domain.identity import Place, ResourceKey
from reconciler.domain.plan import Modified, Step


@dataclass(frozen=True, slots=True)
class Drift:
    """`changed`: live differs from the manifest (steps without calls; `live` of a field is what the console holds).

    `gone`: in a manifest and not live. `unmanaged`: live and in no manifest. `same`: how many objects are equal.
    """

    changed: tuple[Step, ...] = ()
    gone: tuple[tuple[ResourceKey, Place | None], ...] = ()
    unmanaged: tuple[tuple[ResourceKey, Modified], ...] = ()
    same: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def found(self) -> bool:
        """Whether there is drift. Unmanaged objects are none."""
        return bool(self.changed or self.gone)

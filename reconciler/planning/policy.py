"""What a project allows a plan to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from reconciler.domain import ResourceKey


@dataclass(frozen=True, slots=True)
class Policy:
    """Ownership and removal.

    `ownership_tag`: carried by created and adopted objects; without it nothing is removed. `prune`: what happens to
    owned objects that no manifest describes any more. `unknown`: reasons why the absence of a manifest proves nothing
    in this run; any reason stops all removal. `prune_kinds`: what happens to objects of a kind, where it is not
    `prune`. `archive_first`: whether what can be archived is not deleted before it is in the archive. `kept_off`:
    objects that must not be switched on if they are off live, each with the reason. `now`: epoch milliseconds, None if
    the time has no part in the plan.
    """

    ownership_tag: str | None = None
    prune: Literal["off", "archive", "delete"] = "off"
    unknown: tuple[str, ...] = ()
    prune_kinds: Mapping[str, str] = field(default_factory=dict)
    archive_first: bool = True
    kept_off: Mapping[ResourceKey, str] = field(default_factory=dict)
    now: int | None = None

    def prune_of(self, kind: str) -> str:
        """What happens to owned objects of this kind that no manifest describes any more."""
        return self.prune_kinds.get(kind, self.prune)

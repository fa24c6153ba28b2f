"""What a project allows a plan to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Policy:
    """Ownership and removal.

    `ownership_tag`: carried by created and adopted objects; without it nothing is removed. `prune`: what happens to
    owned objects that no manifest describes any more. `max_removals`: more than this many stop the plan. `unknown`:
    reasons why the absence of a manifest proves nothing in this run; any reason stops all removal. `prune_kinds`: what
    happens to objects of a kind, where it is not `prune`. `archive_first`: whether what can be archived is not deleted
    before it is in the archive.
    """

    ownership_tag: str | None = None
    prune: Literal["off", "archive", "delete"] = "off"
    max_removals: int = 10
    unknown: tuple[str, ...] = ()
    prune_kinds: Mapping[str, str] = field(default_factory=dict)
    archive_first: bool = True

    def prune_of(self, kind: str) -> str:
        """What happens to owned objects of this kind that no manifest describes any more."""
        return self.prune_kinds.get(kind, self.prune)

"""What a project allows a plan to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Policy:
    """Ownership and removal.

    `ownership_tag`: carried by created and adopted objects; without it nothing is removed. `prune`: what happens to
    owned objects that no manifest describes any more. `max_removals`: more than this many stop the plan. `unknown`:
    reasons why the absence of a manifest proves nothing in this run; any reason stops all removal.
    """

    ownership_tag: str | None = None
    prune: Literal["off", "archive", "delete"] = "off"
    max_removals: int = 10
    unknown: tuple[str, ...] = ()

"""Who refers to whom among the objects of a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from reconciler.domain.identity import ResourceKey

Chain: TypeAlias = tuple[ResourceKey, ...]
"""Objects of which each is named by the one before it."""


class Standing(StrEnum):
    """What is known of an object.

    `LIVE`: no manifest describes it. `NAMED`: others name it, no manifest describes it, and live was not asked.
    `MISSING`: others name it, and it is neither live nor in a manifest.
    """

    MANIFEST = "manifest"
    LIVE = "live"
    NAMED = "named"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Graph:
    """Objects with their standing, and what each refers to. All that `edges` name is in `nodes`."""

    nodes: Mapping[ResourceKey, Standing] = field(default_factory=dict)
    edges: Mapping[ResourceKey, frozenset[ResourceKey]] = field(default_factory=dict)

    @property
    def linked(self) -> frozenset[ResourceKey]:
        """The objects that refer to something or are referred to."""
        return frozenset(key for key, targets in self.edges.items() if targets).union(*self.edges.values())

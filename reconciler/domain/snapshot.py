"""The live project as it was read, at one moment, with what could not be read named as such."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.domain.finding import Finding
from reconciler.domain.identity import ResourceKey
from reconciler.domain.tree import Tree


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Live state. What is neither here nor in `unread` does not exist; what is in `unread` may exist or not.

    `objects`: every live object of the kinds that were read, as the service answered it, archived ones included.
    `names`: for each collection that was asked for by reference only (``tags``, ``segments``...), the names or ids of
    what is in it; None when it could not be read. `segments`, `holdouts`, `param_stores` and `release_pipelines`: these
    by id (stores by name), when the collection was read.
    `production`: the names of the environments that count as production; None when nobody knows.
    `unread`: why a kind (``EntityPropertySource``) or a collection (``tags``) could not be read.
    `project_id`: the project that the key belongs to; None when the key may not ask.
    """

    objects: Mapping[ResourceKey, Tree] = field(default_factory=dict)
    names: Mapping[str, frozenset[str] | None] = field(default_factory=dict)
    segments: Mapping[str, Tree] = field(default_factory=dict)
    holdouts: Mapping[str, Tree] = field(default_factory=dict)
    param_stores: Mapping[str, Tree] = field(default_factory=dict)
    release_pipelines: Mapping[str, Tree] = field(default_factory=dict)
    production: frozenset[str] | None = None
    unread: Mapping[str, Finding] = field(default_factory=dict)
    project_id: str | None = None

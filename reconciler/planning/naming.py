"""Who refers to whom, in live state and in what it is to become."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.domain import ResourceKey, Snapshot, Tree
from reconciler.kind import Kind
from reconciler.shape import references, shape_of, targets_of

Naming = Mapping[ResourceKey, frozenset[ResourceKey]]
"""What each object refers to."""


NAMING_OTHERS = frozenset({"segments", "holdouts"})
"""Collections without manifests whose objects refer to others."""


def live_naming(kinds: Mapping[str, Kind], live: Snapshot) -> Naming:
    """What each live object refers to, segments and holdouts included."""
    found = {key: _targets(kinds[key.kind], tree) for key, tree in live.objects.items()}
    gates = kinds["Gate"]  # segments have the rules of gates
    found |= {ResourceKey("Segment", id_): _targets(gates, tree) for id_, tree in live.segments.items()}
    return found | {ResourceKey("Holdout", id_): _held(tree) for id_, tree in live.holdouts.items()}


def _held(holdout: Tree) -> frozenset[ResourceKey]:
    """What a holdout is about."""
    gates = [*(holdout.get("gateIDs") or []), *filter(None, [holdout.get("targetingGateID")])]
    experiments = holdout.get("experimentIDs") or []
    return frozenset(
        {*(ResourceKey("Gate", id_) for id_ in gates), *(ResourceKey("Experiment", id_) for id_ in experiments)}
    )


def naming_after(kinds: Mapping[str, Kind], before: Naming, after: Iterable[tuple[ResourceKey, Tree]]) -> Naming:
    """What each object refers to once those in `after` are as they are there."""
    return {**before, **{key: _targets(kinds[key.kind], tree) for key, tree in after}}


def users(naming: Naming) -> Naming:
    """The same the other way round: by whom each object is referred to."""
    found: dict[ResourceKey, set[ResourceKey]] = {}
    for key, targets in naming.items():
        for target in targets:
            found.setdefault(target, set()).add(key)
    return {target: frozenset(keys) for target, keys in found.items()}


def unseen(kinds: Mapping[str, Kind], live: Snapshot) -> list[str]:
    """What could not be read although something in it may refer to an object that might be removed."""
    naming = {name for name, kind in kinds.items() if targets_of(shape_of(kind.spec)) & kinds.keys()}
    return sorted((naming | NAMING_OTHERS) & live.unread.keys())


def _targets(kind: Kind, tree: Tree) -> frozenset[ResourceKey]:
    return frozenset(reference.target for reference in references(shape_of(kind.spec), tree))

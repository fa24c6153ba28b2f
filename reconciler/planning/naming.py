"""Who refers to whom, in live state and in what it is to become."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping

from reconciler.domain import Chain, ResourceKey, Snapshot, Step, Tree, objects
from reconciler.kind import Kind
from reconciler.shape import references, shape_of, targets_of

Naming = Mapping[ResourceKey, frozenset[ResourceKey]]
"""What each object refers to."""


DECIDING = frozenset({"segments", "holdouts"})
"""Collections without manifests through which who takes part in an experiment depends on others."""
NAMING_OTHERS = DECIDING | {"param_stores", "release_pipelines"}
"""Collections without manifests whose objects refer to others."""


def live_naming(kinds: Mapping[str, Kind], live: Snapshot) -> Naming:
    """What each live object refers to, those without manifests included. What it only may refer to is live, too."""
    known = live.objects.keys() | {ResourceKey("Segment", id_) for id_ in live.segments}
    found = {key: _all_named(kinds[key.kind], tree, known) for key, tree in live.objects.items()}
    gates = kinds["Gate"]  # segments and the phases of pipelines have the rules of gates
    for holdout in live.holdouts.values():
        found |= {
            key: found[key] | _targeting(holdout) for key in _held(holdout) & found.keys() if key.kind == "Experiment"
        }
    found |= {ResourceKey("Segment", id_): _targets(gates, tree) for id_, tree in live.segments.items()}
    found |= {ResourceKey("ReleasePipeline", id_): _gating(gates, tree) for id_, tree in live.release_pipelines.items()}
    found |= {ResourceKey("ParamStore", name): _read(tree) for name, tree in live.param_stores.items()}
    return found | {ResourceKey("Holdout", id_): _held(tree) for id_, tree in live.holdouts.items()}


def _gating(gates: Kind, pipeline: Tree) -> frozenset[ResourceKey]:
    """What the phases of a release pipeline ask for."""
    return frozenset[ResourceKey]().union(*(_targets(gates, phase) for phase in objects(pipeline.get("phases"))))


_PARAMETERS = {"gate_name": "Gate", "config_name": "DynamicConfig", "experiment_name": "Experiment"}
"""Fields of a parameter that name an object, with its kind."""


def _read(store: Tree) -> frozenset[ResourceKey]:
    """Where the parameters of a store come from."""
    return frozenset(
        ResourceKey(kind, str(parameter[name]))
        for parameter in objects(store.get("parameters"))
        for name, kind in _PARAMETERS.items()
        if parameter.get(name)
    )


def _targeting(holdout: Tree) -> frozenset[ResourceKey]:
    """What decides who is in a holdout, and so what its experiments depend on."""
    gate = holdout.get("targetingGateID")
    return frozenset({ResourceKey("Gate", str(gate))} if gate else ())


def _held(holdout: Tree) -> frozenset[ResourceKey]:
    """What a holdout is about."""
    gates = {ResourceKey("Gate", str(id_)) for id_ in holdout.get("gateIDs") or []}
    experiments = {ResourceKey("Experiment", str(id_)) for id_ in holdout.get("experimentIDs") or []}
    return frozenset(gates | experiments) | _targeting(holdout)


def naming_after(kinds: Mapping[str, Kind], before: Naming, after: Iterable[tuple[ResourceKey, Tree]]) -> Naming:
    """What each object refers to once those in `after` are as they are there."""
    trees = dict(after)
    known = before.keys() | trees.keys()
    return {**before, **{key: _all_named(kinds[key.kind], tree, known) for key, tree in trees.items()}}


def either(one: Naming, other: Naming) -> Naming:
    """What each object refers to in one of the two."""
    return {key: one.get(key, frozenset()) | other.get(key, frozenset()) for key in one.keys() | other.keys()}


def written(kinds: Mapping[str, Kind], step: Step) -> frozenset[ResourceKey]:
    """What the calls of a step let its object refer to."""
    kind = kinds.get(step.key.kind)
    bodies = [call.body for call in step.calls if isinstance(call.body, dict)] if kind else []
    return frozenset[ResourceKey]().union(*(_targets(kind, body) for body in bodies if kind))


def users(naming: Naming) -> Naming:
    """The same the other way round: by whom each object is referred to."""
    found: dict[ResourceKey, set[ResourceKey]] = {}
    for key, targets in naming.items():
        for target in targets:
            found.setdefault(target, set()).add(key)
    return {target: frozenset(keys) for target, keys in found.items()}


def chains(start: ResourceKey, naming: Naming) -> dict[ResourceKey, Chain]:
    """Everything that `start` depends on, itself included, each with the shortest way to it."""
    found: dict[ResourceKey, Chain] = {start: (start,)}
    edge = [start]
    while edge:
        ways = {target: (*found[key], target) for key in edge for target in sorted(naming.get(key, ()), reverse=True)}
        edge = [target for target in sorted(ways) if target not in found]
        found |= {target: ways[target] for target in edge}
    return found


def users_of(naming: Naming, keys: Iterable[ResourceKey]) -> Naming:
    """By whom each of the objects is referred to, and each of those who do, and so on."""
    named_by = users(naming)
    found = _reached(keys, named_by)
    return {key: named_by[key] for key in sorted(found & named_by.keys())}


def depending(key: ResourceKey, asked_by: Naming, most: int) -> frozenset[ResourceKey]:
    """What refers to the object, or to something that does; of very many the nearest, `most` of them or some more."""
    return frozenset(_reached([key], asked_by, most)) - {key}


def _reached(keys: Iterable[ResourceKey], naming: Naming, most: float = math.inf) -> set[ResourceKey]:
    """The objects, and all to which they lead, as long as these are not too many."""
    found, edge = set[ResourceKey](), set(keys)
    while edge and len(found) <= most:
        found |= edge
        edge = {target for key in edge for target in naming.get(key, ())} - found
    return found


def unseen(kinds: Mapping[str, Kind], live: Snapshot) -> list[str]:
    """What could not be read although something in it may refer to an object that might be removed."""
    naming = {name for name, kind in kinds.items() if targets_of(shape_of(kind.spec)) & kinds.keys()}
    return sorted((naming | NAMING_OTHERS) & live.unread.keys())


def _all_named(kind: Kind, tree: Tree, known: Collection[ResourceKey]) -> frozenset[ResourceKey]:
    """What an object refers to, and what of the `known` objects it may refer to."""
    return _targets(kind, tree).union(key for key in kind.also_names(tree) if key in known)


def _targets(kind: Kind, tree: Tree) -> frozenset[ResourceKey]:
    """What the fields of a manifest refer to."""
    return frozenset(reference.target for reference in references(shape_of(kind.spec), tree))

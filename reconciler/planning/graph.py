"""The graph of references, whole or in part. What a manifest leaves unsaid is taken from live, if that was read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from reconciler.domain import Chain, Graph, ResourceKey, Snapshot, Standing
from reconciler.kind import Kind
from reconciler.manifests.resource import Described
from reconciler.planning.naming import chains, live_naming, naming_after, users
from reconciler.rules.references import exists

NAMES_ONLY = frozenset({"Environment", "Tag", "TargetApp", "UnitIdType"})
"""Kinds that nearly every object names and that decide nothing."""


def graph_of(kinds: Mapping[str, Kind], described: Iterable[Described], live: Snapshot | None) -> Graph:
    """All that manifests describe, all that is live, and what these refer to."""
    known = live or Snapshot()
    after = {each.key: {**known.objects.get(each.key, {}), **each.tree()} for each in described}
    naming = naming_after(kinds, live_naming(kinds, known), after.items())
    keys = naming.keys() | frozenset[ResourceKey]().union(*naming.values())
    nodes = {key: _standing(key, after, naming, live) for key in sorted(keys)}
    return Graph(nodes, {key: naming[key] for key in sorted(naming)})


def _standing(
    key: ResourceKey, described: Collection[ResourceKey], naming: Collection[ResourceKey], live: Snapshot | None
) -> Standing:
    if key in described:
        return Standing.MANIFEST
    if live is None:
        return Standing.NAMED
    return Standing.LIVE if key in naming or exists(key, live) else Standing.MISSING


def without(graph: Graph, kinds: Collection[str]) -> Graph:
    """The same without the objects of these kinds."""
    return within(graph, {key for key in graph.nodes if key.kind not in kinds})


def within(graph: Graph, keys: Collection[ResourceKey]) -> Graph:
    """These objects alone, with the references among them."""
    kept = frozenset(keys)
    return Graph(
        {key: standing for key, standing in graph.nodes.items() if key in kept},
        {key: targets & kept for key, targets in graph.edges.items() if key in kept},
    )


def around(graph: Graph, key: ResourceKey, depth: int | None = None) -> Graph:
    """What the object depends on and what depends on it, up to `depth` references away (None: however far)."""
    ways = [*chains(key, graph.edges).values(), *chains(key, users(graph.edges)).values()]
    return within(graph, {way[-1] for way in ways if depth is None or len(way) - 1 <= depth})


def affected(graph: Graph, key: ResourceKey) -> tuple[Chain, ...]:
    """For each object that depends on this one the shortest chain from there to here, the nearest first."""
    ways = chains(key, users(graph.edges))
    return tuple(tuple(reversed(way)) for way in ways.values() if len(way) > 1)

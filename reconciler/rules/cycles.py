"""Gates and segments that refer to each other in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from reconciler.domain import Finding, Place, ResourceKey, Tree
from reconciler.manifests.resource import Described
from reconciler.rules.contract import Checked, Rule
from reconciler.shape import Shape, references, shape_of

_KINDS = frozenset({"Gate", "Segment"})


def _find(checked: Checked) -> Iterator[Finding]:
    selected = {resource.key: resource for resource in checked.selected}
    graph = {key: targets for key, targets in _graph(checked).items() if key.kind in _KINDS}
    shape = shape_of(checked.kinds["Gate"].spec)
    while cycle := _cycle(graph):
        steps = [(selected[key], target) for key, target in pairwise(cycle) if key in selected]
        if steps:
            closing, where = _closing(steps, shape)
            chain = " -> ".join(key.id for key in cycle)
            message = f"these refer to each other in a circle: {chain}"
            yield Finding(CYCLES.code, message, CYCLES.cure, where, closing)
        graph[cycle[0]] = graph[cycle[0]] - {cycle[1]}


def _closing(steps: list[tuple[Described, ResourceKey]], shape: Shape) -> tuple[ResourceKey, Place]:
    """The manifest that closes the circle, and its condition. A manifest without rules leaves those that are live."""
    for resource, target in reversed(steps):
        for reference in references(shape, resource.tree()):
            if reference.target == target:
                return resource.key, resource.where(*reference.at)
    resource, _ = steps[-1]
    return resource.key, resource.where()


def _cycle(graph: Mapping[ResourceKey, frozenset[ResourceKey]]) -> list[ResourceKey]:
    """One cycle, beginning and ending with its first member, or nothing."""
    try:
        TopologicalSorter({key: sorted(graph[key]) for key in sorted(graph)}).prepare()
    except CycleError as found:
        ring = list(reversed(found.args[1]))[:-1]
        start = ring.index(min(ring))
        ring = ring[start:] + ring[:start]
        return [*ring, ring[0]]
    return []


def _graph(checked: Checked) -> dict[ResourceKey, frozenset[ResourceKey]]:
    after: dict[ResourceKey, Tree] = {}
    if checked.live:
        after |= {key: tree for key, tree in checked.live.objects.items() if key.kind == "Gate"}
        after |= {ResourceKey("Segment", id_): tree for id_, tree in checked.live.segments.items()}
    for resource in checked.all:
        if resource.key.kind == "Gate":
            after[resource.key] = {**after.get(resource.key, {}), **resource.tree()}
    shape = shape_of(checked.kinds["Gate"].spec)
    return {
        key: frozenset(found.target for found in references(shape, tree) if found.target.kind in _KINDS)
        for key, tree in after.items()
    }


CYCLES = Rule(
    code="REF/cycle",
    why="The evaluation engine gives up at a depth of 300 and answers false with an error.",
    cure="Take one of the conditions out.",
    find=_find,
)

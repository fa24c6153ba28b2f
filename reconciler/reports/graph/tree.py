"""References as an indented tree: below each object what it refers to, once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reconciler.domain import Chain, Graph, ResourceKey, Standing
from reconciler.planning.naming import Naming, users
from reconciler.reports.graph.standing import NOTES
from reconciler.reports.line import EMPTY, INDENT, Line, Part, line
from reconciler.reports.step_text import name
from reconciler.reports.values import counted

_LONGEST = 8
"""Objects of a chain; of a longer one the middle is left out."""
_DEEPEST = 20
"""Levels of the tree. What is deeper is shown as a tree of its own."""


def graph_lines(graph: Graph) -> Iterator[Line]:
    """The whole graph, from what nothing refers to down to what refers to nothing."""
    used = users(graph.edges)
    tops = [key for key in graph.nodes if key not in used and graph.edges.get(key)]
    seen: set[ResourceKey] = set()
    others = [key for key, targets in graph.edges.items() if targets]  # circles, and what is too deep
    for top in (*tops, *others):
        if top not in seen:
            yield from _below(graph, graph.edges, top, seen)
            yield EMPTY
    yield _sum(graph)


def around_lines(graph: Graph, key: ResourceKey) -> Iterator[Line]:
    """One object, what it refers to, and what refers to it."""
    yield from _side(graph, graph.edges, key, "refers to", "refers to nothing")
    yield EMPTY
    yield from _side(graph, users(graph.edges), key, "is referred to by", "is referred to by nothing")


def affected_lines(key: ResourceKey, chains: Sequence[Chain]) -> Iterator[Line]:
    """What a change of the object would affect, each with the chain that leads to it, the nearest first."""
    if not chains:
        yield line("Nothing refers to ", *name(key), ".")
        return
    yield line("A change of ", *name(key), f" would affect {counted(len(chains), 'object')}:")
    for chain in chains:
        yield line(*name(chain[0]), indent=INDENT, note=[(f"({_way(chain)})", "dim")])


def _side(graph: Graph, naming: Naming, key: ResourceKey, words: str, nothing: str) -> Iterator[Line]:
    targets = sorted(naming.get(key, ()))
    yield line(*name(key), f" {words}:" if targets else f" {nothing}.")
    seen = {key}
    for target in targets:
        yield from _below(graph, naming, target, seen, 1)


def _below(graph: Graph, naming: Naming, top: ResourceKey, seen: set[ResourceKey], depth: int = 0) -> Iterator[Line]:
    """The object and all below it, down to a depth that can be read. What is below one that was `seen` is left out."""
    open_keys = [(top, depth)]
    while open_keys:
        key, depth = open_keys.pop()
        targets = naming.get(key, ())
        rest = "" if not targets else "see above" if key in seen else "goes on" if depth >= _DEEPEST else ""
        yield line(*name(key), indent=INDENT * depth, note=_notes(graph.nodes[key], rest))
        if not rest:
            seen.add(key)
            open_keys += [(target, depth + 1) for target in sorted(targets, reverse=True)]


def _notes(standing: Standing, rest: str) -> Iterable[Part]:
    notes = ", ".join(filter(None, (NOTES[standing], rest)))
    if notes:
        yield (f"({notes})", "red" if standing is Standing.MISSING else "dim")


def _way(chain: Chain) -> str:
    names = [str(key) for key in chain]
    if len(names) > _LONGEST:
        half = _LONGEST // 2
        names = [*names[:half], f"... {len(names) - 2 * half} more ...", *names[-half:]]
    return " -> ".join(names)


def _sum(graph: Graph) -> Line:
    references = sum(map(len, graph.edges.values()))
    alone = len(graph.nodes) - len(graph.linked)
    rest = f"; {alone} of them without any" if alone else ""
    return line(f"{counted(len(graph.nodes), 'object')}, {counted(references, 'reference')}{rest}.")

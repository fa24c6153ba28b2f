"""Graphs written as text, for tests."""

from collections.abc import Iterable

from reconciler.domain import Graph, ResourceKey, Standing


def gate(id_: str) -> ResourceKey:
    return ResourceKey("Gate", id_)


def graph(*arrows: str, alone: Iterable[str] = ()) -> Graph:
    """The gates of ``a b`` (a refers to b); `alone` are further gates."""
    pairs = [arrow.split() for arrow in arrows]
    edges = {gate(left): frozenset(gate(to) for one, to in pairs if one == left) for left, _ in pairs}
    keys = edges.keys() | frozenset[ResourceKey]().union(*edges.values()) | {gate(id_) for id_ in alone}
    return Graph(dict.fromkeys(sorted(keys), Standing.MANIFEST), {key: edges[key] for key in sorted(edges)})

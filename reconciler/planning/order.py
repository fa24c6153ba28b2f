"""In which order steps run: what is referred to first, removals last and the other way round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from heapq import heapify, heappop, heappush

from reconciler.domain import ResourceKey, Step, Verb

_REMOVALS = frozenset({Verb.ARCHIVE, Verb.DELETE})


def order(
    steps: Iterable[Step], refers: Mapping[ResourceKey, frozenset[ResourceKey]], ranks: Mapping[str, int]
) -> tuple[Step, ...]:
    """Steps in the order in which they run, each with what it needs.

    `refers` tells what each object refers to, as it will be (for removals: as it is live). `ranks` orders kinds where
    nothing else decides; then ids do. The order depends on the values alone, never on the order of `steps`.
    """
    listed = list(steps)
    writes = {step.key: step for step in listed if step.verb not in _REMOVALS}
    removals = {step.key: step for step in listed if step.verb in _REMOVALS}
    needs = {key: refers.get(key, frozenset()) & writes.keys() - {key} for key in writes}
    users: dict[ResourceKey, set[ResourceKey]] = {key: set() for key in removals}
    for key in removals:
        for target in refers.get(key, frozenset()) & removals.keys() - {key}:
            users[target].add(key)
    return (*_sorted(writes, needs, ranks), *_sorted(removals, users, ranks))


def _sorted(
    steps: Mapping[ResourceKey, Step], needs: Mapping[ResourceKey, Iterable[ResourceKey]], ranks: Mapping[str, int]
) -> list[Step]:
    """Kahn's algorithm over a heap. What stands in a cycle, which is a finding elsewhere, comes last without needs."""

    def rank(key: ResourceKey) -> tuple[int, str, str]:
        return (ranks.get(key.kind, -1), key.kind, key.id)

    open_needs = {key: set(needs[key]) for key in steps}
    waiting: dict[ResourceKey, list[ResourceKey]] = {key: [] for key in steps}
    for key, targets in open_needs.items():
        for target in targets:
            waiting[target].append(key)
    ready = [rank(key) for key, targets in open_needs.items() if not targets]
    heapify(ready)
    done: list[Step] = []
    while ready:
        _, kind, id_ = heappop(ready)
        key = ResourceKey(kind, id_)
        done.append(replace(steps[key], needs=frozenset(needs[key])))
        for user in waiting[key]:
            open_needs[user].discard(key)
            if not open_needs[user]:
                heappush(ready, rank(user))
    placed = {step.key for step in done}
    return [*done, *(steps[key] for key in sorted(steps.keys() - placed, key=rank))]

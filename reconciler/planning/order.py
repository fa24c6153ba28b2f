"""In which order steps run: what turns something off first, removals last, and what is referred to before its users."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from heapq import heapify, heappop, heappush

from reconciler.domain import ResourceKey, Step, Verb
from reconciler.kind import Kind
from reconciler.planning.naming import Naming, users

REMOVALS = frozenset({Verb.ARCHIVE, Verb.DELETE})
"""Steps that take an object out of use."""


def order(
    steps: Iterable[Step],
    before: Naming,
    after: Naming,
    ranks: Mapping[str, int],
    first: Collection[ResourceKey] = (),
) -> tuple[Step, ...]:
    """Steps in the order in which they run, each with what it needs.

    A write needs what it refers to `after` it, also where the way leads through objects without a step; a removal needs
    the steps of all that refers to its object `before`.
    Of the writes those that are to be `first` are so, after what they need. `ranks` orders kinds where nothing else
    decides; then ids do. The order depends on the values alone, never on the order of `steps`.
    """
    listed = list(steps)
    writes = {step.key: step for step in listed if step.verb not in REMOVALS}
    removals = {step.key: step for step in listed if step.verb in REMOVALS}
    needs = {key: _next(key, writes.keys(), after) for key in writes}
    named_by = users(before)
    freed = {key: named_by.get(key, frozenset()) & (writes.keys() | removals.keys()) - {key} for key in removals}
    hurried = _with_needs(first, needs)
    last = _sorted(removals, {key: found & removals.keys() for key, found in freed.items()}, ranks)
    return (
        *_sorted(writes, needs, ranks, hurried),
        *(replace(step, needs=step.needs | freed[step.key] & writes.keys()) for step in last),
    )


def _next(key: ResourceKey, writes: Collection[ResourceKey], after: Naming) -> frozenset[ResourceKey]:
    """The first writes on all ways that lead on from an object."""
    found: set[ResourceKey] = set()
    passed = {key}
    open_keys = list(after.get(key, ()))
    while open_keys:
        target = open_keys.pop()
        if target in passed:
            continue
        passed.add(target)
        if target in writes:
            found.add(target)
        else:
            open_keys += after.get(target, ())
    return frozenset(found)


def urgent(steps: Iterable[Step], kinds: Mapping[str, Kind]) -> frozenset[ResourceKey]:
    """The objects that steps turn off: in an emergency nothing else may delay them."""
    return frozenset(step.key for step in steps if step.key.kind in kinds and kinds[step.key.kind].turns_off(step))


def _with_needs(keys: Iterable[ResourceKey], needs: Naming) -> set[ResourceKey]:
    found: set[ResourceKey] = set()
    open_keys = list(keys)
    while open_keys:
        key = open_keys.pop()
        if key not in found:
            found.add(key)
            open_keys += needs.get(key, ())
    return found


def _sorted(
    steps: Mapping[ResourceKey, Step],
    needs: Mapping[ResourceKey, Iterable[ResourceKey]],
    ranks: Mapping[str, int],
    first: Collection[ResourceKey] = (),
) -> list[Step]:
    """Kahn's algorithm over a heap. What stands in a cycle, which is a finding elsewhere, comes last without needs."""

    def rank(key: ResourceKey) -> tuple[bool, int, str, str]:
        return (key not in first, ranks.get(key.kind, -1), key.kind, key.id)

    open_needs = {key: set(needs[key]) for key in steps}
    waiting: dict[ResourceKey, list[ResourceKey]] = {key: [] for key in steps}
    for key, targets in open_needs.items():
        for target in targets:
            waiting[target].append(key)
    ready = [rank(key) for key, targets in open_needs.items() if not targets]
    heapify(ready)
    done: list[Step] = []
    while ready:
        *_, kind, id_ = heappop(ready)
        key = ResourceKey(kind, id_)
        done.append(replace(steps[key], needs=frozenset(needs[key])))
        for user in waiting[key]:
            open_needs[user].discard(key)
            if not open_needs[user]:
                heappush(ready, rank(user))
    placed = {step.key for step in done}
    return [*done, *(steps[key] for key in sorted(steps.keys() - placed, key=rank))]

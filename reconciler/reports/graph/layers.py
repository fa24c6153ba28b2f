"""Boxes in layers: what refers to others stands further left, with few crossings. Boxes are numbers from 0.

0 -> 1 -> 2       layers 0, 1, 2; a long arrow such as 0 -> 2 gets a bend in each layer that it passes,
0 ------> 2       so that it is led around the boxes there
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_SWEEPS = 6
_MOST_BENDS = 20_000
"""Beyond this many, long arrows run straight: nobody follows them any more."""

Targets = Sequence[Sequence[int]]
"""What each box refers to."""


@dataclass(slots=True)
class Layers:
    """The layers from left to right, each from top to bottom.

    `routes`: for each arrow the boxes and bends that it passes, from its first box to its last. Bends are numbers too,
    from the number of boxes on.
    """

    rows: list[list[int]]
    routes: list[list[int]] = field(default_factory=list)


def layered(targets: Targets) -> Layers:
    """Every box in its layer, and the way of every arrow."""
    forward, finished = _without_circles(targets)
    rank = _ranks(forward, finished)
    layers = Layers([[] for _ in range(max(rank, default=-1) + 1)])
    for box in reversed(finished):
        layers.rows[rank[box]].append(box)
    _route(layers, forward, targets, rank)
    _untangle(layers)
    return layers


def _without_circles(targets: Targets) -> tuple[list[list[int]], list[int]]:
    """The arrows without those that close a circle, and the boxes in an order in which what they refer to is first."""
    forward: list[list[int]] = [[] for _ in targets]
    finished: list[int] = []
    seen, open_ = [False] * len(targets), [False] * len(targets)
    for root in range(len(targets)):
        way = [] if seen[root] else [(root, iter(targets[root]))]
        while way:
            box, rest = way[-1]
            seen[box] = open_[box] = True
            target = next(rest, None)
            if target is None:
                way.pop()
                open_[box] = False
                finished.append(box)
            elif not open_[target]:
                forward[box].append(target)
                if not seen[target]:
                    way.append((target, iter(targets[target])))
    return forward, finished


def _ranks(forward: Targets, finished: Sequence[int]) -> list[int]:
    """The longest way to each box; what nothing refers to stands right before the first that it refers to."""
    rank = [0] * len(forward)
    for box in reversed(finished):
        for target in forward[box]:
            rank[target] = max(rank[target], rank[box] + 1)
    used = {target for each in forward for target in each}
    for box, below in enumerate(forward):
        if box not in used and below:
            rank[box] = min(rank[target] for target in below) - 1
    return rank


def _route(layers: Layers, forward: Targets, targets: Targets, rank: Sequence[int]) -> None:
    steps = sum(rank[target] - rank[box] - 1 for box, below in enumerate(forward) for target in below)
    bend = len(targets)
    for box, below in enumerate(targets):
        kept = set(forward[box])
        for target in below:
            passed = range(rank[box] + 1, rank[target]) if target in kept and steps <= _MOST_BENDS else range(0)
            bends = list(range(bend, bend + len(passed)))
            bend += len(bends)
            for at, number in zip(passed, bends, strict=True):
                layers.rows[at].append(number)
            layers.routes.append([box, *bends, target])


def _untangle(layers: Layers) -> None:
    """Sort each layer by where its neighbours stand, to and fro, until few arrows cross."""
    before, after = neighbours(layers)
    for sweep in range(_SWEEPS):
        sides = before if sweep % 2 == 0 else after
        rows = layers.rows if sweep % 2 == 0 else layers.rows[::-1]
        for fixed, row in pairwise(rows):
            place = {box: number for number, box in enumerate(fixed)}
            row.sort(key=dict(_means(row, sides, place)).__getitem__)


def neighbours(layers: Layers) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """What is joined to each box and bend by an arrow from the left, and by one to the right."""
    before: dict[int, list[int]] = {}
    after: dict[int, list[int]] = {}
    for route in layers.routes:
        for left, right in pairwise(route):
            before.setdefault(right, []).append(left)
            after.setdefault(left, []).append(right)
    return before, after


def _means(row: Sequence[int], sides: dict[int, list[int]], place: dict[int, int]) -> Iterator[tuple[int, float]]:
    """Where each of the row would like to stand; what is joined to nothing in the fixed layer stays where it is."""
    for number, box in enumerate(row):
        joined = [place[other] for other in sides.get(box, ()) if other in place]
        yield box, sum(joined) / len(joined) if joined else float(number)

"""Where each box stands, in pixels: groups that no arrow joins are laid out by themselves and packed in rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from math import sqrt

from reconciler.reports.graph.layers import Layers, Targets, layered, neighbours

HEIGHT = 40
"""Of a box."""
_GAP, _BEND, _BETWEEN, _APART = 14, 16, 64, 36
"""Pixels between boxes of a layer, for an arrow that passes it, between layers, and between groups."""
_SWEEPS = 6
_WIDER = 1.8
"""How much wider than high the whole is, about."""

Point = tuple[float, float]


@dataclass(slots=True)
class Spots:
    """The left upper corner of each box, the points of each arrow from end to end, and the size of it all."""

    boxes: dict[int, Point] = field(default_factory=dict)
    arrows: list[list[Point]] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0


def placed(targets: Targets, widths: Sequence[float]) -> Spots:
    """Every box at its place."""
    groups = [_laid_out(group, targets, widths) for group in _groups(targets)]
    groups.sort(key=lambda spots: -spots.height)
    area = sum((spots.width + _APART) * (spots.height + _APART) for spots in groups)
    limit = max([sqrt(area * _WIDER), *(spots.width for spots in groups)])
    whole, x, y, bottom = Spots(), 0.0, 0.0, 0.0
    for spots in groups:
        if x and x + spots.width > limit:
            x, y = 0.0, bottom + _APART
        _add(whole, spots, x, y)
        x, bottom = x + spots.width + _APART, max(bottom, y + spots.height)
    return whole


def _add(whole: Spots, spots: Spots, x: float, y: float) -> None:
    whole.boxes |= {box: (left + x, top + y) for box, (left, top) in spots.boxes.items()}
    whole.arrows += [[(left + x, top + y) for left, top in arrow] for arrow in spots.arrows]
    whole.width = max(whole.width, x + spots.width)
    whole.height = max(whole.height, y + spots.height)


def _groups(targets: Targets) -> Iterator[list[int]]:
    """The boxes that arrows join, whatever their direction."""
    joined: list[list[int]] = [list(below) for below in targets]
    for box, below in enumerate(targets):
        for target in below:
            joined[target].append(box)
    seen: set[int] = set()
    for start in range(len(targets)):
        group = [] if start in seen else [start]
        seen.add(start)
        for box in group:  # it grows while it is read
            fresh = [other for other in dict.fromkeys(joined[box]) if other not in seen]
            seen.update(fresh)
            group += fresh
        if group:
            yield sorted(group)


def _laid_out(group: Sequence[int], targets: Targets, widths: Sequence[float]) -> Spots:
    number = {box: at for at, box in enumerate(group)}
    layers = layered([[number[target] for target in targets[box]] for box in group])
    wide = [widths[box] for box in group]
    middle = _middles(layers, len(group))
    columns = [max((wide[box] for box in row if box < len(group)), default=0.0) for row in layers.rows]
    lefts = list(accumulate(columns, lambda x, width: x + width + _BETWEEN, initial=0.0))
    column = {box: at for at, row in enumerate(layers.rows) for box in row}
    spots = Spots(width=lefts[-1] - _BETWEEN, height=max(middle.values()) + HEIGHT / 2)
    spots.boxes = {box: (lefts[column[at]], middle[at] - HEIGHT / 2) for at, box in enumerate(group)}
    for start, *bends, end in layers.routes:
        points = [(lefts[column[start]] + wide[start], middle[start])]
        for bend in bends:
            left = lefts[column[bend]]
            points += [(left, middle[bend]), (left + columns[column[bend]], middle[bend])]
        spots.arrows.append([*points, (lefts[column[end]], middle[end])])
    return spots


def _middles(layers: Layers, boxes: int) -> dict[int, float]:
    """How far down the middle of each box and bend is: near its neighbours, in the order of its layer."""
    half = {at: (HEIGHT + _GAP if at < boxes else _BEND) / 2 for row in layers.rows for at in row}
    middle: dict[int, float] = {}
    for row in layers.rows:
        middle |= zip(row, _spread([0.0] * len(row), row, half), strict=True)
    before, after = neighbours(layers)
    for sweep in range(_SWEEPS):
        rows, sides = (layers.rows, before) if sweep % 2 == 0 else (layers.rows[::-1], after)
        for row in rows[1:]:
            wished = [_mean([middle[other] for other in sides.get(at, ())], middle[at]) for at in row]
            middle |= zip(row, _spread(wished, row, half), strict=True)
    top = min(middle.values()) - HEIGHT / 2
    return {at: y - top for at, y in middle.items()}


def _mean(numbers: Sequence[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise


def _spread(wished: Sequence[float], row: Sequence[int], half: dict[int, float]) -> list[float]:
    """As near as can be to what is `wished`, in order and without overlap (pool adjacent violators)."""
    offsets = list(accumulate((half[one] + half[other] for one, other in pairwise(row)), initial=0.0))[: len(row)]
    pools: list[tuple[float, int]] = []
    for wish, offset in zip(wished, offsets, strict=True):
        total, many = wish - offset, 1
        while pools and pools[-1][0] * many > total * pools[-1][1]:
            total, many = total + pools[-1][0], many + pools.pop()[1]
        pools.append((total, many))
    level = [total / many for total, many in pools for _ in range(many)]
    return [height + offset for height, offset in zip(level, offsets, strict=True)]

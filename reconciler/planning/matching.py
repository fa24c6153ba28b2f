"""Which item of a desired list is which live one.

Each step takes what the steps before left over:

1. by a pin: an explicit id of the live item;
2. by key, equal items first, then in order. Each time a twin that has just the key comes before one whose key has what
the desired item does not mention besides: that is carried over, as everything is that a manifest leaves out;
3. by content: items that differ in nothing but their name, then items whose telling fields are equal. They were
renamed;
4. by place, where one item is left on both sides.

Where a twin is guessed, an item that is new must not inherit what its manifest does not mention from one that goes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from reconciler.domain import Json, Tree
from reconciler.meaning import KeyedBy
from reconciler.shape import Shape

Equal = Callable[[Tree, Tree], bool]


@dataclass(frozen=True, slots=True)
class Pair:
    """A desired item with its live twin and the twin's position (from 0), if it has one.

    `by_place`: nothing but the place tells that they are twins.
    """

    desired: Tree
    live: Tree | None = None
    live_at: int | None = None
    by_place: bool = False


def match(shape: Shape, keyed: KeyedBy, desired: list[Tree], live: list[Tree], equal: Equal) -> list[Pair]:
    """Each desired item, in its order, with its live twin. `equal` tells whether two items differ in no content."""
    everyone = range(len(live))
    same_key = list(_sharing(shape, desired, live, lambda _: keyed.fields))
    said_key = list(_sharing(shape, desired, live, lambda item: tuple(name for name in keyed.fields if name in item)))
    loosely = list(_sharing(shape, desired, live, lambda item: tuple(filter(item.__contains__, keyed.loosely))))
    loosely = loosely if keyed.loosely else same_key
    pinned = [everyone if pins(keyed, item) else () for item in desired]
    anyone = [everyone if keyed.named else () for _ in desired]
    steps: list[tuple[Sequence[Sequence[int]], Equal]] = [
        (pinned, lambda item, other: bool(pins(keyed, item) & pins(keyed, other))),
        (same_key, equal),
        (said_key, equal),
        (same_key, lambda _, __: True),
        (said_key, lambda _, __: True),
        (anyone, equal),
        (anyone, lambda one, two: says_same(keyed, one, two, equal) and _leaves_nothing(shape, keyed, one, two)),
        (loosely, lambda one, two: _leaves_nothing(shape, keyed, one, two)),
    ]
    found = _taken(steps, desired, live)
    pairs = [
        Pair(item, live[found[position]], found[position]) if position in found else Pair(item)
        for position, item in enumerate(desired)
    ]
    new = [position for position, pair in enumerate(pairs) if pair.live is None]
    alone = sorted(set(everyone).difference(found.values()))
    if keyed.named and len(new) == len(alone) == 1:
        (position,), (at,) = new, alone
        pairs[position] = _last(shape, keyed, Pair(desired[position], live[at], at), position)
    return pairs


def _taken(
    steps: Iterable[tuple[Sequence[Sequence[int]], Equal]], desired: list[Tree], live: list[Tree]
) -> dict[int, int]:
    """The positions of desired items with those of their twins. Each step names candidates, and how to choose."""
    found: dict[int, int] = {}
    taken: set[int] = set()
    for candidates, fits in steps:
        for position, item in enumerate(desired):
            rest = (at for at in candidates[position] if at not in taken) if position not in found else ()
            twin = next((at for at in rest if fits(item, live[at])), None)
            if twin is not None:
                found[position] = twin
                taken.add(twin)
    return found


def _last(shape: Shape, keyed: KeyedBy, pair: Pair, position: int) -> Pair:
    """The last item on both sides: a pair if both stand in the same place."""
    item, other = pair.desired, pair.live or {}
    in_place = keyed.ordered and position == pair.live_at and not pins(keyed, item)
    return replace(pair, by_place=True) if in_place and _leaves_nothing(shape, keyed, item, other) else Pair(item)


def _sharing(
    shape: Shape, desired: list[Tree], live: list[Tree], names_of: Callable[[Tree], tuple[str, ...]]
) -> Iterator[Sequence[int]]:
    """For each desired item the positions of the live ones that have the same in the fields that it goes by."""
    indexes: dict[tuple[str, ...], dict[Hashable, list[int]]] = {}
    for item in desired:
        names = names_of(item)
        if names not in indexes:
            indexes[names] = {}
            for at, other in enumerate(live):
                indexes[names].setdefault(_forms(shape, names, other), []).append(at)
        yield indexes[names].get(_forms(shape, names, item), ())


def says_same(keyed: KeyedBy, item: Tree, other: Tree, equal: Equal) -> bool:
    """Whether the telling fields of an item are all there, and equal."""
    told = {name: item[name] for name in keyed.telling if name in item}
    return bool(told) and len(told) == len(keyed.telling) and equal(told, other)


def _leaves_nothing(shape: Shape, keyed: KeyedBy, item: Tree, other: Tree) -> bool:
    """Whether the live item has nothing that the desired one does not mention."""
    handed_down = shape.fields.keys() - item.keys() - {*keyed.carry, *keyed.fields, *shape.twins}
    return all(
        other.get(name) in (None, [], "") or shape.fields[name].form(other[name]) == shape.fields[name].form(None)
        for name in handed_down
    )


def pins(keyed: KeyedBy, item: Tree) -> set[str]:
    """The constant parts of an item's ids, which the service may write as ``base:percentage:revision``."""
    return {str(item[name]).split(":")[0] for name in keyed.carry if item.get(name)}


def _forms(shape: Shape, names: tuple[str, ...], item: Tree) -> tuple[Json, ...]:
    return tuple(shape.fields[name].form(item.get(name)) for name in names)


def longest_rise(order: list[int]) -> set[int]:
    """The members of a longest strictly rising subsequence: the items that need not move."""
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for value in order:
        at = bisect_left(tails, value)
        before[value] = tails[at - 1] if at else None
        tails[at : at + 1] = [value]
    rise: set[int] = set()
    last = tails[-1] if tails else None
    while last is not None:
        rise.add(last)
        last = before[last]
    return rise

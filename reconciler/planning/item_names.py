"""Items that go under another name: what is said where their ids may not be those that somebody meant.

The ids of a rule decide how units are spread, and what its results belong to. A manifest knows rules by name.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.domain import Path, Problem, Severity, Tree
from reconciler.domain.listing import few
from reconciler.meaning import KeyedBy
from reconciler.planning.matching import Equal, Pair, pins, says_same


def name_hints(keyed: KeyedBy, here: Path, pairs: list[Pair], gone: list[Tree], equal: Equal) -> tuple[Problem, ...]:
    """What to say of the list at `here`, whose live items in `gone` have no twin. `equal`: see `match`."""
    if not (keyed.named and keyed.carry):
        return ()
    hints = _Hints(keyed, here)
    return (*hints.new(pairs, gone), *hints.in_place(pairs), *hints.swapped(pairs, equal))


class _Hints:
    """The hints about one list."""

    def __init__(self, keyed: KeyedBy, here: Path) -> None:
        self._keyed, self._here = keyed, here
        self._key, self._pin = keyed.fields[0], keyed.carry[-1]

    def _hint(self, code: str, message: str, cure: str) -> Problem:
        return Problem(code, f"{self._here[-1]}: {message}", cure, self._here[:1], Severity.WARNING)

    def new(self, pairs: list[Pair], gone: list[Tree]) -> Iterator[Problem]:
        """New items beside some that go: if it is the same one under another name, its ids should be kept."""
        new = [pair.desired for pair in pairs if pair.live is None]
        if not (new and gone):
            return
        named = few(repr(item[self._key]) for item in new)
        known = few(f"{item.get(self._key)!r} ({self._pin}: {item.get(self._pin)})" for item in gone)
        message = f"{named} will be new, with new ids: units are spread anew, and results begin again"
        cure = f"if it is one of those that go under another name, state its {self._pin}: {known}"
        yield self._hint("PLAN/new-ids", message, cure)

    def in_place(self, pairs: list[Pair]) -> Iterator[Problem]:
        """An item that nothing but its place tells to be the live one."""
        for pair in pairs:
            if pair.live is not None and pair.by_place:
                desired, live = pair.desired[self._key], pair.live.get(self._key)
                message = f"{desired!r} is taken for {live!r}, in whose place it stands, and keeps its ids"
                yield self._hint("PLAN/renamed", message, f"if it is another one, remove {live!r} in a run before")

    def swapped(self, pairs: list[Pair], equal: Equal) -> Iterator[Problem]:
        """Items that have what others of them have live, all in a circle: as if nothing but names had changed."""
        keyed, moved = self._keyed, [pair for pair in pairs if self._is_changed(pair, equal)]
        origin = [
            (pair, other)
            for pair in moved
            for other in moved
            if pair is not other and says_same(keyed, pair.desired, other.live or {}, equal)
        ]
        if not origin or {id(pair) for pair, _ in origin} != {id(other) for _, other in origin}:
            return
        names = " and ".join(repr(pair.desired[self._key]) for pair, _ in origin)
        which = f"each other's {' and '.join(keyed.telling)}"
        meant = (f"{self._pin}: {(other.live or {}).get(self._pin)} in {p.desired[self._key]!r}" for p, other in origin)
        message = f"{names} have {which}; ids stay with the names, and units are spread by them"
        yield self._hint("PLAN/swapped", message, f"if just the names changed, state {few(meant)}")

    def _is_changed(self, pair: Pair, equal: Equal) -> bool:
        """Whether an item is known by its name alone, and what it tells is another."""
        live = pair.live
        if live is None or pair.desired[self._key] != live.get(self._key) or pins(self._keyed, pair.desired):
            return False
        return not says_same(self._keyed, pair.desired, live, equal)

"""The picture of what a plan touches, of what that refers to, and of what depends on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from reconciler.domain import Graph, ResourceKey, Standing, Step
from reconciler.kinds import KINDS
from reconciler.planning.graph import NAMES_ONLY, within, without
from reconciler.planning.naming import Naming, chains, either, naming_after, users, written
from reconciler.reports.graph.picture import Look, picture
from reconciler.reports.html.item import Item

MOST = 300
"""Objects in one picture: more than that nobody can look at."""


def touched(steps: Iterable[Step], asked_by: Naming, items: Iterable[Item]) -> tuple[str, int]:
    """The picture ("" where nothing refers to anything), and how many objects there was no room for.

    `asked_by`: as in `Plan`.
    """
    by_key = {item.key: item for item in items if item.key.kind not in NAMES_ONLY}
    whole = without(_graph([step for step in steps if step.key in by_key], asked_by), NAMES_ONLY)
    shown = within(whole, _first(by_key, whole, asked_by, MOST))
    if not shown.linked:
        return "", 0
    title = "What is touched, what it refers to, and what depends on it"
    return picture(shown, title, lambda key: _look(by_key.get(key))), len(whole.linked) - len(shown.linked)


def _graph(steps: Collection[Step], asked_by: Naming) -> Graph:
    """What each object refers to, before the plan or after it."""
    bases = [(step.key, step.base) for step in steps if step.base is not None and step.key.kind in KINDS]
    own = either(naming_after(KINDS, {}, bases), {step.key: written(KINDS, step) for step in steps})
    naming = either(own, users(asked_by))
    keys = naming.keys() | frozenset[ResourceKey]().union(*naming.values())
    return Graph(dict.fromkeys(sorted(keys), Standing.NAMED), naming)


def _first(order: Iterable[ResourceKey], graph: Graph, asked_by: Naming, most: int) -> Collection[ResourceKey]:
    """As many of the objects as fit, in this order, each with what it refers to and what depends on it."""
    kept: set[ResourceKey] = set()
    linked = graph.linked
    for key in order:
        more = {*chains(key, asked_by), *graph.edges.get(key, ())} if key in linked else set()
        if len(kept | more) > most:
            break
        kept |= more
    return kept


def _look(item: Item | None) -> Look:
    return Look(item.status or item.verb, item.tone, f"#{item.anchor}") if item else Look(tone="bare")

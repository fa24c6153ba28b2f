"""What drift of an object is about: somebody pulled the plug, a rollout went on, an experiment lives its life."""

from __future__ import annotations

from reconciler.domain import Action, FieldChange, ItemName, Path, Sort, Step, Tree
from reconciler.kind import Kind
from reconciler.planning.emergency import is_off
from reconciler.targeting.rollout import is_share

_WORDS = frozenset({"name", "description", "tags", "owner", "team", "teamID"})
_LIFE = frozenset({"status", "launchedGroup", "decisionReason"})


def sort_of(kind: Kind, step: Step, desired: Tree, live: Tree) -> Sort:
    """The most urgent of what its differences are about."""
    if is_off(kind, desired, live) and any(change.path == ("status",) for change in step.fields):
        return Sort.OFF
    found = {_of_field(kind, change) for change in step.fields}
    return min(found, key=list(Sort).index, default=Sort.OTHER)


def _of_field(kind: Kind, change: FieldChange) -> Sort:
    top = change.path[0]
    if kind.running and top in _LIFE:
        return Sort.LIFE
    if top in _WORDS or _is_description(change.path) or change.action is Action.RENAME:
        return Sort.COSMETIC
    if is_share(change.path) or (kind.running and top == "allocation"):
        return Sort.ROLLOUT
    return Sort.OTHER


def _is_description(path: Path) -> bool:
    """Whether it is that of the object or of an item of a list of it: ``rules["Beta"].description``.

    A value may have a key that is called the same.
    """
    lists, items = path[:-1:2], path[1:-1:2]
    is_item = len(lists) == len(items) and all(isinstance(item, ItemName) for item in items)
    return path[-1] == "description" and is_item

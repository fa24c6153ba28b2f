"""Differences inside free JSON values, such as the value of a config or the parameters of a group."""

from __future__ import annotations

from deepdiff import DeepDiff

from reconciler.domain import Action, FieldChange, Json, Path, path_text
from reconciler.forms import levels_of, plain_number

_MOST_LOOKED_INTO = 1000
"""Values within one value. Of more nobody wants a line each, and to pair them takes long; texts tell them better."""
_ACTIONS = {
    "dictionary_item_added": Action.ADD,
    "iterable_item_added": Action.ADD,
    "dictionary_item_removed": Action.REMOVE,
    "iterable_item_removed": Action.REMOVE,
}


def json_changes(desired: Json, live: Json, here: Path) -> tuple[FieldChange, ...]:
    """Each leaf that differs, with its path; 1 and 1.0 are the same number, true is no number.

    A value that is nested too deeply to be looked into, or too large, is one change.
    """
    if max(_size(desired), _size(live)) > _MOST_LOOKED_INTO:
        return (FieldChange(here, Action.SET, live, desired),)
    try:
        diff = DeepDiff(
            _told_apart(live),
            _told_apart(desired),
            view="tree",
            threshold_to_diff_deeper=0,
            ignore_private_variables=False,
        )
        changes = [
            _change(level, _ACTIONS.get(report, Action.SET), here)
            for report, levels in diff.items()
            for level in levels
        ]
    except RecursionError:
        changes = []
    if not changes:
        return (FieldChange(here, Action.SET, live, desired),)
    return tuple(sorted(changes, key=lambda change: (path_text(change.path), change.action)))


def _size(value: Json) -> int:
    """How many values there are in this one, itself included; many where it is nested without end."""
    levels = list(levels_of(value, _MOST_LOOKED_INTO))
    return sum(map(len, levels)) if len(levels) < _MOST_LOOKED_INTO else _MOST_LOOKED_INTO + 1


_BOOLEANS = {True: "\ue000true", False: "\ue000false"}
"""The library takes true for 1 inside of lists. These stand for booleans meanwhile."""

_BACK = {text: value for value, text in _BOOLEANS.items()}


def _told_apart(value: Json) -> Json:
    """The value with 1 for 1.0, since the library takes another type for another value, and without booleans."""
    if isinstance(value, dict):
        return {key: _told_apart(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_told_apart(item) for item in value]
    if isinstance(value, bool):
        return _BOOLEANS[value]
    return plain_number(value) if isinstance(value, float) else value


def _as_it_was(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _as_it_was(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_it_was(item) for item in value]
    return _BACK.get(value, value) if isinstance(value, str) else value


def _change(level: Json, action: Action, here: Path) -> FieldChange:
    live = None if action is Action.ADD else _as_it_was(level.t1)
    desired = None if action is Action.REMOVE else _as_it_was(level.t2)
    return FieldChange((*here, *level.path(output_format="list")), action, live, desired)

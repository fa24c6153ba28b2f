"""Differences inside free JSON values, such as the value of a config or the parameters of a group."""

from __future__ import annotations

from deepdiff import DeepDiff

from reconciler.domain import Action, FieldChange, Json, Path, path_text
from reconciler.forms import plain_number

_ACTIONS = {
    "dictionary_item_added": Action.ADD,
    "iterable_item_added": Action.ADD,
    "dictionary_item_removed": Action.REMOVE,
    "iterable_item_removed": Action.REMOVE,
}


def json_changes(desired: Json, live: Json, here: Path) -> tuple[FieldChange, ...]:
    """Each leaf that differs, with its path; 1 and 1.0 are the same number, true is no number.

    A value that is nested too deeply to be looked into is one change.
    """
    try:
        diff = DeepDiff(_plain(live), _plain(desired), view="tree", threshold_to_diff_deeper=0)
        changes = [
            _change(level, _ACTIONS.get(report, Action.SET), here)
            for report, levels in diff.items()
            for level in levels
        ]
    except RecursionError:
        return (FieldChange(here, Action.SET, live, desired),)
    return tuple(sorted(changes, key=lambda change: (path_text(change.path), change.action)))


def _plain(value: Json) -> Json:
    """1 for 1.0: to the library another type is another value, which is right for true and 1 only."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return plain_number(value) if isinstance(value, float) else value


def _change(level: Json, action: Action, here: Path) -> FieldChange:
    live = None if action is Action.ADD else level.t1
    desired = None if action is Action.REMOVE else level.t2
    return FieldChange((*here, *level.path(output_format="list")), action, live, desired)

"""Differences inside free JSON values, such as the value of a config or the parameters of a group."""

from __future__ import annotations

from deepdiff import DeepDiff

from reconciler.domain import Action, FieldChange, Json, Path, path_text

_ACTIONS = {
    "dictionary_item_added": Action.ADD,
    "iterable_item_added": Action.ADD,
    "dictionary_item_removed": Action.REMOVE,
    "iterable_item_removed": Action.REMOVE,
}


def json_changes(desired: Json, live: Json, here: Path) -> tuple[FieldChange, ...]:
    """Each leaf that differs, with its path; 1 and 1.0 are the same number, true is no number."""
    diff = DeepDiff(
        live, desired, view="tree", ignore_numeric_type_changes=True, verbose_level=2, threshold_to_diff_deeper=0
    )
    changes = [
        _change(level, _ACTIONS.get(report, Action.SET), here) for report, levels in diff.items() for level in levels
    ]
    if not changes:  # equal for Python, such as true and 1, and not equal as JSON
        return (FieldChange(here, Action.SET, live, desired),)
    return tuple(sorted(changes, key=lambda change: (path_text(change.path), change.action)))


def _change(level: Json, action: Action, here: Path) -> FieldChange:
    live = None if action is Action.ADD else level.t1
    desired = None if action is Action.REMOVE else level.t2
    return FieldChange((*here, *level.path(output_format="list")), action, live, desired)

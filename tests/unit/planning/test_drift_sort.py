"""What drift of one object is about, by the places that differ."""

from __future__ import annotations

import pytest

from reconciler.domain import Action, FieldChange, ItemName, Path, ResourceKey, Sort, Step, Verb
from reconciler.kinds import KINDS
from reconciler.planning.drift_sort import sort_of
from reconciler.targeting.rollout import is_share

BETA: Path = ("rules", ItemName("Beta"))
SPLIT: Path = (*BETA, "variants", ItemName("A"))
GROUP: Path = ("groups", ItemName("B"))


def sort(kind: str, path: Path) -> Sort:
    step = Step(ResourceKey(kind, "x"), Verb.UPDATE, (), (FieldChange(path, Action.SET, 1, 2),))
    return sort_of(KINDS[kind], step, {}, {})


@pytest.mark.parametrize(
    ("kind", "path", "expected"),
    [
        ("DynamicConfig", ("description",), Sort.COSMETIC),
        ("Experiment", (*GROUP, "description"), Sort.COSMETIC),
        ("DynamicConfig", ("defaultValue", "description"), Sort.OTHER),
        ("DynamicConfig", ("defaultValue", "items", 0, "description"), Sort.OTHER),
        ("DynamicConfig", (*BETA, "returnValue", "description"), Sort.OTHER),
        ("DynamicConfig", (*SPLIT, "returnValue", "page", "description"), Sort.OTHER),
        ("Experiment", (*GROUP, "parameterValues", "description"), Sort.OTHER),
        ("Experiment", (*GROUP, "parameterValues", "page", "description"), Sort.OTHER),
        ("Gate", (*BETA, "passPercentage"), Sort.ROLLOUT),
        ("Gate", (*BETA, "pendingAutomatedRollouts", 0), Sort.ROLLOUT),
        ("Gate", (*BETA, "completedAutomatedRollouts", 0, "passPercent"), Sort.ROLLOUT),
        ("DynamicConfig", (*SPLIT, "passPercentage"), Sort.ROLLOUT),
        ("DynamicConfig", ("defaultValue", "passPercentage"), Sort.OTHER),
        ("DynamicConfig", (*BETA, "returnValue", "passPercentage"), Sort.OTHER),
        ("DynamicConfig", (*SPLIT, "returnValue", "passPercentage"), Sort.OTHER),
        ("Experiment", (*GROUP, "parameterValues", "passPercentage"), Sort.OTHER),
        ("DynamicConfig", ("defaultValue", "name"), Sort.OTHER),
        ("Experiment", ("allocation",), Sort.ROLLOUT),
    ],
)
def test_a_name_within_a_value_says_nothing_of_what_drift_is_about(kind: str, path: Path, expected: Sort) -> None:
    assert sort(kind, path) is expected
    assert is_share(path) == (expected is Sort.ROLLOUT and path[-1] != "allocation")

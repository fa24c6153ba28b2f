"""Differences inside free values are shown where they are, not as two values to compare by eye."""

from __future__ import annotations

import pytest

from reconciler.domain import Action, Tree, path_text
from reconciler.planning.json_diff import json_changes
from tests.unit.planning.making import changes, patch, plan_against, resource


def told(live: Tree, desired: Tree) -> list[tuple[str, Action, object, object]]:
    return [
        (path_text(change.path), change.action, change.live, change.desired)
        for change in json_changes(desired, live, ("defaultValue",))
    ]


@pytest.mark.parametrize(
    ("live", "desired", "expected"),
    [
        ({"a": 1}, {"a": 2}, [("defaultValue.a", Action.SET, 1, 2)]),
        ({"a": 1}, {"a": 1, "b": None}, [("defaultValue.b", Action.ADD, None, None)]),
        ({"a": 1, "b": {"c": 1}}, {"a": 1}, [("defaultValue.b", Action.REMOVE, {"c": 1}, None)]),
        ({"a": {"b": [1, {"c": 1}]}}, {"a": {"b": [1, {"c": 2}]}}, [("defaultValue.a.b[1].c", Action.SET, 1, 2)]),
        ({"a": [1, 3]}, {"a": [1, 2, 3]}, [("defaultValue.a[1]", Action.ADD, None, 2)]),
        ({"a": [1, 2, 3]}, {"a": [1, 3]}, [("defaultValue.a[1]", Action.REMOVE, 2, None)]),
        ({"a": "1"}, {"a": 1}, [("defaultValue.a", Action.SET, "1", 1)]),
        ({"a": [1]}, {"a": {"b": 1}}, [("defaultValue.a", Action.SET, [1], {"b": 1})]),
        ({"a": None}, {"a": {}}, [("defaultValue.a", Action.SET, None, {})]),
        ({"a b": 1, "c.d": 1}, {"a b": 2, "c.d": 2}, [('defaultValue["a b"]', Action.SET, 1, 2),
                                                     ('defaultValue["c.d"]', Action.SET, 1, 2)]),
        ({"b": 1, "a": 1}, {"a": 2, "b": 2},
         [("defaultValue.a", Action.SET, 1, 2), ("defaultValue.b", Action.SET, 1, 2)]),
        ({"a": "one\ntwo"}, {"a": "one\nthree"}, [("defaultValue.a", Action.SET, "one\ntwo", "one\nthree")]),
        ({"1": "x"}, {"1": "y"}, [('defaultValue["1"]', Action.SET, "x", "y")]),
        ({"a'b\"c": 1}, {"a'b\"c": 2}, [("defaultValue[\"a'b\"c\"]", Action.SET, 1, 2)]),
    ],
)  # fmt: skip
def test_each_leaf_that_differs_is_told(
    live: Tree, desired: Tree, expected: list[tuple[str, Action, object, object]]
) -> None:
    assert told(live, desired) == expected


def test_numbers_of_another_spelling_are_not_told_beside_a_real_difference() -> None:
    assert [path for path, *_ in told({"a": 1, "b": 1}, {"a": 1.0, "b": 2})] == ["defaultValue.b"]


def test_a_boolean_is_no_number() -> None:
    assert told({"a": 1, "b": 1}, {"a": True, "b": 1.0}) == [("defaultValue.a", Action.SET, 1, True)]


def test_a_value_is_sent_as_a_whole_however_small_its_difference() -> None:
    live = {"defaultValue": {"a": 1, "b": {"c": 1}}}
    plan = plan_against(live, resource("DynamicConfig", "defaultValue: {a: 1, b: {c: 2}}"))
    assert changes(plan) == [("defaultValue.b.c", Action.SET)]
    assert patch(plan) == {"defaultValue": {"a": 1, "b": {"c": 2}}}


def test_a_new_value_is_told_as_a_whole() -> None:
    plan = plan_against({}, resource("DynamicConfig", "defaultValue: {a: 1}"))
    assert changes(plan) == [("defaultValue", Action.SET)]


def test_a_value_that_is_too_large_to_look_into_is_one_change() -> None:
    live = {"names": [f"name {number}" for number in range(2_000)]}
    desired = {"names": [*live["names"], "one more"]}
    (change,) = json_changes(desired, live, ("defaultValue",))
    assert (change.path, change.action, change.live, change.desired) == (("defaultValue",), Action.SET, live, desired)

"""What each condition type takes: its operators, the shape of `targetValue`, and which further field it needs.

Source: the vendor's former reference of conditions, its migration tool's operators, and the condition schema of the
Console API.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Shape(StrEnum):
    """The shape of a `targetValue`."""

    NOTHING = "no targetValue"
    LIST = "a list"
    TEXT = "one text"
    NUMBER = "one number"
    TIME = "one time in epoch milliseconds"
    ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class ConditionType:
    """Operators with their target shapes; a condition without operators takes `bare`. `needs`: a required field."""

    operators: Mapping[str, Shape]
    bare: Shape | None = None
    needs: str | None = None


def _take(shape: Shape, *operators: str) -> dict[str, Shape]:
    return dict.fromkeys(operators, shape)


_SETS = _take(Shape.LIST, "any", "none")
_CASED = _take(Shape.LIST, "any_case_sensitive", "none_case_sensitive")
_PARTS = _take(Shape.LIST, "str_contains_any", "str_contains_none")
_NULLS = _take(Shape.NOTHING, "is_null", "is_not_null")
_PATTERNS = _take(Shape.ANYTHING, "regex", "str_matches")
_ORDERS = _take(Shape.NUMBER, "lt", "gt", "lte", "gte")
_VERSIONS = _take(Shape.TEXT, "version_lt", "version_gt", "version_lte", "version_gte", "version_eq")
_TIMES = _take(Shape.TIME, "before", "after", "on")
_ARRAYS = _take(Shape.LIST, "array_contains_any", "array_contains_none", "array_contains_all", "not_array_contains_all")
_TEXTS = {**_SETS, **_PARTS, **_NULLS, **_PATTERNS}

CONDITION_TYPES: Mapping[str, ConditionType] = MappingProxyType(
    {
        "public": ConditionType({}, bare=Shape.NOTHING),
        "user_id": ConditionType(_TEXTS),
        "email": ConditionType(_TEXTS),
        "custom_field": ConditionType({**_TEXTS, **_CASED, **_ORDERS, **_VERSIONS, **_TIMES, **_ARRAYS}, needs="field"),
        "unit_id": ConditionType({**_TEXTS, **_take(Shape.LIST, "encoded_any")}, needs="customID"),
        "app_version": ConditionType({**_SETS, **_VERSIONS}),
        "os_version": ConditionType({**_SETS, **_VERSIONS}),
        "browser_version": ConditionType({**_SETS, **_VERSIONS}),
        "browser_name": ConditionType(_SETS),
        "os_name": ConditionType(_SETS),
        "device_model": ConditionType({**_SETS, **_NULLS, **_take(Shape.ANYTHING, "contains", "regex")}),
        "country": ConditionType(_SETS),
        "ip_address": ConditionType(_SETS),
        "locale": ConditionType(_SETS),
        "passes_gate": ConditionType({}, bare=Shape.TEXT),
        "fails_gate": ConditionType({}, bare=Shape.TEXT),
        "passes_segment": ConditionType({}, bare=Shape.TEXT),
        "fails_segment": ConditionType({}, bare=Shape.TEXT),
        "time": ConditionType(_take(Shape.TIME, "before", "after")),
        "environment_tier": ConditionType(_SETS),
        "url": ConditionType({}, bare=Shape.ANYTHING),
        "javascript": ConditionType({}, bare=Shape.ANYTHING),
        "target_app": ConditionType({}, bare=Shape.ANYTHING),
    }
)

VERSIONED = frozenset({"app_version", "os_version", "browser_version"})
"""Types whose values are versions: text, even where they look like numbers."""

DECIMAL = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
"""The text of a number, as the service may spell one."""

SCALARS = frozenset({Shape.TEXT, Shape.NUMBER, Shape.TIME})


def expected(type_: str, operator: str | None) -> Shape | None:
    """The shape that this type and operator take; None where the table does not know."""
    known = CONDITION_TYPES.get(type_)
    if known is None:
        return None
    if operator:
        return known.operators.get(operator)
    return known.bare

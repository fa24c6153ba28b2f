"""What a JSON Schema says, as far as it can be checked here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from reconciler.domain import Json
from reconciler.forms import json_value

_OPEN_ENDED = ("additionalProperties", "unevaluatedProperties")
"""What they allow depends on all patterns beside them."""
_VALUES = frozenset({"const", "default", "enum", "examples"})
"""What stands there is no schema."""


def without_odd_patterns(schema: Json) -> Json:
    """The schema without the patterns that Python cannot read, which JavaScript may well."""
    if isinstance(schema, list):
        return [without_odd_patterns(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    rest = {name: value if name in _VALUES else without_odd_patterns(value) for name, value in schema.items()}
    if isinstance(rest.get("pattern"), str) and not _is_readable(rest["pattern"]):
        del rest["pattern"]
    by_pattern = rest.get("patternProperties")
    if isinstance(by_pattern, dict) and not all(map(_is_readable, by_pattern)):
        rest["patternProperties"] = {each: value for each, value in by_pattern.items() if _is_readable(each)}
        rest = {name: value for name, value in rest.items() if name not in _OPEN_ENDED}
    return rest


def _unique(validator: Any, wanted: Json, value: Json, _: Json) -> Iterator[ValidationError]:  # noqa: ANN401 - the library's
    """``uniqueItems`` in one pass: the library compares each item with each other."""
    if wanted is True and validator.is_type(value, "array") and len(set(map(json_value, value))) < len(value):
        yield ValidationError("the items are not all different")


ValueValidator = extend(Draft202012Validator, {"uniqueItems": _unique})  # type: ignore[no-untyped-call]
"""Checks a value against a schema (JSON Schema 2020-12)."""


def _is_readable(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    return True

"""Plain JSON trees, the form in which manifests and live objects are compared."""

from typing import Any, TypeAlias

Json: TypeAlias = Any
"""None, bool, int, float, str, a list of these, or a dict from str to these."""

Tree: TypeAlias = dict[str, Json]
"""A JSON object."""


def objects(value: Json) -> list[Tree]:
    """The objects of a list, whatever else the service may have put there; none where there is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []

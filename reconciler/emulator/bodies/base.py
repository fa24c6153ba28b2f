"""Reading a body: what it says, or a refusal in the wording of the service's validator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from reconciler.domain import Json, Tree
from reconciler.emulator.errors import invalid

ABSENT: Json = None
"""The default of every optional field. It is never read: only what was sent counts."""

Name: TypeAlias = Annotated[str, Field(min_length=3, max_length=100, pattern=r"^[a-zA-Z0-9_\-. ]*$")]
Description: TypeAlias = Annotated[str, Field(max_length=1000)]
Percentage: TypeAlias = Annotated[float, Field(ge=0, le=100, multiple_of=0.01)]


def _one_or_more_texts(value: Json) -> Json:
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str) for item in items):
        raise ValueError("neither a text nor a list of texts")
    return value


OneOrMoreTexts: TypeAlias = Annotated[Any, AfterValidator(_one_or_more_texts)]
NonEmpty: TypeAlias = Annotated[str, Field(min_length=1)]


class Body(BaseModel):
    """A JSON object of a request: types are taken literally, unknown keys are dropped."""

    model_config = ConfigDict(extra="ignore", strict=True, allow_inf_nan=False)


class Metric(Body):
    """A metric, by name and type."""

    name: str
    type: str


def read(model: type[Body], body: Json, *required: str) -> Tree:
    """What `body` says, if it is valid and has the `required` keys."""
    missing = [(name, "Required") for name in required if isinstance(body, dict) and name not in body]
    try:
        parsed = model.model_validate(body)
    except ValidationError as wrong:
        raise invalid(*missing, *map(_problem, wrong.errors(include_url=False))) from wrong
    if missing:
        raise invalid(*missing)
    said: Tree = _tidy(parsed.model_dump(exclude_unset=True, by_alias=True))
    return said


def _tidy(value: Json) -> Json:
    """Numbers as JavaScript writes them: 1.0 is 1."""
    if isinstance(value, dict):
        return {key: _tidy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _problem(error: ErrorDetails) -> tuple[str, str]:
    wording = _WORDING.get(error["type"])
    return ".".join(map(str, error["loc"])), wording(error) if wording else "Invalid input"


def _expected(kind: str) -> Callable[[ErrorDetails], str]:
    return lambda error: f"Expected {kind}, received {_kind_of(error['input'])}"


def _bound(sentence: str, *names: str) -> Callable[[ErrorDetails], str]:
    return lambda error: sentence.format(*(error["ctx"][name] for name in names))


def _enumeration(error: ErrorDetails) -> str:
    allowed = error["ctx"]["expected"].replace(" or ", ", ").replace(", ", " | ")
    return f"Invalid enum value. Expected {allowed}, received {error['input']!r}"


def _kind_of(value: Json) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
    return "object"


_WORDING: Mapping[str, Callable[[ErrorDetails], str]] = MappingProxyType(
    {
        "missing": lambda _: "Required",
        "string_type": _expected("string"),
        "bool_type": _expected("boolean"),
        "float_type": _expected("number"),
        "int_type": _expected("number"),
        "list_type": _expected("array"),
        "dict_type": _expected("object"),
        "model_type": _expected("object"),
        "string_too_short": _bound("String must contain at least {} character(s)", "min_length"),
        "string_too_long": _bound("String must contain at most {} character(s)", "max_length"),
        "string_pattern_mismatch": lambda _: "Invalid",
        "greater_than_equal": _bound("Number must be greater than or equal to {}", "ge"),
        "less_than_equal": _bound("Number must be less than or equal to {}", "le"),
        "multiple_of": _bound("Number must be a multiple of {}", "multiple_of"),
        "too_long": _bound("Array must contain at most {} element(s)", "max_length"),
        "literal_error": _enumeration,
    }
)

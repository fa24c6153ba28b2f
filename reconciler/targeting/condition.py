"""One condition of a rule, as a manifest writes it and as the service takes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import SerializerFunctionWrapHandler, model_serializer, model_validator
from pydantic_core import PydanticCustomError

from reconciler.domain import Json, ResourceKey, Tree
from reconciler.domain.plain import PlainDate, PlainFloat, PlainInt
from reconciler.forms import plain_number, scalar_text, text
from reconciler.kind import Reference
from reconciler.meaning import LEFT_OUT, Form, Spec, Text
from reconciler.targeting.table import DECIMAL, SCALARS, VERSIONED, Shape, expected

ConditionName: TypeAlias = Literal[
    "app_version", "browser_name", "browser_version", "country", "custom_field", "email", "environment_tier",
    "fails_gate", "fails_segment", "ip_address", "locale", "os_name", "os_version", "passes_gate", "passes_segment",
    "public", "time", "unit_id", "user_id", "url", "javascript", "device_model", "target_app",
]  # fmt: skip

_NUMERIC = frozenset({Shape.NUMBER, Shape.TIME})


_TARGETS = {"passes_gate": "Gate", "fails_gate": "Gate", "passes_segment": "Segment", "fails_segment": "Segment",
            "environment_tier": "Environment"}  # fmt: skip
_NAMED = frozenset({"passes_gate", "fails_gate", "passes_segment", "fails_segment"})


def target_form(value: Json) -> Json:
    """A target as a set of texts: 31, "31" and ["31"] are the same, and so are null, [] and absent."""
    if value in (None, ""):
        return frozenset()
    items = value if isinstance(value, list) else [value]
    return frozenset(scalar_text(item) for item in items)


class Condition(Spec):
    """What a unit must fulfil. The conditions of a rule are ANDed, the values of a list are ORed."""

    type: ConditionName
    """What is looked at."""
    operator: Annotated[Text, Form(text)] = LEFT_OUT
    """How it is compared; which operators a type has is in the reference of conditions."""
    targetValue: Annotated[str | int | float | list[str | int | float] | None, Form(target_form)] = LEFT_OUT
    """What it is compared with: a list for any, none and contains; one value for all else."""
    field: Annotated[Text | None, Form(text)] = LEFT_OUT
    """The custom field that is looked at (custom_field only)."""
    customID: Annotated[Text | None, Form(text)] = LEFT_OUT
    """The unit id type that is looked at (unit_id only)."""

    @model_validator(mode="before")
    @classmethod
    def _text_is_quoted(cls, raw: Any) -> Any:  # noqa: ANN401 - pydantic hands over whatever was written
        if isinstance(raw, dict):
            _refuse_lookalikes(raw)
        return raw

    @model_serializer(mode="wrap")
    def _natural(self, serialize: SerializerFunctionWrapHandler) -> Tree:
        return natural_condition(serialize(self))


def _refuse_lookalikes(raw: Tree) -> None:
    type_, operator = (name if isinstance(name := raw.get(key), str) else None for key in ("type", "operator"))
    target = raw.get("targetValue")
    shape = expected(type_, operator) if type_ else None
    version = type_ in VERSIONED or (operator or "").startswith("version_")
    several = isinstance(target, list)
    for index, value in enumerate(target if isinstance(target, list) else [target]):
        numeric = isinstance(value, (int, float)) and not isinstance(value, bool)
        written = getattr(value, "text", None) or str(value)
        at: list[str | int] = ["targetValue", index] if several else ["targetValue"]
        if isinstance(value, bool):
            _quote(str(value).lower(), "is a boolean, and targets are texts or numbers", at)
        elif isinstance(value, PlainDate) and shape not in _NUMERIC:
            _quote(written, "looks like a date", at)
        elif numeric and type_ in _NAMED:
            _quote(written, "is a number, and ids are text", at)
        elif numeric and version:
            _quote(written, "is a number, and a version is text", at)
        elif isinstance(value, (PlainFloat, PlainInt)) and shape not in _NUMERIC:
            _quote(written, f"would be read as the number {scalar_text(value)}", at)


def _quote(written: str, why: str, at: list[str | int]) -> None:
    context = {"written": written, "why": why, "cure": f'quote it: "{written}"', "at": at}
    raise PydanticCustomError("YAML/quote", "{written} {why}", context)


def _natural_scalar(value: Json, shape: Shape | None) -> Json:
    """A number for the text of a number, where a number is meant."""
    if shape not in _NUMERIC or not isinstance(value, str) or not DECIMAL.fullmatch(value):
        return value
    return plain_number(float(value)) if "." in value or "e" in value.lower() else int(value)


def natural_condition(condition: Tree) -> Tree:
    """The condition in the form that the service takes: scalars where one value is meant, nothing where nothing is.

    Mixed lists become lists of text, since the API's schema knows only lists of one type.
    """
    out = {key: value for key, value in condition.items() if not (key == "operator" and value in (None, ""))}
    shape = expected(out["type"], out.get("operator"))
    target = out.get("targetValue")
    if (shape is Shape.NOTHING or out["type"] == "public") and target in (None, "", []):
        out.pop("targetValue", None)
    elif shape in SCALARS and isinstance(target, list) and len(target) == 1:
        out["targetValue"] = _natural_scalar(target[0], shape)
    elif shape in SCALARS:
        out.update({"targetValue": _natural_scalar(target, shape)} if target is not None else {})
    elif isinstance(target, list) and len({isinstance(item, str) for item in target}) > 1:
        out["targetValue"] = [scalar_text(item) for item in target]
    return out


CONDITION_TARGETS = frozenset({*_TARGETS.values(), "UnitIdType"})
"""The kinds that conditions refer to."""


def condition_references(condition: Tree) -> Iterator[Reference]:
    """What a condition names: gates, segments, environments, and the unit id type of unit_id."""
    if kind := _TARGETS.get(str(condition.get("type"))):
        target = condition.get("targetValue")
        if isinstance(target, list):
            for index, item in enumerate(target):
                yield Reference(ResourceKey(kind, str(item)), ("targetValue", index))
        elif target:
            yield Reference(ResourceKey(kind, str(target)), ("targetValue",))
    if condition.get("type") == "unit_id" and condition.get("customID"):
        yield Reference(ResourceKey("UnitIdType", str(condition["customID"])), ("customID",))

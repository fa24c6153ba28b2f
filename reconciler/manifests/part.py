"""The base of the models of what is ours in manifests and in the project file."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError


class Part(BaseModel):
    """Strict, frozen, named in camelCase where it is written, without unknown fields."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, alias_generator=to_camel, use_attribute_docstrings=True
    )


def refused(message: str, cure: str) -> PydanticCustomError:
    """The error of a validator that knows a cure."""
    return PydanticCustomError("SCHEMA/value", "{message}", {"message": message, "cure": cure})

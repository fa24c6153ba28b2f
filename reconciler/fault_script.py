"""What a script of faults for the emulator says: which requests are struck, and by what."""

# ruff: noqa: N815 - field names are written in scripts
from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator
from pydantic_core import PydanticCustomError

Count: TypeAlias = Annotated[int, Field(ge=1)]
Collection: TypeAlias = Literal[
    "gates", "dynamic_configs", "experiments", "entity_properties", "segments", "layers", "holdouts", "tags",
    "param_stores", "release_pipelines", "environments", "unit_id_types", "target_apps",
]  # fmt: skip


class Striking(BaseModel):
    """Which requests a fault strikes: those that match all that is said, from the first on, once."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)

    request: Count | None = None
    """The request with this number alone; the first one is 1."""
    method: Literal["GET", "POST", "PATCH", "PUT", "DELETE"] | None = None
    """Requests with this method."""
    path: Annotated[str, Field(pattern="^/")] | None = None
    """Requests with this path below /console/v1: `*` stands for one part of it, `**` for any number."""
    nth: Count = 1
    """The first of the matching requests that is struck."""
    times: Count | Literal["always"] = 1
    """How many of the matching requests are struck, from that one on."""

    @model_validator(mode="after")
    def _can_strike(self) -> Self:
        if self.request is not None and (self.nth, self.times) != (1, 1):
            cure = "take nth and times out, or the number of the request"
            raise PydanticCustomError("EMULATOR/faults", "only one request has a number", {"cure": cure})
        return self


class Refuse(Striking):
    """The connection is closed without an answer, and nothing is done."""

    do: Literal["refuse"]


class ResetBefore(Striking):
    """The connection is reset before the request is handled: nothing is done."""

    do: Literal["reset-before"]


class ResetAfter(Striking):
    """The request is handled, and what it writes is kept; then the connection is reset without an answer."""

    do: Literal["reset-after"]


class Delay(Striking):
    """The request waits before it is handled."""

    do: Literal["delay"]
    seconds: Annotated[float, Field(gt=0, le=3600)]
    """How long."""


class ServerError(Striking):
    """500 with a JSON body, and nothing is done."""

    do: Literal["server-error"]


class BadGateway(Striking):
    """502 with a page of HTML, as a proxy sends it, and nothing is done."""

    do: Literal["bad-gateway"]


class TooManyRequests(Striking):
    """429, and nothing is done."""

    do: Literal["too-many-requests"]
    retryAfter: Annotated[int, Field(ge=0)] | None = None
    """The seconds that the header Retry-After names; without it there is no such header."""


class Truncated(Striking):
    """The request is handled; the answer holds the first half of its JSON, and claims no more."""

    do: Literal["truncated"]


class Cut(Striking):
    """The request is handled; the connection ends in the middle of the answer."""

    do: Literal["cut"]


class Invalid(Striking):
    """The request is handled; the answer says that it is JSON, and is none."""

    do: Literal["invalid"]


class Repeat(Striking):
    """A page of a list shows the objects of the page before it."""

    do: Literal["repeat"]


class Shrink(Striking):
    """A page of a list shows the first half of its objects only."""

    do: Literal["shrink"]


class _Person(Striking):
    by: str = "Somebody"
    """Who does it."""
    when: Literal["before", "after"] = "before"
    """Right before the request is handled, or right after it, before it is answered."""
    collection: Collection
    """Where the object is."""


class Edit(_Person):
    """A person changes an object in the console."""

    do: Literal["edit"]
    id: str
    """The object."""
    changes: dict[str, Any]
    """The fields that change, as they are read back."""


class Create(_Person):
    """A person makes an object in the console."""

    do: Literal["create"]
    object: dict[str, Any]
    """The object as it is read back; what it lacks is filled in."""


class Delete(_Person):
    """A person deletes an object in the console."""

    do: Literal["delete"]
    id: str
    """The object."""


Fault: TypeAlias = (
    Refuse | ResetBefore | ResetAfter | Delay | ServerError | BadGateway | TooManyRequests | Truncated | Cut | Invalid
    | Repeat | Shrink | Edit | Create | Delete
)  # fmt: skip
"""One fault."""
BY_NAME: Mapping[str, type[Striking]] = MappingProxyType(
    {get_args(model.model_fields["do"].annotation)[0]: model for model in get_args(Fault)}
)
"""The kinds of faults by what `do` says."""
FAULT: TypeAdapter[Fault] = TypeAdapter(Annotated[Fault, Field(discriminator="do")])
"""Reads one fault, told apart by `do`."""


def fault_script_schema() -> dict[str, Any]:
    """The JSON Schema of a script: a list of faults."""
    return TypeAdapter(list[Annotated[Fault, Field(discriminator="do")]]).json_schema()

"""What the annotations of a spec model say: what a field means, said once, on the field.

Validation, JSON Schema, comparison, ordering, import and the reference pages read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer
from pydantic_core import PydanticCustomError

from reconciler.domain import Json, Tree
from reconciler.domain.plain import PlainDate
from reconciler.forms import flag, number, plain_number, text


class Spec(BaseModel):
    """What a manifest says, in the API's own field names. `model_fields_set` tells which fields are managed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)

    read_only: ClassVar[frozenset[str]] = frozenset()
    """Members of the live object that only the service writes, where the object is nested in another."""

    def tree(self) -> Tree:
        """Just what the manifest mentions, at every depth, as a plain tree."""
        return self.model_dump(mode="json", exclude_unset=True, by_alias=True)


def _quoted(value: object) -> object:
    if isinstance(value, PlainDate):
        raise PydanticCustomError(
            "YAML/quote", "{text} looks like a date", {"text": str(value), "cure": f'quote it: "{value}"'}
        )
    return value


@dataclass(frozen=True, slots=True)
class CreateOnly:
    """Sent when the object is created. A later difference cannot be applied: it is a finding."""


@dataclass(frozen=True, slots=True)
class WriteOnce:
    """Sent when the object is created and never compared, since the service answers with something else."""


@dataclass(frozen=True, slots=True)
class Directed:
    """Reached by lifecycle calls or a late-bound id: never part of a body under this name."""


@dataclass(frozen=True, slots=True)
class Form:
    """Two values are equal when `of` makes the same of both."""

    of: Callable[[Json], Json]


@dataclass(frozen=True, slots=True)
class EmptyIsNull:
    """An empty list or text is sent as null: the service refuses it, or what it makes of it is not known."""


@dataclass(frozen=True, slots=True)
class KeyedBy:
    """A list whose items are matched with their live twins by the values of `fields`, as far as an item mentions them.

    `carry`: members that the service makes; never compared, always sent back as they are live. A manifest may state
    one to say which live item is meant. `ordered`: whether position is meaning. `named`: whether the key is a name
    that a reader knows the item by; an item under another name is then the same one renamed if all else, or at least
    its `telling` fields, are equal. `labelled`: whether the first of `fields` tells a reader which item it is, though
    it is no such name. `loosely`: the part of `fields` by which items are matched that are left over.
    """

    fields: tuple[str, ...]
    carry: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()
    ordered: bool = True
    named: bool = True
    labelled: bool = False
    loosely: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Twin:
    """This JSON value has a JSON5 text beside it, in the field called `text`; both say the same."""

    text: str


@dataclass(frozen=True, slots=True)
class GrownBy:
    """When the manifest sets the field called `tags`, the service adds items of its own to this list."""

    tags: str


@dataclass(frozen=True, slots=True)
class DrivenBy:
    """The value that a schedule of the service leads to, while no field in `schedules` is managed here.

    `followed`: whether the live value of this field is where its schedules lead by now.
    """

    schedules: tuple[str, ...]
    followed: Callable[[Tree], bool]


@dataclass(frozen=True, slots=True)
class Refers:
    """The value (or each value of the list) is the id of an object of this kind."""

    kind: str


LEFT_OUT: Any = None
"""The default of every optional field. It is never read: what a manifest leaves out is not in the tree of its spec."""

QUOTED = BeforeValidator(_quoted)
"""Refuses what other readers of YAML take for a date. It stands behind patterns: the JSON Schema loses them else."""

Text = Annotated[str, QUOTED]
BlankText = Annotated[Text, Form(text)]
"""Text for which absent, null and "" are the same."""
Flag = Annotated[bool, Form(flag)]
"""A boolean for which absent and null are the same as false."""
Number = Annotated[float, PlainSerializer(plain_number), Form(number)]
"""A number; 60 is sent as 60 and not as 60.0."""


def marker(metadata: Iterable[Any], wanted: type[Any]) -> Any:  # noqa: ANN401 - the caller names the type it gets
    """The annotation of type `wanted` among a field's metadata, or None."""
    return next((item for item in metadata if isinstance(item, wanted)), None)

"""A kind of our own, with one field for each way in which a value can be wrong."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from reconciler.domain import Finding
from reconciler.kind import Kind
from reconciler.manifests import Resource, decode, locate, parse
from reconciler.meaning import LEFT_OUT, Spec, Text


class Wheel(Spec):
    """A part that several of can be in a gadget."""

    name: Text
    size: Annotated[float, Field(ge=0, le=100)] = LEFT_OUT
    colour: Literal["red", "green", "blue"] = LEFT_OUT


class Engine(Spec):
    """One of two parts that a gadget may run on."""

    power: int
    fuel: Text


class Spring(Spec):
    """The other of two parts that a gadget may run on."""

    turns: int


class Circle(Spec):
    """A shape that its `form` tells from others."""

    form: Literal["circle"]
    radius: int


class Square(Spec):
    """Another shape."""

    form: Literal["square"]
    side: int


class GadgetSpec(Spec):
    """What a gadget is."""

    title: Annotated[Text, Field(min_length=2, max_length=8, pattern=r"^[a-z]*$")] = LEFT_OUT
    colour: Annotated[Text, Field(pattern=r"^#[0-9a-f]{6}$", examples=["#ff0000"])] = LEFT_OUT
    status: Literal["on", "off", "idle"] = LEFT_OUT
    phase: Literal["enabled", "disabled", "archived"] = LEFT_OUT
    month: Literal["january", "february", "march", "april", "may", "june", "july", "august", "september"] = LEFT_OUT
    interval: Literal["90", "95"] = LEFT_OUT
    count: Annotated[int, Field(gt=0, multiple_of=2)] = LEFT_OUT
    enabled: bool = LEFT_OUT
    note: Text | None = LEFT_OUT
    tags: Annotated[list[Text], Field(max_length=2)] = LEFT_OUT
    wheels: list[Wheel] = LEFT_OUT
    target: str | int | float | list[str] | list[float] = LEFT_OUT
    drive: Engine | Spring = LEFT_OUT
    shape: Annotated[Circle | Square, Field(discriminator="form")] = LEFT_OUT
    built: date = LEFT_OUT
    values: dict[str, Any] = LEFT_OUT
    schema_: Annotated[Text, Field(alias="schema")] = LEFT_OUT

    @field_validator("note")
    @classmethod
    def _says_please(cls, note: str | None) -> str | None:
        if note == "rude":
            msg = "a note says please"
            raise ValueError(msg)
        return note

    @model_validator(mode="after")
    def _names_differ(self) -> GadgetSpec:
        names = [wheel.name for wheel in self.wheels or []]
        for index, name in enumerate(names):
            if name in names[:index]:
                context = {"name": name, "cure": "rename one", "at": ["wheels", index, "name"]}
                raise PydanticCustomError("RULE/duplicate-name", "two wheels are called {name}", context)
        return self


GADGET = Kind(
    name="Gadget",
    spec=GadgetSpec,
    collection="/gadgets",
    item_root="/gadgets",
    seed_key="gadgets",
    namespace="gadgets",
    id_pattern="[a-z]*",
    read_only=frozenset({"version"}),
    instead={"isEnabled": "write status: on or off"},
)
KINDS = {"Gadget": GADGET}


def manifest(spec: str, *, metadata: str = "id: robot") -> bytes:
    """A gadget's document: `spec` as lines of YAML, which start on line 5."""
    lines = "".join(f"  {line}\n" for line in spec.splitlines())
    return f"apiVersion: reconciler/v1\nkind: Gadget\nmetadata: {{{metadata}}}\nspec:\n{lines}".encode()


def read(data: bytes) -> Resource | list[Finding]:
    """What one document holds, or what is wrong with it, with lines and columns."""
    parsed = parse(data, "robot.yaml")
    assert not parsed.findings
    decoded = decode(parsed.documents[0], KINDS)
    return decoded if isinstance(decoded, Resource) else locate(decoded.findings, lambda _: data)


def only(data: bytes) -> Finding:
    """The single thing that is wrong with one document."""
    findings = read(data)
    assert isinstance(findings, list)
    (finding,) = findings
    return finding

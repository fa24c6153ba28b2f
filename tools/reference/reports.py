"""The reports: the formats that ``--report`` knows, and the fields of the JSON documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reconciler.domain import Tree
from reconciler.reports import REPORTS, event_schema, report_schema
from reconciler.reports.formats import FORMATS
from reconciler.schema_files import schema_files

_FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "text": "As on a terminal, without colour.",
        "json": "One JSON document; its fields are below.",
        "markdown": "A comment for a pull request, at most 65,536 bytes long.",
        "html": "One page that needs no network, to keep beside a run.",
        "sarif": "SARIF 2.1.0, for code scanning: findings at their lines.",
        "junit": "JUnit XML, for the dashboards of pipelines.",
    }
)
_WORDS = {"object": "mapping", "string": "text", "integer": "whole number", "boolean": "yes or no"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name, what it holds, and what that means."""

    name: str
    holds: str
    text: str


@dataclass(frozen=True, slots=True)
class Form:
    """One form: its name, what it is, and its fields."""

    name: str
    text: str
    fields: tuple[Field, ...]


def formats() -> dict[str, str]:
    """Every format of ``--report`` and what it is. KeyError for one that is not described here."""
    return {name: _FORMATS[name] for name in FORMATS}


def schemas() -> list[str]:
    """The files in ``schemas/`` that describe reports and events."""
    return [name for name in schema_files() if name.endswith(("-report.schema.json", "event.schema.json"))]


def report_forms() -> list[Form]:
    """The report of each command, with its summary in it."""
    return [_form(name, schema, schema["$defs"]) for name in REPORTS if (schema := report_schema(name))]


def event_forms() -> list[Form]:
    """Each kind of line that ``--events`` writes."""
    definitions = event_schema()["$defs"]
    return [_form(name, definitions[name], definitions) for name in definitions if name.endswith("Event")]


def shared_forms() -> list[Form]:
    """The forms that reports and events are made of, by name."""
    schemas = [event_schema(), *map(report_schema, REPORTS)]
    found: Tree = {name: form for schema in schemas for name, form in schema["$defs"].items()}
    return [_form(_title(name), found[name], found) for name in sorted(found) if name.endswith("Form")]


def _form(name: str, schema: Tree, definitions: Tree) -> Form:
    return Form(name, _words(schema), tuple(_fields(schema, definitions)))


def _fields(schema: Tree, definitions: Tree, prefix: str = "") -> Iterator[Field]:
    for name, field in schema["properties"].items():
        inner = definitions.get(_referred(field), {})
        if "properties" in inner and not _referred(field).endswith("Form"):
            yield from _fields(inner, definitions, f"{name}.")
        else:
            yield Field(f"{prefix}{name}", _holds(field, definitions), _words(field))


def _words(schema: Tree) -> str:
    return " ".join(str(schema.get("description", "")).split()).replace("|", "\\|")


def _referred(field: Tree) -> str:
    return str(field.get("$ref", "")).rpartition("/")[2]


def _holds(field: Tree, definitions: Tree) -> str:
    name = _referred(field)
    if name.endswith("Form"):
        return f"[{_title(name)}](#{_title(name).lower()})"
    if name in definitions:
        return _holds(definitions[name], definitions)
    if "anyOf" in field:
        return " or ".join(_holds(branch, definitions) for branch in field["anyOf"])
    if "const" in field or "enum" in field:
        return ", ".join(f"`{value}`" for value in field.get("enum", [field.get("const")]))
    kind = str(field.get("type", "anything"))
    if kind == "array":
        return f"list of {_holds(field['items'], definitions)}"
    return _WORDS.get(kind, kind)


def _title(name: str) -> str:
    return name.removesuffix("Form")

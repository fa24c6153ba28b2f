"""The reference pages in ``docs/reference/``, made from the models, the tables and the commands themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from reconciler.domain import Json, Tree
from reconciler.kinds import KINDS
from reconciler.manifests import Metadata, Project
from reconciler.planning.guards import GUARDS
from reconciler.planning.guards.policies import SEEN
from reconciler.reports.areas import AREAS
from reconciler.rules import RULES
from reconciler.schema_files import kind_schema
from reconciler.targeting import CONDITION_TYPES
from tools.reference.commands import commands
from tools.reference.exits import ends, exit_codes
from tools.reference.reports import event_forms, formats, report_forms, schemas, shared_forms


@dataclass(frozen=True, slots=True)
class Row:
    """One field as a reader sees it: dotted path, what it takes, whether it is required, what it means.

    `default` is what holds where nothing is written; "" for nothing, and for mappings, whose fields have their own.
    """

    path: str
    takes: str
    required: bool
    text: str
    default: str


def reference_files() -> dict[str, str]:
    """File name to text of every reference page."""
    environment = Environment(  # noqa: S701 - the pages are Markdown, made from this project's own texts
        loader=PackageLoader("tools.reference"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    pages = {
        "commands": {"commands": commands()},
        "conditions": {"types": CONDITION_TYPES},
        "exit-codes": {"codes": exit_codes(), "commands": ends()},
        "findings": {"rules": RULES, "areas": AREAS},
        "guards": {"guards": GUARDS, "seen": SEEN},
        "kinds": {"kinds": [_kind_page(name) for name in KINDS], "metadata": _rows_of(Metadata.model_json_schema())},
        "project-file": {"rows": _rows_of(Project.model_json_schema(by_alias=True))},
        "reports": {
            "formats": formats(),
            "schemas": schemas(),
            "reports": report_forms(),
            "events": event_forms(),
            "shared": shared_forms(),
        },
        "rules": {"rules": RULES},
    }
    return {f"{name}.md": environment.get_template(f"{name}.md.j2").render(values) for name, values in pages.items()}


def _kind_page(name: str) -> Tree:
    schema = kind_schema(KINDS[name])
    spec = {**schema["$defs"]["Spec"], "$defs": schema["$defs"]}
    return {"kind": KINDS[name], "text": spec.get("description", ""), "rows": _rows_of(spec)}


def _rows_of(schema: Tree) -> list[Row]:
    return list(_rows(schema, schema.get("$defs", {}), ""))


def _rows(schema: Tree, definitions: Tree, prefix: str) -> Iterator[Row]:
    required = set(schema.get("required", ()))
    for name, field in schema.get("properties", {}).items():
        path = f"{prefix}{name}"
        text = " ".join(str(_resolved(field, definitions).get("description", "")).split()).replace("|", "\\|")
        yield Row(path, _takes(field, definitions), name in required, text, _default(field.get("default")))
        for inner, suffix in _inner(field, definitions):
            yield from _rows(inner, definitions, f"{path}{suffix}.")


def _default(value: Json) -> str:
    if value in (None, "") or isinstance(value, dict):
        return ""
    return f"`{value if isinstance(value, str) else json.dumps(value)}`"


def _resolved(field: Tree, definitions: Tree) -> Tree:
    if "$ref" in field:
        return {**definitions[field["$ref"].rsplit("/", 1)[-1]], **{k: v for k, v in field.items() if k != "$ref"}}
    return field


def _branches(field: Tree, definitions: Tree) -> list[Tree]:
    resolved = _resolved(field, definitions)
    return [_resolved(branch, definitions) for branch in resolved.get("anyOf", [resolved])]


def _inner(field: Tree, definitions: Tree) -> Iterator[tuple[Tree, str]]:
    """The nested models of a field, each with what its path gains."""
    for branch in _branches(field, definitions):
        if branch.get("properties"):
            yield branch, ""
        for item in _branches(branch["items"], definitions) if isinstance(branch.get("items"), dict) else ():
            if item.get("properties"):
                yield item, "[]"


def _takes(field: Tree, definitions: Tree) -> str:
    return " or ".join(dict.fromkeys(_one(branch, definitions) for branch in _branches(field, definitions)))


def _one(branch: Tree, definitions: Tree) -> str:
    if "const" in branch or "enum" in branch:
        return ", ".join(f"`{value}`" for value in branch.get("enum", [branch.get("const")]))
    kind = str(branch.get("type", "anything"))
    if kind == "array":
        items: Json = branch.get("items", {})
        return f"list of {_takes(items, definitions)}" if items else "list"
    words = {"object": "mapping", "string": "text", "integer": "whole number"}.get(kind, kind)
    return f"{words}{_bounds(branch)}"


def _bounds(branch: Tree) -> str:
    low, high = branch.get("minimum", branch.get("minLength")), branch.get("maximum", branch.get("maxLength"))
    if low is None and high is None:
        return ""
    unit = "" if branch.get("type") != "string" else " character" if high is None and low == 1 else " characters"
    if high is None:
        return f", at least {low}{unit}"
    if "exclusiveMinimum" in branch:
        return f", more than {branch['exclusiveMinimum']}, up to {high}"
    return f", {low if low is not None else 0} to {high}{unit}"

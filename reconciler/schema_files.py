"""The JSON Schemas in ``schemas/``, made from the models, for editors and for other tools."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from reconciler.domain import Json, Tree
from reconciler.fault_script import fault_script_schema
from reconciler.kind import Kind
from reconciler.kinds import KINDS
from reconciler.manifests import Metadata, Project
from reconciler.reports import REPORTS, event_schema, report_schema
from reconciler.saving import plan_file_schema

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


@cache
def schema_files() -> Mapping[str, str]:
    """File name to text: a schema for each kind, any manifest, the project file, plan files, reports, fault scripts."""
    schemas = {f"{_slug(kind.name)}.schema.json": kind_schema(kind) for kind in KINDS.values()}
    schemas["manifest.schema.json"] = _any_manifest()
    schemas["project.schema.json"] = _titled(Project.model_json_schema(by_alias=True), "reconciler.yaml")
    schemas["plan-file.schema.json"] = _titled(plan_file_schema(), "A plan that 'reconciler plan --out' wrote")
    schemas["fault-script.schema.json"] = _titled(fault_script_schema(), "Faults for 'reconciler emulator --faults'")
    schemas |= {f"{command}-report.schema.json": report_schema(command) for command in REPORTS}
    schemas["event.schema.json"] = event_schema()
    texts = {name: json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for name, schema in sorted(schemas.items())}
    return MappingProxyType(texts)


def _slug(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("-")


def _any_manifest() -> Tree:
    """Tells the kinds apart by `kind`, so that an editor shows the errors of the one that is meant."""
    branches = [
        {"if": {"properties": {"kind": {"const": name}}}, "then": {"$ref": f"#/$defs/{name}"}} for name in KINDS
    ]
    return {
        "$schema": _DRAFT,
        "title": "A manifest of statsig-reconciler",
        "type": "object",
        "required": ["apiVersion", "kind", "metadata", "spec"],
        "properties": {"kind": {"enum": list(KINDS)}},
        "allOf": branches,
        "$defs": {name: schema for kind in KINDS.values() for name, schema in _definitions(kind).items()},
    }


def _definitions(kind: Kind) -> Tree:
    """The schema of the kind and what it refers to, each under a name that no other kind uses."""
    schema = kind_schema(kind)
    inner = schema.pop("$defs")
    whole = {key: value for key, value in schema.items() if key != "$schema"}
    named = {kind.name: whole, **{f"{kind.name}.{name}": value for name, value in inner.items()}}
    definitions: Tree = json.loads(json.dumps(named).replace('"$ref": "#/$defs/', f'"$ref": "#/$defs/{kind.name}.'))
    return definitions


def kind_schema(kind: Kind) -> Tree:
    """The JSON Schema of a manifest of this kind."""
    spec, metadata = kind.spec.model_json_schema(by_alias=True), Metadata.model_json_schema(by_alias=True)
    definitions = {**spec.pop("$defs", {}), **metadata.pop("$defs", {}), "Spec": spec, "Metadata": metadata}
    low, high = kind.id_length
    metadata["properties"]["id"] |= {"minLength": low, "maxLength": high, "pattern": f"^{kind.id_pattern}$"}
    schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["apiVersion", "kind", "metadata", "spec"],
        "properties": {
            "apiVersion": {"const": "reconciler/v1", "description": "Version of the manifest format."},
            "kind": {"const": kind.name, "description": (kind.spec.__doc__ or "").strip()},
            "metadata": {"$ref": "#/$defs/Metadata"},
            "spec": {"$ref": "#/$defs/Spec"},
        },
        "$defs": definitions,
    }
    return _titled(schema, f"{kind.name} manifest")


def _titled(schema: Tree, title: str) -> Tree:
    return {"$schema": _DRAFT, "title": title, **_plain(schema)}


def _plain(schema: Json) -> Any:  # noqa: ANN401 - any part of a schema
    """Without the titles that pydantic makes of names, and without defaults: what is left out is not managed."""
    if isinstance(schema, list):
        return [_plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        key: value
        for key, value in schema.items()
        if key != "default" and not (key == "title" and isinstance(value, str))
    }
    return {key: _named(value) if key in {"properties", "$defs"} else _plain(value) for key, value in kept.items()}


def _named(members: Tree) -> Tree:
    return {name: _plain(schema) for name, schema in members.items()}

"""The four kinds against the OpenAPI document: the same fields, types, bounds and nulls, at every depth.

Where a manifest says a thing in another way, or the model is stricter than the document, the tables below say why.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

import pytest

from reconciler.domain import Tree
from reconciler.kinds import KINDS
from reconciler.targeting.condition import ConditionName
from tests.shared_files import OPENAPI, needs

pytestmark = needs(OPENAPI)

DOCUMENT: Tree = json.loads(OPENAPI.read_text("utf-8")) if OPENAPI.is_file() else {"components": {"schemas": {}}}
SCHEMAS: dict[str, Tree] = DOCUMENT["components"]["schemas"]

BODIES = {
    "Gate": ("GateCreateDto", "GateFullUpdateDto", "GatePartialUpdateDto", "ExternalGateDto"),
    "DynamicConfig": (
        "DynamicConfigCreateDto", "DynamicConfigFullUpdateDto", "DynamicConfigPartialUpdateDto", "DynamicConfigDto",
    ),
    "Experiment": (
        "ExperimentCreateDto", "ExperimentFullUpdateDto", "ExperimentPartialUpdateDto", "ExternalExperimentDto",
    ),
    "EntityPropertySource": (
        "EntityPropertySourceCreationDto", "EntityPropertySourceQueryUpdateDto", "EntityPropertySourcePartialUpdateDto",
        "EntityPropertySourceDto",
    ),
}  # fmt: skip
"""The bodies of create, full update and patch, and what a read answers."""

ELSEWHERE = {
    "Gate": {"id", "isEnabled"},
    "DynamicConfig": {"id", "isEnabled"},
    "Experiment": {"id", "controlGroupID", "launchedGroupID"},
    "EntityPropertySource": {"name", "dryRun"},
}
"""Writable fields that a manifest says in another way: metadata.id, status, groups by name, server validation."""

OURS = {
    "Gate": {"status"},
    "DynamicConfig": {"status"},
    "Experiment": {"controlGroup", "launchedGroup"},
    "EntityPropertySource": set[str](),
}
"""The manifest's own words for them."""

MEANINGLESS = {"Gate": {".rules[].returnValue"}}
"""Rules of gates return true and false: the member is there because all rules share one schema."""

PATCHED_ONLY_BY_A_FULL_UPDATE = {"EntityPropertySourcePartialUpdateDto": {".sql"}}
"""Named in the body of the patch to say that it must not be there; the schema has no type."""

STRICTER: dict[str, dict[str, object]] = {
    "a name that is empty names nothing": {"minLength": 1},
    "no tag can be called otherwise": {"minLength": 1, "maxLength": 100},
    "a rollout step is a percentage": {"minimum": 0, "maximum": 100},
    "said in the description of the field: up to 10": {"maxItems": 10},
    "a source that maps no unit joins nothing": {"minItems": 1},
}
"""Facts that a model adds, with the reason."""

_FACTS = ("minLength", "maxLength", "pattern", "minimum", "maximum", "minItems", "maxItems", "enum")
"""What is compared. Left out are steps, which the models check as decimals and their schemas keep silent on, widths of
numbers, and ``exclusiveMinimum: true`` beside ``minimum: 1``: whether the service takes 1 is not known, so 1 is doubted
and not refused (RULE/edge)."""


class Schema:
    """One schema of either side, with references followed and null taken out of unions."""

    def __init__(self, raw: Tree, definitions: dict[str, Tree]) -> None:
        self.definitions = definitions
        branches = [self._followed(branch) for branch in self._branches(self._followed(raw))]
        self.nullable = any(branch.get("nullable") or branch.get("type") == "null" for branch in [raw, *branches])
        self.branches = [branch for branch in branches if branch.get("type") != "null"]

    def _followed(self, raw: Tree) -> Tree:
        while "$ref" in raw:
            raw = self.definitions[raw["$ref"].rsplit("/", 1)[-1]]
        return raw

    def _branches(self, raw: Tree) -> list[Tree]:
        union: list[Tree] = raw.get("oneOf") or raw.get("anyOf") or [raw]
        return union

    @property
    def types(self) -> set[str]:
        """The JSON types; whole numbers are numbers where both are taken."""
        found = {str(branch.get("type", "string" if branch.keys() & {"enum", "const"} else "anything"))
                 for branch in self.branches}  # fmt: skip
        return found - {"integer"} if "number" in found else found

    @property
    def facts(self) -> dict[str, Any]:
        """Bounds, patterns and options. A list of options beside free text is no restriction."""
        free = any(branch.get("type") == "string" and not branch.keys() & {"enum", "const"} for branch in self.branches)
        found: dict[str, Any] = {}
        for branch in self.branches:
            found |= {name: branch[name] for name in _FACTS if name in branch}
            if "const" in branch:
                found["enum"] = [branch["const"]]
        if "enum" in found:
            found["enum"] = sorted(found["enum"])
        return {name: value for name, value in found.items() if not (name == "enum" and free)}

    def inner(self) -> Iterator[tuple[str, Schema]]:
        """The schemas of members and items."""
        for branch in self.branches:
            for name, raw in branch.get("properties", {}).items():
                yield f".{name}", Schema(raw, self.definitions)
        items = [branch["items"] for branch in self.branches if "items" in branch]
        if items:
            yield "[]", Schema({"oneOf": items} if len(items) > 1 else items[0], self.definitions)

    @property
    def required(self) -> set[str]:
        return {name for branch in self.branches for name in branch.get("required", [])}


def flat(schema: Schema, path: str = "") -> dict[str, Schema]:
    """Every schema by the path that leads to it, such as ``.rules[].conditions[].type``."""
    found = {path: schema}
    for step, inner in schema.inner():
        found |= flat(inner, path + step)
    return found


@cache
def documented(name: str) -> dict[str, Schema]:
    return flat(Schema(SCHEMAS[name], SCHEMAS)) if SCHEMAS else {}


@cache
def modelled(kind: str) -> dict[str, Schema]:
    schema = KINDS[kind].spec.model_json_schema(by_alias=True)
    return flat(Schema(schema, schema.get("$defs", {})))


WRITTEN = [(kind, body) for kind, names in BODIES.items() for body in names[:3]]


def top(paths: dict[str, Schema]) -> set[str]:
    return {match[1] for path in paths if (match := re.fullmatch(r"\.(\w+)", path))}


def nested(paths: dict[str, Schema]) -> set[str]:
    return {path for path in paths if path.count(".") > 1}


def common(kind: str, body: str) -> Iterator[tuple[str, Schema, Schema]]:
    """Every path that the body and the model both have, with the schema of each."""
    theirs, ours = documented(body), modelled(kind)
    for path in sorted(theirs.keys() & ours.keys() - PATCHED_ONLY_BY_A_FULL_UPDATE.get(body, set()) - {""}):
        yield path, theirs[path], ours[path]


def writable(kind: str) -> set[str]:
    return {field for body in BODIES[kind][:3] for field in top(documented(body))}


@pytest.mark.parametrize("kind", KINDS)
def test_a_manifest_can_say_every_writable_field(kind: str) -> None:
    assert top(modelled(kind)) == (writable(kind) - ELSEWHERE[kind]) | OURS[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_that_is_only_read_is_refused_as_such(kind: str) -> None:
    read = top(documented(BODIES[kind][3]))
    assert KINDS[kind].read_only == read - writable(kind) - OURS[kind]


@pytest.mark.parametrize(("kind", "body"), WRITTEN)
def test_nested_objects_have_the_members_of_the_document(kind: str, body: str) -> None:
    theirs, ours = nested(documented(body)), nested(modelled(kind))
    assert theirs - ours == MEANINGLESS.get(kind, set())
    assert ours - theirs == set()


@pytest.mark.parametrize(("kind", "body"), WRITTEN)
def test_fields_take_the_types_and_nulls_of_the_document(kind: str, body: str) -> None:
    found = list(common(kind, body))
    assert {path: ours.types for path, _, ours in found} == {path: theirs.types for path, theirs, _ in found}
    assert {path: ours.nullable for path, _, ours in found} == {path: theirs.nullable for path, theirs, _ in found}


@pytest.mark.parametrize(("kind", "body"), WRITTEN)
def test_fields_have_the_bounds_and_options_of_the_document(kind: str, body: str) -> None:
    """Patterns have a test of their own below."""
    for path, theirs, ours in common(kind, body):
        stated = {name: value for name, value in theirs.facts.items() if name != "pattern"}
        assert (path, stated) == (path, {name: ours.facts.get(name) for name in stated})
        added = {name: value for name, value in ours.facts.items() if name not in {*theirs.facts, "pattern"}}
        assert added in ({}, *STRICTER.values()), path


@pytest.mark.parametrize(("kind", "body"), WRITTEN)
def test_nested_objects_require_what_the_document_requires(kind: str, body: str) -> None:
    found = list(common(kind, body))
    assert {path: ours.required for path, _, ours in found} == {path: theirs.required for path, theirs, _ in found}


@pytest.mark.parametrize(("kind", "required"), [("EntityPropertySource", {"sql", "idTypeMapping"}), ("Gate", set())])
def test_a_spec_requires_what_an_object_cannot_be_made_without(kind: str, required: set[str]) -> None:
    assert modelled(kind)[""].required == required
    create = documented(BODIES[kind][0])[""]
    assert create.required - ELSEWHERE[kind] == required


@pytest.mark.parametrize(("kind", "body"), [(kind, body) for kind, body in WRITTEN if kind != "EntityPropertySource"])
def test_ids_and_names_have_the_form_of_the_document(kind: str, body: str) -> None:
    paths = documented(body)
    assert (KINDS[kind].id_length, f"^{KINDS[kind].id_pattern}$") == (
        (3, 100),
        documented(BODIES[kind][0])[".id"].facts["pattern"],
    )
    (pattern,) = [
        constraint.pattern
        for constraint in KINDS[kind].spec.model_fields["name"].metadata
        if getattr(constraint, "pattern", None)
    ]
    assert pattern == paths[".name"].facts["pattern"]


def test_the_types_of_conditions_are_those_of_the_document() -> None:
    enums = {
        tuple(documented(body)[".rules[].conditions[].type"].facts["enum"])
        for kind in ("Gate", "DynamicConfig")
        for body in BODIES[kind]
    }
    assert enums == {tuple(sorted(get_args(ConditionName)))}


@pytest.mark.parametrize("kind", KINDS)
def test_the_paths_of_a_kind_are_those_of_the_document(kind: str) -> None:
    paths = DOCUMENT["paths"]
    collection = paths[f"/console/v1{KINDS[kind].collection}"]
    placeholder = "{name}" if KINDS[kind].identity == "name" else "{id}"
    item = paths[f"/console/v1{KINDS[kind].item_root}/{placeholder}"]
    assert {"get", "post"} <= collection.keys()
    assert {"get", "post", "patch", "delete"} <= item.keys()


@pytest.mark.parametrize(
    ("kind", "actions"),
    [
        ("Gate", "enable disable launch archive unarchive"),
        ("DynamicConfig", "enable disable archive unarchive"),
        ("Experiment", "start make_decision abandon archive unarchive"),
    ],
)
def test_the_lifecycle_calls_of_a_kind_are_in_the_document(kind: str, actions: str) -> None:
    for action in actions.split():
        assert "put" in DOCUMENT["paths"][f"/console/v1{KINDS[kind].item_root}/{{id}}/{action}"]


def test_a_full_update_of_a_source_carries_every_field_that_it_can() -> None:
    kind = KINDS["EntityPropertySource"]
    _, full, patch, _ = BODIES["EntityPropertySource"]
    assert set(kind.whole_fields) == top(documented(full)) - {"name", "dryRun"}
    assert documented(full)[""].required <= set(kind.whole_fields)
    assert SCHEMAS[patch]["properties"]["sql"].get("readOnly") is True or "sql" not in SCHEMAS[patch]["properties"]

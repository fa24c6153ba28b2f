"""One run tells all that is wrong with an object: what its model refuses, and what is wrong with all the rest."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.domain import Finding, Json, Place, Tree
from reconciler.kinds import KINDS
from reconciler.manifests import Broken, Document, Partial, decode
from reconciler.manifests.yaml_tree import parse
from reconciler.rules import Checked, check
from tests.unit.planning.making import document

from .test_any_yaml import PATIENT

RULE = "{name: All, passPercentage: 10, conditions: []}"


def condition(text: str) -> str:
    return f"rules: [{{name: A, passPercentage: 1, conditions: [{text}]}}]"


def groups(text: str) -> str:
    return f"groups: [{text}]"


def broken(kind: str, spec: str, *, id_: str = "thing_one") -> Broken:
    decoded = decode(document(kind, spec, id_=id_), KINDS)
    assert isinstance(decoded, Broken)
    return decoded


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """Each finding: its code, and the keys below the document that lead to it."""
    return [(found.code, dotted(found.where.pointer) if found.where else "") for found in findings]


def dotted(path: tuple[str | int, ...]) -> str:
    return ".".join(map(str, path))


@pytest.mark.parametrize(
    ("kind", "spec", "codes"),
    [
        ("Gate", f"status: on\nrules: [{RULE}, {RULE}]", {"SCHEMA/enum", "RULE/duplicate-name"}),
        ("Gate", "rules: [{name: A, passPercentage: 101, conditions: [{type: passes_gate}]}]",
         {"SCHEMA/bounds", "CONDITION/target"}),
        ("Gate", "rules: [{name: A, passPercentage: 1, conditions: [{type: publik}, {type: passes_gate}]}]",
         {"SCHEMA/enum", "CONDITION/target"}),
        ("DynamicConfig", "status: on\nrules: [{name: A, conditions: []}]", {"SCHEMA/enum", "RULE/no-value"}),
        ("DynamicConfig", "status: on\ndefaultValue: {a: null}", {"SCHEMA/enum", "VALUE/null"}),
        ("Experiment", "status: on\ngroups: [{name: A, size: 1, parameterValues: {}}]",
         {"SCHEMA/enum", "RULE/group-sizes"}),
        ("Experiment", "controlGroup: Z\ngroups: [{name: A, size: x, parameterValues: {}}]",
         {"SCHEMA/type", "REF/group"}),
        ("EntityPropertySource",
         "idTypeMapping: [{statsigUnitID: u, column: a}, {statsigUnitID: u, column: b}]",
         {"SCHEMA/missing", "SOURCE/duplicate-unit"}),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_rest_is_told_with_what_the_model_refuses(kind: str, spec: str, codes: set[str]) -> None:
    assert {finding.code for finding in broken(kind, spec).findings} == codes


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        # what could be in the part that is refused is not missed
        ("DynamicConfig", "rules: [{name: A, conditions: [], returnValue: 5}]"),
        ("DynamicConfig", "rules: [{name: A, conditions: [], retrunValue: {}}]"),
        ("DynamicConfig",
         "rules: [{name: A, conditions: [], variants: [{name: a, passPercentage: x, returnValueJson5: '{}'}]}]"),
        ("Gate", condition("{type: passes_gate, targetValue: {}}")),
        ("Gate", condition("{type: email, operator: 5, targetValue: []}")),
        ("Gate", condition("{type: email, operator: any, targetValue: [1.10]}")),
        ("Gate", condition("{type: user_id, operater: any, targetValue: [a]}")),
        ("Gate", condition("{type: custom_field, feild: a, operator: is_null}")),
        ("Gate", condition("{type: [], operator: is_null}, {type: public}")),
        ("Gate", "rules: [{name: A, pasPercentage: 1, conditions: []}]"),
        ("Experiment", groups("{name: A, size: x, parameterValues: {}}, {name: B, size: 20, parameterValues: {}}")),
        ("Experiment", "launchedGroup: A\n" + groups("{nam: A, size: 100, parameterValues: {}}")),
        ("Experiment", groups("{name: A, size: 50, parameterValues: 5}, {name: B, size: 50, parameterValues: {a: 1}}")),
        ("EntityPropertySource", "sql: select 1\nidTypeMapping: [{statsigUnitID: u, column: 5}]"),
    ],
)  # fmt: skip
def test_one_mistake_is_told_once(kind: str, spec: str) -> None:
    found = broken(kind, spec)
    assert len(found.findings) == 1, told(found.findings)


def test_places_are_those_of_the_manifest_and_not_of_what_is_left_of_it() -> None:
    rules = [
        "{name: 5, passPercentage: 1, conditions: []}",
        "{name: B, passPercentage: 1, conditions: [{type: publik}, {type: public}, {type: passes_gate}]}",
        "{passPercentage: 1, conditions: []}",
        "{name: B, passPercentage: 1, conditions: []}",
    ]
    assert set(told(broken("Gate", f"rules: [{', '.join(rules)}]").findings)) == {
        ("SCHEMA/type", "spec.rules.0.name"),
        ("SCHEMA/enum", "spec.rules.1.conditions.0.type"),
        ("CONDITION/target", "spec.rules.1.conditions.2"),
        ("SCHEMA/missing", "spec.rules.2.name"),
        ("RULE/duplicate-name", "spec.rules.3.name"),
    }


def test_what_one_refusal_hides_is_told_too() -> None:
    both = condition("{type: app_version, operator: version_gt, targetValue: 2.10, field: 5}")
    assert set(told(broken("Gate", both).findings)) == {
        ("YAML/quote", "spec.rules.0.conditions.0.targetValue"),
        ("SCHEMA/type", "spec.rules.0.conditions.0.field"),
    }


def test_a_bad_id_is_told_with_a_bad_field() -> None:
    assert told(broken("Experiment", "status: on", id_="an.experiment").findings) == [
        ("SCHEMA/enum", "spec.status"), ("SCHEMA/pattern", "metadata.id")]  # fmt: skip


def test_a_spec_without_an_id_is_checked() -> None:
    spec = {"isTemplate": True, "type": "PERMANENT"}
    tree = {"apiVersion": "reconciler/v1", "kind": "Gate", "metadata": {}, "spec": spec}
    found = decode(Document(Place("gate.yaml"), tree), KINDS)
    assert isinstance(found, Broken)
    assert told(found.findings) == [("SCHEMA/missing", "metadata.id"), ("RULE/template", "spec.type")]
    assert found.partial is None


def test_what_can_be_read_of_a_broken_object_is_kept() -> None:
    partial = broken("Gate", f"status: on\ndescription: New\nrules: [{RULE}, 5]").partial
    assert partial is not None
    assert (str(partial.key), partial.labels) == ("Gate/thing_one", {})
    assert partial.tree().keys() == {"description", "rules"}
    assert len(partial.tree()["rules"]) == 1


# ---- one mistake in a good manifest --------------------------------------------------------------------------------

GOOD: dict[str, Tree] = {
    "Gate": {
        "status": "in_progress",
        "description": "New",
        "tags": ["a"],
        "rules": [
            {"name": "A", "passPercentage": 12.5, "environments": ["production"], "conditions": [
                {"type": "custom_field", "field": "plan", "operator": "any", "targetValue": ["x", "y"]},
                {"type": "passes_gate", "targetValue": "other"},
                {"type": "app_version", "operator": "version_gt", "targetValue": "1.2"}]},
            {"name": "B", "passPercentage": 1, "conditions": [
                {"type": "unit_id", "customID": "stableID", "operator": "is_null"},
                {"type": "country", "operator": "any", "targetValue": ["DE"]}]}],
    },
    "DynamicConfig": {
        "schema": '{"type": "object", "required": ["a"]}',
        "defaultValue": {"a": 1},
        "rules": [
            {"name": "A", "passPercentage": 50, "conditions": [{"type": "public"}], "returnValue": {"a": 2}},
            {"name": "B", "conditions": [], "variants": [
                {"name": "x", "passPercentage": 40, "returnValue": {"a": 3}},
                {"name": "y", "passPercentage": 60, "returnValueJson5": '{"a": 4}'}]}],
    },
    "Experiment": {
        "groups": [
            {"name": "A", "size": 50, "parameterValues": {"x": 1}},
            {"name": "B", "size": 50, "parameterValues": {"x": 2}, "description": "The other"}],
        "controlGroup": "A",
        "launchedGroup": "B",
        "allocation": 10,
        "primaryMetrics": [{"name": "revenue", "type": "sum"}],
        "links": [{"url": "https://example.com", "title": "Plan"}],
    },
    "EntityPropertySource": {
        "sql": "select uid, did, ts from t",
        "idTypeMapping": [{"statsigUnitID": "userID", "column": "uid"}, {"statsigUnitID": "deviceID", "column": "did"}],
        "timestampColumn": "ts",
    },
}  # fmt: skip


HEAD = {"apiVersion": "reconciler/v1", "metadata": {"id": "thing_one"}}


def findings_of(kind: str, spec: Tree) -> list[Finding] | None:
    """All findings about an object that is broken, those across objects included; None if it is whole."""
    return findings_about(Document(Place("thing.yaml"), {**HEAD, "kind": kind, "spec": spec}))


def findings_about(document: Document) -> list[Finding] | None:
    decoded = decode(document, KINDS)
    if not isinstance(decoded, Broken):
        return None
    assert isinstance(decoded.partial, Partial)
    described = (decoded.partial,)
    return [*decoded.findings, *check(Checked(KINDS, described, described))]


def paths(value: Json, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(path for key, item in items for path in paths(item, (*at, key)))]


def within(spec: Tree, path: tuple[str | int, ...]) -> tuple[Tree, Json]:
    """A copy of the spec, and the mapping or list in it that holds what stands at `path`."""
    whole = deepcopy(spec)
    holder: Json = whole
    for key in path[:-1]:
        holder = holder[key]
    return whole, holder


MISTAKES: list[Json] = [None, 5, -1, True, "", "x", [], ["x", 5], [None], {}, {"no_such_field": 1}]


def test_the_good_manifests_are_good() -> None:
    assert all(findings_of(kind, spec) is None for kind, spec in GOOD.items())


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_value_that_is_refused_leads_to_findings_there_and_nowhere_else(kind: str, mistake: Json) -> None:
    for path in paths(GOOD[kind])[1:]:
        spec, holder = within(GOOD[kind], path)
        holder[path[-1]] = mistake
        for finding in findings_of(kind, spec) or ():
            assert finding.where is not None
            assert finding.where.pointer[1 : len(path) + 1] == path, finding


@pytest.mark.parametrize("kind", GOOD)
def test_a_field_that_is_misspelt_is_told_as_that_and_not_as_missing(kind: str) -> None:
    for path in paths(GOOD[kind])[1:]:
        if isinstance(path[-1], str):
            spec, holder = within(GOOD[kind], path)
            holder[f"{path[-1]}s"] = holder.pop(path[-1])
            found = findings_of(kind, spec)
            assert found is None or told(tuple(found)) == [("SCHEMA/unknown-field", dotted(("spec", *path)) + "s")]


@pytest.mark.parametrize("kind", GOOD)
def test_a_value_that_yaml_cannot_give_leads_to_no_other_finding(kind: str) -> None:
    for path in paths(GOOD[kind])[1:]:
        spec, holder = within(GOOD[kind], path)
        holder[path[-1]] = "not read"
        written = json.dumps({**HEAD, "kind": kind, "spec": spec}).replace('"not read"', ".nan")
        parsed = parse(written.encode(), "thing.yaml")
        assert [finding.code for finding in parsed.findings] == ["YAML/number"]
        assert findings_about(parsed.doubtful[0]) == [], path


@PATIENT
@given(st.data())
def test_any_mistakes_together_end_in_findings_with_places(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(GOOD)))
    spec = GOOD[kind]
    for _ in range(data.draw(st.integers(2, 6))):
        path = data.draw(st.sampled_from(paths(spec)[1:] or [("description",)]))
        spec, holder = within(spec, path)
        holder[path[-1]] = data.draw(st.sampled_from(MISTAKES))
    assert all(finding.where and finding.cure for finding in findings_of(kind, spec) or ())

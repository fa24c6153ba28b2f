"""What the service would refuse or misread is told before anything is sent."""

from __future__ import annotations

import pytest

from reconciler.domain import Place, Severity, Tree
from reconciler.kinds import KINDS
from reconciler.manifests import Resource, decode, from_wire
from reconciler.manifests.yaml_tree import Document
from tests.unit.planning.making import changes, checked, codes, plan_against, plan_of, resource

RULE: Tree = {"name": "Beta", "id": "r1", "baseID": "r1", "passPercentage": 10, "conditions": []}


@pytest.mark.parametrize(
    ("live", "spec"),
    [
        ({"defaultValue": {"a": 1}}, """schema: '{"properties": {"a": {"type": "string"}}}'"""),
        ({"schema": '{"properties": {"a": {"type": "string"}}}', "defaultValue": {"a": "x"}}, "defaultValue: {a: 1}"),
        ({"schemaJson5": "{properties: {a: {type: 'string'}}}"}, "defaultValue: {a: 1}"),
    ],
)
def test_a_schema_and_values_must_agree_although_one_of_them_is_only_live(live: Tree, spec: str) -> None:
    plan = plan_against(live, resource("DynamicConfig", spec))
    assert [(finding.code, finding.severity) for finding in plan.findings] == [("VALUE/schema", Severity.ERROR)]


def test_values_that_disagree_live_already_do_not_stop_another_change() -> None:
    live = {"defaultValue": {"a": 1}, "schema": '{"properties": {"a": {"type": "string"}}}', "rules": []}
    assert plan_against(live, resource("DynamicConfig", "description: Other")).findings == ()


@pytest.mark.parametrize("name", [".", ".."])
def test_a_source_cannot_have_the_name_of_a_folder(name: str) -> None:
    wanted = resource(
        "EntityPropertySource", "sql: select 1 as a\nidTypeMapping: [{statsigUnitID: u, column: a}]", id_=name
    )
    assert codes(checked(wanted)) == ["SCHEMA/pattern"]


@pytest.mark.parametrize("kind", ["Gate", "DynamicConfig"])
def test_another_unit_is_told_to_overwrite_results(kind: str) -> None:
    plan = plan_against({"idType": "userID"}, resource(kind, "idType: stableID"))
    assert codes(plan.findings) == ["PLAN/id-type"]
    assert changes(plan) == [("idType", "set")]


def test_a_rule_that_is_new_beside_one_that_goes_is_told_with_the_pin_that_would_keep_it() -> None:
    spec = "rules: [{name: Gamma, passPercentage: 50, conditions: [{type: country, operator: any, targetValue: [DE]}]}]"
    (finding,) = plan_against({"rules": [RULE | {"environments": ["staging"]}]}, resource("Gate", spec)).findings
    assert (finding.code, finding.severity) == ("PLAN/new-ids", Severity.WARNING)
    assert "'Beta' (baseID: r1)" in finding.cure


def test_the_type_of_a_template_is_left_to_the_service() -> None:
    assert codes(checked(resource("Gate", "isTemplate: true\ntype: PERMANENT"))) == ["RULE/template"]


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("{type: custom_field, field: f, operator: gt, targetValue: nan}", "CONDITION/target"),
        ("{type: custom_field, field: f, operator: gt, targetValue: '1_000'}", "CONDITION/target"),
        ("{type: time, operator: after, targetValue: 1643070357}", "CONDITION/time"),
        ("{type: user_id, operator: any, targetValue: []}", "CONDITION/target"),
    ],
)
def test_a_target_that_cannot_be_meant_is_told(condition: str, code: str) -> None:
    found = checked(resource("Gate", f"rules: [{{name: R, passPercentage: 1, conditions: [{condition}]}}]"))
    assert codes(found) == [code]


def test_an_empty_target_of_everyone_is_not_sent() -> None:
    spec = "rules: [{name: R, passPercentage: 1, conditions: [{type: public, operator: any, targetValue: []}]}]"
    (step,) = plan_of(resource("Gate", spec)).steps
    assert step.calls[0].body["rules"][0]["conditions"] == [{"type": "public", "operator": "any"}]


def test_a_variant_says_its_value() -> None:
    spec = "rules: [{name: R, conditions: [], variants: [{name: A, passPercentage: 100}]}]"
    assert codes(checked(resource("DynamicConfig", spec))) == ["RULE/no-value"]


def test_the_text_of_a_number_is_the_number_that_it_reads_back_as() -> None:
    condition = {"type": "custom_field", "field": "f", "operator": "gt"}
    live = {"rules": [{**RULE, "conditions": [{**condition, "targetValue": 5.5}]}]}
    spec = """rules: [{name: Beta, passPercentage: 10, conditions: [
      {type: custom_field, field: f, operator: gt, targetValue: "5.50"}]}]"""
    assert plan_against(live, resource("Gate", spec)).steps == ()


def test_groups_that_miss_a_whole_by_a_tenth_are_a_whole() -> None:
    groups = ", ".join(f"{{name: G{number}, size: 11.1, parameterValues: {{}}}}" for number in range(9))
    assert checked(resource("Experiment", f"groups: [{groups}]")) == []


def test_an_empty_value_of_a_rule_is_taken_over() -> None:
    live = {"id": "thing_one", "rules": [{**RULE, "returnValue": {}}]}
    taken = decode(Document(Place("taken.yaml"), from_wire(KINDS["DynamicConfig"], live)), KINDS)
    assert isinstance(taken, Resource)
    assert checked(taken) == []
    assert plan_against(live, taken).steps == ()

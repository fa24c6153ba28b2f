"""Texts that crash the checks or the apply, and facts that the published schemas leave out."""

from __future__ import annotations

import json

import pytest

from reconciler.domain import Json, Severity, Status, Tree
from reconciler.schema_files import schema_files
from tests.unit.applying.service import Service, applied
from tests.unit.planning.making import checked, codes, plan_against, plan_of, resource


@pytest.mark.parametrize("schema", ['{"$ref": "#"}', '{"properties": {"a": {"$ref": "#/properties/a"}}}'])
def test_a_schema_that_refers_to_itself_without_end_is_refused(schema: str) -> None:
    assert codes(checked(resource("DynamicConfig", f"schema: '{schema}'\ndefaultValue: {{a: 1}}"))) == [
        "VALUE/schema-text"
    ]


PRICED = """schema: '{"type": "object", "required": ["price"]}'"""


def test_a_new_config_whose_schema_refuses_the_empty_default_must_say_one() -> None:
    (finding,) = plan_of(resource("DynamicConfig", PRICED)).findings
    assert (finding.code, finding.severity) == ("VALUE/no-default", Severity.ERROR)
    assert "'price' is a required property" in finding.message
    assert plan_of(resource("DynamicConfig", f"{PRICED}\ndefaultValue: {{price: 1}}")).findings == ()
    assert plan_against({"defaultValue": {"price": 2}}, resource("DynamicConfig", PRICED)).findings == ()


def test_a_rule_with_variants_needs_no_value_of_its_own() -> None:
    variant = "{name: x, passPercentage: 100, returnValue: {price: 1}}"
    rule = f"{{name: r, passPercentage: 1, conditions: [], variants: [{variant}]}}"
    wanted = resource("DynamicConfig", f"{PRICED}\ndefaultValue: {{price: 1}}\nrules: [{rule}]")
    assert codes(checked(wanted)) == []
    live = plan_of(wanted).steps[0].calls[0].body
    assert isinstance(live, dict)
    (sent,) = live["rules"]
    filled_in = {**live, "description": "Old", "rules": [{**sent, "returnValue": {}, "returnValueJson5": "{}"}]}
    again = resource("DynamicConfig", f"{PRICED}\ndefaultValue: {{price: 2}}\nrules: [{rule}]")
    assert plan_against(filled_in, again).findings == ()


DEEP = '{"a":' * 500 + "1" + "}" * 500


def test_a_json5_text_that_nests_too_deep_is_refused() -> None:
    assert codes(checked(resource("DynamicConfig", f"defaultValueJson5: '{DEEP}'"))) == ["VALUE/json5"]


def test_a_live_value_that_nests_deep_does_not_end_a_plan_in_a_crash() -> None:
    wanted = resource("DynamicConfig", "defaultValue: {a: 1}")
    assert len(plan_of(wanted, live={wanted.key: {"defaultValue": json.loads(DEEP)}}).steps) == 1


@pytest.mark.parametrize("schema", [["a"], {"type": "object"}, 5])
def test_a_live_schema_that_is_no_text_does_not_end_a_plan_in_a_crash(schema: Json) -> None:
    wanted = resource("DynamicConfig", "defaultValue: {a: 1}")
    assert len(plan_of(wanted, live={wanted.key: {"defaultValue": {}, "schemaJson5": schema}}).steps) == 1


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_json_cannot_carry_is_refused_before_it_is_sent(number: str) -> None:
    wanted = resource("DynamicConfig", f"defaultValueJson5: '{{a: {number}}}'")
    assert codes(checked(wanted)) == ["VALUE/json5"]


def test_a_number_that_json_cannot_carry_does_not_end_an_apply_in_a_crash() -> None:
    live: Tree = {"id": "thing_one", "defaultValue": {"a": 1}}
    wanted = resource("DynamicConfig", "defaultValueJson5: '{a: NaN}'")
    service = Service({"/dynamic_configs/thing_one": live})
    (outcome,) = applied(plan_of(wanted, live={wanted.key: live}), service)
    assert outcome.status in {Status.DONE, Status.FAILED}


@pytest.mark.parametrize(
    ("schema", "value", "codes"),
    [
        ({"properties": {"a": {"pattern": r"^\p{L}+$"}, "b": {"type": "string"}}}, {"a": "x", "b": 1},
         ["VALUE/pattern", "VALUE/schema"]),
        ({"patternProperties": {"^x_(?<n>a)": {}}, "additionalProperties": False}, {"zz": 1}, ["VALUE/pattern"]),
        ({"properties": {"a": {"enum": [{"pattern": "("}]}}}, {"a": {"pattern": "("}}, []),
    ],
)  # fmt: skip
def test_a_pattern_that_cannot_be_read_here_hides_nothing_else(schema: Tree, value: Tree, codes: list[str]) -> None:
    spec = f"schema: {json.dumps(json.dumps(schema))}\ndefaultValue: {json.dumps(value)}"
    assert [finding.code for finding in checked(resource("DynamicConfig", spec))] == codes


@pytest.mark.parametrize("pattern", [r"^\\p{L}+$", r"^[\\w-]+$", r"\\u00e9"])
def test_a_pattern_of_javascript_is_a_good_pattern(pattern: str) -> None:
    """JSON Schema patterns are those of ECMA-262, and the service reads them as such."""
    spec = f"""schema: '{{"properties": {{"a": {{"pattern": "{pattern}"}}}}}}'\ndefaultValue: {{}}"""
    assert checked(resource("DynamicConfig", spec)) == []


def test_three_thirds_of_a_split_are_a_whole() -> None:
    variants = ", ".join(f"{{name: {name}, passPercentage: 33.3, returnValue: {{}}}}" for name in "ABC")
    assert checked(resource("DynamicConfig", f"rules: [{{name: R, conditions: [], variants: [{variants}]}}]")) == []


@pytest.mark.parametrize("kind", ["gate", "dynamic-config", "experiment"])
def test_the_published_schema_has_the_pattern_of_names(kind: str) -> None:
    schema = json.loads(schema_files()[f"{kind}.schema.json"])
    assert "pattern" in schema["$defs"]["Spec"]["properties"]["name"]


def test_a_lost_create_of_a_template_is_recognised() -> None:
    """The service answers with the type TEMPLATE."""
    service = Service()
    service.made = lambda body: {**body, "type": "TEMPLATE"}
    service.trouble("POST /gates", "lost")
    (outcome,) = applied(plan_of(resource("Gate", "isTemplate: true\ntype: TEMPORARY")), service)
    assert outcome.status is Status.DONE

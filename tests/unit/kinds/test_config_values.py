"""The values of a config: objects without nulls, equal to their JSON5 texts, and true to the schema of the config."""

from __future__ import annotations

import json

import pytest

from reconciler.domain import Problem, Severity, Tree
from reconciler.kinds import KINDS
from tests.unit.planning.making import changes, patch, plan_against, refused, resource


def problems(spec: str) -> list[Problem]:
    """What the kind says of a config, beyond the types of its fields."""
    return list(KINDS["DynamicConfig"].check(resource("DynamicConfig", spec).spec.tree()))


def only(spec: str) -> Problem:
    (problem,) = problems(spec)
    return problem


SCHEMA = json.dumps({
    "type": "object",
    "properties": {
        "limit": {"type": "integer", "maximum": 10},
        "names": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["limit"],
})  # fmt: skip


def config(value: str, schema: str = SCHEMA) -> str:
    return f"schema: '{schema}'\ndefaultValue: {value}"


def rule(members: str) -> str:
    return f"rules: [{{name: All, conditions: [{{type: public}}], {members}}}]"


# ---- schema --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "at", "message"),
    [
        ("{limit: 11}", ("defaultValue", "limit"), "limit: 11 is greater than the maximum of 10"),
        ("{limit: many}", ("defaultValue", "limit"), "limit: 'many' is not of type 'integer'"),
        ("{limit: 1, names: [a, 2]}", ("defaultValue", "names", 1), "names[1]: 2 is not of type 'string'"),
        ("{}", ("defaultValue",), "'limit' is a required property"),
    ],
)
def test_a_value_that_breaks_the_schema_is_refused_at_the_place_of_the_value(
    value: str, at: tuple[str | int, ...], message: str
) -> None:
    problem = only(config(value))
    assert (problem.code, problem.severity, problem.at) == ("VALUE/schema", Severity.ERROR, at)
    assert problem.message == message


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("{a: 1, more: 2, most: 3}", ("defaultValue", "more")),
        ("{a: 1, x-one: 2, most: 3}", ("defaultValue", "most")),
        ("{in: {more: 1}}", ("defaultValue", "in", "more")),
        ("{other: {a: x}}", ("defaultValue", "other", "a")),
    ],
)
def test_a_key_that_the_schema_does_not_know_is_refused_at_that_key(value: str, at: tuple[str | int, ...]) -> None:
    closed = {"properties": {}, "additionalProperties": False}
    of_numbers = {"additionalProperties": {"type": "number"}}
    known = {"a": {}, "in": closed, "other": of_numbers}
    schema = {"properties": known, "patternProperties": {"^x-": {}}, "additionalProperties": False}
    problem = only(config(value, json.dumps(schema)))
    assert (problem.code, problem.at) == ("VALUE/schema", at)


@pytest.mark.parametrize(
    ("items", "unique"), [("[1, a, [b], {c: 1}, true]", True), ("[1, 1.0]", False), ("[{c: 1}, {c: 1}]", False)]
)
def test_items_that_are_to_differ_are_compared_by_what_they_hold(items: str, unique: bool) -> None:  # noqa: FBT001 - a case
    schema = '{"properties": {"names": {"uniqueItems": true}}}'
    found = problems(config(f"{{names: {items}}}", schema))
    assert [problem.message for problem in found] == ([] if unique else ["names: the items are not all different"])


def test_every_broken_value_of_a_config_is_named() -> None:
    spec = f"""
    schema: '{SCHEMA}'
    defaultValue: {{limit: 1}}
    rules:
    - {{name: A, conditions: [], returnValue: {{limit: 11}}}}
    - name: B
      conditions: []
      variants:
      - {{name: X, passPercentage: 50, returnValue: {{limit: 2}}}}
      - {{name: Y, passPercentage: 50, returnValue: {{limit: 12}}}}
    """
    assert [problem.at for problem in problems(spec)] == [
        ("rules", 0, "returnValue", "limit"),
        ("rules", 1, "variants", 1, "returnValue", "limit"),
    ]


def test_a_json5_value_that_breaks_the_schema_is_refused_at_its_text() -> None:
    problem = only(f"schema: '{SCHEMA}'\ndefaultValueJson5: '{{limit: 11}}'")
    assert problem.at == ("defaultValueJson5",)
    assert problem.message == "limit: 11 is greater than the maximum of 10"


@pytest.mark.parametrize("value", ["{limit: 10}", "{limit: 1, names: []}", "{limit: 3.0, more: true}"])
def test_a_value_that_keeps_to_the_schema_is_fine(value: str) -> None:
    assert problems(config(value)) == []


def test_a_schema_in_json5_is_read_like_one_in_json() -> None:
    problem = only("schemaJson5: '{properties: {a: {type: \"string\"}}, /* c */}'\ndefaultValue: {a: 1}")
    assert (problem.code, problem.at) == ("VALUE/schema", ("defaultValue", "a"))


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ("not json", "schema is not a JSON document that holds a schema"),
        ("[]", "schema is not a JSON document that holds a schema"),
        ('{"type": "objekt"}', "schema is not a valid JSON Schema"),
        ('{"properties": {"a": {"$ref": "#/$defs/a"}}}', "which is not in it"),
        ('{"properties": {"a": {"$ref": "https://example.com/a.json"}}}', "https://example.com/a.json"),
    ],
)
def test_a_schema_that_cannot_be_used_is_refused(schema: str, told: str) -> None:
    problem = only(config("{a: 1}", schema))
    assert (problem.code, problem.at) == ("VALUE/schema-text", ("schema",))
    assert told in problem.message


def test_references_within_the_schema_are_followed() -> None:
    schema = '{"properties": {"a": {"$ref": "#/$defs/small"}}, "$defs": {"small": {"maximum": 1}}}'
    assert only(config("{a: 2}", schema)).at == ("defaultValue", "a")


@pytest.mark.parametrize("schema", ["schema: null", "schema: ''", "schemaJson5: null"])
def test_a_config_may_have_no_schema(schema: str) -> None:
    assert problems(f"{schema}\ndefaultValue: {{a: 1}}") == []


def test_a_schema_that_says_something_else_than_its_twin_is_refused() -> None:
    problem = only("""schema: '{"type": "object"}'\nschemaJson5: "{type: 'array'}" """)
    assert (problem.code, problem.at) == ("VALUE/twin", ("schemaJson5",))


# ---- objects and nulls ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "at"),
    [
        ("defaultValue: {a: null}", ("defaultValue", "a")),
        ("defaultValue: {a: [1, null]}", ("defaultValue", "a", 1)),
        ("defaultValue: {a: {b: {c: ~}}}", ("defaultValue", "a", "b", "c")),
        (rule("returnValue: {a: null}"), ("rules", 0, "returnValue", "a")),
        (rule("variants: [{name: X, passPercentage: 100, returnValue: {a: null}}]"),
         ("rules", 0, "variants", 0, "returnValue", "a")),
        ("defaultValueJson5: '{a: null}'", ("defaultValueJson5", "a")),
    ],
)  # fmt: skip
def test_a_null_inside_a_value_is_refused_where_it_stands(spec: str, at: tuple[str | int, ...]) -> None:
    problem = only(spec)
    assert (problem.code, problem.at, problem.cure) == ("VALUE/null", at, "leave the key out, or give it a value")


@pytest.mark.parametrize("value", ["[1]", "text", "1", "true", "null"])
def test_a_value_that_is_no_object_is_refused(value: str) -> None:
    (finding,) = refused("DynamicConfig", f"defaultValue: {value}")
    assert finding.code == "SCHEMA/type"
    assert finding.where is not None
    assert finding.where.pointer == ("spec", "defaultValue")


@pytest.mark.parametrize("text", ["[1]", "1", "'text'", "null"])
def test_a_json5_text_that_holds_no_object_is_refused(text: str) -> None:
    problem = only(f'defaultValueJson5: "{text}"')
    assert (problem.code, problem.at) == ("VALUE/object", ("defaultValueJson5",))


@pytest.mark.parametrize("text", ["", "{", "{a: }", "a: 1"])
def test_a_text_that_is_no_json5_is_refused(text: str) -> None:
    problem = only(f'defaultValueJson5: "{text}"')
    assert (problem.code, problem.at) == ("VALUE/json5", ("defaultValueJson5",))


# ---- JSON5 twins ---------------------------------------------------------------------------------------------------


def test_a_value_and_its_json5_text_that_say_different_things_are_refused() -> None:
    problem = only("defaultValue: {a: 1}\ndefaultValueJson5: '{a: 2}'")
    assert (problem.code, problem.at) == ("VALUE/twin", ("defaultValueJson5",))
    assert problem.cure == "let both say the same, or leave defaultValueJson5 out"


@pytest.mark.parametrize("text", ["{a: 1.0, b: ['x']}", '{\\n  // one\\n  \\"b\\": [\\"x\\"], a: +1,\\n}'])
def test_a_value_and_its_json5_text_may_be_spelled_differently(text: str) -> None:
    assert problems(f'defaultValue: {{a: 1, b: [x]}}\ndefaultValueJson5: "{text}"') == []


def test_both_of_a_pair_are_sent_when_the_manifest_has_both() -> None:
    spec = "defaultValue: {a: 2}\ndefaultValueJson5: '{a: 2 /* two */}'"
    plan = plan_against({"defaultValue": {"a": 1}, "defaultValueJson5": "{a: 1}"}, resource("DynamicConfig", spec))
    assert patch(plan) == {"defaultValue": {"a": 2}, "defaultValueJson5": "{a: 2 /* two */}"}
    assert [path for path, _ in changes(plan)] == ["defaultValue.a"]


def test_a_live_text_is_written_anew_when_its_value_changes() -> None:
    live: Tree = {"defaultValue": {"a": 1}, "defaultValueJson5": "{a: 1 /* one */}"}
    body = patch(plan_against(live, resource("DynamicConfig", "defaultValue: {a: 2, ä: [x]}")))
    assert body["defaultValue"] == {"a": 2, "ä": ["x"]}
    assert json.loads(body["defaultValueJson5"]) == body["defaultValue"]


def test_no_text_is_made_where_there_was_none() -> None:
    assert patch(plan_against({"defaultValue": {"a": 1}}, resource("DynamicConfig", "defaultValue: {a: 2}"))) == {
        "defaultValue": {"a": 2}
    }


def test_a_text_alone_brings_its_value_along() -> None:
    live: Tree = {"defaultValue": {"a": 1}, "defaultValueJson5": "{a: 1}"}
    body = patch(plan_against(live, resource("DynamicConfig", "defaultValueJson5: '{a: 2}'")))
    assert body == {"defaultValue": {"a": 2}, "defaultValueJson5": "{a: 2}"}


def test_twins_inside_rules_are_kept_together() -> None:
    live = {"rules": [{"name": "All", "id": "r", "baseID": "r", "passPercentage": 100,
                       "conditions": [{"type": "public"}], "returnValue": {"a": 1},
                       "returnValueJson5": "{a: 1}"}]}  # fmt: skip
    (sent,) = patch(plan_against(live, resource("DynamicConfig", rule("returnValue: {a: 2}"))))["rules"]
    assert sent["returnValue"] == {"a": 2}
    assert json.loads(sent["returnValueJson5"]) == {"a": 2}


def test_schema_and_values_change_in_one_patch() -> None:
    live = {"schema": '{"required": ["a"]}', "defaultValue": {"a": 1}}
    plan = plan_against(live, resource("DynamicConfig", """schema: '{"required": ["b"]}'\ndefaultValue: {b: 1}"""))
    assert patch(plan) == {"schema": '{"required": ["b"]}', "defaultValue": {"b": 1}}


# ---- rules and variants --------------------------------------------------------------------------------------------


def test_a_rule_without_a_value_is_refused() -> None:
    problem = only("rules: [{name: All, conditions: []}]")
    assert (problem.code, problem.at) == ("RULE/no-value", ("rules", 0))


@pytest.mark.parametrize(
    "members",
    ["returnValue: {}", "returnValueJson5: '{}'", "variants: [{name: X, passPercentage: 100, returnValue: {}}]"],
)
def test_a_rule_has_a_value_or_variants(members: str) -> None:
    assert problems(rule(members)) == []


def test_two_variants_of_one_name_are_refused() -> None:
    variant = "{name: X, passPercentage: 50, returnValue: {}}"
    problem = only(rule(f"variants: [{variant}, {variant}]"))
    assert (problem.code, problem.at) == ("RULE/duplicate-name", ("rules", 0, "variants", 1, "name"))


@pytest.mark.parametrize(("first", "second", "warned"), [(50, 50, 0), (50, 49, 1), (60, 60, 1), (33.33, 66.67, 0)])
def test_variants_that_do_not_sum_to_100_are_doubted(first: float, second: float, warned: int) -> None:
    one = f"{{name: X, passPercentage: {first}, returnValue: {{}}}}"
    other = f"{{name: Y, passPercentage: {second}, returnValue: {{}}}}"
    spec = rule(f"variants: [{one}, {other}]")
    assert [(problem.code, problem.severity) for problem in problems(spec)] == [
        ("RULE/split", Severity.WARNING)
    ] * warned

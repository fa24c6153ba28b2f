"""What each type of condition takes: its operators, the form of its target, and which further field it needs."""

from __future__ import annotations

from typing import get_args

import pytest

from reconciler.domain import Problem, Severity
from reconciler.kinds import KINDS
from reconciler.targeting import CONDITION_TYPES
from reconciler.targeting.condition import ConditionName
from reconciler.targeting.table import expected
from tests.unit.planning.making import resource

AT = ("rules", 0, "conditions", 0)


def problems(condition: str) -> list[Problem]:
    """What is said of a gate with this one condition."""
    gate = resource("Gate", f"rules: [{{name: All, passPercentage: 1, conditions: [{{{condition}}}]}}]")
    return list(KINDS["Gate"].check(gate.spec.tree()))


GOOD = [
    "type: public",
    "type: public, targetValue: null",
    "type: public, targetValue: []",
    *(f"type: user_id, operator: {operator}, targetValue: [a, b]" for operator in ("any", "none")),
    "type: user_id, operator: is_null",
    "type: user_id, operator: is_not_null, targetValue: null",
    "type: user_id, operator: str_contains_any, targetValue: [a]",
    "type: user_id, operator: regex, targetValue: '^a'",
    "type: email, operator: any, targetValue: [a@b.c]",
    "type: email, operator: none, targetValue: [a@b.c]",
    "type: email, operator: str_contains_any, targetValue: ['@b.c']",
    "type: email, operator: str_contains_none, targetValue: ['@b.c']",
    "type: custom_field, field: plan, operator: any, targetValue: [gold]",
    "type: custom_field, field: plan, operator: none, targetValue: [gold]",
    "type: custom_field, field: plan, operator: any_case_sensitive, targetValue: [Gold]",
    "type: custom_field, field: plan, operator: none_case_sensitive, targetValue: [Gold]",
    "type: custom_field, field: plan, operator: str_contains_any, targetValue: [go]",
    "type: custom_field, field: plan, operator: str_matches, targetValue: '^g'",
    "type: custom_field, field: plan, operator: is_null",
    *(
        f"type: custom_field, field: age, operator: {operator}, targetValue: 31.5"
        for operator in ("lt", "gt", "lte", "gte")
    ),
    "type: custom_field, field: age, operator: gt, targetValue: '31'",
    "type: custom_field, field: age, operator: gt, targetValue: [31]",
    *(
        f"type: custom_field, field: build, operator: version_{order}, targetValue: '1.10'"
        for order in ("lt", "gt", "lte", "gte", "eq")
    ),
    *(
        f"type: custom_field, field: since, operator: {operator}, targetValue: 1643070357193"
        for operator in ("before", "after", "on")
    ),
    *(
        f"type: custom_field, field: roles, operator: {operator}, targetValue: [a, b]"
        for operator in ("array_contains_any", "array_contains_none", "array_contains_all", "not_array_contains_all")
    ),
    "type: unit_id, customID: stableID, operator: any, targetValue: [a]",
    "type: unit_id, customID: stableID, operator: none, targetValue: [a]",
    "type: unit_id, customID: stableID, operator: is_null",
    "type: unit_id, customID: stableID, operator: is_not_null",
    "type: unit_id, customID: stableID, operator: encoded_any, targetValue: [a]",
    *(
        condition
        for type_ in ("app_version", "os_version", "browser_version")
        for condition in (
            f"type: {type_}, operator: any, targetValue: ['1.2', '1.10']",
            f"type: {type_}, operator: none, targetValue: ['1.2']",
            *(
                f"type: {type_}, operator: {operator}, targetValue: '1.10'"
                for operator in ("version_lt", "version_gt", "version_lte", "version_gte")
            ),
        )
    ),
    "type: browser_name, operator: any, targetValue: [Chrome]",
    "type: os_name, operator: none, targetValue: [iOS]",
    "type: device_model, operator: any, targetValue: [iPhone]",
    "type: device_model, operator: is_null",
    "type: device_model, operator: contains, targetValue: Pixel",
    "type: device_model, operator: regex, targetValue: '^Pixel'",
    "type: country, operator: any, targetValue: [DE, NO]",
    "type: ip_address, operator: none, targetValue: [192.0.2.1]",
    "type: locale, operator: any, targetValue: [sv-SE]",
    "type: passes_gate, targetValue: other_gate",
    "type: fails_gate, targetValue: [other_gate]",
    "type: passes_segment, targetValue: staff",
    "type: fails_segment, targetValue: staff",
    "type: time, operator: before, targetValue: 1643070357193",
    "type: time, operator: after, targetValue: '1643070357193'",
    "type: environment_tier, operator: any, targetValue: [production]",
    "type: environment_tier, operator: none, targetValue: [production]",
    "type: url",
    "type: url, targetValue: /checkout",
    "type: javascript, targetValue: 'window.x'",
    "type: target_app, targetValue: [web]",
]


@pytest.mark.parametrize("condition", GOOD)
def test_what_the_reference_of_conditions_lists_is_fine(condition: str) -> None:
    assert problems(condition) == []


def test_every_type_has_a_row_and_a_good_example() -> None:
    types = set(get_args(ConditionName))
    assert len(types) == 23
    assert set(CONDITION_TYPES) == types
    assert {condition.split(",")[0].removeprefix("type: ") for condition in GOOD} == types


# ---- operators -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "cure"),
    [
        ("type: country, targetValue: [DE]", "write operator: one of any, none"),
        ("type: country, operator: '', targetValue: [DE]", "write operator: one of any, none"),
        ("type: time, targetValue: 1643070357193", "write operator: one of before, after"),
    ],
)
def test_a_type_with_operators_needs_one(condition: str, cure: str) -> None:
    (problem,) = problems(condition)
    assert (problem.code, problem.severity, problem.at) == ("CONDITION/operator", Severity.ERROR, AT)
    assert problem.cure == cure


@pytest.mark.parametrize(
    ("condition", "cure"),
    [
        ("type: country, operator: anny, targetValue: [DE]", "did you mean any?"),
        ("type: app_version, operator: version_greater, targetValue: '1'", "did you mean version_gte?"),
        ("type: locale, operator: qqq, targetValue: [x]", "known operators: any, none"),
        ("type: passes_gate, operator: any, targetValue: g", "passes_gate takes no operator: take it out"),
        ("type: public, operator: any", "public takes no operator: take it out"),
        (
            "type: url, operator: contains, targetValue: x",
            "which operators url takes is not documented: it is sent as written",
        ),
    ],
)
def test_an_operator_that_is_in_no_table_is_doubted_and_let_through(condition: str, cure: str) -> None:
    (problem,) = problems(condition)
    assert (problem.code, problem.severity) == ("CONDITION/operator", Severity.WARNING)
    assert (problem.at, problem.cure) == ((*AT, "operator"), cure)


# ---- targets -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "message", "cure", "at"),
    [
        ("type: country, operator: any", "any needs a targetValue", "write targetValue: a list", ()),
        ("type: country, operator: any, targetValue: ''", "any needs a targetValue", "write targetValue: a list", ()),
        ("type: country, operator: any, targetValue: DE", "any takes a list", "write targetValue: [DE]",
         ("targetValue",)),
        ("type: passes_gate", "passes_gate needs a targetValue", "write targetValue: one text", ()),
        ("type: passes_segment, targetValue: [a, b]", "passes_segment takes one value, not 2",
         "write one condition (AND) or one rule (OR) for each value", ("targetValue",)),
        ("type: fails_gate, targetValue: []", "fails_gate takes one value, not 0",
         "write one condition (AND) or one rule (OR) for each value", ("targetValue",)),
        ("type: custom_field, field: age, operator: gt, targetValue: old", "gt takes one number, not 'old'",
         "write a number", ("targetValue",)),
        ("type: custom_field, field: age, operator: gt, targetValue: [1, 2]", "gt takes one value, not 2",
         "write one condition (AND) or one rule (OR) for each value", ("targetValue",)),
        ("type: app_version, operator: version_gt, targetValue: ['1', '2']", "version_gt takes one value, not 2",
         "write one condition (AND) or one rule (OR) for each value", ("targetValue",)),
        ("type: user_id, operator: is_null, targetValue: [a]", "is_null takes no targetValue", "take targetValue out",
         ("targetValue",)),
        ("type: public, targetValue: all", "public takes no targetValue", "take targetValue out", ("targetValue",)),
        ("type: time, operator: after, targetValue: soon", "after takes one time in epoch milliseconds, not 'soon'",
         "write epoch milliseconds", ("targetValue",)),
        ("type: time, operator: after, targetValue: 2024-01-01",
         "after takes one time in epoch milliseconds, not '2024-01-01'",
         "write epoch milliseconds: 1704067200000", ("targetValue",)),
        ("type: custom_field, field: since, operator: on, targetValue: '2024-01-01T01:00:00+01:00'",
         "on takes one time in epoch milliseconds, not '2024-01-01T01:00:00+01:00'",
         "write epoch milliseconds: 1704067200000", ("targetValue",)),
    ],
)  # fmt: skip
def test_a_target_of_another_form_is_refused(condition: str, message: str, cure: str, at: tuple[str, ...]) -> None:
    (problem,) = problems(condition)
    assert (problem.code, problem.severity) == ("CONDITION/target", Severity.ERROR)
    assert (problem.message, problem.cure, problem.at) == (message, cure, (*AT, *at))


def test_an_empty_list_of_targets_is_refused() -> None:
    (problem,) = problems("type: country, operator: any, targetValue: []")
    assert (problem.code, problem.severity, problem.at) == ("CONDITION/target", Severity.ERROR, (*AT, "targetValue"))


# ---- further fields ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "cure"),
    [
        ("type: custom_field, operator: is_null", "write field: the name of the custom field"),
        ("type: custom_field, field: '', operator: is_null", "write field: the name of the custom field"),
        ("type: unit_id, operator: is_null", "write customID: the unit id type, such as stableID"),
        ("type: unit_id, customID: null, operator: is_null", "write customID: the unit id type, such as stableID"),
    ],
)
def test_a_field_that_a_type_cannot_do_without_is_asked_for(condition: str, cure: str) -> None:
    (problem,) = problems(condition)
    assert (problem.code, problem.severity, problem.at, problem.cure) == ("CONDITION/missing", Severity.ERROR, AT, cure)


@pytest.mark.parametrize(
    ("condition", "field", "cure"),
    [
        (
            "type: country, field: c, operator: any, targetValue: [DE]",
            "field",
            "take it out, or use type: custom_field",
        ),
        ("type: user_id, customID: u, operator: is_null", "customID", "take it out, or use type: unit_id"),
    ],
)
def test_a_field_that_means_nothing_there_is_doubted(condition: str, field: str, cure: str) -> None:
    (problem,) = problems(condition)
    assert (problem.code, problem.severity, problem.at) == ("CONDITION/stray", Severity.WARNING, (*AT, field))
    assert problem.cure == cure


def test_every_wrong_condition_is_named_by_its_place() -> None:
    gate = resource("Gate", """
    rules:
    - {name: A, passPercentage: 1, conditions: [{type: public}, {type: passes_gate}]}
    - {name: B, passPercentage: 1, conditions: [{type: unit_id, operator: is_null}]}
    """)  # fmt: skip
    assert [problem.at for problem in KINDS["Gate"].check(gate.spec.tree())] == [
        ("rules", 0, "conditions", 1),
        ("rules", 1, "conditions", 0),
    ]


def test_the_table_knows_nothing_of_types_that_do_not_exist() -> None:
    assert expected("user_agent", None) is None
    assert expected("country", "version_gt") is None

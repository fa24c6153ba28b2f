"""What a manifest does not mention is not ours: never compared, never cleared, and sent back to the letter.

The service replaces lists and nested objects as a whole, so a patch carries the live values of what is left out.
"""

from __future__ import annotations

from copy import deepcopy

import pytest

from reconciler.domain import Action, Tree
from tests.unit.planning.making import changes, only_call, patch, plan_against, resource

BETA: Tree = {
    "name": "Beta",
    "id": "r1:10.00:4",
    "baseID": "r1",
    "passPercentage": 10,
    "conditions": [
        {
            "type": "country",
            "operator": "any",
            "targetValue": ["DE"],
            "field": None,
            "customID": "",
            "future": {"x": 1},
        },
        {"type": "email", "operator": "str_contains_any", "targetValue": ["@a.example"]},
    ],
    "environments": ["staging"],
    "returnValue": {},
    "futureMember": [1, None, {"deep": True}],
}
OTHER: Tree = {
    "name": "Other",
    "id": "r2",
    "baseID": "r2",
    "passPercentage": "33.30",
    "conditions": [],
    "future": "kept",
}
GATE: Tree = {
    "description": "By hand",
    "rules": [BETA, OTHER],
    "tags": ["by-hand"],
    "isEnabled": True,
    "status": "In Progress",
    "measureMetricLifts": True,
    "reviewSettings": {"requiredReview": False, "future": "kept"},
    "futureField": 1,
}
SAME_CONDITIONS = """
        - {type: country, operator: any, targetValue: [DE]}
        - {type: email, operator: str_contains_any, targetValue: ["@a.example"]}
"""


def gate(percentage: float, conditions: str = SAME_CONDITIONS) -> str:
    return f"""
rules:
    - name: Beta
      passPercentage: {percentage}
      conditions:{conditions}
    - {{name: Other, passPercentage: 33.3, conditions: []}}
"""


def test_an_empty_spec_changes_nothing() -> None:
    assert plan_against(GATE, resource("Gate", "{}")).steps == ()


def test_only_the_changed_field_is_sent() -> None:
    spec = "name: A thing\ndescription: New\nmeasureMetricLifts: true\ntags: [by-hand]"
    assert patch(plan_against({**GATE, "name": "A thing"}, resource("Gate", spec))) == {"description": "New"}


def test_a_change_in_one_rule_sends_all_rules_with_everything_that_they_hold() -> None:
    body = patch(plan_against(GATE, resource("Gate", gate(20))))
    assert body == {"rules": [{**BETA, "passPercentage": 20}, OTHER]}


def test_a_change_in_one_condition_keeps_what_the_condition_holds_besides() -> None:
    conditions = SAME_CONDITIONS.replace("[DE]", "[DE, FR]")
    body = patch(plan_against(GATE, resource("Gate", gate(10, conditions))))
    changed = {**BETA["conditions"][0], "targetValue": ["DE", "FR"]}
    assert body == {"rules": [{**BETA, "conditions": [changed, BETA["conditions"][1]]}, OTHER]}


def test_a_new_condition_leaves_the_others_as_they_are() -> None:
    conditions = SAME_CONDITIONS + "        - {type: public}\n"
    body = patch(plan_against(GATE, resource("Gate", gate(10, conditions))))
    assert body["rules"][0]["conditions"] == [*BETA["conditions"], {"type": "public"}]


def test_equal_values_are_sent_in_the_spelling_of_the_service() -> None:
    body = patch(plan_against(GATE, resource("Gate", gate(20))))
    assert body["rules"][1]["passPercentage"] == "33.30"


def test_nothing_live_is_changed_by_planning() -> None:
    before = deepcopy(GATE)
    plan_against(GATE, resource("Gate", gate(20)))
    assert before == GATE


def test_review_settings_keep_the_members_that_the_manifest_leaves_out() -> None:
    plan = plan_against(GATE, resource("Gate", "reviewSettings: {requiredReview: true}"))
    assert patch(plan) == {"reviewSettings": {"requiredReview": True, "future": "kept"}}
    assert changes(plan) == [("reviewSettings.requiredReview", Action.SET)]


def test_a_group_keeps_its_id_and_the_members_that_the_manifest_leaves_out() -> None:
    control = {
        "name": "Control",
        "id": "g1",
        "size": 50,
        "parameterValues": {"n": 1},
        "foreignGroupID": "f",
        "future": 1,
    }
    test = {
        "name": "Test",
        "id": "g2",
        "size": 50,
        "parameterValues": {"n": 2},
        "disabled": True,
        "description": "Kept",
    }
    spec = """
    groups:
    - {name: Control, size: 40, parameterValues: {n: 1}}
    - {name: Test, size: 60, parameterValues: {n: 2}}
    """
    body = patch(plan_against({"status": "setup", "groups": [control, test]}, resource("Experiment", spec)))
    assert body == {"groups": [{**control, "size": 40}, {**test, "size": 60}]}


def test_a_variant_keeps_its_id_and_the_members_that_the_manifest_leaves_out() -> None:
    red = {"name": "Red", "id": "v1", "passPercentage": 50, "returnValue": {"c": "r"}, "future": 1}
    blue = {"name": "Blue", "id": "v2", "passPercentage": 50, "returnValue": {"c": "b"}, "returnValueJson5": "{c: 'b'}"}
    rule = {"name": "All", "id": "r1", "baseID": "r1", "passPercentage": 100, "conditions": [], "variants": [red, blue]}
    spec = """
    rules:
    - name: All
      conditions: []
      variants:
      - {name: Red, passPercentage: 50, returnValue: {c: r}}
      - {name: Blue, passPercentage: 50, returnValue: {c: navy}}
    """
    plan = plan_against({"rules": [rule]}, resource("DynamicConfig", spec))
    (sent,) = patch(plan)["rules"]
    assert sent["variants"][0] == red
    assert sent["variants"][1]["id"] == "v2"
    assert {name: value for name, value in sent.items() if name != "variants"} == {
        name: value for name, value in rule.items() if name != "variants"
    }
    assert changes(plan) == [
        ('rules["All"].variants["Blue"].returnValue.c', Action.SET),
        ('rules["All"].variants["Blue"].returnValueJson5', Action.SET),
    ]


def test_metrics_keep_the_members_that_the_manifest_leaves_out() -> None:
    dau = {"name": "dau", "type": "user", "direction": "increase", "hypothesizedValue": 5}
    spec = "primaryMetrics: [{name: dau, type: user}, {name: orders, type: sum}]"
    body = patch(plan_against({"status": "setup", "groups": [], "primaryMetrics": [dau]}, resource("Experiment", spec)))
    assert body == {"primaryMetrics": [dau, {"name": "orders", "type": "sum"}]}


def test_a_column_mapping_keeps_the_members_that_the_manifest_leaves_out() -> None:
    live = {"sql": "select a, b", "idTypeMapping": [{"statsigUnitID": "userID", "column": "a", "future": 1}]}
    spec = "sql: select a, b\nidTypeMapping: [{statsigUnitID: userID, column: b}]"
    call = only_call(plan_against(live, resource("EntityPropertySource", spec)))
    assert str(call) == "PATCH /experiments/entity_property/thing_one"
    assert call.body == {"idTypeMapping": [{"statsigUnitID": "userID", "column": "b", "future": 1}]}


def test_stratified_sampling_keeps_the_members_that_the_manifest_leaves_out() -> None:
    csv = {"original": "a,b", "identifier": "x"}
    live = {"status": "setup", "groups": [], "stratifiedSampling": {"status": "pending", "csv": csv, "future": 1}}
    body = patch(plan_against(live, resource("Experiment", "stratifiedSampling: {status: success}")))
    assert body == {"stratifiedSampling": {"status": "success", "csv": csv, "future": 1}}


@pytest.mark.parametrize(
    ("kind", "spec", "live", "body"),
    [
        ("Gate", "team: null", {"team": "Growth"}, {"team": None}),
        ("Gate", "tags: []", {"tags": ["a"]}, {"tags": []}),
        ("Gate", 'description: ""', {"description": "Old"}, {"description": ""}),
        ("Gate", "rules: []", {"rules": [BETA]}, {"rules": []}),
        ("DynamicConfig", "schema: null", {"schema": "{}", "schemaJson5": "{}"}, {"schema": None, "schemaJson5": None}),
        ("DynamicConfig", "defaultValue: {}", {"defaultValue": {"a": 1}}, {"defaultValue": {}}),
        ("Experiment", "targetingGateID: null", {"targetingGateID": "a_gate", "status": "setup"},
         {"targetingGateID": None}),
        ("Experiment", "stratifiedSampling: null", {"stratifiedSampling": {"status": "error"}, "status": "setup"},
         {"stratifiedSampling": None}),
    ],
)  # fmt: skip
def test_what_is_said_to_be_empty_is_cleared(kind: str, spec: str, live: Tree, body: Tree) -> None:
    assert patch(plan_against(live, resource(kind, spec))) == body


def test_a_rule_that_limits_no_environments_any_more_says_so() -> None:
    live = {"rules": [{**OTHER, "environments": ["production"]}]}
    spec = "rules: [{name: Other, passPercentage: 33.3, conditions: [], environments: null}]"
    assert patch(plan_against(live, resource("Gate", spec))) == {"rules": [{**OTHER, "environments": None}]}


def test_what_a_rule_leaves_out_stays_when_the_rule_is_renamed() -> None:
    spec = gate(10).replace("name: Beta", "name: Beta testers")
    assert patch(plan_against(GATE, resource("Gate", spec))) == {"rules": [{**BETA, "name": "Beta testers"}, OTHER]}


def test_a_target_that_live_has_as_null_is_left_out_of_what_is_sent_back() -> None:
    """The API's own schema of a request knows no null there."""
    condition = {"type": "public", "targetValue": None}
    live = {"rules": [{"name": "R", "id": "r", "baseID": "r", "passPercentage": 1, "conditions": [condition]}]}
    spec = "rules: [{name: R, passPercentage: 2, conditions: [{type: public}]}]"
    assert patch(plan_against(live, resource("Gate", spec)))["rules"][0]["conditions"] == [{"type": "public"}]


def test_environments_that_live_has_as_an_empty_list_are_sent_back_as_null() -> None:
    """What an empty list means is unknown, and that it reads as null is not."""
    live = {
        "rules": [{"name": "R", "id": "r", "baseID": "r", "passPercentage": 1, "conditions": [], "environments": []}]
    }
    spec = "rules: [{name: R, passPercentage: 2, conditions: []}]"
    assert patch(plan_against(live, resource("Gate", spec)))["rules"][0]["environments"] is None


# ---- what a condition leaves out -----------------------------------------------------------------------------------


def ruled(*conditions: Tree) -> Tree:
    """A live gate with one rule."""
    return {
        "rules": [{"name": "R", "id": "r", "baseID": "r", "passPercentage": 10, "conditions": list(conditions)}],
    }


def rule_for(*conditions: str, percentage: int = 10) -> str:
    return f"rules: [{{name: R, passPercentage: {percentage}, conditions: [{', '.join(conditions)}]}}]"


CONDITIONS = [
    ("{type: public}", {"type": "public", "operator": "any"}),
    ("{type: public}", {"type": "public", "targetValue": []}),
    ("{type: public}", {"type": "public", "operator": "any", "targetValue": [], "field": "x", "customID": "y"}),
    ("{type: passes_gate, targetValue: beta}", {"type": "passes_gate", "operator": "any", "targetValue": ["beta"]}),
    ("{type: url, targetValue: [a]}", {"type": "url", "operator": "any", "targetValue": ["a"]}),
    (
        "{type: unit_id, operator: any, customID: stableID, targetValue: [a]}",
        {"type": "unit_id", "operator": "any", "customID": "stableID", "field": "stableID", "targetValue": ["a"]},
    ),
    (
        "{type: custom_field, operator: is_null, field: plan}",
        {"type": "custom_field", "operator": "is_null", "field": "plan", "customID": "userID", "targetValue": "x"},
    ),
]


@pytest.mark.parametrize(("written", "live"), CONDITIONS)
def test_what_a_condition_leaves_out_is_no_difference(written: str, live: Tree) -> None:
    assert plan_against(ruled(live), resource("Gate", rule_for(written))).steps == ()


@pytest.mark.parametrize(("written", "live"), CONDITIONS)
def test_what_a_condition_leaves_out_is_sent_back_with_the_rule(written: str, live: Tree) -> None:
    body = patch(plan_against(ruled(live), resource("Gate", rule_for(written, percentage=20))))
    assert body["rules"][0]["conditions"] == [live]


def test_a_condition_keeps_what_it_leaves_out_when_its_target_changes() -> None:
    live: Tree = {"type": "passes_gate", "operator": "any", "targetValue": ["beta"], "field": "x"}
    plan = plan_against(ruled(live), resource("Gate", rule_for("{type: passes_gate, targetValue: gamma}")))
    assert changes(plan) == [('rules["R"].conditions[0].targetValue', Action.SET)]
    assert patch(plan)["rules"][0]["conditions"] == [{**live, "targetValue": "gamma"}]


def test_a_condition_is_the_live_one_that_has_just_what_it_says_if_there_is_one() -> None:
    plain: Tree = {"type": "unit_id", "operator": "any", "customID": "stableID", "targetValue": ["a"]}
    more: Tree = {**plain, "field": "stableID"}
    text = "{type: unit_id, operator: any, customID: stableID, targetValue: [a]}"
    plan = plan_against(ruled(more, plain), resource("Gate", rule_for(text)))
    assert [(change.action, change.live) for change in plan.steps[0].fields] == [(Action.REMOVE, more)]


def test_a_condition_is_the_live_one_that_equals_what_it_says_before_any_other() -> None:
    other: Tree = {"type": "passes_gate", "targetValue": ["other"]}
    same: Tree = {"type": "passes_gate", "operator": "any", "targetValue": ["beta"]}
    plan = plan_against(ruled(other, same), resource("Gate", rule_for("{type: passes_gate, targetValue: beta}")))
    assert patch(plan)["rules"][0]["conditions"] == [same]


def test_a_condition_field_that_is_said_to_be_empty_is_cleared() -> None:
    live: Tree = {"type": "unit_id", "operator": "any", "customID": "stableID", "field": "x", "targetValue": ["a"]}
    text = "{type: unit_id, operator: any, customID: stableID, field: null, targetValue: [a]}"
    (sent,) = patch(plan_against(ruled(live), resource("Gate", rule_for(text))))["rules"][0]["conditions"]
    assert not sent.get("field")


def test_a_filter_keeps_the_column_that_it_leaves_out() -> None:
    live = {
        "status": "setup",
        "assignmentSourceFilters": [{"column": "country", "condition": "in", "values": ["DE"]}],
    }
    plan = plan_against(live, resource("Experiment", "assignmentSourceFilters: [{condition: in, values: [FR]}]"))
    assert patch(plan) == {
        "assignmentSourceFilters": [{"column": "country", "condition": "in", "values": ["FR"]}],
    }


# ---- null, which the service says and does not take ------------------------------------------------------------------

RULE: Tree = {"name": "R", "id": "r", "baseID": "r", "passPercentage": 10, "environments": None}
GROUPS: list[Tree] = [
    {"name": "A", "id": "a", "size": 50, "parameterValues": {}, "description": None, "disabled": None},
    {"name": "B", "id": "b", "size": 50, "parameterValues": {}, "foreignGroupID": None},
]


@pytest.mark.parametrize(
    ("kind", "live", "spec", "sent"),
    [
        ("Gate", {"rules": [{**RULE, "pendingAutomatedRollouts": None, "conditions": [
            {"type": "public", "operator": None, "targetValue": None, "field": None, "customID": None}]}]},
         "rules: [{name: R, passPercentage: 11, conditions: [{type: public}]}]",
         {"rules": [{**RULE, "passPercentage": 11,
                     "conditions": [{"type": "public", "field": None, "customID": None}]}]}),
        ("DynamicConfig", {"rules": [{**RULE, "conditions": [], "returnValue": {}, "returnValueJson5": None,
                                      "variants": None}]},
         "rules: [{name: R, conditions: [], returnValue: {a: 2}}]",
         {"rules": [{**RULE, "conditions": [], "returnValue": {"a": 2}}]}),
        ("Experiment", {"status": "setup", "groups": GROUPS},
         "groups: [{name: A, size: 40, parameterValues: {}}, {name: B, size: 60, parameterValues: {}}]",
         {"groups": [{"name": "A", "id": "a", "size": 40, "parameterValues": {}},
                     {"name": "B", "id": "b", "size": 60, "parameterValues": {}}]}),
        ("Experiment", {"status": "setup", "links": [{"url": "https://a.example", "title": None, "new": None}]},
         "links: [{url: 'https://a.example'}, {url: 'https://b.example'}]",
         {"links": [{"url": "https://a.example", "new": None}, {"url": "https://b.example"}]}),
        ("Experiment", {"status": "setup", "stratifiedSampling": {"status": "pending", "metric": None}},
         "stratifiedSampling: {status: success}", {"stratifiedSampling": {"status": "success"}}),
    ],
)  # fmt: skip
def test_a_null_that_the_service_says_and_does_not_take_is_not_sent_back(
    kind: str, live: Tree, spec: str, sent: Tree
) -> None:
    assert patch(plan_against(live, resource(kind, spec))) == sent

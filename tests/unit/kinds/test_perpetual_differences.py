"""The service reads many values back in another spelling than they were written in; a plan must stay empty.

The numbers are those of the perpetual-diff hazards in the reference of the API. Every case has a neighbour that is a
real difference and must be found. 20 and 28 are about what is not undone and stand in `test_experiment_lifecycle` as
well. Hazards 23 to 27, 29, 30, 32 and 33 are those of environments, keys, settings, roles, overrides, autotunes, teams
and param stores, which no manifest describes.
"""

from __future__ import annotations

import pytest

from reconciler.domain import Tree
from tests.unit.planning.making import changes, plan_against, resource

GATE, CONFIG, EXPERIMENT, SOURCE = "Gate", "DynamicConfig", "Experiment", "EntityPropertySource"


def rule(**members: object) -> Tree:
    """A live rule of a gate, in a list of rules."""
    return {"rules": [{"name": "Beta", "id": "r1", "baseID": "r1", "passPercentage": 50, "conditions": [], **members}]}


def condition(**members: object) -> Tree:
    """A live gate with one rule with one condition."""
    return rule(conditions=[members])


def written(members: str) -> str:
    """A manifest with one rule, whose further members these are."""
    return f"rules: [{{name: Beta, passPercentage: 50, conditions: [], {members}}}]"


def written_condition(members: str) -> str:
    return f"rules: [{{name: Beta, passPercentage: 50, conditions: [{{{members}}}]}}]"


def config_rule(**members: object) -> Tree:
    return {"rules": [{"name": "Beta", "id": "r1", "passPercentage": 100, "conditions": [], **members}]}


CONTROL = {"name": "Control", "id": "g1", "size": 50, "parameterValues": {}}
TEST = {"name": "Test", "id": "g2", "size": 50, "parameterValues": {}}
CONTROL_AND_TEST = """
groups:
- {name: Control, size: 50, parameterValues: {}}
- {name: Test, size: 50, parameterValues: {}}
"""
DRAFT: Tree = {"status": "setup", "groups": [CONTROL, TEST]}
ALLOWED_SQL = "sql: select a\nidTypeMapping: [{statsigUnitID: userID, column: a}]\n"
READ_SQL: Tree = {"sql": "select a", "idTypeMapping": [{"statsigUnitID": "userID", "column": "a"}]}

NUMBERS = "type: custom_field, field: age, operator: gt"
USERS = "type: user_id, operator: any"

SAME: list[tuple[int, str, str, Tree]] = [
    (1, GATE, "targetApps: web", {"targetApps": ["web"]}),
    (1, GATE, "targetApps: [web]", {"targetApps": "web"}),
    (1, GATE, "targetApps: [web, ios]", {"targetApps": ["ios", "web"]}),
    (1, CONFIG, "targetApps: web", {"targetApps": ["web"]}),
    (1, EXPERIMENT, "targetApps: web", {**DRAFT, "targetApps": ["web"]}),
    (2, GATE, written_condition(f"{NUMBERS}, targetValue: 31"), condition(
        type="custom_field", field="age", operator="gt", targetValue=["31"])),
    (2, GATE, written_condition(f"{NUMBERS}, targetValue: 31"), condition(
        type="custom_field", field="age", operator="gt", targetValue=31.0)),
    (2, GATE, written_condition(f'{NUMBERS}, targetValue: "31"'), condition(
        type="custom_field", field="age", operator="gt", targetValue=31)),
    (2, GATE, written_condition("type: time, operator: after, targetValue: 1643070357193"), condition(
        type="time", operator="after", targetValue=["1643070357193"])),
    (2, GATE, written_condition("type: passes_gate, targetValue: other"), condition(
        type="passes_gate", targetValue=["other"])),
    (2, GATE, written_condition(f"{USERS}, targetValue: [a, b]"), condition(
        type="user_id", operator="any", targetValue=["b", "a"])),
    (2, GATE, written_condition(f"{USERS}, targetValue: [1, 2]"), condition(
        type="user_id", operator="any", targetValue=["1", "2"])),
    (2, GATE, written_condition("type: public"), condition(type="public", targetValue=[])),
    (2, GATE, written_condition("type: public, targetValue: null"), condition(type="public", targetValue="")),
    (3, GATE, written_condition("type: public"), condition(
        type="public", operator="", field="", customID="", targetValue=None)),
    (3, GATE, written_condition('type: public, operator: "", field: null, customID: ""'), condition(
        type="public", operator=None, customID=None)),
    (4, GATE, 'description: ""', {"description": None}),
    (4, GATE, "team: null", {"team": ""}),
    (4, GATE, "releasePipelineID: null", {}),
    (4, CONFIG, "description: ''\nteamID: null", {"description": None, "teamID": ""}),
    (4, EXPERIMENT, "targetingGateID: null\nhypothesis: ''", {**DRAFT, "targetingGateID": "", "hypothesis": None}),
    (4, EXPERIMENT, "targetingGateID: ''", {**DRAFT, "targetingGateID": None}),
    (4, SOURCE, f"{ALLOWED_SQL}timestampColumn: ''\ndescription: ''", {**READ_SQL, "description": None}),
    (5, GATE, "tags: []\ntargetApps: []\nmonitoringMetrics: []", {}),
    (5, GATE, "tags: []\ntargetApps: []\nmonitoringMetrics: []", {
        "tags": None, "targetApps": "", "monitoringMetrics": None}),
    (5, EXPERIMENT, "primaryMetrics: []\nlinks: []", DRAFT),
    (6, EXPERIMENT, "primaryMetricTags: [core]\nsecondaryMetricTags: [all]", DRAFT),
    (6, EXPERIMENT, "primaryMetricTags: [core]\nprimaryMetrics: [{name: dau, type: user}]", {
        **DRAFT, "primaryMetrics": [{"name": "grown", "type": "user"}, {"name": "dau", "type": "user"}]}),
    (7, GATE, "status: launched", {"status": "Launched", "isEnabled": False}),
    (7, GATE, "status: disabled", {"status": "Disabled", "isEnabled": False}),
    (7, CONFIG, "status: enabled", {"status": "Enabled", "isEnabled": True}),
    (8, GATE, "type: TEMPORARY", {"type": "STALE", "typeReason": "STALE_NO_RULES"}),
    (8, GATE, "type: TEMPORARY\nisTemplate: true", {"type": "TEMPLATE", "isTemplate": True}),
    (9, GATE, written(""), rule(id="r1:50.00:3")),
    (9, GATE, written("baseID: r1"), rule(id="r1:50.00:3")),
    (10, GATE, "rules: [{name: Beta, passPercentage: 12.5, conditions: []}]", rule(passPercentage=12.5)),
    (10, GATE, "rules: [{name: Beta, passPercentage: 12.50, conditions: []}]", rule(passPercentage="12.5")),
    (10, GATE, "rules: [{name: Beta, passPercentage: 50.0, conditions: []}]", rule(passPercentage=50)),
    (10, GATE, "rules: [{name: Beta, passPercentage: 10, conditions: []}]", rule(
        passPercentage=50, pendingAutomatedRollouts=[{"time": 1, "passPercent": 100}])),
    (11, GATE, written("environments: null"), rule(environments=[])),
    (11, GATE, written("environments: []"), rule()),
    (11, GATE, written("environments: [a, b]"), rule(environments=["b", "a"])),
    (12, CONFIG, "defaultValue: {a: 1}", {"defaultValue": {"a": 1}, "defaultValueJson5": "{\n  // one\n  a: 1,\n}"}),
    (12, CONFIG, "defaultValueJson5: '{a: 1}'", {"defaultValue": {"a": 1}, "defaultValueJson5": '{"a": 1}'}),
    (12, CONFIG, "defaultValueJson5: '{a: 1 /* one */}'", {"defaultValue": {"a": 1}}),
    (12, CONFIG, "defaultValue: {a: 1}", {"defaultValueJson5": "{a: 1}"}),
    (12, CONFIG, "rules: [{name: Beta, conditions: [], returnValueJson5: '{a: 1}'}]", config_rule(
        returnValue={"a": 1}, returnValueJson5='{"a":1}')),
    (13, CONFIG, """schema: '{"type": "object"}'""", {"schema": "{\n  // any\n  type: 'object',\n}"}),
    (13, CONFIG, """schema: '{"type": "object"}'""", {"schemaJson5": "{type: 'object'}"}),
    (13, CONFIG, """schemaJson5: "{type: 'object'}" """, {"schema": '{"type":"object"}'}),
    (13, CONFIG, "schema: null", {"schema": "", "schemaJson5": None}),
    (14, CONFIG, "defaultValue: {a: 1.0, b: [2]}", {"defaultValue": {"b": [2.0], "a": 1}}),
    (14, EXPERIMENT, CONTROL_AND_TEST.replace("50, parameterValues: {}", "50.0, parameterValues: {x: 1.0}", 1), {
        **DRAFT, "groups": [{**CONTROL, "parameterValues": {"x": 1}}, TEST]}),
    (15, EXPERIMENT, "hypothesis: None yet", {**DRAFT, "hypothesis": "None yet"}),
    (15, EXPERIMENT, CONTROL_AND_TEST, DRAFT),
    (16, EXPERIMENT, "layerID: ''", {**DRAFT, "layerID": "statsig::thing_one_layer"}),
    (17, GATE, "{}", {"measureMetricLifts": True, "idType": "userID", "type": "TEMPORARY"}),
    (17, EXPERIMENT, "{}", {**DRAFT, "duration": 14, "defaultConfidenceInterval": "95", "allocation": 100}),
    (18, EXPERIMENT, "defaultConfidenceInterval: 95", {**DRAFT, "defaultConfidenceInterval": "95"}),
    (18, EXPERIMENT, 'defaultConfidenceInterval: "95"', {**DRAFT, "defaultConfidenceInterval": 95}),
    (19, GATE, "description: Same", {
        "description": "Same", "version": 8, "checksPerHour": 31, "lastModifiedTime": 1, "lastModifierName": "A person",
        "owner": {"ownerType": "USER"}, "holdoutIDs": ["h"], "typeReason": "NONE", "activeReview": {"reviewID": "1"}}),
    (19, EXPERIMENT, "description: Same", {
        **DRAFT, "description": "Same", "healthChecks": [{"name": "x"}], "healthCheckStatus": "WAITING", "version": 2}),
    (20, GATE, "creatorID: u1\ncreatorEmail: a@b.c", {"creatorID": "u2", "creatorEmail": None}),
    (20, CONFIG, "owner: {ownerID: u1}\ncreatorEmail: a@b.c", {"owner": None}),
    (20, EXPERIMENT, "creatorEmail: a@b.c", {**DRAFT, "creatorID": "u2"}),
    (21, GATE, "team: Growth", {"team": "Growth", "teamID": "t1"}),
    (21, GATE, "teamID: t1", {"team": "Growth", "teamID": "t1"}),
    (21, SOURCE, f"{ALLOWED_SQL}team: Growth", {**READ_SQL, "team": "Growth", "teamID": "t1"}),
    (22, GATE, "tags: [b, a]", {"tags": ["a", "b"]}),
    (22, EXPERIMENT, "tags: [b, a, b]", {**DRAFT, "tags": ["a", "b"]}),
    (28, EXPERIMENT, "status: active", {**DRAFT, "status": "decision_made"}),
    (28, EXPERIMENT, "status: active", {**DRAFT, "status": "experiment_stopped"}),
    (31, SOURCE, "sql: |\n  select a   \n  from t\n\nidTypeMapping: [{statsigUnitID: userID, column: a}]", {
        **READ_SQL, "sql": "select a\r\nfrom t"}),
]  # fmt: skip

DIFFERENT: list[tuple[int, str, str, Tree, str]] = [
    (1, GATE, "targetApps: [web, ios]", {"targetApps": "web"}, "targetApps"),
    (2, GATE, written_condition(f"{NUMBERS}, targetValue: 31"), condition(
        type="custom_field", field="age", operator="gt", targetValue=["32"]),
        'rules["Beta"].conditions[0].targetValue'),
    (2, GATE, written_condition('type: app_version, operator: any, targetValue: ["2.10"]'), condition(
        type="app_version", operator="any", targetValue=["2.1"]), 'rules["Beta"].conditions[0].targetValue'),
    (2, GATE, written_condition(f"{USERS}, targetValue: [a]"), condition(
        type="user_id", operator="any", targetValue=["A"]), 'rules["Beta"].conditions[0].targetValue'),
    (4, GATE, 'description: ""', {"description": "Old"}, "description"),
    (4, EXPERIMENT, "targetingGateID: null", {**DRAFT, "targetingGateID": "a_gate"}, "targetingGateID"),
    (5, GATE, "tags: []", {"tags": ["a"]}, "tags"),
    (6, EXPERIMENT, "primaryMetricTags: [core]\nprimaryMetrics: [{name: dau, type: user}]", {
        **DRAFT, "primaryMetrics": [{"name": "grown", "type": "user"}]}, "primaryMetrics[0]"),
    (6, EXPERIMENT, "primaryMetrics: []", {
        **DRAFT, "primaryMetrics": [{"name": "dau", "type": "user"}]}, "primaryMetrics[0]"),
    (7, GATE, "status: disabled", {"status": "Launched", "isEnabled": False}, "status"),
    (8, GATE, "type: PERMANENT", {"type": "STALE"}, "type"),
    (10, GATE, "rules: [{name: Beta, passPercentage: 12.5, conditions: []}]", rule(passPercentage=12.51),
        'rules["Beta"].passPercentage'),
    (10, GATE, "rules: [{name: Beta, passPercentage: 10, conditions: []}]", rule(
        passPercentage=50, pendingAutomatedRollouts=[], completedAutomatedRollouts=[]), 'rules["Beta"].passPercentage'),
    (11, GATE, written("environments: null"), rule(environments=["production"]), 'rules["Beta"].environments'),
    (11, GATE, written("environments: [production]"), rule(environments=None), 'rules["Beta"].environments'),
    (12, CONFIG, "defaultValueJson5: '{a: 1}'", {"defaultValue": {"a": 2}}, "defaultValue.a"),
    (13, CONFIG, """schema: '{"type": "object"}'""", {"schema": "{type: 'array'}"}, "schema"),
    (13, CONFIG, "schema: null", {"schema": "{}"}, "schema"),
    (14, CONFIG, "defaultValue: {a: true}", {"defaultValue": {"a": 1}}, "defaultValue.a"),
    (14, CONFIG, "defaultValue: {a: '1'}", {"defaultValue": {"a": 1}}, "defaultValue.a"),
    (15, EXPERIMENT, "groups: [{name: Control, size: 100, parameterValues: {}}]",
        {"status": "setup", "groups": [CONTROL]}, 'groups["Control"].size'),
    (18, EXPERIMENT, "defaultConfidenceInterval: 95", {**DRAFT, "defaultConfidenceInterval": "90"},
        "defaultConfidenceInterval"),
    (21, GATE, "team: Growth", {"team": "Data", "teamID": "t1"}, "team"),
    (22, GATE, "tags: [b, a]", {"tags": ["a"]}, "tags"),
    (31, SOURCE, "sql: select  a\nidTypeMapping: [{statsigUnitID: userID, column: a}]", READ_SQL, "sql"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "spec", "live"), [case[1:] for case in SAME], ids=[f"hazard {case[0]}" for case in SAME]
)
def test_another_spelling_is_no_difference(kind: str, spec: str, live: Tree) -> None:
    assert plan_against(live, resource(kind, spec)).steps == ()


@pytest.mark.parametrize(
    ("kind", "spec", "live", "path"), [case[1:] for case in DIFFERENT], ids=[f"hazard {case[0]}" for case in DIFFERENT]
)
def test_its_neighbour_is_a_difference(kind: str, spec: str, live: Tree, path: str) -> None:
    assert [found for found, _ in changes(plan_against(live, resource(kind, spec)))] == [path]


def test_every_hazard_of_the_managed_kinds_has_a_case() -> None:
    others = {23, 24, 25, 26, 27, 29, 30, 32, 33}
    assert {hazard for hazard, *_ in SAME} == set(range(1, 34)) - others


def test_a_layer_that_somebody_made_is_not_the_layer_that_the_service_makes() -> None:
    plan = plan_against({**DRAFT, "layerID": "checkout"}, resource(EXPERIMENT, "layerID: statsig::thing_one_layer"))
    assert [finding.code for finding in plan.findings] == ["PLAN/create-only"]

"""Differences that are none, differences that are not told, and fields that are lost."""

from __future__ import annotations

from reconciler.domain import Action, Severity, Tree
from reconciler.kinds import KINDS
from tests.unit.planning.making import (
    calls,
    changes,
    checked,
    codes,
    only_call,
    only_step,
    patch,
    plan_against,
    plan_of,
    refused,
    resource,
    snapshot,
    told,
)

# ---- rollouts that have happened -----------------------------------------------------------------------------------

DONE: Tree = {
    "rules": [
        {
            "name": "Ramp",
            "id": "r",
            "baseID": "r",
            "passPercentage": 30,
            "conditions": [],
            "pendingAutomatedRollouts": [],
            "completedAutomatedRollouts": [{"time": 1, "passPercent": 30}],
        }
    ]
}


def test_the_cure_for_a_driven_percentage_cures() -> None:
    """The finding says: write pendingAutomatedRollouts (a schedule, or [] for none) to manage it here."""
    spec = "rules: [{name: Ramp, passPercentage: 50, conditions: [], pendingAutomatedRollouts: []}]"
    plan = plan_against(DONE, resource("Gate", spec))
    assert patch(plan)["rules"][0]["passPercentage"] == 50
    assert plan.findings == ()


def test_a_driven_percentage_that_is_as_the_manifest_says_is_not_worth_a_note() -> None:
    plan = plan_against(DONE, resource("Gate", "rules: [{name: Ramp, passPercentage: 30, conditions: []}]"))
    assert plan.findings == ()


# ---- items that are taken for others -------------------------------------------------------------------------------


def test_a_new_variant_with_a_json5_value_does_not_inherit_the_id_of_another() -> None:
    red = {
        "name": "Red",
        "id": "v-red",
        "passPercentage": 100,
        "returnValue": {"c": "red"},
        "returnValueJson5": "{c:'red'}",
    }
    rule = {"name": "R", "id": "r", "baseID": "r", "passPercentage": 100, "conditions": [], "variants": [red]}
    spec = (
        "rules: [{name: R, conditions: [], variants: [{name: Blue, passPercentage: 40, returnValueJson5: '{c: 1}'}]}]"
    )
    plan = plan_against({"rules": [rule]}, resource("DynamicConfig", spec))
    assert [action for _, action in changes(plan)] == [Action.ADD, Action.REMOVE]
    assert "id" not in patch(plan)["rules"][0]["variants"][0]


def test_a_pin_that_leads_nowhere_is_told() -> None:
    """Without a word a new rule is made, with a new salt, although the manifest names a live one."""
    plan = plan_against(
        {"rules": []}, resource("Gate", "rules: [{name: R, baseID: x, passPercentage: 1, conditions: []}]")
    )
    assert plan.findings != ()


def test_a_group_without_an_id_is_not_the_control_group_of_an_experiment_without_one() -> None:
    groups: list[Tree] = [{"name": name, "size": 50, "parameterValues": {}} for name in ("Control", "Test")]
    view = KINDS["Experiment"].view({"id": "e", "status": "setup", "groups": groups})
    assert view["controlGroup"] is None


def test_a_renamed_control_group_needs_no_call_of_its_own() -> None:
    groups = [{"name": "Control", "id": "g1", "size": 100, "parameterValues": {"n": 1}}]
    live: Tree = {"status": "setup", "controlGroupID": "g1", "groups": groups}
    spec = "controlGroup: Base\ngroups: [{name: Base, size: 100, parameterValues: {n: 1}}]"
    assert calls(plan_against(live, resource("Experiment", spec))) == ["PATCH /experiments/thing_one"]


# ---- nested objects ------------------------------------------------------------------------------------------------


def test_review_settings_that_are_absent_require_no_review() -> None:
    assert plan_against({}, resource("Gate", "reviewSettings: {requiredReview: false}")).steps == ()


def test_reviewers_that_can_only_be_read_are_not_sent_back() -> None:
    live = {"reviewSettings": {"requiredReview": False, "allowedReviewers": [{"id": "u1"}]}}
    plan = plan_against(live, resource("Gate", "reviewSettings: {requiredReview: true}"))
    assert patch(plan) == {"reviewSettings": {"requiredReview": True}}


def test_a_filter_of_the_assignment_source_owns_only_what_it_mentions() -> None:
    live: Tree = {"status": "setup", "assignmentSourceFilters": [{"condition": "is_true", "column": "", "values": []}]}
    assert plan_against(live, resource("Experiment", "assignmentSourceFilters: [{condition: is_true}]")).steps == ()


# ---- full updates --------------------------------------------------------------------------------------------------

SOURCE: Tree = {
    "sql": "select 1",
    "idTypeMapping": [{"statsigUnitID": "u", "column": "c"}],
    "team": "Data",
    "teamID": "t1",
}
NEW_SQL = "sql: select 2\nidTypeMapping: [{statsigUnitID: u, column: c}]\n"


def test_a_full_update_clears_what_the_manifest_clears() -> None:
    body = only_call(plan_against(SOURCE, resource("EntityPropertySource", f"{NEW_SQL}team: null"))).body
    assert body.get("team", "left out") is None


def test_a_full_update_does_not_name_the_old_team_beside_the_new_one() -> None:
    body = only_call(plan_against(SOURCE, resource("EntityPropertySource", f"{NEW_SQL}team: Growth"))).body
    assert body["team"] == "Growth"
    assert "teamID" not in body


# ---- what a plan tells ---------------------------------------------------------------------------------------------


def test_a_boolean_that_was_a_number_is_told_beside_other_differences() -> None:
    plan = plan_against({"defaultValue": {"a": 1, "b": 1}}, resource("DynamicConfig", "defaultValue: {a: true, b: 2}"))
    assert [path for path, _ in changes(plan)] == ["defaultValue.a", "defaultValue.b"]


def test_a_difference_that_cannot_be_applied_is_not_counted_as_unchanged() -> None:
    plan = plan_against({}, resource("Gate", "isTemplate: true"))
    assert plan.unchanged == ()
    assert [told(step.fields) for step in plan.held] == [[("isTemplate", Action.SET)]]


def test_the_order_of_the_groups_of_a_running_experiment_is_not_changed() -> None:
    """Groups take shares of the buckets one after the other: another order is another assignment."""
    groups = [{"name": name, "id": name, "size": 50, "parameterValues": {"n": name}} for name in ("A", "B")]
    spec = "groups: [{name: B, size: 50, parameterValues: {n: B}}, {name: A, size: 50, parameterValues: {n: A}}]"
    plan = plan_against({"status": "active", "groups": groups}, resource("Experiment", spec))
    assert codes(plan.findings) == ["GUARD/running-experiment"]


def test_a_control_group_that_is_not_live_either_is_found_before_the_apply() -> None:
    groups = [{"name": "Control", "id": "g1", "size": 100, "parameterValues": {}}]
    plan = plan_against({"status": "setup", "groups": groups}, resource("Experiment", "controlGroup: Contrl"))
    assert [(finding.code, finding.severity) for finding in plan.findings] == [("REF/group", Severity.ERROR)]


def test_a_metric_tag_that_does_not_exist_is_made_or_told() -> None:
    wanted = resource("Experiment", "primaryMetricTags: [nowhere]")
    plan = plan_of(wanted, tags=frozenset())
    told_of = codes(checked(wanted, live=snapshot({}, frozenset())))
    assert "REF/unknown" in told_of or "POST /tags" in calls(plan)


def test_an_empty_list_of_environments_is_not_sent() -> None:
    """What the service makes of it is not known; null says the same for certain."""
    step = only_step(
        plan_of(resource("Gate", "rules: [{name: R, passPercentage: 1, conditions: [], environments: []}]"))
    )
    assert step.calls[0].body["rules"][0].get("environments") is None


def test_a_gate_is_named_by_text() -> None:
    spec = "rules: [{name: R, passPercentage: 1, conditions: [{type: passes_gate, targetValue: 12345}]}]"
    (finding,) = refused("Gate", spec)
    assert (finding.code, finding.cure) == ("YAML/quote", 'quote it: "12345"')

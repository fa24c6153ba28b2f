"""The way back from an applied plan: what it changed is put back, unless somebody changed it since."""

from __future__ import annotations

import pytest

from reconciler.domain import Plan, Severity, Tree, Verb
from reconciler.kinds import KINDS
from reconciler.planning import Policy
from reconciler.planning.rollback import make_rollback
from tests.unit.planning.making import calls, codes, key, only_step, patch, plan_against, plan_of, resource, snapshot

GATE = key("Gate")
RULE: Tree = {"name": "R", "id": "r", "baseID": "r", "passPercentage": 10, "conditions": []}


def undone(plan: Plan, now: Tree) -> Plan:
    """The way back of a plan of one object, when that object is live like this."""
    return make_rollback(KINDS, plan, snapshot({plan.steps[0].key: now}))


def test_changed_fields_are_put_back_and_no_others() -> None:
    live: Tree = {"description": "Old", "team": "A"}
    plan = plan_against(live, resource("Gate", "description: New"))
    back = undone(plan, {"description": "New", "team": "B", "version": 7})
    assert patch(back) == {"description": "Old"}
    assert back.findings == ()


def test_a_rule_is_put_back_under_its_ids() -> None:
    plan = plan_against({"rules": [RULE]}, resource("Gate", "rules: [{name: Q, passPercentage: 20, conditions: []}]"))
    back = undone(plan, {"rules": [{**RULE, "name": "Q", "passPercentage": 20, "id": "r:20.00:1"}]})
    (sent,) = patch(back)["rules"]
    assert (sent["name"], sent["passPercentage"], sent["baseID"]) == ("R", 10, "r")


@pytest.mark.parametrize(
    ("before", "desired", "after", "way"),
    [
        ("In Progress", "launched", "Launched", ["PUT /gates/thing_one/enable"]),
        ("Launched", "disabled", "Disabled", ["PUT /gates/thing_one/launch"]),
        ("Disabled", "archived", "Archived", ["PUT /gates/thing_one/unarchive", "PUT /gates/thing_one/disable"]),
    ],
)
def test_a_status_is_put_back(before: str, desired: str, after: str, way: list[str]) -> None:
    plan = plan_against({"status": before}, resource("Gate", f"status: {desired}"))
    assert calls(undone(plan, {"status": after})) == way


def test_a_pruned_object_comes_out_of_the_archive() -> None:
    live: Tree = {"tags": ["git"], "status": "In Progress"}
    plan = plan_of(live={GATE: live}, policy=Policy(ownership_tag="git", prune="archive"))
    back = undone(plan, {**live, "status": "Archived"})
    assert calls(back) == ["PUT /gates/thing_one/unarchive", "PUT /gates/thing_one/enable"]


def test_sql_is_put_back_by_a_full_update() -> None:
    live: Tree = {"sql": "select 1", "idTypeMapping": [{"statsigUnitID": "u", "column": "a"}], "description": "Kept"}
    spec = "sql: select 2\nidTypeMapping: [{statsigUnitID: u, column: a}]"
    plan = plan_against(live, resource("EntityPropertySource", spec))
    step = only_step(undone(plan, {**live, "sql": "select 2"}))
    assert str(step.calls[0]) == "POST /experiments/entity_property/thing_one"
    assert step.calls[0].body == live


def test_a_new_object_is_deleted_again() -> None:
    plan = plan_of(resource("Gate", "description: New"))
    back = undone(plan, {"description": "New", "status": "In Progress"})
    assert [(step.verb, step.key) for step in back.steps] == [(Verb.DELETE, GATE)]


def test_steps_run_the_other_way_round() -> None:
    asking = "rules: [{name: R, passPercentage: 1, conditions: [{type: passes_gate, targetValue: gate_z}]}]"
    made = resource("Gate", "{}", id_="gate_z")
    plan = plan_of(resource("Gate", asking), made)
    now = {GATE: plan.steps[1].calls[0].body, made.key: plan.steps[0].calls[0].body}
    assert calls(make_rollback(KINDS, plan, snapshot(now))) == ["DELETE /gates/thing_one", "DELETE /gates/gate_z"]


# ---- what is left as it is -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ({"description": "By hand"}, "description changed after the plan was applied"),
        ({"description": "New", "status": "Archived"}, "status changed after the plan was applied"),
    ],
)
def test_what_somebody_changed_since_is_left(now: Tree, told: str) -> None:
    plan = plan_against(
        {"description": "Old", "status": "In Progress"}, resource("Gate", "description: New\nstatus: launched")
    )
    back = undone(plan, {"status": "Launched", **now})
    assert back.steps == ()
    (finding,) = back.findings
    assert (finding.code, finding.severity) == ("ROLLBACK/kept", Severity.WARNING)
    assert told in finding.message


def test_a_new_object_that_says_something_else_by_now_is_left() -> None:
    back = undone(plan_of(resource("Gate", "description: New")), {"description": "By hand"})
    assert (back.steps, codes(back.findings)) == ((), ["ROLLBACK/kept"])


def test_a_running_experiment_is_left() -> None:
    back = undone(plan_of(resource("Experiment", "status: active")), {"status": "active", "groups": []})
    assert (back.steps, codes(back.findings)) == ((), ["ROLLBACK/kept"])


@pytest.mark.parametrize(
    ("before", "spec", "after"),
    [
        ("setup", "status: active", "active"),
        ("active", "status: abandoned\ndecisionReason: Slow", "abandoned"),
    ],
)
def test_the_life_of_an_experiment_does_not_run_backwards(before: str, spec: str, after: str) -> None:
    plan = plan_against({"status": before, "groups": []}, resource("Experiment", spec))
    back = undone(plan, {"status": after, "groups": [], "decisionReason": "Slow"})
    assert (back.steps, codes(back.findings)) == ((), ["ROLLBACK/kept"])


def test_deleted_objects_and_made_tags_do_not_come_back() -> None:
    policy = Policy(ownership_tag="git", prune="delete", archive_first=False)
    deleted = plan_of(live={GATE: {"tags": ["git"]}}, policy=policy)
    back = make_rollback(KINDS, deleted, snapshot({}))
    assert (back.steps, codes(back.findings)) == ((), ["ROLLBACK/kept"])
    tagged = plan_of(resource("Gate", "tags: [new]"), tags=frozenset())
    back = make_rollback(KINDS, tagged, snapshot({GATE: {"tags": ["new"]}}))
    assert calls(back) == ["DELETE /gates/thing_one"]
    assert codes(back.findings) == ["ROLLBACK/kept"]


def test_a_field_that_was_not_set_before_is_cleared() -> None:
    plan = plan_against({"team": None}, resource("Gate", "team: A\ndescription: New"))
    back = undone(plan, {"team": "A", "description": "New"})
    assert (patch(back), back.findings) == ({"team": "", "description": ""}, ())
    schema = """schema: '{"type": "object"}'"""
    plan = plan_against({"schema": None, "defaultValue": {}}, resource("DynamicConfig", schema))
    back = undone(plan, {"schema": '{"type": "object"}', "defaultValue": {}})
    assert (patch(back), back.findings) == ({"schema": None}, ())


def test_a_field_that_was_not_set_before_and_cannot_be_cleared_is_kept_and_told() -> None:
    plan = plan_against({"description": "Old"}, resource("Gate", "idType: userID\ndescription: New"))
    back = undone(plan, {"idType": "userID", "description": "New"})
    assert patch(back) == {"description": "Old"}
    assert "idType was not set before, and is kept" in back.findings[0].message


# ---- nothing to undo -----------------------------------------------------------------------------------------------


def test_a_step_that_was_never_applied_has_no_way_back() -> None:
    live: Tree = {"description": "Old"}
    plan = plan_against(live, resource("Gate", "description: New"))
    back = undone(plan, live)
    assert (back.steps, back.findings, back.unchanged) == ((), (), (GATE,))


def test_an_object_that_was_never_made_has_no_way_back() -> None:
    back = make_rollback(KINDS, plan_of(resource("Gate", "{}")), snapshot({}))
    assert (back.steps, back.findings) == ((), ())


def test_an_object_that_is_gone_is_told() -> None:
    plan = plan_against({"description": "Old"}, resource("Gate", "description: New"))
    back = make_rollback(KINDS, plan, snapshot({}))
    assert (back.steps, codes(back.findings)) == ((), ["ROLLBACK/kept"])

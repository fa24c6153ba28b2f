"""Ways back that destroy more than the plan had made."""

from __future__ import annotations

import json
from dataclasses import replace

from reconciler.domain import ResourceKey, Tree
from reconciler.kinds import KINDS
from reconciler.planning.rollback import make_rollback
from tests.unit.planning.making import calls, key, patch, plan_against, plan_of, resource, snapshot

GATE = key("Gate")
RULE: Tree = {"name": "R", "id": "r", "baseID": "r", "passPercentage": 10, "conditions": []}


def test_a_new_object_that_people_worked_on_since_is_not_deleted() -> None:
    """Only what the manifest mentioned is compared, so rules that were added by hand go with it."""
    plan = plan_of(resource("Gate", "description: New"))
    now = {GATE: {"description": "New", "rules": [RULE], "version": 7}}
    assert make_rollback(KINDS, plan, snapshot(now)).steps == ()


def test_a_new_object_that_something_refers_to_is_not_deleted() -> None:
    plan = plan_of(resource("Gate", "{}"))
    asking = [{**RULE, "conditions": [{"type": "fails_gate", "targetValue": "thing_one"}]}]
    now = {GATE: {}, key("Gate", "by_hand"): {"rules": asking}}
    assert make_rollback(KINDS, plan, snapshot(now)).steps == ()


def test_a_reference_to_a_segment_that_is_gone_does_not_come_back() -> None:
    asking = {**RULE, "conditions": [{"type": "passes_segment", "targetValue": "vip"}]}
    plan = plan_against(
        {"rules": [asking]}, resource("Gate", "rules: [{name: R, passPercentage: 10, conditions: [{type: public}]}]")
    )
    now = {GATE: {"rules": patch(plan)["rules"]}}
    known = replace(snapshot(now), names={"segments": frozenset({"vip"})})
    assert [step.key for step in make_rollback(KINDS, plan, known).steps] == [GATE]
    (finding,) = make_rollback(KINDS, plan, replace(known, names={"segments": frozenset()})).findings
    assert (finding.code, finding.message) == ("ROLLBACK/kept", "Gate/thing_one: it would refer to Segment/vip, gone")


def test_rules_that_had_one_name_twice_are_not_put_back() -> None:
    rules = [{"name": "R", "id": id_, "baseID": id_, "passPercentage": 1, "conditions": []} for id_ in "ab"]
    wanted = resource("Gate", "rules: [{name: R, passPercentage: 2, conditions: []}]")
    plan = plan_against({"rules": rules}, wanted)
    sent = patch(plan)["rules"]
    (finding,) = make_rollback(KINDS, plan, snapshot({GATE: {"rules": sent}})).findings
    assert "rules had two items called 'R', which the API refuses to write" in finding.message


def test_a_rule_that_comes_back_as_a_new_one_is_told_before_the_plan_is_applied_and_when_it_is_undone() -> None:
    """Its ids are gone: units are spread anew, and its results begin again."""
    plan = plan_against({"rules": [RULE]}, resource("Gate", "rules: []"))
    told = 'rules["R"] gets a new id when it comes back: its users are then others, and its results begin again'
    assert plan.steps[0].back.kept == (told,)
    (finding,) = make_rollback(KINDS, plan, snapshot({GATE: {"rules": []}})).findings
    assert (finding.code, finding.message) == ("ROLLBACK/new-ids", f"Gate/thing_one: {told}")


def test_of_a_rule_for_all_or_nobody_it_does_not_matter_which_id_it_has() -> None:
    for share in (0, 100):
        plan = plan_against({"rules": [RULE | {"passPercentage": share}]}, resource("Gate", "rules: []"))
        assert plan.steps[0].back.kept == ()
        assert make_rollback(KINDS, plan, snapshot({GATE: {"rules": []}})).findings == ()


def test_the_comments_of_a_text_come_back_with_its_value() -> None:
    live: Tree = {"defaultValue": {"a": 1}, "defaultValueJson5": "{a: 1 /* one */}"}
    wanted = resource("DynamicConfig", "defaultValue: {a: 2}")
    plan = plan_against(live, wanted)
    now: Tree = {"defaultValue": {"a": 2}, "defaultValueJson5": json.dumps({"a": 2})}
    assert patch(make_rollback(KINDS, plan, snapshot({wanted.key: now}))) == live


def test_deletions_of_a_way_back_wait_for_the_objects_that_refer_to_them() -> None:
    asking = "rules: [{name: R, passPercentage: 1, conditions: [{type: passes_gate, targetValue: gate_z}]}]"
    plan = plan_of(resource("Gate", asking), resource("Gate", "{}", id_="gate_z"))
    now = {GATE: plan.steps[1].calls[0].body, key("Gate", "gate_z"): plan.steps[0].calls[0].body}
    back = make_rollback(KINDS, plan, snapshot(now))
    assert calls(back) == ["DELETE /gates/thing_one", "DELETE /gates/gate_z"]
    assert back.steps[1].needs == {GATE}


def test_a_reference_that_comes_back_must_be_at_apply_as_it_was_read() -> None:
    beta: Tree = {"status": "In Progress", "rules": []}
    asks = {"name": "R", "id": "r", "baseID": "r", "conditions": [{"type": "passes_gate", "targetValue": ["beta"]}]}
    live: dict[ResourceKey, Tree] = {GATE: {"rules": [asks]}, key("Gate", "beta"): beta}
    plan = plan_of(resource("Gate", "rules: []"), live=live)
    (step,) = make_rollback(KINDS, plan, snapshot({GATE: {"rules": []}, key("Gate", "beta"): beta})).steps
    assert step.relies == {key("Gate", "beta"): "in_progress"}

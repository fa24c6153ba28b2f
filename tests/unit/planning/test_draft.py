"""One object: which calls settle its differences, what is only said, and what ownership adds."""

from __future__ import annotations

import pytest

from reconciler.domain import Action, Modified, ResourceKey, Severity, Snapshot, Tree, Verb
from reconciler.kinds import KINDS
from reconciler.planning import Desired, Policy, make_plan
from tests.unit.planning.making import (
    calls,
    changes,
    codes,
    key,
    only_call,
    only_step,
    patch,
    plan_against,
    plan_of,
    resource,
)

OURS = Policy(ownership_tag="git")
SOURCE = "sql: a\nidTypeMapping: [{statsigUnitID: u, column: a}]"
SOURCE_LIVE: Tree = {"sql": "a", "idTypeMapping": [{"statsigUnitID": "u", "column": "a"}]}


# ---- ownership -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_new_object_carries_the_ownership_tag(kind: str) -> None:
    spec = SOURCE if kind == "EntityPropertySource" else "{}"
    plan = plan_of(resource(kind, spec), policy=OURS)
    assert only_call(plan).body["tags"] == ["git"]
    assert only_step(plan).verb is Verb.CREATE


@pytest.mark.parametrize(
    ("spec", "live", "sent"),
    [
        ("{}", ["by-hand"], ["by-hand", "git"]),
        ("{}", None, ["git"]),
        ("tags: [ours]", ["by-hand"], ["ours", "git"]),
        ("tags: []", [], ["git"]),
        ("tags: [git]", [], ["git"]),
    ],
)
def test_a_live_object_without_the_tag_is_adopted(spec: str, live: list[str] | None, sent: list[str]) -> None:
    plan = plan_against({} if live is None else {"tags": live}, resource("Gate", spec), OURS)
    assert only_step(plan).verb is Verb.ADOPT
    assert patch(plan) == {"tags": sent}
    assert changes(plan) == [("tags", Action.SET)]


@pytest.mark.parametrize("spec", ["{}", "tags: [mine]", "tags: [git, mine]"])
def test_an_owned_object_keeps_the_tag_whether_its_manifest_names_it_or_not(spec: str) -> None:
    assert plan_against({"tags": ["mine", "git"]}, resource("Gate", spec), OURS).steps == ()


def test_a_change_of_an_owned_object_is_an_update() -> None:
    plan = plan_against({"tags": ["git"], "description": "Old"}, resource("Gate", "description: New"), OURS)
    assert only_step(plan).verb is Verb.UPDATE
    assert patch(plan) == {"description": "New"}


def test_without_ownership_no_tag_is_added() -> None:
    assert plan_against({"tags": []}, resource("Gate", "{}")).steps == ()
    assert "tags" not in only_call(plan_of(resource("Gate", "{}"))).body


# ---- tags that do not exist ----------------------------------------------------------------------------------------


def test_a_tag_that_is_missing_is_made_first_and_needed_by_its_users() -> None:
    plan = plan_of(resource("Gate", "tags: [new, old]", id_="gate_a"), resource("Gate", "tags: [new]", id_="gate_b"),
                   tags=frozenset({"old"}))  # fmt: skip
    made, *users = plan.steps
    assert (made.key, made.verb) == (ResourceKey("Tag", "new"), Verb.CREATE)
    assert [str(call) for call in made.calls] == ["POST /tags"]
    assert made.calls[0].body["name"] == "new"
    assert [(step.key.id, step.needs) for step in users] == [
        ("gate_a", frozenset({made.key})), ("gate_b", frozenset({made.key}))]  # fmt: skip


def test_the_ownership_tag_is_made_like_any_other() -> None:
    plan = plan_of(resource("Gate", "{}"), policy=OURS, tags=frozenset())
    assert [str(step.key) for step in plan.steps] == ["Tag/git", "Gate/thing_one"]


def test_tags_that_are_not_written_need_not_exist() -> None:
    gate = resource("Gate", "tags: [gone]\ndescription: New")
    plan = plan_of(gate, live={gate.key: {"tags": ["gone"], "description": "Old"}}, tags=frozenset())
    assert calls(plan) == ["PATCH /gates/thing_one"]


def test_no_tag_is_made_when_it_is_not_known_which_there_are() -> None:
    assert calls(plan_of(resource("Gate", "tags: [new]"), tags=None)) == ["POST /gates"]
    snapshot = Snapshot(names={"tags": None})
    gate = resource("Gate", "tags: [new]")
    plan = make_plan(KINDS, Desired((gate,), (gate,)), snapshot, Policy())
    assert calls(plan) == ["POST /gates"]


# ---- what cannot change --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "spec", "live", "field"),
    [
        ("Gate", "isTemplate: true", {}, "isTemplate"),
        ("DynamicConfig", "isTemplate: false", {"isTemplate": True}, "isTemplate"),
        ("Experiment", "layerID: home", {"layerID": "checkout", "status": "setup"}, "layerID"),
        ("Experiment", "layerID: home", {"layerID": "statsig::thing_one_layer", "status": "setup"}, "layerID"),
    ],
)
def test_a_field_that_is_set_at_creation_cannot_change(kind: str, spec: str, live: Tree, field: str) -> None:
    plan = plan_against(live, resource(kind, f"{spec}\ndescription: New"))
    (finding,) = plan.findings
    assert (finding.code, finding.severity) == ("PLAN/create-only", Severity.ERROR)
    assert finding.where is not None
    assert finding.where.pointer == ("spec", field)
    assert patch(plan) == {"description": "New"}


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("Gate", "creatorID: u\ncreatorEmail: a@b.c"),
        ("DynamicConfig", "creatorID: u\nowner: {ownerID: u}"),
        ("Experiment", "creatorID: u\nprimaryMetricTags: [a]\nsecondaryMetricTags: [b]"),
    ],
)
def test_what_the_service_answers_differently_is_sent_once_and_not_compared(kind: str, spec: str) -> None:
    wanted = resource(kind, spec)
    sent = only_call(plan_of(wanted)).body
    assert wanted.spec.tree().items() <= sent.items()
    assert plan_against({"status": "setup"} if kind == "Experiment" else {}, wanted).steps == ()


# ---- rollouts ------------------------------------------------------------------------------------------------------


def rollout(percentage: float, pending: list[Tree], completed: list[Tree] | None = None) -> Tree:
    rule = {"name": "Ramp", "id": "r", "baseID": "r", "passPercentage": percentage, "conditions": []}
    return {"rules": [{**rule, "pendingAutomatedRollouts": pending, "completedAutomatedRollouts": completed or []}]}


STEP = {"time": 2000, "passPercent": 100}
DONE = {"time": 1000, "passPercent": 30}
RAMP = "rules: [{name: Ramp, passPercentage: 10, conditions: []}]"


@pytest.mark.parametrize(("pending", "completed"), [([STEP], []), ([], [DONE]), ([STEP], [DONE])])
def test_a_percentage_that_follows_a_schedule_of_the_console_is_left_to_it(
    pending: list[Tree], completed: list[Tree]
) -> None:
    plan = plan_against(rollout(30, pending, completed), resource("Gate", RAMP))
    assert plan.steps == ()
    (finding,) = plan.findings
    severity = Severity.NOTE if pending else Severity.WARNING  # once it is over, the manifest may mean something else
    assert (finding.code, finding.severity) == ("PLAN/rollout", severity)
    assert 'rules["Ramp"].passPercentage' in finding.message


def test_a_percentage_that_no_step_of_a_schedule_led_to_is_a_difference() -> None:
    plan = plan_against(rollout(100, [], [DONE]), resource("Gate", RAMP))
    assert changes(plan) == [('rules["Ramp"].passPercentage', Action.SET)]
    assert plan.findings == ()


@pytest.mark.parametrize("step", [{}, {"time": None}, {"time": "now", "passPercent": 30}])
def test_a_step_of_no_known_form_may_have_led_there(step: Tree) -> None:
    assert plan_against(rollout(100, [], [step]), resource("Gate", RAMP)).steps == ()


def test_other_changes_of_the_rule_send_the_percentage_as_it_is() -> None:
    wanted = resource("Gate", "rules: [{name: Ramp, passPercentage: 10, conditions: [{type: public}]}]")
    plan = plan_against(rollout(30, [STEP]), wanted)
    (sent,) = patch(plan)["rules"]
    assert (sent["passPercentage"], sent["pendingAutomatedRollouts"]) == (30, [STEP])
    assert changes(plan) == [('rules["Ramp"].conditions[0]', Action.ADD)]


@pytest.mark.parametrize("pending", ["[]", "[{time: 2000, passPercent: 100}]"])
def test_a_manifest_that_manages_the_schedule_manages_the_percentage(pending: str) -> None:
    wanted = resource(
        "Gate", f"rules: [{{name: Ramp, passPercentage: 10, conditions: [], pendingAutomatedRollouts: {pending}}}]"
    )
    plan = plan_against(rollout(30, [STEP]), wanted)
    assert patch(plan)["rules"][0]["passPercentage"] == 10
    assert plan.findings == ()


def test_a_schedule_drives_only_its_own_rule() -> None:
    live = rollout(30, [STEP])
    live["rules"].append({"name": "Fixed", "id": "f", "baseID": "f", "passPercentage": 1, "conditions": []})
    spec = f"{RAMP[:-1]}, {{name: Fixed, passPercentage: 2, conditions: []}}]"
    assert changes(plan_against(live, resource("Gate", spec))) == [('rules["Fixed"].passPercentage', Action.SET)]


# ---- what a step says besides --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("live", "expected"),
    [
        ({"lastModifierEmail": "a@b.c", "lastModifierName": "A", "lastModifiedTime": 7}, Modified("a@b.c", 7)),
        (
            {"lastModifierEmail": None, "lastModifierName": "CONSOLE API", "lastModifiedTime": 7.0},
            Modified("CONSOLE API", 7),
        ),
        ({}, Modified()),
    ],
)
def test_a_step_names_who_changed_the_object_last(live: Tree, expected: Modified) -> None:
    assert only_step(plan_against(live, resource("Gate", "description: New"))).modified == expected


def test_a_step_leads_to_its_manifest() -> None:
    step = only_step(plan_of(resource("Gate", "{}")))
    assert step.where is not None
    assert (step.key, step.where.path) == (key("Gate"), "manifests/thing.yaml")


def test_equal_objects_are_counted_as_unchanged_and_others_as_unmanaged() -> None:
    gate = resource("Gate", "description: Same", id_="gate_a")
    plan = plan_of(gate, live={gate.key: {"description": "Same"}, key("Gate", "gate_b"): {"lastModifierName": "A"}})
    assert plan.unchanged == (gate.key,)
    assert plan.unmanaged == ((key("Gate", "gate_b"), Modified("A")),)
    assert codes(plan.findings) == []

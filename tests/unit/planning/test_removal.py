"""Pruning: only what is ours, only what is certainly not wanted any more, never what is still used, never too much."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from reconciler.domain import Action, Plan, ResourceKey, Severity, Snapshot, Tree, Verb
from reconciler.kinds import KINDS
from reconciler.planning import Desired, Policy, make_plan
from tests.unit.planning.making import calls, codes, key, plan_of, resource, snapshot

ARCHIVE = Policy(ownership_tag="git", prune="archive")
DELETE = Policy(ownership_tag="git", prune="delete", archive_first=False)
ARCHIVE_FIRST = Policy(ownership_tag="git", prune="delete")
GATE: Tree = {"tags": ["git"], "status": "In Progress", "isEnabled": True, "rules": []}
EXPERIMENT: Tree = {"tags": ["git"], "status": "setup", "groups": []}
SOURCE: Tree = {"tags": ["git"], "sql": "a", "idTypeMapping": []}
GATE_A, GATE_B = key("Gate", "gate_a"), key("Gate", "gate_b")
EXPERIMENT_A = key("Experiment", "experiment_a")


def passing(gate: str, type_: str = "passes_gate") -> list[Tree]:
    """Live rules that ask for a gate."""
    condition = {"type": type_, "targetValue": gate}
    return [{"name": "R", "id": "r", "baseID": "r", "passPercentage": 1, "conditions": [condition]}]


def pruned(live: Mapping[ResourceKey, Tree], policy: Policy = ARCHIVE) -> Plan:
    """The plan when no manifest describes anything of what is live."""
    return plan_of(live=live, policy=policy)


@pytest.mark.parametrize(
    ("found", "tree", "policy", "call"),
    [
        (GATE_A, GATE, ARCHIVE, "PUT /gates/gate_a/archive"),
        (GATE_A, GATE, DELETE, "DELETE /gates/gate_a"),
        (GATE_A, {**GATE, "status": "Archived"}, DELETE, "DELETE /gates/gate_a"),
        (key("DynamicConfig", "conf"), GATE, ARCHIVE, "PUT /dynamic_configs/conf/archive"),
        (EXPERIMENT_A, EXPERIMENT, ARCHIVE, "PUT /experiments/experiment_a/archive"),
        (EXPERIMENT_A, EXPERIMENT, DELETE, "DELETE /experiments/experiment_a"),
        (key("EntityPropertySource", "All orders"), SOURCE, DELETE, "DELETE /experiments/entity_property/All%20orders"),
    ],
)
def test_an_owned_object_without_a_manifest_is_removed(
    found: ResourceKey, tree: Tree, policy: Policy, call: str
) -> None:
    plan = pruned({found: tree}, policy)
    assert calls(plan) == [call]
    (step,) = plan.steps
    assert step.verb is (Verb.DELETE if policy is DELETE else Verb.ARCHIVE)
    assert plan.unmanaged == ()


def test_archiving_is_told_as_a_change_of_the_status() -> None:
    (step,) = pruned({GATE_A: GATE}).steps
    (change,) = step.fields
    assert (change.path, change.action, change.live, change.desired) == (
        ("status",), Action.SET, "in_progress", "archived")  # fmt: skip


@pytest.mark.parametrize(
    ("tree", "policy"),
    [
        (GATE, Policy()),
        (GATE, Policy(ownership_tag="git")),
        (GATE, Policy(prune="delete")),
        ({**GATE, "tags": ["by-hand"]}, DELETE),
        ({**GATE, "tags": None}, DELETE),
        ({**GATE, "tags": ["GIT"]}, DELETE),
        ({**GATE, "status": "Archived"}, ARCHIVE),
    ],
)
def test_everything_else_stays(tree: Tree, policy: Policy) -> None:
    plan = pruned({GATE_A: tree}, policy)
    assert plan.steps == ()
    assert [found for found, _ in plan.unmanaged] == [GATE_A]


def test_a_source_cannot_be_archived_and_stays() -> None:
    assert pruned({key("EntityPropertySource", "orders"): SOURCE}).steps == ()


def test_an_object_whose_manifest_is_not_selected_stays() -> None:
    wanted = resource("Gate", "{}", id_="gate_a")
    plan = make_plan(KINDS, Desired((wanted,), ()), snapshot({GATE_A: GATE}), DELETE)
    assert (plan.steps, plan.unmanaged) == ((), ())


@pytest.mark.parametrize(
    "reason", ["not every manifest could be read", "only a selection of the manifests is looked at"]
)
def test_doubt_stops_all_removal_and_says_why(reason: str) -> None:
    plan = pruned({GATE_A: GATE, GATE_B: GATE}, replace(DELETE, unknown=(reason,)))
    assert plan.steps == ()
    (finding,) = plan.findings
    assert (finding.code, finding.severity) == ("PRUNE/stopped", Severity.NOTE)
    assert "without a manifest: 2" in finding.message
    assert reason in finding.message


def test_doubt_is_not_mentioned_where_nothing_would_be_removed() -> None:
    plan = pruned({GATE_A: {**GATE, "tags": []}}, replace(DELETE, unknown=("not every manifest could be read",)))
    assert plan.findings == ()


# ---- archived before it is deleted -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "tree", "call"),
    [
        (GATE_A, GATE, "PUT /gates/gate_a/archive"),
        (GATE_A, {**GATE, "status": "Archived"}, "DELETE /gates/gate_a"),
        (key("DynamicConfig", "conf"), {"tags": ["git"], "status": "Disabled"}, "PUT /dynamic_configs/conf/archive"),
        (EXPERIMENT_A, EXPERIMENT, "PUT /experiments/experiment_a/archive"),
        (key("EntityPropertySource", "orders"), SOURCE, "DELETE /experiments/entity_property/orders"),
    ],
)
def test_what_can_be_archived_is_not_deleted_before(found: ResourceKey, tree: Tree, call: str) -> None:
    plan = pruned({found: tree}, ARCHIVE_FIRST)
    assert calls(plan) == [call]
    assert codes(plan.findings) == (["PRUNE/archive-first"] if call.startswith("PUT") else [])


def test_a_manifest_that_asked_for_deletion_does_not_skip_the_archive() -> None:
    marked: Tree = {**GATE, "tags": ["git", "git:delete"]}
    assert calls(pruned({GATE_A: marked}, Policy(ownership_tag="git"))) == ["PUT /gates/gate_a/archive"]


def test_each_kind_is_removed_in_its_own_way() -> None:
    policy = Policy(ownership_tag="git", prune="off", prune_kinds={"Gate": "delete"}, archive_first=False)
    live = {GATE_A: GATE, key("DynamicConfig", "conf"): {"tags": ["git"], "status": "Enabled"}}
    assert calls(pruned(live, policy)) == ["DELETE /gates/gate_a"]


# ---- experiments that ran --------------------------------------------------------------------------------------------

DECIDED: Tree = {"tags": ["git"], "status": "decision_made", "groups": [], "startTime": 1_790_000_000_000}
SHELVED: Tree = {**DECIDED, "status": "archived"}
ASKED = ["git", "git:delete"]


@pytest.mark.parametrize(
    ("tree", "policy", "expected", "said"),
    [
        (DECIDED, ARCHIVE_FIRST, ["PUT /experiments/experiment_a/archive"], ["PRUNE/results"]),
        (DECIDED, DELETE, ["PUT /experiments/experiment_a/archive"], ["PRUNE/results"]),
        (SHELVED, ARCHIVE_FIRST, [], ["PRUNE/results"]),
        ({"tags": ["git"], "status": "archived", "groups": []}, ARCHIVE_FIRST, [], ["PRUNE/results"]),
        ({**SHELVED, "startTime": None}, ARCHIVE_FIRST, ["DELETE /experiments/experiment_a"], []),
        ({**DECIDED, "status": "setup"}, DELETE, ["PUT /experiments/experiment_a/archive"], ["PRUNE/results"]),
        ({**DECIDED, "tags": ASKED}, ARCHIVE_FIRST, ["PUT /experiments/experiment_a/archive"], ["PRUNE/archive-first"]),
        ({**SHELVED, "tags": ASKED}, ARCHIVE_FIRST, ["DELETE /experiments/experiment_a"], []),
        ({**DECIDED, "tags": ASKED}, DELETE, ["DELETE /experiments/experiment_a"], []),
    ],
)
def test_an_experiment_that_ran_is_deleted_only_if_its_manifest_said_so(
    tree: Tree, policy: Policy, expected: list[str], said: list[str]
) -> None:
    plan = pruned({EXPERIMENT_A: tree}, policy)
    assert calls(plan) == expected
    assert codes(plan.findings) == said


# ---- what is used --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user", "tree"),
    [
        (GATE_B, {"rules": passing("gate_a")}),
        (GATE_B, {"rules": passing("gate_a", "fails_gate")}),
        (key("DynamicConfig", "conf"), {"rules": passing("gate_a")}),
        (EXPERIMENT_A, {"status": "setup", "targetingGateID": "gate_a"}),
        (EXPERIMENT_A, {"status": "setup", "inlineTargetingRulesJSON": json.dumps({"rules": passing("gate_a")})}),
        (EXPERIMENT_A, {"inlineTargetingRulesJSON": json.dumps({"r": json.dumps({"value": ["gate_a"]})})}),
        (EXPERIMENT_A, {"inlineTargetingRulesJSON": {"rules": passing("gate_a")}}),
        (EXPERIMENT_A, {"inlineTargetingRulesJSON": "{'value': 'gate:gate_a'}"}),
    ],
)
def test_an_object_that_something_else_refers_to_stays(user: ResourceKey, tree: Tree) -> None:
    plan = pruned({GATE_A: GATE, user: tree})
    assert plan.steps == ()
    (finding,) = plan.findings
    assert (finding.code, finding.severity, finding.key) == ("PRUNE/in-use", Severity.WARNING, GATE_A)
    assert str(user) in finding.message


CONFIG_A = key("DynamicConfig", "config_a")
STORED = {"gate_name": GATE_A, "config_name": CONFIG_A, "experiment_name": EXPERIMENT_A}
OTHERS = [
    ({"segments": {"staff": {"id": "staff", "rules": passing("gate_a")}}}, GATE_A, "Segment/staff"),
    ({"segments": {"staff": {"id": "staff", "rules": passing("gate_a")[0]}}}, GATE_A, "Segment/staff"),
    ({"release_pipelines": {"slow": {"id": "slow", "phases": [{"rules": passing("gate_a")}]}}}, GATE_A,
     "ReleasePipeline/slow"),
    ({"holdouts": {"autumn": {"id": "autumn", "gateIDs": ["gate_a"]}}}, GATE_A, "Holdout/autumn"),
    ({"holdouts": {"autumn": {"id": "autumn", "experimentIDs": ["experiment_a"]}}}, EXPERIMENT_A, "Holdout/autumn"),
    *(
        ({"param_stores": {"sizes": {"name": "sizes", "parameters": [{"name": "p", name: target.id}]}}}, target,
         "ParamStore/sizes")
        for name, target in STORED.items()
    ),
]  # fmt: skip
"""What has no manifest and refers to objects: collections, the object, and who refers to it."""


@pytest.mark.parametrize(("collections", "target", "user"), OTHERS)
def test_an_object_that_something_without_manifests_refers_to_stays(
    collections: dict[str, dict[str, Tree]], target: ResourceKey, user: str
) -> None:
    objects = {GATE_A: GATE, CONFIG_A: {"tags": ["git"]}, EXPERIMENT_A: EXPERIMENT}
    live = replace(snapshot(objects), **collections)  # type: ignore[arg-type]
    plan = make_plan(KINDS, Desired((), ()), live, DELETE)
    assert target not in {step.key for step in plan.steps}
    assert [finding.message for finding in plan.findings] == [f"{target} stays: {user} -> {target}"]


@pytest.mark.parametrize("odd", [{"phases": {"a": 1}}, {"phases": [3]}, {"phases": None}, {}])
def test_a_pipeline_of_an_unexpected_form_does_no_harm(odd: Tree) -> None:
    live = replace(snapshot({GATE_A: GATE}), release_pipelines={"slow": {"id": "slow", **odd}})
    assert make_plan(KINDS, Desired((), ()), live, DELETE).findings == ()


@pytest.mark.parametrize("odd", [{"gateIDs": [["a"]]}, {"targetingGateID": ["a"]}, {"experimentIDs": [{}]}])
def test_a_holdout_of_an_unexpected_form_does_no_harm(odd: Tree) -> None:
    live = replace(snapshot({GATE_A: GATE}), holdouts={"autumn": {"id": "autumn", **odd}})
    assert make_plan(KINDS, Desired((), ()), live, DELETE).findings == ()


def test_a_gate_that_is_still_checked_stays() -> None:
    plan = pruned({GATE_A: {**GATE, "checksPerHour": 12}}, DELETE)
    assert plan.steps == ()
    assert codes(plan.findings) == ["PRUNE/checked"]


def test_an_object_that_a_manifest_refers_to_stays_even_if_the_reference_is_new() -> None:
    user = resource(
        "Gate", "rules: [{name: R, passPercentage: 1, conditions: [{type: passes_gate, targetValue: gate_a}]}]"
    )
    plan = plan_of(user, live={GATE_A: GATE, user.key: {"rules": []}}, policy=ARCHIVE)
    assert calls(plan) == ["PATCH /gates/thing_one"]
    assert codes(plan.findings) == ["PRUNE/in-use"]


def test_an_object_goes_when_the_plan_takes_the_last_reference_out() -> None:
    user = resource("Gate", "rules: []\ntags: [git]", id_="gate_b")
    plan = plan_of(user, live={GATE_A: GATE, GATE_B: {**GATE, "rules": passing("gate_a")}}, policy=ARCHIVE)
    assert calls(plan) == ["PATCH /gates/gate_b", "PUT /gates/gate_a/archive"]


@pytest.mark.parametrize(
    "live",
    [
        {"status": "decision_made", "startTime": 1_790_000_000_000, "groups": []},
        {"status": "archived", "startTime": 1_790_000_000_000, "groups": []},
    ],
)
@pytest.mark.parametrize("more", ["", "description: New\n"])
def test_a_reference_that_is_left_alone_holds_its_object(live: Tree, more: str) -> None:
    user = resource("Experiment", f"{more}targetingGateID: null", id_="experiment_a")
    plan = plan_of(user, live={GATE_A: GATE, EXPERIMENT_A: {**live, "targetingGateID": "gate_a"}}, policy=ARCHIVE)
    assert GATE_A not in {step.key for step in plan.steps}
    assert "PRUNE/in-use" in codes(plan.findings)


def test_a_running_experiment_stays() -> None:
    plan = pruned({EXPERIMENT_A: {**EXPERIMENT, "status": "active"}}, DELETE)
    assert plan.steps == ()
    assert codes(plan.findings) == ["PRUNE/running"]


def test_objects_that_refer_to_each_other_go_together_users_first() -> None:
    gate_c = key("Gate", "gate_c")
    live = {
        GATE_A: GATE,
        GATE_B: {**GATE, "rules": passing("gate_a")},
        gate_c: {**GATE, "rules": passing("gate_b")},
        EXPERIMENT_A: {**EXPERIMENT, "targetingGateID": "gate_a"},
    }
    plan = pruned(live, DELETE)
    assert [step.key for step in plan.steps] == [gate_c, GATE_B, EXPERIMENT_A, GATE_A]
    needs = {step.key: step.needs for step in plan.steps}
    assert needs[GATE_A] == {GATE_B, EXPERIMENT_A}
    assert needs[GATE_B] == {gate_c}


def test_nothing_is_removed_from_an_empty_project() -> None:
    assert make_plan(KINDS, Desired((), ()), Snapshot(), DELETE).steps == ()

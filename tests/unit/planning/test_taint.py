"""Running experiments: what a plan would mix into their results is refused, however far away it happens."""

from __future__ import annotations

import pytest

from reconciler.domain import Finding, Plan, ResourceKey, Severity, Snapshot, Tree
from reconciler.kinds import KINDS
from reconciler.manifests import Resource
from reconciler.planning import Desired, Policy, make_plan
from tests.unit.planning.making import key, plan_of, resource

GROUPS: list[Tree] = [
    {"name": name, "id": name, "size": 50, "parameterValues": {"n": name}} for name in ("Control", "Test")
]
EXPERIMENT, MIDDLE, FAR = key("Experiment", "layout"), key("Gate", "eu_users"), key("Gate", "beta")


def rule(target: str | None, share: int = 10, name: str = "All") -> Tree:
    type_: Tree = {"type": "public"} if target is None else {"type": "passes_gate", "targetValue": [target]}
    return {"name": name, "id": "r", "baseID": "r", "passPercentage": share, "conditions": [type_]}


def live(status: str = "active") -> dict[ResourceKey, Tree]:
    """An experiment that targets a gate that asks for another gate."""
    return {
        EXPERIMENT: {"status": status, "groups": GROUPS, "targetingGateID": "eu_users"},
        MIDDLE: {"status": "In Progress", "isEnabled": True, "rules": [rule("beta")]},
        FAR: {"status": "In Progress", "isEnabled": True, "rules": [rule(None)], "description": ""},
    }


def beta(spec: str, metadata: str = "") -> Resource:
    return resource("Gate", spec, id_="beta", metadata=metadata)


MORE = "rules: [{name: All, passPercentage: 25, conditions: [{type: public}]}]"


def guarded(plan: Plan) -> list[Finding]:
    return [finding for finding in plan.findings if finding.code == "GUARD/running-experiment"]


def left_over(plan: Plan) -> list[Finding]:
    return [finding for finding in plan.findings if finding.code == "GUARD/idle-acknowledgement"]


@pytest.mark.parametrize(
    ("spec", "what"),
    [
        (MORE, 'rules["All"].passPercentage'),
        ("rules: []", 'rules["All"]'),
        ("status: launched", "status"),
        ("idType: stableID", "idType"),
    ],
)
def test_a_gate_that_a_running_experiment_depends_on_is_not_changed(spec: str, what: str) -> None:
    (finding,) = guarded(plan_of(beta(spec), live=live()))
    assert finding.severity is Severity.ERROR
    assert f"a change of {what} taints the results of Experiment/layout" in finding.message
    assert "(Experiment/layout -> Gate/eu_users -> Gate/beta)" in finding.message
    assert "acknowledge: [Experiment/layout]" in finding.cure
    assert finding.where is not None


@pytest.mark.parametrize("status", ["setup", "decision_made", "abandoned", "archived"])
def test_an_experiment_that_does_not_run_minds_nothing(status: str) -> None:
    assert guarded(plan_of(beta(MORE), live=live(status))) == []


@pytest.mark.parametrize(
    "spec", ["description: New words", "rules: [{name: Everybody, passPercentage: 10, conditions: [{type: public}]}]"]
)
def test_what_gives_nobody_another_answer_taints_nothing(spec: str) -> None:
    plan = plan_of(beta(spec), live=live())
    assert plan.steps
    assert guarded(plan) == []


def test_another_gate_taints_nothing() -> None:
    other = key("Gate", "other")
    found = {**live(), other: {"status": "In Progress", "rules": [rule("beta")]}}
    assert guarded(plan_of(resource("Gate", "status: launched", id_="other"), live=found)) == []


def test_the_manifest_may_acknowledge_the_experiment() -> None:
    plan = plan_of(beta(MORE, "acknowledge: [Experiment/layout]"), live=live())
    (finding,) = guarded(plan)
    assert finding.severity is Severity.WARNING
    assert "acknowledged" in finding.message
    assert plan.steps


def test_another_experiment_acknowledged_is_not_this_one() -> None:
    plan = plan_of(beta(MORE, "acknowledge: [Experiment/colour]"), live=live())
    (error,), (idle,) = guarded(plan), left_over(plan)
    assert error.severity is Severity.ERROR
    assert "names Experiment/colour, which this change does not taint" in idle.message


def test_an_acknowledgement_that_is_left_over_is_told_before_it_lets_something_pass() -> None:
    (finding,) = left_over(plan_of(beta("description: New", "acknowledge: [Experiment/layout]"), live=live()))
    assert (finding.severity, finding.cure) == (Severity.WARNING, "take it out")


def test_a_dependency_that_the_plan_itself_makes_counts() -> None:
    """The gate in between comes to ask for another one, which changes as well: both are told."""
    ask = "rules: [{name: All, passPercentage: 10, conditions: [{type: passes_gate, targetValue: new_gate}]}]"
    made = resource("Gate", "rules: []", id_="new_gate")
    found = guarded(plan_of(resource("Gate", ask, id_="eu_users"), made, live=live()))
    assert {finding.key for finding in found} == {MIDDLE, key("Gate", "new_gate")}


def test_a_gate_that_is_removed_is_told_like_one_that_changes() -> None:
    owned = {MIDDLE: {**live()[MIDDLE], "tags": ["git"]}}
    found = {**live(), **owned, EXPERIMENT: {**live()[EXPERIMENT]}}
    plan = plan_of(live=found, policy=Policy(ownership_tag="git", prune="archive"))
    assert plan.steps == (), "it stays, since the experiment refers to it"


def test_where_experiments_cannot_be_listed_the_plan_says_what_it_does_not_know() -> None:
    refused = Finding("API/UNREAD", "objects of kind Experiment could not be read", "let the key read them")
    wanted = beta(MORE)
    blind = Snapshot(objects={FAR: {"id": "beta", **live()[FAR]}}, unread={"Experiment": refused})
    (finding,) = guarded(make_plan(KINDS, Desired((wanted,), (wanted,)), blind, Policy()))
    assert finding.severity is Severity.WARNING
    assert "is not known: objects of kind Experiment could not be read" in finding.message


def test_where_segments_cannot_be_listed_while_an_experiment_runs_that_is_told() -> None:
    refused = Finding("API/UNREAD", "the collection segments could not be read", "let the key read it")
    wanted = beta(MORE)
    objects = {key_: {"id": key_.id, **tree} for key_, tree in live().items()}
    blind = Snapshot(objects=objects, unread={"segments": refused})
    told = [finding.message for finding in guarded(make_plan(KINDS, Desired((wanted,), (wanted,)), blind, Policy()))]
    assert any("is not known: the collection segments could not be read" in message for message in told)


def test_a_circle_ends() -> None:
    found = {**live(), FAR: {**live()[FAR], "rules": [rule("eu_users")]}}
    assert [finding.key for finding in guarded(plan_of(beta(MORE), live=found))] == [FAR]

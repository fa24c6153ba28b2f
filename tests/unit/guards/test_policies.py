"""Policies of a project's own: what they see, and that they stop the plan whenever they cannot tell."""

from __future__ import annotations

import subprocess
import sys

import pytest

from reconciler.domain import Finding, Place, Plan, Tree
from reconciler.planning.guards import broken
from reconciler.planning.guards.policies import SEEN
from tests.unit.guards.looking import PRUNING, safety, seen
from tests.unit.planning.making import codes, key, plan_of, resource

LIVE: Tree = {
    "tags": ["git"],
    "status": "In Progress",
    "rules": [{"name": "R", "id": "r", "baseID": "r", "passPercentage": 1, "conditions": []}],
}
WANTED = resource(
    "Gate", "rules: [{name: R, passPercentage: 12.5, conditions: []}]", metadata="labels: {team: payments}"
)
PLAN = plan_of(WANTED, live={WANTED.key: LIVE, key("Gate", "gone"): {**LIVE, "rules": []}}, policy=PRUNING)


def policy(expression: str, message: str = "") -> str:
    quoted = expression.replace("'", "''")
    return f"policies: [{{name: mine, deny: '{quoted}', message: '{message}'}}]"


def denied(expression: str, plan: Plan = PLAN) -> list[Finding]:
    return seen(plan, policy(expression))


@pytest.mark.parametrize(
    ("expression", "objects"),
    [
        ("true", ["Gate/thing_one", "Gate/gone"]),
        ("false", []),
        ('step.verb == "archive"', ["Gate/gone"]),
        ('step.kind == "Gate" && step.id == "thing_one"', ["Gate/thing_one"]),
        ('step.labels.size() > 0 && step.labels.team == "payments"', ["Gate/thing_one"]),
        ('step.fields.exists(f, f.path == "rules[\\"R\\"].passPercentage" && f.desired > 10)', ["Gate/thing_one"]),
        ('step.fields.exists(f, f.field == "rules" && f.desired - f.live > 11.4)', ["Gate/thing_one"]),
        ("step.fields.exists(f, f.live == 1)", ["Gate/thing_one"]),
        ('step.fields.exists(f, f.field == "status" && f.desired == "archived")', ["Gate/gone"]),
        ("plan.removals > 0 && plan.updates > 0 && plan.managed.Gate == 2", ["Gate/thing_one", "Gate/gone"]),
        ('"production" in production', ["Gate/thing_one", "Gate/gone"]),
        ('step.id.matches("^th.*_one$")', ["Gate/thing_one"]),
    ],
)
def test_an_expression_forbids_the_steps_of_which_it_is_true(expression: str, objects: list[str]) -> None:
    found = denied(expression)
    assert [str(each.key) for each in found] == objects
    assert codes(found) == ["GUARD/mine"] * len(objects)


@pytest.mark.parametrize("name", SEEN)
def test_what_the_page_names_can_be_asked_for(name: str) -> None:
    assert seen(PLAN, policy(f'type({name}) == null_type && step.kind == "Tag"')) == []


def test_a_finding_says_what_the_policy_is_about() -> None:
    (finding,) = seen(PLAN, policy('step.verb == "archive"', "Ask the search team."))
    assert finding.message == "the policy mine forbids to archive Gate/gone: Ask the search team."
    assert "--allow mine=WHY" in finding.cure
    assert "{guard: mine, objects: [Gate/gone]" in finding.cure


# ---- what cannot be told stops the plan ------------------------------------------------------------------------------

DEEP = "[1,2,3,4,5,6,7,8,9,10].all(a, " * 5 + "true" + ")" * 5


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ('step.labels.team == "search"', "Key not found"),
        ("step.nothing", "Key not found"),
        ("step.id", "thing_one"),
        ("step.id > 1", "No matching overloads"),
        ("1 / (plan.steps - plan.steps) > 0", "divide by zero"),
        (DEEP, "Iteration budget exceeded"),
        ('step.id.matches("(")', ""),
    ],
)
def test_an_expression_without_a_result_stops_the_plan_once_and_for_all_steps(expression: str, why: str) -> None:
    (finding,) = denied(expression)
    assert finding.code == "GUARD/mine"
    assert "the policy mine could not be asked about" in finding.message
    assert why in finding.message
    assert finding.key is None
    assert "objects" not in finding.cure


def test_a_value_that_is_too_long_is_not_shown_and_stops_who_asks_for_it() -> None:
    wanted = resource("DynamicConfig", f"defaultValue: {{text: {'x' * 10_000}}}")
    plan = plan_of(wanted)
    assert codes(denied("step.fields.exists(f, size(f.desired) > 100)", plan)) == ["GUARD/mine"]
    assert denied('step.fields.exists(f, has(f.desired) && f.desired == "x")', plan) == []


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("step.verb ==", "Syntax error"),
        ("steps.verb == 'a'", "undeclared reference to 'steps"),
        ("1 + 1", "it is neither true nor false, but INT"),
        ('"yes"', "it is neither true nor false, but STRING"),
        ("(" * 200 + "true" + ")" * 200, "recursion limit"),
        ("step.verb.unknown()", "undeclared reference to 'unknown'"),
    ],
)
def test_what_cannot_be_run_is_told_at_its_place_without_any_plan(expression: str, why: str) -> None:
    (finding,) = broken(safety(policy(expression)), Place("reconciler.yaml"))
    assert finding.code == "POLICY/expression"
    assert why in finding.message
    assert "\n" not in finding.message
    assert finding.where is not None
    assert finding.where.pointer == ("safety", "policies", 0, "deny")


def test_without_the_library_a_policy_is_a_finding_and_other_projects_notice_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "cel_expr_python", None)
    (finding,) = broken(safety(policy("true")), Place("reconciler.yaml"))
    assert (finding.code, finding.cure) == ("POLICY/extra", "install statsig-reconciler[policies]")
    assert list(broken(safety("prune: off"), Place("reconciler.yaml"))) == []


def test_the_library_is_loaded_for_a_policy_only() -> None:
    check = "import sys, reconciler.workflow; sys.exit('cel_expr_python' in sys.modules)"
    assert subprocess.run([sys.executable, "-W", "error", "-c", check], check=False).returncode == 0

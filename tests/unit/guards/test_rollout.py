"""How far a rollout may go in production in one run."""

from __future__ import annotations

import pytest

from reconciler.domain import Finding, Tree
from reconciler.planning import Policy
from tests.unit.guards.looking import found, seen
from tests.unit.planning.making import codes, plan_of, resource

LIMIT = "rollout: {maxIncrease: 25}"
EU = [{"type": "country", "operator": "any", "targetValue": ["DE"]}]
ANYONE: list[Tree] = [{"type": "public"}]
NO_POLICY = Policy()


def rule(share: float, conditions: list[Tree] | None = None, **more: object) -> Tree:
    """A live rule."""
    told = EU if conditions is None else conditions
    return {"name": "R", "id": "r", "baseID": "r", "passPercentage": share, "conditions": told, **more}


def gate(*rules: Tree, status: str = "In Progress") -> Tree:
    return {"status": status, "isEnabled": status in {"In Progress", "Launched"}, "rules": list(rules)}


def written(
    share: float, more: str = "", conditions: str = "[{type: country, operator: any, targetValue: [DE]}]"
) -> str:
    """The rules of a manifest."""
    return f"rules: [{{name: R, passPercentage: {share}, conditions: {conditions}{more}}}]"


def rises(live: Tree | None, spec: str, *, kind: str = "Gate", text: str = LIMIT) -> list[Finding]:
    wanted = resource(kind, spec)
    return found(wanted, live={wanted.key: live} if live else {}, text=text, policy=NO_POLICY)


@pytest.mark.parametrize(
    ("before", "after", "tripped"),
    [
        (1, 26, []),
        (1, 26.01, ["GUARD/rollout"]),
        (1, 100, ["GUARD/rollout"]),
        (0.1, 25.1, []),
        (100, 1, []),
        (50, 50, []),
    ],
)
def test_a_percentage_may_go_up_by_so_many_points(before: float, after: float, tripped: list[str]) -> None:
    assert codes(rises(gate(rule(before)), written(after))) == tripped


def test_without_a_limit_it_may_go_up_at_once() -> None:
    assert rises(gate(rule(0)), written(100), text="prune: off") == []


def test_the_finding_is_about_its_object_and_its_manifest_and_says_the_numbers() -> None:
    (finding,) = rises(gate(rule(1)), written(100))
    assert finding.message == (
        "the rule 'R' goes from 1 % to 100 % in production, up by 99 points; the limit of one run is 25"
    )
    assert str(finding.key) == "Gate/thing_one"
    assert finding.where is not None
    assert "{guard: rollout, objects: [Gate/thing_one], reason: WHY, until: 2026-12-08}" in finding.cure
    assert rises(gate(rule(1)), written(100), text="rollout: {maxIncrease: 99}") == []


@pytest.mark.parametrize(
    ("environments", "tripped"),
    [("null", ["GUARD/rollout"]), ("[production]", ["GUARD/rollout"]), ("[staging, production]", ["GUARD/rollout"]),
     ("[staging]", [])],
)  # fmt: skip
def test_only_what_is_in_force_in_production_counts(environments: str, tripped: list[str]) -> None:
    live = gate(rule(1, environments=["production"] if "production" in environments else None))
    if environments == "[staging]":
        live = gate(rule(1, environments=["staging"]))
    assert codes(rises(live, written(100, f", environments: {environments}"))) == tripped


def test_a_rule_that_comes_into_force_in_production_goes_up_from_nothing() -> None:
    (finding,) = rises(gate(rule(60, environments=["staging"])), written(60, ", environments: null"))
    assert "from 0 % to 60 %" in finding.message


def test_which_environments_are_production_can_be_said() -> None:
    spec = written(100, ", environments: [live]")
    live = gate(rule(1, environments=["live"]))
    wanted = resource("Gate", spec)
    plan = plan_of(wanted, live={wanted.key: live})
    assert seen(plan, LIMIT) == []
    assert codes(seen(plan, LIMIT, production=frozenset({"live"}))) == ["GUARD/rollout"]
    assert codes(seen(plan, "rollout: {maxIncrease: 25, production: [live]}")) == ["GUARD/rollout"]


@pytest.mark.parametrize(
    ("conditions", "tripped"),
    [
        ("[]", ["GUARD/rollout"]),
        ("[{type: environment_tier, operator: any, targetValue: [production]}]", ["GUARD/rollout"]),
        ("[{type: public}]", ["GUARD/rollout"]),
        ("[{type: email, operator: any, targetValue: [a]}]", []),
    ],
)
def test_a_new_rule_counts_if_it_is_for_everyone(conditions: str, tripped: list[str]) -> None:
    assert codes(rises(gate(), written(100, conditions=conditions))) == tripped
    assert codes(rises(None, written(100, conditions=conditions))) == tripped


def test_a_rule_that_is_for_everyone_from_now_on_goes_up_from_nothing() -> None:
    (finding,) = rises(gate(rule(100)), written(100, conditions="[]"))
    assert "the public rule 'R' goes from 0 % to 100 %" in finding.message


def test_a_renamed_rule_is_held_against_itself() -> None:
    spec = (
        "rules: [{name: New name, passPercentage: 60, conditions: [{type: country, operator: any, targetValue: [DE]}]}]"
    )
    assert rises(gate(rule(50)), spec) == []


def test_a_launched_gate_is_for_everyone() -> None:
    (finding,) = rises(gate(rule(100)), "status: launched")
    assert "the gate is launched and goes from 0 % to 100 %" in finding.message


@pytest.mark.parametrize(("first", "tripped"), [(80, []), (75, []), (74, ["GUARD/rollout"])])
def test_a_launch_counts_from_what_everyone_has_already(first: float, tripped: list[str]) -> None:
    assert codes(rises(gate(rule(first, ANYONE)), "status: launched")) == tripped


def test_a_launch_counts_from_nothing_where_a_rule_above_keeps_some_out() -> None:
    live = gate(rule(0), {**rule(100, ANYONE), "name": "S", "id": "s", "baseID": "s"})
    assert codes(rises(live, "status: launched")) == ["GUARD/rollout"]


def test_a_launched_gate_stays_launched_whatever_its_rules_say() -> None:
    assert rises(gate(rule(0), status="Launched"), f"status: launched\n{written(100)}") == []


@pytest.mark.parametrize(
    ("kind", "off", "on"), [("Gate", "Disabled", "in_progress"), ("DynamicConfig", "Disabled", "enabled")]
)
def test_what_is_switched_on_brings_all_its_rules_into_force(kind: str, off: str, on: str) -> None:
    (finding,) = rises(gate({**rule(40), "returnValue": {}}, status=off), f"status: {on}", kind=kind)
    assert "from 0 % to 40 %" in finding.message


@pytest.mark.parametrize("status", ["disabled", "archived"])
def test_what_is_off_is_rolled_out_to_nobody(status: str) -> None:
    assert rises(gate(rule(1)), f"status: {status}\n{written(100)}") == []
    assert rises(None, f"status: {status}\n{written(100, conditions='[]')}") == []


def test_a_new_gate_that_is_launched_goes_up_from_nothing() -> None:
    assert codes(rises(None, "status: launched")) == ["GUARD/rollout"]


def test_a_new_rule_of_a_config_that_states_no_percentage_is_for_all() -> None:
    spec = "rules: [{name: R, conditions: [], returnValue: {a: 1}}]"
    (finding,) = rises(gate(), spec, kind="DynamicConfig")
    assert "the public rule 'R' goes from 0 % to 100 %" in finding.message


def steps(*percentages: float) -> str:
    told = ", ".join(f"{{time: {1_800_000_000_000 + at}, passPercent: {each}}}" for at, each in enumerate(percentages))
    return f", pendingAutomatedRollouts: [{told}]"


def test_a_new_schedule_counts_as_where_it_leads() -> None:
    (finding,) = rises(gate(rule(1)), written(1, steps(10, 100)))
    assert "the rule 'R', by its schedule, goes from 1 % to 100 % in production" in finding.message
    assert rises(gate(rule(1)), written(1, steps(26))) == []


def test_a_schedule_that_runs_already_does_not_count() -> None:
    live = gate(rule(1, pendingAutomatedRollouts=[{"time": 1_800_000_000_000, "passPercent": 100}]))
    assert rises(live, written(2, steps(100))) == []


LAST = {**rule(100, ANYONE), "name": "S", "id": "s", "baseID": "s"}
S = "{name: S, passPercentage: 100, conditions: [{type: public}]}"


@pytest.mark.parametrize("front", [rule(0, ANYONE), rule(0)])
def test_a_rule_in_front_that_goes_lets_in_whom_it_kept_out(front: Tree) -> None:
    (finding,) = rises(gate(front, LAST), f"rules: [{S}]")
    assert "what everyone gets, by all rules together, goes from 0 % to 100 % in production" in finding.message


def test_a_rule_that_moves_in_front_lets_in_whom_the_other_kept_out() -> None:
    spec = f"rules: [{S}, {{name: R, passPercentage: 0, conditions: [{{type: public}}]}}]"
    assert codes(rises(gate(rule(0, ANYONE), LAST), spec)) == ["GUARD/rollout"]


def test_a_rule_in_front_that_keeps_nobody_out_may_go() -> None:
    assert rises(gate(rule(100), LAST), f"rules: [{S}]") == []


def test_a_rise_of_a_rule_is_told_once() -> None:
    assert codes(rises(gate(rule(1, ANYONE)), written(100, conditions="[{type: public}]"))) == ["GUARD/rollout"]

"""In which order steps run: what is referred to first, removals last and the other way round, always the same."""

from __future__ import annotations

from reconciler.domain import ResourceKey, Step, Tree, Verb
from reconciler.kinds import KINDS
from reconciler.planning import Policy
from reconciler.planning.order import order
from tests.unit.planning.making import calls, key, plan_of, resource

RANKS = {name: position for position, name in enumerate(KINDS)}


def asks(*gates: str) -> str:
    conditions = ", ".join(f"{{type: passes_gate, targetValue: {gate}}}" for gate in gates)
    return f"rules: [{{name: R, passPercentage: 1, conditions: [{conditions}]}}]"


def test_what_is_referred_to_is_created_first() -> None:
    plan = plan_of(
        resource("Gate", asks("gate_b", "gate_c"), id_="gate_a"),
        resource("Gate", asks("gate_c"), id_="gate_b"),
        resource("Gate", "{}", id_="gate_c"),
    )
    assert [step.key.id for step in plan.steps] == ["gate_c", "gate_b", "gate_a"]
    assert [step.needs for step in plan.steps] == [
        frozenset(),
        frozenset({key("Gate", "gate_c")}),
        frozenset({key("Gate", "gate_b"), key("Gate", "gate_c")}),
    ]


def test_references_lead_across_kinds() -> None:
    plan = plan_of(
        resource("Experiment", "targetingGateID: gate_z\nidentityResolutionSource: orders", id_="experiment_a"),
        resource("DynamicConfig", f"{asks('gate_z')[:-2]}, returnValue: {{}}}}]", id_="config_a"),
        resource("Gate", "{}", id_="gate_z"),
        resource("EntityPropertySource", "sql: a\nidTypeMapping: [{statsigUnitID: u, column: a}]", id_="orders"),
    )
    assert [step.key.id for step in plan.steps] == ["orders", "gate_z", "config_a", "experiment_a"]
    assert plan.steps[-1].needs == {key("Gate", "gate_z"), key("EntityPropertySource", "orders")}


def test_a_reference_to_what_the_plan_does_not_touch_is_no_need() -> None:
    user, used = resource("Gate", asks("gate_z"), id_="gate_a"), resource("Gate", "{}", id_="gate_z")
    (step,) = plan_of(user, used, live={used.key: {}}).steps
    assert (step.key, step.needs) == (user.key, frozenset())


def test_an_update_waits_for_what_its_new_reference_needs() -> None:
    user, used = resource("Gate", asks("gate_z"), id_="gate_a"), resource("Gate", "{}", id_="gate_z")
    plan = plan_of(user, used, live={user.key: {"rules": []}})
    assert calls(plan) == ["POST /gates", "PATCH /gates/gate_a"]
    assert plan.steps[1].needs == {used.key}


def test_where_nothing_else_decides_kinds_and_then_ids_do() -> None:
    plan = plan_of(
        resource("Experiment", "{}", id_="aaa"),
        resource("DynamicConfig", "{}", id_="bbb"),
        resource("Gate", "{}", id_="ddd"),
        resource("Gate", "{}", id_="ccc"),
    )
    assert [step.key.id for step in plan.steps] == ["ccc", "ddd", "bbb", "aaa"]


def test_removals_come_last() -> None:
    plan = plan_of(
        resource("Experiment", "{}", id_="zzz"),
        live={key("Gate", "aaa"): {"tags": ["git"]}},
        policy=Policy(ownership_tag="git", prune="archive"),
    )
    assert calls(plan) == ["POST /experiments", "PUT /gates/aaa/archive"]


def test_a_circle_is_laid_out_all_the_same() -> None:
    """It is refused elsewhere; a plan must be made to be shown."""
    plan = plan_of(
        resource("Gate", asks("gate_b"), id_="gate_a"),
        resource("Gate", asks("gate_a"), id_="gate_b"),
        resource("Gate", asks("gate_c"), id_="gate_c"),
        resource("Gate", "{}", id_="gate_d"),
    )
    assert [step.key.id for step in plan.steps] == ["gate_c", "gate_d", "gate_a", "gate_b"]


def test_removals_that_form_a_circle_are_laid_out_all_the_same() -> None:
    one, two = ResourceKey("Gate", "one"), ResourceKey("Gate", "two")
    steps = [Step(two, Verb.DELETE, ()), Step(one, Verb.DELETE, ())]
    assert [step.key for step in order(steps, {one: frozenset({two}), two: frozenset({one})}, {}, RANKS)] == [one, two]


def test_what_is_turned_off_comes_before_everything_that_it_does_not_need() -> None:
    on: dict[str, object] = {"status": "Launched", "isEnabled": True}
    plan = plan_of(
        resource("Gate", "{}", id_="aaa"),
        resource("Gate", f"status: disabled\n{asks('ppp')}", id_="zzz"),
        resource("Gate", "status: archived", id_="yyy"),
        resource("Gate", "{}", id_="ppp"),
        resource("DynamicConfig", "status: disabled", id_="config"),
        live={
            key("Gate", "zzz"): on,
            key("Gate", "yyy"): {"status": "Disabled", "isEnabled": False},
            key("DynamicConfig", "config"): {"status": "Enabled", "isEnabled": True},
        },
    )
    assert [step.key.id for step in plan.steps] == ["ppp", "zzz", "config", "aaa", "yyy"]


def test_a_need_leads_through_objects_that_the_plan_does_not_touch() -> None:
    between, target = resource("Gate", "{}"), resource("Gate", "{}", id_="gate_b")
    experiment = resource("Experiment", "targetingGateID: thing_one", id_="experiment_a")
    plan = plan_of(between, target, experiment, live={between.key: {"rules": [gate_rule("gate_b")]}})
    assert [(step.key.id, step.needs) for step in plan.steps] == [
        ("gate_b", frozenset()),
        ("experiment_a", frozenset({key("Gate", "gate_b")})),
    ]


def gate_rule(gate: str) -> Tree:
    condition = {"type": "passes_gate", "targetValue": gate}
    return {"name": "R", "id": "r", "baseID": "r", "passPercentage": 1, "conditions": [condition]}

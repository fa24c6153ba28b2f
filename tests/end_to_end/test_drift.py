"""Drift: what differs, what is gone, what nobody described, and who did it."""

from __future__ import annotations

import pytest

from reconciler.domain import Modified, Tree
from tests.end_to_end.world import START, World, changes_of, codes, differing, manifest, members, told

RULE: Tree = {"name": "Ramp", "passPercentage": 10, "conditions": [{"type": "public"}]}
GROUPS: list[Tree] = [
    {"name": name, "size": 50, "parameterValues": {"on": name == "Test"}} for name in ("Control", "Test")
]
LATER = START + 86_400_000


@pytest.fixture
def settled(world: World) -> World:
    """A gate, a config, a running experiment, a source, and a gate that nobody described."""
    world.seed({"gates": [{"id": "by_hand"}]})
    source = {"sql": "SELECT id FROM t", "idTypeMapping": [{"statsigUnitID": "userID", "column": "id"}]}
    world.manifests(
        [
            manifest("Gate", "checkout", {"status": "in_progress", "rules": [RULE]}),
            manifest("DynamicConfig", "limits", {"status": "enabled", "defaultValue": {"most": 3}}),
            manifest("Experiment", "layout", {"status": "active", "groups": GROUPS, "controlGroup": "Control"}),
            manifest("EntityPropertySource", "people", source),
        ]
    )
    world.apply()
    world.service.clock.ms = LATER
    return world


def test_there_is_no_drift_after_an_apply(settled: World) -> None:
    drift = settled.drift()
    assert (drift.found, drift.changed, drift.gone, drift.same) == (False, (), (), 4)


def test_an_object_that_nobody_described_is_listed_and_is_no_drift(settled: World) -> None:
    drift = settled.drift()
    assert [str(key) for key, _ in drift.unmanaged] == ["Gate/by_hand"]
    assert not drift.found


def test_the_three_classes_are_told_apart(settled: World) -> None:
    settled.edit("DynamicConfig", "limits", {"description": "by hand", "defaultValue": {"most": 4}})
    before = settled.service.store.dump()
    settled.seed({"gates": [gate for gate in before["gates"] if gate["id"] != "checkout"] + [{"id": "second_by_hand"}]})
    drift = settled.drift()
    assert drift.found
    assert {str(step.key): told(step.fields) for step in drift.changed} == {
        "DynamicConfig/limits": [("defaultValue.most", "set", 4, 3)]
    }
    assert [str(step.key) for step in drift.gone] == ["Gate/checkout"]
    assert [str(key) for key, _ in drift.unmanaged] == ["Gate/by_hand", "Gate/second_by_hand"]
    assert drift.same == 2


def test_drift_names_who_changed_the_object_last_and_when(settled: World) -> None:
    settled.edit("Gate", "checkout", {"rules": [settled.live("Gate", "checkout")["rules"][0] | {"passPercentage": 60}]})
    (step,) = settled.drift().changed
    assert told(step.fields) == [('rules["Ramp"].passPercentage', "set", 60, 10)]
    assert step.modified == Modified("jo@example.com", LATER)
    assert str(step.where).endswith("manifests/0000.yaml:1:1")


def test_drift_changes_nothing_and_plans_no_calls(settled: World) -> None:
    settled.edit("Gate", "checkout", {"status": "Disabled", "isEnabled": False})
    before = settled.dump()
    assert [step.calls for step in settled.drift().changed] == [()]
    assert differing(before, settled.dump()) == set()


def test_a_field_that_no_manifest_mentions_is_no_drift(settled: World) -> None:
    settled.edit("Gate", "checkout", {"description": "by hand", "tags": ["by hand"], "team": "Growth"})
    assert not settled.drift().found


@pytest.mark.parametrize(
    ("status", "enabled", "told_as"),
    [("Disabled", False, "disabled"), ("Launched", False, "launched"), ("Archived", False, "archived")],
)
def test_a_gate_whose_status_people_changed_is_drift_in_its_status(
    settled: World, status: str, enabled: object, told_as: str
) -> None:
    settled.edit("Gate", "checkout", {"status": status, "isEnabled": enabled}, by="Oncall")
    (step,) = settled.drift().changed
    assert told(step.fields) == [("status", "set", told_as, "in_progress")]
    assert step.modified.by == "oncall@example.com"


def test_an_emergency_stop_is_drift_even_beside_other_differences(settled: World) -> None:
    rule = settled.live("Gate", "checkout")["rules"][0]
    settled.edit(
        "Gate",
        "checkout",
        {"status": "Disabled", "isEnabled": False, "rules": [rule, rule | {"name": "New", "id": "n", "baseID": "n"}]},
    )
    (step,) = settled.drift().changed
    assert [path for path, *_ in told(step.fields)] == ["status", 'rules["New"]']


def test_an_experiment_that_people_decided_is_reported_and_left_alone(settled: World) -> None:
    launched = settled.live("Experiment", "layout")["groups"][1]["id"]
    settled.edit(
        "Experiment", "layout", {"status": "decision_made", "launchedGroupID": launched, "decisionReason": "won"}
    )
    planned = settled.good_plan()
    assert changes_of(planned) == {}
    (held,) = planned.plan.held
    assert told(held.fields) == [("status", "set", "decision_made", "active")]
    assert held.calls == ()
    assert codes(planned) == ["LIFECYCLE/held"]
    before = settled.dump()
    assert settled.outcomes(planned) == []
    assert differing(before, settled.dump()) == set()
    (step,) = settled.drift().changed
    assert (told(step.fields), step.modified.by) == (told(held.fields), "jo@example.com")


def test_a_description_still_changes_while_the_status_of_its_experiment_is_held(settled: World) -> None:
    settled.edit("Experiment", "layout", {"status": "abandoned", "decisionReason": "broke"})
    documents = [manifest("Experiment", "layout", {"status": "active", "description": "from Git", "groups": GROUPS})]
    settled.manifests(documents)
    planned = settled.good_plan()
    assert changes_of(planned) == {"Experiment/layout": [("description", "set", "", "from Git")]}
    assert [told(step.fields) for step in planned.plan.held] == [[("status", "set", "abandoned", "active")]]
    settled.outcomes(planned)
    live = settled.live("Experiment", "layout")
    assert (live["description"], live["status"], live["decisionReason"]) == ("from Git", "abandoned", "broke")
    assert [path for step in settled.drift().changed for path, *_ in told(step.fields)] == ["status"]


def test_drift_shows_what_is_live_and_not_what_was_agreed(settled: World) -> None:
    settled.edit("DynamicConfig", "limits", {"defaultValue": {"most": 4, "least": [1]}, "defaultValueJson5": "{}"})
    (step,) = settled.drift().changed
    assert told(step.fields) == [("defaultValue.least", "remove", [1], None), ("defaultValue.most", "set", 4, 3)]


def test_applying_takes_drift_back_and_leaves_the_rest(settled: World) -> None:
    before = settled.live("EntityPropertySource", "people")
    settled.edit("EntityPropertySource", "people", {"sql": "SELECT id, 1 FROM t", "team": "Data", "tags": []})
    settled.apply()
    after = settled.live("EntityPropertySource", "people")
    assert after["sql"] == before["sql"]
    assert after["team"] == "Data"
    assert members({name: after[name] for name in before if name not in {"team", "teamID"}}) == members(
        {name: value for name, value in before.items() if name not in {"team", "teamID"}}
    )

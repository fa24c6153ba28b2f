"""The body that creates an object: what the manifest says, the ids that it must have, and nothing that only the service
makes."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from reconciler.domain import Action, Tree
from reconciler.kinds import KINDS
from tests.unit.planning.making import changes, only_step, plan_of, resource

SOURCE = "sql: select a\nidTypeMapping: [{statsigUnitID: userID, column: a}]"


@pytest.mark.parametrize(
    ("kind", "spec", "path", "body"),
    [
        ("Gate", "{}", "/gates", {"id": "thing_one", "name": "thing_one", "isEnabled": True}),
        ("Gate", "name: A thing\ntype: PERMANENT", "/gates",
         {"id": "thing_one", "name": "A thing", "type": "PERMANENT", "isEnabled": True}),
        ("DynamicConfig", "defaultValue: {a: 1}", "/dynamic_configs",
         {"id": "thing_one", "name": "thing_one", "defaultValue": {"a": 1}, "isEnabled": True}),
        ("DynamicConfig", "schema: '{}'\nowner: {ownerID: u1}", "/dynamic_configs",
         {"id": "thing_one", "name": "thing_one", "schema": "{}", "owner": {"ownerID": "u1"}, "isEnabled": True}),
        ("Experiment", "status: setup\nlayerID: home\nisSidecar: false\ncreatorEmail: a@b.c", "/experiments",
         {"id": "thing_one", "name": "thing_one", "layerID": "home", "isSidecar": False, "creatorEmail": "a@b.c"}),
        ("EntityPropertySource", SOURCE, "/experiments/entity_properties",
         {"name": "thing_one", "sql": "select a", "idTypeMapping": [{"statsigUnitID": "userID", "column": "a"}]}),
    ],
)  # fmt: skip
def test_a_new_object_is_posted_to_its_collection(kind: str, spec: str, path: str, body: Tree) -> None:
    (call,) = only_step(plan_of(resource(kind, spec))).calls
    assert str(call) == f"POST {path}"
    assert call.body == body


def test_ids_of_rules_variants_and_groups_are_left_to_the_service() -> None:
    config = resource("DynamicConfig", """
    rules:
    - name: All
      id: r1
      baseID: r1
      conditions: [{type: public}]
      variants: [{name: Red, id: v1, passPercentage: 100, returnValue: {}}]
    """)  # fmt: skip
    (call,) = only_step(plan_of(config)).calls
    variant = {"name": "Red", "passPercentage": 100, "returnValue": {}}
    assert call.body["rules"] == [{"name": "All", "conditions": [{"type": "public"}], "variants": [variant]}]
    experiment = resource("Experiment", "groups: [{name: All, id: g1, size: 100, parameterValues: {}}]")
    (call,) = only_step(plan_of(experiment)).calls
    assert call.body["groups"] == [{"name": "All", "size": 100, "parameterValues": {}}]


def test_whole_numbers_are_sent_as_whole_numbers() -> None:
    gate = resource(
        "Gate",
        "rules: [{name: All, passPercentage: 60.0, conditions: []}, {name: B, passPercentage: 0.01, conditions: []}]",
    )
    (call,) = only_step(plan_of(gate)).calls
    sent = [rule["passPercentage"] for rule in call.body["rules"]]
    assert [(type(number), number) for number in sent] == [(int, 60), (float, 0.01)]


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("{type: custom_field, field: age, operator: gt, targetValue: [31]}", 31),
        ('{type: custom_field, field: age, operator: gt, targetValue: "31"}', 31),
        ('{type: custom_field, field: age, operator: gt, targetValue: "5.50"}', 5.5),
        ('{type: app_version, operator: version_gt, targetValue: ["1.10"]}', "1.10"),
        ("{type: passes_gate, targetValue: [other_gate]}", "other_gate"),
        ("{type: time, operator: before, targetValue: [1643070357193]}", 1643070357193),
        ("{type: user_id, operator: any, targetValue: [a]}", ["a"]),
        ("{type: user_id, operator: any, targetValue: [a, 1, 2.5]}", ["a", "1", "2.5"]),
        ("{type: user_id, operator: any, targetValue: [1, 2]}", [1, 2]),
    ],
)
def test_a_target_is_sent_in_the_form_that_the_service_evaluates(written: str, sent: object) -> None:
    gate = resource("Gate", f"rules: [{{name: All, passPercentage: 1, conditions: [{written}]}}]")
    (call,) = only_step(plan_of(gate)).calls
    (condition,) = call.body["rules"][0]["conditions"]
    assert condition["targetValue"] == sent


@pytest.mark.parametrize(
    "written", ["{type: public}", "{type: public, targetValue: []}", '{type: public, operator: ""}']
)
def test_what_a_condition_does_not_take_is_not_sent(written: str) -> None:
    gate = resource("Gate", f"rules: [{{name: All, passPercentage: 1, conditions: [{written}]}}]")
    (call,) = only_step(plan_of(gate)).calls
    assert call.body["rules"][0]["conditions"] == [{"type": "public"}]


def test_a_new_object_is_shown_field_by_field_as_its_manifest_says_it() -> None:
    plan = plan_of(resource("Experiment", "status: active\ncontrolGroup: Control\nhypothesis: It helps"))
    assert sorted(changes(plan)) == [("controlGroup", Action.ADD), ("hypothesis", Action.ADD), ("status", Action.ADD)]


@pytest.mark.parametrize(
    ("kind", "id_", "path"),
    [
        ("Gate", "a.gate-1", "/gates/a.gate-1"),
        (
            "EntityPropertySource",
            "Orders / last 30 days",
            "/experiments/entity_property/Orders%20%2F%20last%2030%20days",
        ),
        ("EntityPropertySource", "Käufer?#%", "/experiments/entity_property/K%C3%A4ufer%3F%23%25"),
    ],
)
def test_the_path_of_an_object_is_percent_encoded(kind: str, id_: str, path: str) -> None:
    assert KINDS[kind].item(id_) == path
    assert unquote(path).endswith(f"/{id_}")


@pytest.mark.parametrize(
    ("kind", "id_", "code"),
    [
        ("Gate", "ab", "SCHEMA/bounds"),
        ("Gate", "a" * 101, "SCHEMA/bounds"),
        ("Gate", "a gate", "SCHEMA/pattern"),
        ("Gate", "gate\n", "SCHEMA/pattern"),
        ("DynamicConfig", "a/b/c", "SCHEMA/pattern"),
        ("Experiment", "an.experiment", "SCHEMA/pattern"),
        ("EntityPropertySource", " padded", "SCHEMA/pattern"),
        ("EntityPropertySource", "two\nlines", "SCHEMA/pattern"),
    ],
)
def test_an_id_that_the_service_would_not_take_is_refused(kind: str, id_: str, code: str) -> None:
    assert [problem.code for problem in KINDS[kind].id_problems(id_)] == [code]


@pytest.mark.parametrize(
    ("kind", "id_"),
    [
        ("Gate", "a.b_c-1"),
        ("DynamicConfig", "abc"),
        ("Experiment", "a-b_c"),
        ("EntityPropertySource", "Orders / 30 days"),
    ],
)
def test_other_ids_are_fine(kind: str, id_: str) -> None:
    assert list(KINDS[kind].id_problems(id_)) == []

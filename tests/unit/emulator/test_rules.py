from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from reconciler.emulator import Store

Tree = dict[str, Any]

PUBLIC = [{"type": "public"}]


def rule(name: str, percentage: float = 10, **more: object) -> Tree:
    return {"name": name, "passPercentage": percentage, "conditions": PUBLIC} | more


@pytest.fixture
def live(api: httpx.Client) -> list[Tree]:
    """The rules of a gate that has two."""
    return rules(api.post("/gates", json={"name": "gate", "rules": [rule("one"), rule("two")]}))


def rules(answer: httpx.Response) -> list[Tree]:
    assert answer.is_success, answer.text
    found: list[Tree] = answer.json()["data"]["rules"]
    return found


def patch(api: httpx.Client, *sent: Tree) -> list[Tree]:
    return rules(api.patch("/gates/gate", json={"rules": list(sent)}))


def refusal(answer: httpx.Response) -> str:
    assert answer.status_code == 400, answer.text
    body = answer.json()
    return str(body.get("errors", [{"errorMessage": body["message"]}])[0]["errorMessage"])


def test_a_new_rule_gets_an_id_that_is_its_base(live: list[Tree]) -> None:
    assert all(item["id"] == item["baseID"] for item in live)
    assert all(re.fullmatch("[0-9A-Za-z]{22}", item["id"]) for item in live)
    assert live[0]["id"] != live[1]["id"]


@pytest.mark.parametrize("named", [("id",), ("baseID",), ("id", "baseID")])
def test_a_rule_that_is_named_goes_on_being_itself(api: httpx.Client, live: list[Tree], named: tuple[str, ...]) -> None:
    sent = rule("renamed") | {key: live[1][key] for key in named}
    assert patch(api, sent) == [live[1] | {"name": "renamed"}]


def test_a_rule_without_ids_is_a_new_rule_even_under_its_old_name(api: httpx.Client, live: list[Tree]) -> None:
    assert patch(api, rule("one"))[0]["baseID"] != live[0]["baseID"]


def test_a_new_percentage_makes_a_new_revision_of_the_id(api: httpx.Client, live: list[Tree]) -> None:
    base = live[0]["baseID"]
    first = patch(api, rule("one", 12.5, baseID=base))[0]
    again = patch(api, rule("one", 12.5, id=first["id"]))[0]
    second = patch(api, rule("one", 100, id=base))[0]
    assert first["id"] == again["id"] == f"{base}:12.50:1"
    assert second["id"] == f"{base}:100.00:2"
    assert second["baseID"] == base


def test_a_revision_goes_on_from_where_a_seeded_rule_was(api: httpx.Client, store: Store) -> None:
    store.seed({"gates": [{"id": "gate", "rules": [rule("r", 50, id="b:50.00:10", baseID="b")]}]})
    assert patch(api, rule("r", 60, baseID="b"))[0]["id"] == "b:60.00:11"


@pytest.mark.parametrize("key", ["id", "baseID"])
def test_an_unknown_id_is_refused(api: httpx.Client, live: list[Tree], key: str) -> None:
    assert live
    sent = rule("one") | {key: "nobody"}
    message = "A provided rule ID does not match an existing rule ID"
    assert refusal(api.patch("/gates/gate", json={"rules": [sent]})) == message
    assert refusal(api.post("/gates", json={"name": "other", "rules": [sent]})) == message


def test_an_empty_id_is_no_id_to_gates_and_an_unknown_one_to_configs(api: httpx.Client) -> None:
    sent = rule("one", id="")
    assert rules(api.post("/gates", json={"name": "gate", "rules": [sent]}))[0]["id"]
    assert "does not match" in refusal(api.post("/dynamic_configs", json={"name": "config", "rules": [sent]}))


def test_rules_of_the_same_name_are_refused(api: httpx.Client) -> None:
    answer = api.post("/gates", json={"name": "gate", "rules": [rule("one"), rule("one")]})
    assert answer.json()["errors"] == [{"property": "rules", "errorMessage": "Duplicate rule name(s) given"}]


def test_one_live_rule_cannot_be_named_twice(api: httpx.Client, live: list[Tree]) -> None:
    sent = [rule("a", id=live[0]["id"]), rule("b", baseID=live[0]["baseID"])]
    assert refusal(api.patch("/gates/gate", json={"rules": sent})) == "Duplicate rule ID(s) given"


@pytest.mark.parametrize(
    ("sent", "read_back"),
    [
        ({}, None),
        ({"environments": []}, None),
        ({"environments": None}, None),
        ({"environments": ["staging"]}, ["staging"]),
    ],
)
def test_no_environments_mean_all_of_them(api: httpx.Client, sent: Tree, read_back: object) -> None:
    made = rules(api.post("/gates", json={"name": "gate", "rules": [rule("r") | sent]}))
    assert made[0]["environments"] == read_back


@pytest.mark.parametrize(
    ("condition", "read_back"),
    [
        ({"type": "custom_field", "field": "age", "operator": "gt", "targetValue": ["31"]}, 31),
        ({"type": "custom_field", "field": "age", "operator": "lte", "targetValue": "31.5"}, 31.5),
        ({"type": "custom_field", "field": "age", "operator": "lt", "targetValue": 31.0}, 31),
        ({"type": "time", "operator": "before", "targetValue": ["1643070357193"]}, 1643070357193),
        ({"type": "time", "operator": "after", "targetValue": ["soon"]}, ["soon"]),
        ({"type": "custom_field", "field": "age", "operator": "gt", "targetValue": "nan"}, "nan"),
        ({"type": "custom_field", "field": "age", "operator": "gt", "targetValue": "1e999"}, "1e999"),
        ({"type": "custom_field", "field": "age", "operator": "gt", "targetValue": ["1", "2"]}, ["1", "2"]),
        ({"type": "user_id", "operator": "any", "targetValue": ["2", "1"]}, ["2", "1"]),
        ({"type": "app_version", "operator": "version_gt", "targetValue": "1.2"}, "1.2"),
        ({"type": "passes_gate", "targetValue": "base"}, ["base"]),
        ({"type": "fails_gate", "targetValue": ["base"]}, ["base"]),
        ({"type": "passes_segment", "targetValue": "people"}, ["people"]),
    ],
)
@pytest.mark.parametrize("collection", ["gates", "dynamic_configs"])
def test_targets_come_back_in_the_form_of_their_operator(
    api: httpx.Client, store: Store, collection: str, condition: Tree, read_back: object
) -> None:
    store.seed({"gates": [{"id": "base"}], "segments": [{"id": "people"}]})
    made = rules(api.post(f"/{collection}", json={"name": "new", "rules": [rule("r", conditions=[condition])]}))
    assert made[0]["conditions"][0]["targetValue"] == read_back


@pytest.mark.parametrize(
    "sent",
    [{"type": "public"}, {"type": "public", "operator": "", "field": None, "customID": None, "targetValue": None}],
)
def test_empty_members_of_conditions_are_left_out_on_gates_and_filled_in_on_configs(
    api: httpx.Client, sent: Tree
) -> None:
    body = {"name": "new", "rules": [rule("r", conditions=[sent])]}
    assert rules(api.post("/gates", json=body))[0]["conditions"] == [{"type": "public"}]
    filled = rules(api.post("/dynamic_configs", json=body))[0]["conditions"][0]
    assert {key: filled[key] for key in ("type", "operator", "field", "customID")} == {
        "type": "public",
        "operator": "",
        "field": None,
        "customID": None,
    }


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ({"type": "passes_gate", "targetValue": "none"}, "The following Gate IDs could not be found: [none]"),
        ({"type": "fails_gate", "targetValue": ["none"]}, "The following Gate IDs could not be found: [none]"),
        ({"type": "fails_segment", "targetValue": "none"}, "The following Segment IDs could not be found: [none]"),
        ({"type": "passes_gate", "targetValue": ["a", "b"]}, "Expected exactly one ID"),
        ({"type": "passes_gate"}, "Expected exactly one ID"),
    ],
)
@pytest.mark.parametrize("collection", ["gates", "dynamic_configs"])
def test_what_a_condition_names_must_exist(api: httpx.Client, collection: str, condition: Tree, message: str) -> None:
    answer = api.post(f"/{collection}", json={"name": "new", "rules": [rule("r", conditions=[condition])]})
    assert refusal(answer) == message


def test_a_seeded_gate_may_name_what_does_not_exist_until_its_rules_are_written(
    api: httpx.Client, store: Store
) -> None:
    dangling = rule("r", conditions=[{"type": "passes_gate", "targetValue": ["none"]}], id="r", baseID="r")
    store.seed({"gates": [{"id": "gate", "rules": [dangling]}]})
    assert api.patch("/gates/gate", json={"description": "d"}).status_code == 200
    assert "could not be found" in refusal(api.patch("/gates/gate", json={"rules": [dangling]}))


def test_rules_are_listed_as_one_item_of_a_page(api: httpx.Client, live: list[Tree]) -> None:
    body = api.get("/gates/gate/rules").json()
    assert body["data"] == [{"rules": live}]
    assert (body["pagination"]["itemsPerPage"], body["pagination"]["nextPage"]) == (20000, None)


def test_rules_can_be_added_at_the_end(api: httpx.Client, live: list[Tree]) -> None:
    assert rules(api.post("/gates/gate/rule", json=rule("three")))[:2] == live
    both = rules(api.post("/gates/gate/rules", json={"rules": [rule("four"), rule("five")]}))
    assert [item["name"] for item in both] == ["one", "two", "three", "four", "five"]
    assert "Duplicate" in refusal(api.post("/gates/gate/rule", json=rule("one")))


def test_rules_can_be_changed_where_they_are(api: httpx.Client, live: list[Tree]) -> None:
    first, second = live
    changes = [{"id": second["id"], "passPercentage": 50}, {"baseID": first["baseID"], "name": "uno"}]
    changed = rules(api.patch("/gates/gate/rules", json={"rules": changes}))
    revision = f"{second['baseID']}:50.00:1"
    assert changed == [first | {"name": "uno"}, second | {"passPercentage": 50, "id": revision}]
    assert "does not match" in refusal(api.patch("/gates/gate/rules", json={"rules": [{"name": "one"}]}))


def test_one_rule_can_be_changed_and_deleted_by_either_id(api: httpx.Client, live: list[Tree]) -> None:
    base = live[0]["baseID"]
    changed = rules(api.patch(f"/gates/gate/rules/{base}", json={"passPercentage": 1, "baseID": "ignored"}))
    assert changed[0] == live[0] | {"passPercentage": 1, "id": f"{base}:1.00:1"}
    assert rules(api.delete(f"/gates/gate/rules/{base}:1.00:1")) == [live[1]]
    assert "does not match" in refusal(api.delete(f"/gates/gate/rules/{base}"))
    assert "does not match" in refusal(api.patch(f"/gates/gate/rules/{base}", json={}))


def test_automated_rollouts_are_kept(api: httpx.Client) -> None:
    steps = [{"time": 1800000000000, "passPercent": 50}]
    made = rules(api.post("/gates", json={"name": "gate", "rules": [rule("r", pendingAutomatedRollouts=steps)]}))
    assert made[0]["pendingAutomatedRollouts"] == steps

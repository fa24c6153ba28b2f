from __future__ import annotations

import json
from typing import Any

import httpx
import json5
import pytest

from reconciler.emulator import Store

Tree = dict[str, Any]

SCHEMA = '{"type": "object", "properties": {"n": {"type": "number"}}, "required": ["n"]}'


def rule(name: str = "r", **more: object) -> Tree:
    return {"name": name, "conditions": [{"type": "public"}]} | more


def config(answer: httpx.Response, status: int = 200) -> Tree:
    assert answer.status_code == status, answer.text
    data: Tree = answer.json()["data"]
    return data


def problem(answer: httpx.Response) -> tuple[str, str]:
    assert answer.status_code == 400, answer.text
    error = answer.json()["errors"][0]
    return error["property"], error["errorMessage"]


def create(api: httpx.Client, **fields: object) -> Tree:
    return config(api.post("/dynamic_configs", json={"name": "config"} | fields), 201)


def test_a_new_config_gets_what_the_service_fills_in(api: httpx.Client) -> None:
    made = create(api)
    expected = {
        "id": "config",
        "name": "config",
        "description": "",
        "idType": "userID",
        "isEnabled": True,
        "status": "Enabled",
        "rules": [],
        "defaultValue": {},
        "defaultValueJson5": "{}",
        "schema": None,
        "schemaJson5": None,
        "tags": [],
        "targetApps": [],
        "holdoutIDs": [],
        "team": None,
        "version": 1,
        "lastModifierName": "CONSOLE API",
        "lastModifierEmail": None,
    }
    assert {field: made[field] for field in expected} == expected


def test_a_config_needs_a_name(api: httpx.Client) -> None:
    assert problem(api.post("/dynamic_configs", json={"id": "config"})) == ("name", "Required")


@pytest.mark.parametrize(("first", "second"), [("dynamic_configs", "experiments"), ("experiments", "dynamic_configs")])
def test_configs_and_experiments_share_their_ids(api: httpx.Client, first: str, second: str) -> None:
    api.post(f"/{first}", json={"name": "same"})
    answer = api.post(f"/{second}", json={"name": "Same"})
    assert (answer.status_code, answer.json()["message"]) == (400, "Name is already in use")


@pytest.mark.parametrize(
    ("action", "status", "enabled"),
    [("enable", "Enabled", True), ("disable", "Disabled", False), ("archive", "Archived", False)],
)
def test_each_action_leads_to_its_status(api: httpx.Client, action: str, status: str, *, enabled: bool) -> None:
    create(api)
    changed = config(api.put(f"/dynamic_configs/config/{action}", json={}))
    assert (changed["status"], changed["isEnabled"]) == (status, enabled)


def test_a_config_comes_back_from_the_archive_disabled_and_from_nowhere_else(api: httpx.Client) -> None:
    create(api)
    answer = api.put("/dynamic_configs/config/unarchive", json={})
    assert (answer.status_code, answer.json()["message"]) == (400, "Dynamic Config is not archived")
    api.put("/dynamic_configs/config/archive", json={})
    assert config(api.put("/dynamic_configs/config/unarchive", json={}))["status"] == "Disabled"


def test_configs_cannot_be_launched(api: httpx.Client) -> None:
    create(api)
    assert api.put("/dynamic_configs/config/launch").status_code == 404


def test_the_boolean_leads_to_a_status_too(api: httpx.Client) -> None:
    assert create(api, isEnabled=False)["status"] == "Disabled"
    assert config(api.patch("/dynamic_configs/config", json={"isEnabled": True}))["status"] == "Enabled"


def test_a_value_brings_its_text_and_a_text_its_value(api: httpx.Client) -> None:
    made = create(api, defaultValue={"n": 1.0, "s": "é"})
    assert made["defaultValue"] == {"n": 1, "s": "é"}
    assert isinstance(made["defaultValue"]["n"], int)
    assert json.loads(made["defaultValueJson5"]) == {"n": 1, "s": "é"}
    text = "{n: 2, /* two */}"
    changed = config(api.patch("/dynamic_configs/config", json={"defaultValueJson5": text}))
    assert (changed["defaultValue"], changed["defaultValueJson5"]) == ({"n": 2}, text)


def test_a_new_value_replaces_the_text_with_its_comments(api: httpx.Client) -> None:
    create(api, defaultValueJson5="{n: 2, /* two */}")
    changed = config(api.patch("/dynamic_configs/config", json={"defaultValue": {"n": 3}}))
    assert json.loads(changed["defaultValueJson5"]) == {"n": 3}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"defaultValue": {"n": 1}, "defaultValueJson5": "{n: 2}"},
         ("defaultValueJson5", "defaultValueJson5 does not match defaultValue")),
        ({"defaultValue": {"n": 1}, "defaultValueJson5": "{n: true}"},
         ("defaultValueJson5", "defaultValueJson5 does not match defaultValue")),
        ({"defaultValueJson5": "[1]"}, ("defaultValueJson5", "Expected object")),
        ({"defaultValueJson5": "{n: NaN}"}, ("defaultValueJson5", "Invalid JSON5")),
        ({"defaultValueJson5": "{n"}, ("defaultValueJson5", "Invalid JSON5")),
        ({"defaultValue": [1]}, ("defaultValue", "Expected object, received array")),
        ({"defaultValue": {"a": [{"b": None}]}}, ("defaultValue", "Values must not contain null")),
        ({"rules": [rule(returnValue={"a": None})]}, ("returnValue", "Values must not contain null")),
        ({"rules": [rule(returnValue={"a": 1}, returnValueJson5="{a: 2}")]},
         ("returnValueJson5", "returnValueJson5 does not match returnValue")),
        ({"schema": "{"}, ("schema", "Invalid JSON5")),
        ({"schema": '{"type": "object"}', "schemaJson5": "{type: 'array'}"},
         ("schemaJson5", "schemaJson5 does not match schema")),
    ],
)  # fmt: skip
def test_values_that_cannot_be_are_refused(api: httpx.Client, fields: Tree, expected: tuple[str, str]) -> None:
    assert problem(api.post("/dynamic_configs", json={"name": "config"} | fields)) == expected


def test_a_value_and_a_text_that_say_the_same_are_taken(api: httpx.Client) -> None:
    made = create(api, defaultValue={"n": 1}, defaultValueJson5="{n: 1.0}")
    assert made["defaultValueJson5"] == "{n: 1.0}"


def test_a_schema_is_echoed_as_json5_text(api: httpx.Client) -> None:
    made = create(api, schema=SCHEMA, defaultValue={"n": 1})
    assert made["schema"] == SCHEMA
    assert made["schemaJson5"] != SCHEMA
    assert json5.loads(made["schemaJson5"]) == json.loads(SCHEMA)
    text = "{type: 'object'} // anything"
    changed = config(api.patch("/dynamic_configs/config", json={"schemaJson5": text}))
    assert (json.loads(changed["schema"]), changed["schemaJson5"]) == ({"type": "object"}, text)
    gone = config(api.patch("/dynamic_configs/config", json={"schema": None}))
    assert (gone["schema"], gone["schemaJson5"]) == (None, None)


@pytest.mark.parametrize(
    "fields",
    [
        {"defaultValue": {}},
        {"defaultValue": {"n": 1}, "rules": [rule(returnValue={"n": "one"})]},
        {"defaultValue": {"n": 1}, "rules": [rule(returnValueJson5="{}")]},
        {"defaultValue": {"n": 1}, "rules": [rule()]},
        {
            "defaultValue": {"n": 1},
            "rules": [rule(returnValue={"n": 1}, variants=[{"name": "v", "passPercentage": 1, "returnValue": {}}])],
        },
    ],
)
def test_every_value_must_satisfy_the_schema(api: httpx.Client, fields: Tree) -> None:
    answer = api.post("/dynamic_configs", json={"name": "config", "schema": SCHEMA} | fields)
    assert answer.status_code == 400


def test_a_new_schema_is_held_against_the_values_that_are_there(api: httpx.Client) -> None:
    create(api, defaultValue={"n": "one"})
    assert problem(api.patch("/dynamic_configs/config", json={"schema": SCHEMA}))[0] == "defaultValue"
    both = {"schema": SCHEMA, "defaultValue": {"n": 1}}
    assert config(api.patch("/dynamic_configs/config", json=both))["defaultValue"] == {"n": 1}
    assert problem(api.patch("/dynamic_configs/config", json={"defaultValue": {}}))[0] == "defaultValue"


@pytest.mark.parametrize(
    "schema", ['{"type": "colour"}', "[]", '{"$ref": "#/$defs/none"}', '{"$ref": "http://127.0.0.1:9/none.json"}']
)
def test_a_schema_that_is_none_is_refused_and_never_fetched(api: httpx.Client, schema: str) -> None:
    assert problem(api.post("/dynamic_configs", json={"name": "config", "schema": schema}))[0] == "schema"


def test_a_seeded_config_that_breaks_its_schema_can_be_changed_elsewhere(api: httpx.Client, store: Store) -> None:
    store.seed({"dynamic_configs": [{"id": "config", "schema": SCHEMA, "defaultValue": {}}]})
    assert config(api.patch("/dynamic_configs/config", json={"description": "d"}))["description"] == "d"


def test_a_rule_of_a_config_needs_neither_percentage_nor_value(api: httpx.Client) -> None:
    made = create(api, rules=[rule()])["rules"][0]
    assert (made["passPercentage"], made["returnValue"], made["returnValueJson5"]) == (100, {}, "{}")


def test_a_value_that_is_filled_in_beside_variants_is_not_held_against_the_schema(api: httpx.Client) -> None:
    priced = {"schema": '{"required": ["price"]}', "defaultValue": {"price": 1}}
    variants = [{"name": "x", "passPercentage": 100, "returnValue": {"price": 1}}]
    sent = {name: value for name, value in rule(variants=variants).items() if name != "returnValue"}
    assert create(api, **priced, rules=[sent])["rules"][0]["returnValue"] == {}


def test_variants_have_ids_of_their_own(api: httpx.Client) -> None:
    variants = [{"name": "a", "passPercentage": 50, "returnValue": {"n": 1}}, {"name": "b", "passPercentage": 50}]
    made = create(api, rules=[rule(variants=variants)])["rules"][0]
    first, second = made["variants"]
    assert first["id"] != second["id"]
    assert (first["returnValueJson5"], second["returnValue"]) == ('{"n": 1}', {})

    def patch(*sent: Tree) -> httpx.Response:
        changed = made | {"variants": list(sent)}
        return api.patch("/dynamic_configs/config", json={"rules": [changed]})

    again = config(patch(first, {"name": "b", "passPercentage": 50}))["rules"][0]["variants"]
    assert again[0] == first
    assert again[1]["id"] != second["id"]
    assert (
        patch(first | {"id": "nobody"}).json()["message"]
        == "A provided variant ID does not match an existing variant ID"
    )
    assert problem(patch(first, first)) == ("variants", "Duplicate variant name(s) given")


def test_rules_of_a_config_can_be_read_changed_and_deleted_one_by_one(api: httpx.Client) -> None:
    one, two = create(api, rules=[rule("one", returnValueJson5="{n: 1} // one"), rule("two")])["rules"]
    path = "/dynamic_configs/config/rule"
    assert api.get("/dynamic_configs/config/rules").json()["data"] == [{"rules": [one, two]}]
    assert config(api.get(f"{path}/{one['id']}")) == one
    assert api.get(f"{path}/none").status_code == 404
    changed = config(api.patch(f"{path}/{one['baseID']}", json={"returnValue": {"n": 2}, "passPercentage": 5}))
    assert changed["rules"][0]["returnValueJson5"] == '{"n": 2}'
    assert changed["rules"][0]["id"] == f"{one['baseID']}:5.00:1"
    assert config(api.get(f"{path}/{one['baseID']}"))["passPercentage"] == 5
    assert config(api.delete(f"{path}/{one['baseID']}"))["rules"] == [two]
    assert (
        api.delete(f"{path}/{one['baseID']}").json()["message"]
        == "A provided rule ID does not match an existing rule ID"
    )


def test_a_full_update_resets_what_it_leaves_out(api: httpx.Client) -> None:
    create(api, defaultValue={"n": 1}, schema=SCHEMA, owner={"ownerName": "Jo"})
    changed = config(api.post("/dynamic_configs/config", json={"isEnabled": False, "description": "", "rules": []}))
    assert (changed["defaultValue"], changed["schema"], changed["status"]) == ({}, None, "Disabled")
    assert changed["owner"] == {"ownerType": "SDK_KEY", "ownerName": "CONSOLE API"}


def test_past_versions_and_deletion(api: httpx.Client) -> None:
    made = create(api)
    changed = config(api.patch("/dynamic_configs/config", json={"description": "d"}))
    assert api.get("/dynamic_configs/config/versions").json()["data"] == [changed, made]
    assert api.delete("/dynamic_configs/config").json() == {"message": "Dynamic Config deleted successfully."}
    assert api.get("/dynamic_configs/config").status_code == 404

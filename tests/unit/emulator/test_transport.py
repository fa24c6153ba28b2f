from __future__ import annotations

import json

import httpx
import pytest

from reconciler.emulator import Store, create_app, running

RULE = {"name": "r", "passPercentage": 1}
NOT_FOUND = {"status": 404, "message": "Not Found. The requested resource could not be found."}


@pytest.mark.parametrize("key", ["secret-abc", "", None])
def test_a_key_of_another_kind_is_refused_and_echoed(api: httpx.Client, key: str | None) -> None:
    headers = {"STATSIG-API-KEY": key} if key is not None else {}
    with httpx.Client(base_url=api.base_url) as other:
        answer = other.get("/gates", headers=headers)
    assert answer.status_code == 401
    assert answer.json() == {
        "status": 401,
        "message": f"This endpoint only accepts an active CONSOLE key, but an invalid key was sent. Key: {key or ''}",
    }


def test_only_the_keys_that_were_given_are_accepted() -> None:
    with Store.open() as store, running(create_app(store, keys=frozenset({"console-mine"}))) as url:
        assert httpx.get(f"{url}/gates", headers={"STATSIG-API-KEY": "console-mine"}).status_code == 200
        assert httpx.get(f"{url}/gates", headers={"STATSIG-API-KEY": "console-yours"}).status_code == 401


def test_each_key_is_its_own_user_under_the_same_name(api: httpx.Client) -> None:
    first = api.post("/gates", json={"name": "first"}).json()["data"]
    second = api.post("/gates", json={"name": "second"}, headers={"STATSIG-API-KEY": "console-other"}).json()["data"]
    assert first["lastModifierName"] == second["lastModifierName"] == "CONSOLE API"
    assert first["lastModifierID"] != second["lastModifierID"]


@pytest.mark.parametrize(("method", "path"), [("GET", "/nowhere"), ("GET", "/gates/none"), ("PUT", "/gates")])
def test_what_is_not_there_is_not_found(api: httpx.Client, method: str, path: str) -> None:
    answer = api.request(method, path)
    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


@pytest.mark.parametrize("text", ["{", "{'a': 1}", '{"duration": NaN}', '{"a": 1e999}', '{"name": "\\ud800abc"}'])
def test_a_body_that_is_no_json_is_refused(api: httpx.Client, text: str) -> None:
    answer = api.post("/gates", content=text)
    assert answer.status_code == 400
    assert answer.json()["message"] == "Unexpected token in JSON body"


DEEP = '{"a":' * 2000 + "1" + "}" * 2000


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/gates", "[" * 100_000),
        ("/dynamic_configs", '{"name": "deep", "defaultValue": ' + DEEP + "}"),
        ("/dynamic_configs", json.dumps({"name": "deep", "defaultValueJson5": "[" * 100_000})),
    ],
)
def test_a_body_that_is_nested_too_deeply_is_refused(api: httpx.Client, path: str, text: str) -> None:
    answer = api.post(path, content=text)
    assert answer.status_code == 400
    assert answer.json()["message"] in {"The request is nested too deeply", "Bad Request Exception"}


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ([], {"property": "", "errorMessage": "Expected object, received array"}),
        (
            {"name": "abc", "isEnabled": "yes"},
            {"property": "isEnabled", "errorMessage": "Expected boolean, received string"},
        ),
        ({"name": True}, {"property": "name", "errorMessage": "Expected string, received boolean"}),
        ({"name": {}}, {"property": "name", "errorMessage": "Expected string, received object"}),
        ({"name": 3}, {"property": "name", "errorMessage": "Expected string, received number"}),
        ({"name": None}, {"property": "name", "errorMessage": "Expected string, received null"}),
        ({"name": "ab"}, {"property": "name", "errorMessage": "String must contain at least 3 character(s)"}),
        ({"name": "x" * 101}, {"property": "name", "errorMessage": "String must contain at most 100 character(s)"}),
        ({"name": "a/b"}, {"property": "name", "errorMessage": "Invalid"}),
        ({"name": "abc", "id": "a b"}, {"property": "id", "errorMessage": "Invalid"}),
        ({"name": "abc", "targetApps": [1]}, {"property": "targetApps", "errorMessage": "Invalid input"}),
        (
            {"name": "abc", "type": "STALE"},
            {
                "property": "type",
                "errorMessage": "Invalid enum value. Expected 'PERMANENT' | 'TEMPORARY', received 'STALE'",
            },
        ),
        (
            {"name": "abc", "rules": [{"name": "r", "passPercentage": 101, "conditions": []}]},
            {"property": "rules.0.passPercentage", "errorMessage": "Number must be less than or equal to 100.0"},
        ),
        (
            {"name": "abc", "rules": [{"name": "r", "passPercentage": 0.005, "conditions": []}]},
            {"property": "rules.0.passPercentage", "errorMessage": "Number must be a multiple of 0.01"},
        ),
        (
            {"name": "abc", "rules": [{"name": "r", "conditions": []}]},
            {"property": "rules.0.passPercentage", "errorMessage": "Required"},
        ),
        (
            {"name": "abc", "rules": [RULE | {"conditions": [{"type": "user_id", "targetValue": ["a", 1]}]}]},
            {"property": "rules.0.conditions.0.targetValue", "errorMessage": "Invalid input"},
        ),
        (
            {"name": "abc", "rules": [RULE | {"conditions": [{"type": "user_id", "targetValue": True}]}]},
            {"property": "rules.0.conditions.0.targetValue", "errorMessage": "Invalid input"},
        ),
        ({}, {"property": "name", "errorMessage": "Required"}),
    ],
)
def test_a_bad_body_is_refused_in_the_words_of_its_validator(api: httpx.Client, body: object, problem: object) -> None:
    answer = api.post("/gates", json=body)
    assert answer.status_code == 400
    assert answer.json() == {"status": 400, "message": "Bad Request Exception", "errors": [problem]}


def test_all_problems_of_a_body_are_told_at_once(api: httpx.Client) -> None:
    answer = api.post("/experiments", json={"allocation": -1, "status": "running"})
    assert [item["property"] for item in answer.json()["errors"]] == ["name", "allocation", "status"]


def test_unknown_keys_are_dropped_at_every_depth(api: httpx.Client) -> None:
    rule = {"name": "r", "passPercentage": 1, "conditions": [{"type": "public", "colour": "red"}], "colour": "red"}
    gate = api.post("/gates", json={"name": "gate", "colour": "red", "version": 7, "rules": [rule]}).json()["data"]
    assert "colour" not in str(gate)
    assert gate["version"] == 1


def test_no_body_is_an_empty_body(api: httpx.Client) -> None:
    api.post("/gates", json={"name": "gate"})
    assert api.put("/gates/gate/archive").status_code == 200
    assert api.put("/gates/gate/enable", json={}).status_code == 200


def test_a_refused_write_leaves_nothing_behind(api: httpx.Client, store: Store) -> None:
    before = store.dump()
    bad = {
        "name": "new",
        "tags": ["★ Core"],
        "rules": [{"name": "r", "passPercentage": 1, "conditions": [], "id": "x"}],
    }
    assert api.post("/gates", json=bad).status_code == 400
    assert store.dump() == before

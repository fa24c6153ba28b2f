from __future__ import annotations

from typing import Any

import httpx
import pytest

from reconciler.emulator import Store

Tree = dict[str, Any]

ROOT = "/experiments/entity_property"
SOURCE: Tree = {
    "name": "users",
    "sql": "SELECT id FROM users",
    "idTypeMapping": [{"statsigUnitID": "userID", "column": "id"}],
}


@pytest.fixture
def made(api: httpx.Client) -> Tree:
    answer = api.post("/experiments/entity_properties", json=SOURCE)
    assert answer.status_code == 201, answer.text
    data: Tree = answer.json()["data"]
    return data


def data(answer: httpx.Response) -> Tree:
    assert answer.status_code == 200, answer.text
    found: Tree = answer.json()["data"]
    return found


def test_a_new_source_gets_what_the_service_fills_in(made: Tree) -> None:
    assert made == SOURCE | {
        "description": "",
        "tags": [],
        "timestampColumn": "",
        "timestampAsDay": False,
        "isReadOnly": False,
        "owner": {"ownerType": "SDK_KEY"},
        "team": None,
        "teamID": None,
    }


def test_a_new_source_needs_name_sql_and_mapping(api: httpx.Client) -> None:
    errors = api.post("/experiments/entity_properties", json={"description": "d"}).json()["errors"]
    assert [item["property"] for item in errors] == ["name", "sql", "idTypeMapping"]


def test_a_name_is_taken_once(api: httpx.Client, made: Tree) -> None:
    answer = api.post("/experiments/entity_properties", json=SOURCE)
    assert (answer.status_code, answer.json()["message"]) == (400, "Name is already in use")
    assert data(api.get(f"{ROOT}/users")) == made


def test_a_patch_changes_what_is_sent_but_never_the_sql(api: httpx.Client, made: Tree) -> None:
    assert data(api.patch(f"{ROOT}/users", json={"description": "d"})) == made | {"description": "d"}
    answer = api.patch(f"{ROOT}/users", json={"sql": SOURCE["sql"]})
    assert answer.status_code == 400
    problem = {"property": "sql", "errorMessage": "Invalid literal value, expected undefined"}
    assert answer.json()["errors"] == [problem]


def test_a_full_update_changes_the_sql_and_resets_what_it_leaves_out(api: httpx.Client, made: Tree) -> None:
    api.patch(f"{ROOT}/users", json={"description": "d", "isReadOnly": True, "tags": ["★ Core"]})
    assert api.post(f"{ROOT}/users", json={"sql": "SELECT 2"}).json()["errors"][0]["property"] == "idTypeMapping"
    body = {"sql": "SELECT 2", "idTypeMapping": SOURCE["idTypeMapping"], "tags": ["★ Core"]}
    assert data(api.post(f"{ROOT}/users", json=body)) == made | {"sql": "SELECT 2", "tags": ["★ Core"]}


@pytest.mark.parametrize("method", ["PATCH", "POST"])
def test_a_source_can_be_renamed_by_either_update(api: httpx.Client, made: Tree, method: str) -> None:
    api.post("/experiments/entity_properties", json=SOURCE | {"name": "taken"})
    body = {"idTypeMapping": SOURCE["idTypeMapping"]} | ({"sql": SOURCE["sql"]} if method == "POST" else {})
    assert data(api.request(method, f"{ROOT}/users", json=body | {"name": "a/b c"})) == made | {"name": "a/b c"}
    assert api.get(f"{ROOT}/users").status_code == 404
    assert data(api.get(f"{ROOT}/a%2Fb%20c"))["name"] == "a/b c"
    listed = api.get("/experiments/entity_properties").json()["data"]
    assert [item["name"] for item in listed] == ["a/b c", "taken"]
    taken = api.request(method, f"{ROOT}/a%2Fb%20c", json=body | {"name": "taken"})
    assert taken.json()["message"] == "Name is already in use"


def test_a_dry_run_answers_and_does_nothing(api: httpx.Client, store: Store, made: Tree) -> None:
    before = store.dump()
    other = api.post("/experiments/entity_properties", json=SOURCE | {"name": "other", "dryRun": True})
    assert (other.status_code, other.json()["data"]) == (201, made | {"name": "other"})
    assert data(api.patch(f"{ROOT}/users", json={"description": "d", "dryRun": True}))["description"] == "d"
    full = {"sql": "SELECT 2", "idTypeMapping": [], "name": "new", "dryRun": True}
    assert data(api.post(f"{ROOT}/users", json=full))["sql"] == "SELECT 2"
    assert store.dump() == before


def test_a_dry_run_refuses_what_the_real_thing_refuses(api: httpx.Client, made: Tree) -> None:
    assert made
    answers = [
        api.post("/experiments/entity_properties", json=SOURCE | {"dryRun": True}),
        api.patch(f"{ROOT}/users", json={"tags": ["none"], "dryRun": True}),
    ]
    assert [answer.status_code for answer in answers] == [400, 400]


def test_a_source_is_deleted_for_good(api: httpx.Client, made: Tree) -> None:
    assert made
    assert api.delete(f"{ROOT}/users").json() == {"message": "Entity property source deleted successfully."}
    assert [api.request(method, f"{ROOT}/users", json={}).status_code for method in ("GET", "PATCH", "DELETE")] == [
        404
    ] * 3


def test_a_source_may_be_called_like_a_part_of_an_experiments_path(api: httpx.Client) -> None:
    api.post("/experiments/entity_properties", json=SOURCE | {"name": "overrides"})
    assert data(api.get(f"{ROOT}/overrides"))["name"] == "overrides"


def test_a_project_that_is_not_warehouse_native_has_no_sources(api: httpx.Client, store: Store) -> None:
    store.seed({"company": {"companyID": "c", "companyName": "C", "isWarehouseNative": False}})
    calls = [("GET", "/experiments/entity_properties"), ("POST", "/experiments/entity_properties")]
    calls += [(method, f"{ROOT}/users") for method in ("GET", "POST", "PATCH", "DELETE")]
    answers = [api.request(method, path, json=SOURCE) for method, path in calls]
    assert {(answer.status_code, answer.json()["message"]) for answer in answers} == {
        (400, "This endpoint is only available to warehouse native projects")
    }

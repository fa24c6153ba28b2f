from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.emulator import Store, create_app, running

Tree = dict[str, Any]

REAL: Tree = {
    "gates": [
        {
            "id": "gate",
            "name": "gate",
            "rules": [
                {
                    "name": "r",
                    "id": "b:50.00:10",
                    "baseID": "b",
                    "passPercentage": 50.0,
                    "conditions": [{"type": "passes_gate", "targetValue": ["gone"]}],
                    "environments": None,
                }
            ],
            "type": "STALE",
            "typeReason": "STALE_ALL_TRUE",
            "version": 32,
            "lastModifierName": "Jo",
            "tags": ["red", "blue"],
        }
    ],
    "experiments": [{"id": "exp", "status": "active", "layerID": "a_layer", "groups": [], "idType": "stableID"}],
}


def test_seeded_objects_are_kept_as_they_are_and_completed(store: Store) -> None:
    store.seed(REAL)
    state = store.dump()
    gate, experiment = state["gates"][0], state["experiments"][0]
    assert gate | REAL["gates"][0] == gate
    assert list(gate)[:8] == list(REAL["gates"][0])
    assert repr(gate["rules"]) == repr(REAL["gates"][0]["rules"])
    assert gate.keys() - REAL["gates"][0].keys() == {
        "description", "lastModifierID", "lastModifiedTime", "lastModifierEmail", "createdTime", "creatorName",
        "isEnabled", "status", "checksPerHour",
    }  # fmt: skip
    assert (experiment["decisionReason"], experiment["startTime"], experiment["healthCheckStatus"]) == (
        "",
        None,
        "PASSED",
    )


def test_tags_and_layers_that_seeded_objects_name_exist(store: Store) -> None:
    store.seed(REAL)
    state = store.dump()
    assert [tag["name"] for tag in state["tags"]] == ["★ Core", "red", "blue"]
    assert [(layer["id"], layer["idType"], layer["isImplicitLayer"]) for layer in state["layers"]] == [
        ("a_layer", "stableID", False)
    ]


def test_rules_and_groups_that_are_seeded_without_ids_get_the_same_ids_every_time(store: Store) -> None:
    bare: Tree = {
        "gates": [{"id": "g", "rules": [{"name": "r", "passPercentage": 1, "conditions": []}]}],
        "experiments": [{"id": "e", "groups": [{"name": "Control", "size": 100, "parameterValues": {}}]}],
    }
    store.seed(bare)
    first = store.dump()
    store.seed(bare)
    assert store.dump() == first
    assert first["gates"][0]["rules"][0]["id"] == first["gates"][0]["rules"][0]["baseID"]
    assert first["experiments"][0]["groups"][0]["id"]


def test_what_is_dumped_seeds_the_same_project(store: Store, api: httpx.Client) -> None:
    store.seed(REAL)
    api.post("/dynamic_configs", json={"name": "config", "defaultValue": {"n": 1.5}})
    api.post("/gates/gate/overrides", json={"passingUserIDs": ["u"], "failingUserIDs": []})
    state = store.dump()
    with Store.open() as other:
        other.seed(state)
        assert other.dump() == state


def test_a_seed_replaces_the_collections_that_it_names_and_no_other(store: Store, api: httpx.Client) -> None:
    api.post("/gates", json={"name": "old"})
    api.post("/dynamic_configs", json={"name": "kept"})
    store.seed({"gates": [{"id": "new"}]})
    state = store.dump()
    assert [gate["id"] for gate in state["gates"]] == ["new"]
    assert [config["id"] for config in state["dynamic_configs"]] == ["kept"]


def test_a_seed_with_an_unknown_collection_is_refused_whole(store: Store) -> None:
    before = store.dump()
    with pytest.raises(ValueError, match=r"not a collection: gate$"):
        store.seed({"gates": [], "gate": []})
    assert store.dump() == before


def test_a_project_in_a_file_survives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "project.sqlite3"
    with Store.open(path) as store, running(create_app(store)) as url:
        httpx.post(f"{url}/gates", json={"name": "gate"}, headers={"STATSIG-API-KEY": "console-a"})
        state = store.dump()
    with Store.open(path) as again, running(create_app(again)) as url:
        assert again.dump() == state
        versions = httpx.get(f"{url}/gates/gate/versions", headers={"STATSIG-API-KEY": "console-a"}).json()["data"]
        assert versions == state["gates"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no database" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        Store.open(path)
    assert path.read_text() == "no database" * 100


def test_a_person_changes_an_object_as_in_the_web_console(store: Store, api: httpx.Client) -> None:
    api.post("/gates", json={"name": "gate"})
    edited = store.console_edit("gates", "gate", {"description": "by hand"}, by="Jo", email="jo@example.com")
    assert api.get("/gates/gate").json()["data"] == edited
    assert (edited["version"], edited["lastModifierName"], edited["lastModifierEmail"]) == (2, "Jo", "jo@example.com")
    assert edited["lastModifierID"] != edited["creatorID"]
    back = api.patch("/gates/gate", json={}).json()["data"]
    assert (back["version"], back["lastModifierName"], back["lastModifierEmail"]) == (3, "CONSOLE API", None)


def test_a_person_can_change_sources_and_rename_them(store: Store) -> None:
    store.seed({"entity_properties": [{"name": "users"}, {"name": "last"}]})
    store.console_edit("entity_properties", "users", {"name": "people"}, by="Jo")
    assert [source["name"] for source in store.dump()["entity_properties"]] == ["people", "last"]


def test_people_can_change_what_the_emulator_serves_for_reading_only(store: Store, api: httpx.Client) -> None:
    store.seed({"segments": [{"id": "people"}]})
    store.console_edit("segments", "people", {"isEnabled": False}, by="Jo")
    store.console_edit("environments", "staging", {"requiresReview": True}, by="Jo")
    assert api.get("/segments/people").json()["data"]["lastModifierName"] == "Jo"
    assert api.get("/environments").json()["data"]["environments"][1]["requiresReview"] is True


def test_overrides_and_company_are_seeded_in_part(store: Store, api: httpx.Client) -> None:
    store.seed(
        {"gates": [{"id": "g"}], "gate_overrides": {"g": {"passingUserIDs": ["u"]}}, "company": {"companyID": "c"}}
    )
    overrides = api.get("/gates/g/overrides").json()["data"]
    assert (overrides["passingUserIDs"], overrides["failingUserIDs"]) == (["u"], [])
    assert (store.dump()["company"]["companyID"], store.dump()["company"]["isWarehouseNative"]) == ("c", True)


def test_nobody_can_change_what_is_not_there(store: Store) -> None:
    with pytest.raises(KeyError, match="none"):
        store.console_edit("gates", "none", {}, by="Jo")


def test_writes_at_the_same_time_are_all_kept(api: httpx.Client, store: Store) -> None:
    api.post("/gates", json={"name": "gate"})

    def write(number: int) -> int:
        if number % 4 == 0:
            return int(store.console_edit("gates", "gate", {"description": str(number)}, by="Jo")["version"])
        return int(api.patch("/gates/gate", json={"description": str(number)}).json()["data"]["version"])

    with ThreadPoolExecutor(8) as pool:
        versions = list(pool.map(write, range(80)))
    assert sorted(versions) == list(range(2, 82))
    assert api.get("/gates/gate").json()["data"]["version"] == 81


@pytest.mark.parametrize("target", [None, []])
def test_a_target_that_is_empty_is_left_out_of_what_was_seeded(store: Store, target: object) -> None:
    """The OpenAPI document knows no null, and an empty list is in two of its forms, of which exactly one must fit."""
    store.seed(
        {"gates": [{"id": "g", "rules": [{"name": "r", "conditions": [{"type": "public", "targetValue": target}]}]}]}
    )
    assert store.dump()["gates"][0]["rules"][0]["conditions"] == [{"type": "public"}]


def test_a_project_is_new_until_something_is_put_into_it_and_after_it_begins_anew(store: Store) -> None:
    with Store.open() as other:
        assert other.is_new()
        first = other.dump()
        other.seed(REAL)
        assert not other.is_new()
        other.console_delete("gates", "gate", by="Jo")
        other.console_delete("experiments", "exp", by="Jo")
        assert not other.is_new()
        other.seed({}, anew=True)
        assert other.is_new()
        assert other.dump() == first
        other.seed(REAL, anew=True)
        store.seed(REAL)
        assert other.dump()["gates"] == store.dump()["gates"]

from __future__ import annotations

from typing import Any

import httpx
import pytest

from reconciler.emulator import Store

Tree = dict[str, Any]


def ids(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item.get("id", item.get("name")) for item in answer.json()["data"]]


def test_objects_are_listed_in_the_order_in_which_they_were_made(api: httpx.Client) -> None:
    for name in ("zeta", "alpha", "mid"):
        api.post("/gates", json={"name": name})
    api.patch("/gates/zeta", json={"description": "changed"})
    assert ids(api.get("/gates")) == ["zeta", "alpha", "mid"]


def test_pages_count_from_one_and_the_last_has_no_next(api: httpx.Client, store: Store) -> None:
    store.seed({"gates": [{"id": f"g{number}"} for number in range(5)]})
    pages = [api.get("/gates", params={"limit": 2, "page": page}) for page in (1, 2, 3, 4)]
    assert [ids(page) for page in pages] == [["g0", "g1"], ["g2", "g3"], ["g4"], []]
    assert [page.json()["pagination"]["nextPage"] is None for page in pages] == [False, False, True, True]
    assert pages[1].json()["pagination"] == {
        "itemsPerPage": 2,
        "pageNumber": 2,
        "nextPage": "/console/v1/gates?page=3&limit=2",
        "previousPage": "/console/v1/gates?page=1&limit=2",
        "totalItems": 5,
        "all": "",
    }


def test_a_page_holds_a_hundred_objects_unless_told_otherwise(api: httpx.Client, store: Store) -> None:
    store.seed({"gates": [{"id": f"g{number}"} for number in range(101)]})
    assert len(ids(api.get("/gates"))) == 100
    assert len(ids(api.get("/gates", params={"limit": 1000}))) == 101


def test_next_pages_are_spelled_differently_by_every_endpoint(api: httpx.Client, store: Store) -> None:
    two: list[Tree] = [{"id": "one", "name": "one"}, {"id": "two", "name": "two"}]
    store.seed({"gates": two, "dynamic_configs": two, "experiments": two})
    store.console_edit("gates", "one", {"description": "a", "type": "PERMANENT"}, by="Jo")

    def next_page(path: str) -> object:
        return api.get(path, params={"limit": 1}).json()["pagination"]["nextPage"]

    assert next_page("/gates") == "/console/v1/gates?page=2&limit=1"
    assert next_page("/dynamic_configs") == "?page=2&limit=1"
    assert next_page("/experiments") == "/console/v1/metrics/experiment/list?page=2&limit=1"
    assert next_page("/audit_logs") == "statsigapi.net/console/v1/audit_logs?page=2&limit=1"
    assert next_page("/tags") is None


@pytest.mark.parametrize(
    "query", [{"page": "0"}, {"page": "two"}, {"limit": "-1"}, {"limit": "1.5"}, {"limit": "9" * 30}]
)
def test_a_page_that_cannot_be_is_refused(api: httpx.Client, query: dict[str, str]) -> None:
    answer = api.get("/gates", params=query)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["property"] == next(iter(query))


def test_references_of_a_gate_come_at_most_a_hundred_at_a_time(api: httpx.Client) -> None:
    api.post("/gates", json={"name": "gate"})
    assert api.get("/gates/gate/gate_references", params={"limit": 100}).status_code == 200
    assert api.get("/gates/gate/gate_references", params={"limit": 101}).status_code == 400


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"tags": "red"}, ["half", "off"]),
        ({"tags": ["red", "blue"]}, ["half", "launched", "off"]),
        ({"type": "STALE"}, ["off"]),
        ({"typeReason": "STALE_ALL_FALSE"}, ["off"]),
        ({"idType": ["stableID", "companyID"]}, ["half"]),
        ({"creatorName": "Jo"}, ["launched"]),
        ({"creatorID": "jo"}, ["launched"]),
        ({"releasePipelineID": "p1"}, ["off"]),
        ({"rolloutRate": "0"}, ["none"]),
        ({"rolloutRate": "100"}, ["off"]),
        ({"rolloutRate": "INBETWEEN"}, ["half", "launched"]),
        ({"passRate": "0"}, ["off", "none"]),
        ({"passRate": "100"}, ["launched"]),
        ({"tags": "red", "rolloutRate": "100"}, ["off"]),
    ],
)
def test_gates_are_filtered(api: httpx.Client, store: Store, query: Tree, expected: list[str]) -> None:
    everybody = {"name": "all", "passPercentage": 100, "conditions": [{"type": "public"}]}
    some = everybody | {"passPercentage": 50}
    off: Tree = {"type": "STALE", "typeReason": "STALE_ALL_FALSE", "isEnabled": False, "status": "Disabled"}
    store.seed(
        {
            "gates": [
                {"id": "half", "tags": ["red"], "idType": "stableID", "rules": [some]},
                {"id": "launched", "tags": ["blue"], "creatorName": "Jo", "creatorID": "jo", "status": "Launched",
                 "isEnabled": False, "rules": [some]},
                {"id": "off", "tags": ["green", "red"], "releasePipelineID": "p1", "rules": [everybody], **off},
                {"id": "none", "rules": []},
            ]
        }
    )  # fmt: skip
    assert ids(api.get("/gates", params=query)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"layerID": "shared"}, ["one"]),
        ({"status": "active"}, ["two"]),
        ({"status": ["active", "setup"]}, ["one", "two"]),
        ({"teamID": "t"}, ["two"]),
        ({"idType": "stableID"}, ["two"]),
        ({"targetAppID": "a1"}, ["one"]),
        ({"createdStartDate": "2026-03-02"}, ["two"]),
        ({"createdEndDate": "2026-03-01"}, ["one"]),
        ({"createdStartDate": "2026-03-01", "createdEndDate": "2026-03-02"}, ["one", "two"]),
    ],
)
def test_experiments_are_filtered(api: httpx.Client, store: Store, query: Tree, expected: list[str]) -> None:
    first_of_march = 1_772_323_200_000
    store.seed(
        {
            "target_apps": [{"id": "a1", "name": "web"}],
            "experiments": [
                {"id": "one", "layerID": "shared", "targetApps": ["web"], "createdTime": first_of_march},
                {"id": "two", "status": "active", "teamID": "t", "idType": "stableID",
                 "createdTime": first_of_march + 86_400_000},
            ],
        }
    )  # fmt: skip
    assert ids(api.get("/experiments", params=query)) == expected


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/gates", {"type": "stale"}),
        ("/gates", {"passRate": "50"}),
        ("/experiments", {"status": "running"}),
        ("/experiments", {"createdStartDate": "yesterday"}),
        ("/experiments", {"createdEndDate": "2026-1-2"}),
        ("/audit_logs", {"startDate": "2026-02-30"}),
        ("/audit_logs", {"sortKey": "colour"}),
        ("/audit_logs", {"sortOrder": "up"}),
    ],
)
def test_a_filter_that_cannot_be_is_refused(api: httpx.Client, path: str, query: dict[str, str]) -> None:
    answer = api.get(path, params=query)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["property"] == next(iter(query))


def test_a_new_project_has_environments_unit_ids_and_the_core_tag(api: httpx.Client) -> None:
    environments = api.get("/environments").json()["data"]["environments"]
    assert {item["name"]: item["isProduction"] for item in environments} == {
        "development": False,
        "staging": False,
        "production": True,
    }
    assert all(item["id"].startswith("0.") for item in environments)
    assert ids(api.get("/unit_id_types")) == ["userID", "stableID"]
    assert [(tag["name"], tag["isCore"]) for tag in api.get("/tags").json()["data"]] == [("★ Core", True)]
    assert api.get("/company").json()["data"]["isWarehouseNative"] is True
    assert api.get("/project").json()["data"].keys() == {"id"}


def test_a_list_of_target_apps_shows_names_and_a_single_one_its_id(api: httpx.Client, store: Store) -> None:
    store.seed({"target_apps": [{"name": "web"}]})
    app = store.dump()["target_apps"][0]
    assert api.get("/target_app").json()["data"] == [{"name": "web"}]
    assert api.get(f"/target_app/{app['id']}").json()["data"] == app


def test_what_only_others_may_change_can_be_read(api: httpx.Client, store: Store) -> None:
    store.seed({"segments": [{"id": "inline_targeting:x"}], "layers": [{"id": "a layer"}], "holdouts": [{"id": "h"}]})
    assert ids(api.get("/segments")) == ["inline_targeting:x"]
    assert api.get("/segments/inline_targeting:x").json()["data"]["type"] == "rule_based"
    assert api.get("/layers/a%20layer").json()["data"]["parameters"] == []
    assert api.get("/holdouts/h").json()["data"]["passPercentage"] == 0
    assert api.get("/segments/none").status_code == 404


def test_a_gate_knows_what_it_is_used_by(api: httpx.Client) -> None:
    for id_ in ("base", "other"):
        api.post("/gates", json={"name": id_})
    uses = {"name": "r", "passPercentage": 1, "conditions": [{"type": "fails_gate", "targetValue": "base"}]}
    api.post("/gates", json={"name": "user", "rules": [uses]})
    api.post("/dynamic_configs", json={"name": "config", "rules": [uses]})
    api.post("/experiments", json={"name": "experiment", "targetingGateID": "base"})
    assert ids(api.get("/gates/base/gate_references")) == ["user"]
    assert ids(api.get("/gates/base/dynamic_config_references")) == ["config"]
    assert ids(api.get("/gates/base/experiment_references")) == ["experiment"]
    assert ids(api.get("/gates/other/gate_references")) == []
    assert api.get("/gates/none/gate_references").status_code == 404

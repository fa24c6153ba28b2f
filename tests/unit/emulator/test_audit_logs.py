from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from reconciler.emulator import Store, create_app, running
from reconciler.emulator.request import Actor

Tree = dict[str, Any]

DAY = 86_400_000


@pytest.fixture
def mark(api: httpx.Client) -> str:
    """The newest record before the test; what the test does comes after it."""
    api.post("/tags", json={"name": "mark", "description": ""})
    newest = api.get("/audit_logs", params={"limit": 1}).json()["data"][0]
    return str(newest["id"])


@pytest.fixture
def since(api: httpx.Client, mark: str) -> Callable[..., list[Tree]]:
    """The records since `mark`, newest first."""

    def read(**query: Any) -> list[Tree]:  # noqa: ANN401 - whatever a query may hold
        answer = api.get("/audit_logs", params={"latestID": mark} | query)
        assert answer.status_code == 200, answer.text
        records: list[Tree] = answer.json()["data"]
        return records

    return read


def actions(records: list[Tree]) -> list[str]:
    return [record["actionType"] for record in records]


def test_a_record_says_who_did_what_and_when(api: httpx.Client, since: Callable[..., list[Tree]]) -> None:
    made = api.post("/gates", json={"name": "A Gate", "tags": ["★ Core"]}).json()["data"]
    (record,) = since()
    assert record.pop("id")
    assert record == {
        "name": "A Gate",
        "changeLog": "Gate create: A Gate",
        "actionType": "gate_create",
        "date": "Mon Sep 21 2026",
        "time": "14:13:20 GMT+0000 (Coordinated Universal Time)",
        "updatedBy": "CONSOLE API",
        "updatedByUserID": made["lastModifierID"],
        "modifierEmail": None,
        "changes": {},
        "tags": ["★ Core"],
    }
    moment = datetime.strptime(f"{record['date']} {record['time'][:8]} +0000", "%a %b %d %Y %H:%M:%S %z")
    assert moment == datetime.fromtimestamp(made["lastModifiedTime"] / 1000, UTC)


def test_a_person_is_named_with_an_email_address(
    api: httpx.Client, store: Store, since: Callable[..., list[Tree]]
) -> None:
    api.post("/gates", json={"name": "gate"})
    store.console_edit("gates", "gate", {"isEnabled": False, "status": "Disabled"}, by="Jo", email="jo@example.com")
    newest = since()[0]
    assert (newest["updatedBy"], newest["modifierEmail"]) == ("Jo", "jo@example.com")
    assert newest["actionType"] == "config_state_toggle"
    assert newest["changes"]["status"] == {"old": "In Progress", "new": "Disabled"}


def test_rules_are_told_in_the_internal_vocabulary(api: httpx.Client, since: Callable[..., list[Tree]]) -> None:
    api.post("/gates", json={"name": "gate"})
    condition = {"type": "custom_field", "field": "age", "operator": "gt", "targetValue": 3}
    sent = {"name": "r", "passPercentage": 5, "conditions": [condition], "environments": ["staging"]}
    made = api.patch("/gates/gate", json={"rules": [sent]}).json()["data"]["rules"][0]
    change = since()[0]["changes"]["rules"]
    assert change["old"] == []
    assert change["new"] == [
        {
            "groupName": "r",
            "percentagePass": 5,
            "conditionJSON": [
                {"conditionType": "custom_field", "operator": "gt", "value": 3, "extraConfig": {"field": "age"}}
            ],
            "returnValueJSON": "true",
            "id": made["id"],
            "salt": made["baseID"],
            "enabledEnvironments": ["staging"],
            "rollouts": [],
        }
    ]


RULE = {"name": "r", "conditions": [], "passPercentage": 1}


@pytest.mark.parametrize(
    ("collection", "fields", "expected"),
    [
        ("gates", {"name": "other"}, {"update_gate_display_name"}),
        ("gates", {"type": "PERMANENT"}, {"update_gate_is_permanent"}),
        ("gates", {"team": "t"}, {"gate_update_owners"}),
        ("gates", {"rules": [RULE], "description": "d"}, {"config_conditions_update", "config_description_update"}),
        ("gates", {"measureMetricLifts": False}, {"gate_update"}),
        ("gates", {}, {"gate_update"}),
        ("dynamic_configs", {"name": "other"}, {"config_display_name_update"}),
        ("dynamic_configs", {"defaultValue": {"a": 1}}, {"config_default_value_update"}),
        ("dynamic_configs", {"tags": ["★ Core"], "idType": "x"}, {"config_edit_tags", "config_id_type_update"}),
        ("dynamic_configs", {"team": "t"}, {"config_update_owners"}),
        ("experiments", {"hypothesis": "h"}, {"hypothesis_edit"}),
        ("experiments", {"allocation": 5}, {"experiment_rollout"}),
        ("experiments", {"duration": 5}, {"experiment_edit"}),
        ("experiments", {"status": "active", "hypothesis": "h"}, {"experiment_start", "hypothesis_edit"}),
    ],
)
def test_a_patch_leaves_a_record_for_each_kind_of_action(
    api: httpx.Client, since: Callable[..., list[Tree]], collection: str, fields: Tree, expected: set[str]
) -> None:
    api.post(f"/{collection}", json={"name": "thing"})
    before = len(since())
    api.patch(f"/{collection}/thing", json=fields)
    records = since()[: len(since()) - before]
    assert set(actions(records)) - {"layer_create"} == expected


def test_the_life_of_an_experiment_is_told(api: httpx.Client, since: Callable[..., list[Tree]]) -> None:
    api.post("/experiments", json={"name": "new"})
    api.put("/experiments/new/start", json={})
    api.post("/experiments/new/disable_groups", json={"group_names": ["Test"]})
    api.put("/experiments/new/abandon", json={"decisionReason": "r"})
    api.put("/experiments/new/reset")
    api.put("/experiments/new/archive", json={})
    api.put("/experiments/new/unarchive")
    api.post("/experiments/new/schedule_start", json={"scheduledTime": 4e12})
    api.post("/experiments/new/restart_as_new", json={"name": "again"})
    api.delete("/experiments/new")
    assert actions(since(sortOrder="asc")) == [
        "experiment_create",
        "layer_create",
        "experiment_start",
        "experiment_group_disable",
        "experiment_abandon",
        "experiment_restart",
        "archive_experiment",
        "unarchive_experiment",
        "schedule_experiment_start",
        "experiment_restart_as_new",
        "experiment_create",
        "experiment_delete",
    ]


def test_sources_tags_and_overrides_are_told(api: httpx.Client, since: Callable[..., list[Tree]]) -> None:
    path = "/experiments/entity_property/s"
    api.post("/experiments/entity_properties", json={"name": "s", "sql": "", "idTypeMapping": []})
    api.patch(path, json={"name": "t", "description": "d"})
    api.delete("/experiments/entity_property/t")
    api.post("/tags", json={"name": "tag", "description": ""})
    api.patch("/tags/tag", json={"description": "d"})
    api.delete("/tags/tag")
    api.post("/gates", json={"name": "gate"})
    api.post("/gates/gate/overrides", json={"passingUserIDs": [], "failingUserIDs": []})
    api.delete("/gates/gate")
    told = actions(since(sortOrder="asc"))
    assert told[0] == "create_echidna_entity_property_source"
    assert set(told[1:3]) == {"update_echidna_entity_property_source_name", "update_echidna_entity_property_source"}
    assert told[3:] == [
        "delete_echidna_entity_property_source",
        "tag_create",
        "tag_edit",
        "tag_delete",
        "gate_create",
        "gate_overrides_update",
        "config_delete",
    ]


def test_records_are_filtered_and_sorted(
    api: httpx.Client, since: Callable[..., list[Tree]], later: Callable[[int], None]
) -> None:
    api.post("/gates", json={"name": "one", "tags": ["★ Core"]})
    later(DAY)
    api.post("/gates", json={"name": "two"})
    api.patch("/gates/one", json={"description": "d"})
    assert [record["name"] for record in since()] == ["one", "two", "one"]
    assert actions(since(id="one")) == ["config_description_update", "gate_create"]
    assert actions(since(actionType="config_description_update")) == ["config_description_update"]
    assert len(since(actionTypes=["config_description_update", "gate_create"])) == 3
    assert len(since(tags="★ Core")) == 2
    assert [record["name"] for record in since(startDate="2026-09-22")] == ["one", "two"]
    assert [record["name"] for record in since(endDate="2026-09-21")] == ["one"]
    assert [record["name"] for record in since(sortKey="name", sortOrder="desc")] == ["two", "one", "one"]
    assert [record["name"] for record in since(sortKey="date", sortOrder="asc")] == ["one", "two", "one"]
    assert [record["name"] for record in since(limit=2, page=2)] == ["one"]


def test_records_outlive_what_they_are_about(api: httpx.Client, since: Callable[..., list[Tree]]) -> None:
    api.post("/gates", json={"name": "gate"})
    api.delete("/gates/gate")
    assert actions(since(id="gate")) == ["config_delete", "gate_create"]


@pytest.mark.parametrize(
    ("collection", "action"),
    [("gates", "config_resalt"), ("dynamic_configs", "config_resalt"), ("experiments", "resalt_experiment")],
)
def test_another_salt_is_seen_in_the_log_alone(
    api: httpx.Client, store: Store, since: Callable[..., list[Tree]], collection: str, action: str
) -> None:
    api.post(f"/{collection}", json={"name": "thing"})
    before = api.get(f"/{collection}/thing").json()["data"]
    store.console_resalt(collection, "thing", by="Jo", email="jo@example.com")
    newest = since()[0]
    assert (newest["actionType"], newest["name"], newest["updatedBy"]) == (action, "thing", "Jo")
    assert list(newest["changes"]) == ["salt"]
    assert api.get(f"/{collection}/thing").json()["data"] == before


def test_a_personal_key_writes_as_its_owner(store: Store) -> None:
    app = create_app(store, personal_keys={"console-jo": Actor("u-jo", "Jo", "jo@example.com")})
    with running(app) as url, httpx.Client(base_url=url, headers={"STATSIG-API-KEY": "console-jo"}) as client:
        made = client.post("/gates", json={"name": "gate"}).json()["data"]
        record = client.get("/audit_logs", params={"limit": 1}).json()["data"][0]
    assert (made["lastModifierName"], made["lastModifierEmail"]) == ("Jo", "jo@example.com")
    assert (record["updatedBy"], record["updatedByUserID"], record["modifierEmail"]) == ("Jo", "u-jo", "jo@example.com")

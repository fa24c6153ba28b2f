from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from reconciler.emulator import Store

Tree = dict[str, Any]


def gate(answer: httpx.Response, status: int = 200) -> Tree:
    assert answer.status_code == status, answer.text
    data: Tree = answer.json()["data"]
    return data


def refusal(answer: httpx.Response) -> str:
    assert answer.status_code == 400, answer.text
    return str(answer.json()["message"])


def test_a_new_gate_gets_what_the_service_fills_in(api: httpx.Client) -> None:
    made = gate(api.post("/gates", json={"name": "A Gate"}), 201)
    assert made.pop("creatorID") == made.pop("lastModifierID")
    assert made == {
        "id": "a_gate",
        "name": "A Gate",
        "description": "",
        "idType": "userID",
        "isEnabled": True,
        "status": "In Progress",
        "type": "TEMPORARY",
        "typeReason": "NONE",
        "rules": [],
        "checksPerHour": 0,
        "team": None,
        "teamID": None,
        "measureMetricLifts": True,
        "monitoringMetrics": [],
        "reviewSettings": {"requiredReview": False, "allowedReviewers": []},
        "owner": {"ownerType": "SDK_KEY", "ownerName": "CONSOLE API"},
        "tags": [],
        "holdoutIDs": [],
        "targetApps": [],
        "version": 1,
        "createdTime": 1_790_000_000_000,
        "creatorName": "CONSOLE API",
        "creatorEmail": None,
        "lastModifiedTime": 1_790_000_000_000,
        "lastModifierName": "CONSOLE API",
        "lastModifierEmail": None,
    }
    assert gate(api.get("/gates/a_gate"))["name"] == "A Gate"


def test_an_id_can_be_chosen_and_serves_as_the_name(api: httpx.Client) -> None:
    assert gate(api.post("/gates", json={"id": "my.gate"}), 201)["name"] == "my.gate"
    assert gate(api.post("/gates", json={"id": "other", "name": "My gate"}), 201)["id"] == "other"


def test_an_id_that_is_taken_is_refused_even_when_archived(api: httpx.Client) -> None:
    api.post("/gates", json={"name": "gate"})
    api.put("/gates/gate/archive", json={})
    assert refusal(api.post("/gates", json={"name": "Gate"})) == "Name is already in use"


def test_gates_do_not_share_ids_with_configs(api: httpx.Client) -> None:
    api.post("/dynamic_configs", json={"name": "same"})
    assert api.post("/gates", json={"name": "same"}).status_code == 201


def test_an_id_is_free_again_after_a_delete(api: httpx.Client) -> None:
    api.post("/gates", json={"name": "gate"})
    assert api.delete("/gates/gate").json() == {"message": "Gate deleted successfully."}
    assert api.get("/gates/gate").status_code == 404
    assert gate(api.post("/gates", json={"name": "gate"}), 201)["version"] == 1
    assert len(api.get("/gates/gate/versions").json()["data"]) == 1


def test_a_gate_that_others_refer_to_can_be_deleted(api: httpx.Client) -> None:
    api.post("/gates", json={"name": "base"})
    uses = {"name": "r", "passPercentage": 1, "conditions": [{"type": "passes_gate", "targetValue": "base"}]}
    api.post("/gates", json={"name": "user", "rules": [uses]})
    assert api.delete("/gates/base").status_code == 200


def test_a_patch_changes_what_is_sent_and_the_version(api: httpx.Client, later: Callable[[int], None]) -> None:
    made = gate(api.post("/gates", json={"name": "gate", "description": "old"}), 201)
    later(5000)
    changed = gate(api.patch("/gates/gate", json={"description": "new"}))
    stamp = {"description": "new", "version": 2, "lastModifiedTime": made["lastModifiedTime"] + 5000}
    assert changed == made | stamp


def test_the_version_rises_even_when_nothing_changes(api: httpx.Client) -> None:
    api.post("/gates", json={"name": "gate"})
    assert gate(api.patch("/gates/gate", json={}))["version"] == 2


def test_a_full_update_resets_what_it_leaves_out(api: httpx.Client) -> None:
    api.post("/gates", json={"name": "gate", "tags": ["★ Core"], "type": "PERMANENT", "team": "t"})
    changed = gate(api.post("/gates/gate", json={"isEnabled": True, "description": "d", "rules": []}))
    assert (changed["tags"], changed["type"], changed["team"]) == ([], "TEMPORARY", None)
    assert (changed["name"], changed["description"]) == ("gate", "d")


def test_a_full_update_needs_its_required_fields(api: httpx.Client) -> None:
    api.post("/gates", json={"name": "gate"})
    errors = api.post("/gates/gate", json={"name": "gate"}).json()["errors"]
    assert [item["property"] for item in errors] == ["isEnabled", "description", "rules"]
    assert {item["errorMessage"] for item in errors} == {"Required"}


def test_id_and_template_are_fixed_at_creation(api: httpx.Client) -> None:
    made = gate(api.post("/gates", json={"name": "gate", "isTemplate": True}), 201)
    changed = gate(api.patch("/gates/gate", json={"id": "other", "isTemplate": False}))
    assert (made["type"], changed["id"], changed["isTemplate"]) == ("TEMPLATE", "gate", True)


@pytest.mark.parametrize(
    ("action", "status", "enabled"),
    [
        ("enable", "In Progress", True),
        ("disable", "Disabled", False),
        ("launch", "Launched", False),
        ("archive", "Archived", False),
    ],
)
def test_each_action_leads_to_its_status(api: httpx.Client, action: str, status: str, *, enabled: bool) -> None:
    api.post("/gates", json={"name": "gate"})
    changed = gate(api.put(f"/gates/gate/{action}", json={}))
    assert (changed["status"], changed["isEnabled"], changed["version"]) == (status, enabled, 2)


def test_a_gate_comes_back_from_the_archive_disabled_and_from_nowhere_else(api: httpx.Client) -> None:
    api.post("/gates", json={"name": "gate"})
    assert refusal(api.put("/gates/gate/unarchive", json={})) == "Gate is not archived"
    api.put("/gates/gate/archive", json={})
    back = gate(api.put("/gates/gate/unarchive", json={"unarchiveReason": "again"}))
    assert (back["status"], back["isEnabled"]) == ("Disabled", False)


@pytest.mark.parametrize(("enabled", "status"), [(True, "In Progress"), (False, "Disabled")])
def test_the_boolean_alone_leads_away_from_launched(api: httpx.Client, status: str, *, enabled: bool) -> None:
    api.post("/gates", json={"name": "gate"})
    api.put("/gates/gate/launch")
    assert gate(api.patch("/gates/gate", json={"isEnabled": enabled}))["status"] == status


def test_an_archived_gate_can_be_patched_and_stays_archived(api: httpx.Client) -> None:
    api.post("/gates", json={"name": "gate"})
    api.put("/gates/gate/archive", json={"archiveReason": "done"})
    assert gate(api.patch("/gates/gate", json={"description": "d"}))["status"] == "Archived"


def test_a_gate_with_checks_is_archived_by_force_only(api: httpx.Client, store: Store) -> None:
    store.seed({"gates": [{"id": "busy", "checksPerHour": 7}]})
    assert "forceArchive" in refusal(api.put("/gates/busy/archive", json={}))
    assert gate(api.put("/gates/busy/archive", json={"forceArchive": True}))["status"] == "Archived"


@pytest.mark.parametrize(
    ("written", "read_back"),
    [
        ({"targetApps": "web"}, {"targetApps": ["web"]}),
        ({"team": "Growth", "teamID": "t1"}, {"team": "Growth", "teamID": "t1"}),
        ({"teamID": "t1"}, {"team": "t1", "teamID": "t1"}),
        ({"team": None}, {"team": None, "teamID": None}),
        ({"reviewSettings": {"requiredReview": True}},
         {"reviewSettings": {"requiredReview": True, "allowedReviewers": []}}),
        ({"creatorID": "jo"}, {"creatorID": "jo", "creatorName": "CONSOLE API"}),
        ({"releasePipelineID": None}, {"releasePipelineID": None}),
    ],
)  # fmt: skip
def test_fields_come_back_in_another_form(api: httpx.Client, written: Tree, read_back: Tree) -> None:
    made = gate(api.post("/gates", json={"name": "gate"} | written), 201)
    assert {name: made[name] for name in read_back} == read_back


def test_the_name_of_a_team_brings_an_id_and_an_email_address_a_creator(api: httpx.Client) -> None:
    made = gate(api.post("/gates", json={"name": "gate", "team": "Growth", "creatorEmail": "jo@example.com"}), 201)
    other = gate(api.post("/gates", json={"name": "other", "team": "Growth"}), 201)
    assert made["teamID"] == other["teamID"] != "Growth"
    assert made["creatorEmail"] == "jo@example.com"
    assert made["creatorID"] != made["lastModifierID"]


def test_tags_keep_their_order_and_must_exist(api: httpx.Client) -> None:
    for name in ("b", "a"):
        api.post("/tags", json={"name": name, "description": ""})
    assert gate(api.post("/gates", json={"name": "gate", "tags": ["b", "a"]}), 201)["tags"] == ["b", "a"]
    assert refusal(api.patch("/gates/gate", json={"tags": ["b", "x", "c"]})) == (
        "The following tags could not be found: [c, x]"
    )


def test_past_versions_are_whole_objects_newest_first(api: httpx.Client, store: Store) -> None:
    made = gate(api.post("/gates", json={"name": "gate"}), 201)
    changed = gate(api.patch("/gates/gate", json={"description": "d"}))
    edited = store.console_edit("gates", "gate", {"description": "by hand"}, by="Jo")
    pages = [api.get("/gates/gate/versions", params={"limit": 2, "page": page}).json() for page in (1, 2)]
    assert pages[0]["data"] + pages[1]["data"] == [edited, changed, made]
    assert pages[0]["pagination"]["nextPage"] == "/console/v1/gates/gate/versions?page=2&limit=2"
    assert api.get("/gates/none/versions").status_code == 404

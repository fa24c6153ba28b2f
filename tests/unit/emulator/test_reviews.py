"""Changes that need a review: what a request that respects it does, and what people in the console do with it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.emulator import ApiError, Store, create_app, running

Tree = dict[str, Any]

RESPECT = {"x-respect-review-settings": "true"}
RULE = {"name": "r", "passPercentage": 1, "conditions": []}
SEED: Tree = {
    "gates": [{"id": "gate", "rules": [RULE], "status": "Disabled", "isEnabled": False}],
    "dynamic_configs": [{"id": "config", "rules": [RULE]}],
    "experiments": [
        {"id": "test", "status": "setup", "groups": [{"name": "Control", "size": 100, "parameterValues": {}}]},
        {"id": "analysis", "isAnalysisOnly": True},
    ],
    "entity_properties": [{"name": "users", "sql": "SELECT 1"}],
}
SETTINGS = {
    "is_config_review_required": True,
    "is_metric_review_required": False,
    "is_metric_review_required_on_verified_only": False,
}
REVIEW = {"reviewStatus": "pending", "description": "Opened by CONSOLE API"}

CHANGES: list[tuple[str, str, Tree | None]] = [
    ("PATCH", "/gates/gate", {"description": "other"}),
    ("POST", "/gates/gate", {"isEnabled": True, "description": "other", "rules": []}),
    ("PUT", "/gates/gate/launch", None),
    ("PUT", "/gates/gate/archive", {}),
    ("POST", "/gates/gate/rule", RULE | {"name": "second"}),
    ("POST", "/gates/gate/rules", {"rules": [RULE | {"name": "second"}]}),
    ("DELETE", "/gates/gate", None),
    ("PATCH", "/dynamic_configs/config", {"defaultValue": {"a": 1}}),
    ("PUT", "/dynamic_configs/config/disable", None),
    ("DELETE", "/dynamic_configs/config", None),
    ("PATCH", "/experiments/test", {"hypothesis": "more"}),
    ("PUT", "/experiments/test/start", {}),
    ("POST", "/experiments/test/schedule_start", {"scheduledTime": 1}),
    ("DELETE", "/experiments/test", None),
]


@pytest.fixture
def careful(store: Store) -> Store:
    """A project in which every change of a config needs a review."""
    store.seed(SEED | {"review_settings": SETTINGS})
    return store


def unreviewed(state: Tree) -> Tree:
    """The state without what tells of reviews."""
    bare = {name: value for name, value in state.items() if name != "reviews"}
    for name in ("gates", "experiments"):
        bare[name] = [{key: item[key] for key in item if key != "activeReview"} for item in bare[name]]
    return bare


def objects(state: Tree) -> Tree:
    return {name: state[name] for name in ("gates", "dynamic_configs", "experiments", "layers", "entity_properties")}


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_a_change_that_needs_a_review_opens_one_and_leaves_the_object(
    careful: Store, api: httpx.Client, method: str, path: str, body: Tree | None
) -> None:
    before = careful.dump()
    answer = api.request(method, path, json=body, headers=RESPECT)
    assert answer.is_success
    after = careful.dump()
    assert unreviewed(after) == unreviewed(before)
    collection, id_ = path.split("/")[1:3]
    assert list(after["reviews"]) == [f"{collection}/{id_}"]
    live = api.get(f"/{collection}/{id_}").json()["data"]
    if "data" in answer.json():
        assert answer.json()["data"] == live
    if collection == "dynamic_configs":
        assert "activeReview" not in live
    else:
        assert {key: live["activeReview"][key] for key in REVIEW} == REVIEW
        assert live["activeReview"].keys() - REVIEW.keys() == {"reviewID"}


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_what_is_approved_is_what_would_have_been_done(
    careful: Store, api: httpx.Client, method: str, path: str, body: Tree | None
) -> None:
    collection, id_ = path.split("/")[1:3]
    api.request(method, path, json=body, headers=RESPECT)
    careful.approve_review(collection, id_, by="Jo", email="jo@example.com")
    assert careful.dump()["reviews"] == {}
    api.get("/gates")  # a start that is due takes place
    approved = objects(careful.dump())
    careful.seed(SEED | {"layers": []})
    api.request(method, path, json=body)
    api.get("/gates")
    assert stripped(approved) == stripped(objects(careful.dump()))


def stripped(state: Tree) -> Tree:
    """Without ids that are made anew, and without who did it."""
    made = {"lastModifierID", "lastModifierName", "lastModifierEmail", "creatorID", "creatorName", "creatorEmail"}
    return {
        name: [
            {key: _nameless(value) if key == "rules" else value for key, value in item.items() if key not in made}
            for item in items
        ]
        for name, items in state.items()
    }


def _nameless(rules: list[Tree]) -> list[Tree]:
    return [{key: rule[key] for key in rule if key not in {"id", "baseID"}} for rule in rules]


def test_whoever_approves_is_the_author(careful: Store, api: httpx.Client) -> None:
    api.patch("/gates/gate", json={"description": "other"}, headers=RESPECT)
    careful.approve_review("gates", "gate", by="Jo", email="jo@example.com")
    gate = api.get("/gates/gate").json()["data"]
    assert (gate["description"], gate["lastModifierName"], gate["version"]) == ("other", "Jo", 1)
    assert "activeReview" not in gate
    records = api.get("/audit_logs", params={"limit": 3}).json()["data"]
    assert [(each["actionType"], each["updatedBy"]) for each in records] == [
        ("config_description_update", "Jo"),
        ("config_review_commit", "Jo"),
        ("config_review_create", "CONSOLE API"),
    ]


def test_what_is_rejected_never_happens(careful: Store, api: httpx.Client) -> None:
    before = objects(careful.dump())
    api.patch("/gates/gate", json={"description": "other"}, headers=RESPECT)
    careful.reject_review("gates", "gate", by="Jo")
    assert objects(careful.dump()) == before
    with pytest.raises(KeyError):
        careful.reject_review("gates", "gate", by="Jo")
    with pytest.raises(KeyError):
        careful.approve_review("gates", "none", by="Jo")


def test_while_a_review_is_open_further_changes_are_dropped(careful: Store, api: httpx.Client) -> None:
    first = api.patch("/gates/gate", json={"description": "first"}, headers=RESPECT).json()["data"]
    second = api.patch("/gates/gate", json={"description": "second"}, headers=RESPECT)
    assert (second.status_code, second.json()["data"]) == (200, first)
    careful.approve_review("gates", "gate", by="Jo")
    assert api.get("/gates/gate").json()["data"]["description"] == "first"


@pytest.mark.parametrize("headers", [{}, {"x-respect-review-settings": "False"}])
def test_a_change_that_does_not_respect_reviews_goes_through_also_while_one_is_open(
    careful: Store, api: httpx.Client, headers: dict[str, str]
) -> None:
    review = api.patch("/gates/gate", json={"description": "kept"}, headers=RESPECT).json()["data"]["activeReview"]
    gate = api.put("/gates/gate/enable", headers=headers).json()["data"]
    assert (gate["status"], gate["description"], gate["activeReview"]) == ("In Progress", "", review)
    careful.approve_review("gates", "gate", by="Jo")
    gate = api.get("/gates/gate").json()["data"]
    assert (gate["status"], gate["description"]) == ("In Progress", "kept")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/gates/gate", {"description": 1}),
        ("PATCH", "/gates/none", {}),
        ("PUT", "/experiments/test/abandon", {"decisionReason": ""}),
        ("PATCH", "/gates/gate", {"tags": ["none"]}),
    ],
)
def test_a_change_that_is_refused_opens_no_review(
    careful: Store, api: httpx.Client, method: str, path: str, body: Tree
) -> None:
    before = careful.dump()
    assert api.request(method, path, json=body, headers=RESPECT).is_client_error
    assert careful.dump() == before


def test_making_objects_and_overriding_needs_no_review(careful: Store, api: httpx.Client) -> None:
    assert api.post("/gates", json={"name": "new"}, headers=RESPECT).status_code == 201
    overrides = {"passingUserIDs": ["u"], "failingUserIDs": []}
    assert api.post("/gates/gate/overrides", json=overrides, headers=RESPECT).json()["data"]["passingUserIDs"] == ["u"]
    assert api.post("/experiments/test/restart_as_new", json={"name": "copy"}, headers=RESPECT).is_success
    assert api.post("/tags", json={"name": "t", "description": ""}, headers=RESPECT).is_success
    assert careful.dump()["reviews"] == {}


def test_a_gate_can_require_reviews_of_its_own(store: Store, api: httpx.Client) -> None:
    store.seed(SEED)
    needs_one = {"reviewSettings": {"requiredReview": True}}
    assert "activeReview" not in api.patch("/gates/gate", json=needs_one, headers=RESPECT).json()["data"]
    off = {"reviewSettings": {"requiredReview": False}}
    assert "activeReview" in api.patch("/gates/gate", json=off, headers=RESPECT).json()["data"]
    assert api.get("/gates/gate").json()["data"]["reviewSettings"]["requiredReview"] is True
    config = api.patch("/dynamic_configs/config", json={"description": "at once"}, headers=RESPECT)
    assert config.json()["data"]["description"] == "at once"


def test_sources_and_experiments_that_are_only_analysed_have_settings_of_their_own(
    careful: Store, api: httpx.Client
) -> None:
    users, analysis = "/experiments/entity_property/users", "/experiments/analysis"
    for path in (users, analysis):
        assert api.patch(path, json={"description": "1"}, headers=RESPECT).json()["data"]["description"] == "1"
    own = {"is_whn_source_review_required": True, "is_whn_analysis_only_review_required": True}
    assert api.post("/settings/reviews", json=SETTINGS | own).json()["data"] == SETTINGS | own
    for path in (users, analysis):
        assert api.patch(path, json={"description": "2"}, headers=RESPECT).json()["data"]["description"] == "1"
    dry = {"name": "users", "sql": "SELECT 2", "idTypeMapping": [], "dryRun": True}
    assert api.post(users, json=dry, headers=RESPECT).json()["data"]["sql"] == "SELECT 2"
    careful.console_edit("entity_properties", "users", {"name": "people"}, by="Jo")
    careful.approve_review("entity_properties", "people", by="Jo")
    assert api.get("/experiments/entity_property/people").json()["data"]["description"] == "2"


def test_the_settings_can_be_read_and_set(store: Store, api: httpx.Client) -> None:
    assert store.dump()["review_settings"] == SETTINGS | {"is_config_review_required": False}
    assert api.post("/settings/reviews", json=SETTINGS).json() == {
        "message": "Settings updated successfully.",
        "data": SETTINGS,
    }
    assert api.get("/settings/reviews").json() == {"message": "Settings read successfully.", "data": SETTINGS}
    assert api.post("/settings/reviews", json={}).status_code == 400


def test_a_review_whose_change_is_not_known_can_be_closed(store: Store, api: httpx.Client) -> None:
    review = REVIEW | {"reviewID": "1"}
    store.seed({"gates": [{"id": "gate", "activeReview": review}], "review_settings": SETTINGS})
    assert api.patch("/gates/gate", json={}, headers=RESPECT).json()["data"]["activeReview"] == review
    store.approve_review("gates", "gate", by="Jo")
    assert "activeReview" not in api.get("/gates/gate").json()["data"]


def test_a_change_that_is_possible_no_more_is_not_made(careful: Store, api: httpx.Client) -> None:
    api.put("/experiments/test/start", headers=RESPECT)
    careful.console_edit("experiments", "test", {"status": "archived"}, by="Jo")
    before = careful.dump()
    with pytest.raises(ApiError, match="archived"):
        careful.approve_review("experiments", "test", by="Jo")
    assert careful.dump() == before


def test_reviews_go_with_their_objects(careful: Store, api: httpx.Client) -> None:
    for path in ("/gates/gate", "/dynamic_configs/config"):
        api.patch(path, json={}, headers=RESPECT)
    assert careful.dump()["reviews"].keys() == {"gates/gate", "dynamic_configs/config"}
    state = careful.dump()
    with Store.open() as other:
        other.seed(state)
        assert other.dump() == state
    api.delete("/gates/gate")
    careful.seed({"dynamic_configs": []})
    assert careful.dump()["reviews"] == {}


def test_a_database_from_before_there_were_settings_gets_them(tmp_path: Path) -> None:
    path = tmp_path / "project.sqlite3"
    with Store.open(path) as store:
        store.seed({"gates": [{"id": "kept"}]})
    with sqlite3.connect(path) as raw:
        raw.execute("DELETE FROM objects WHERE collection = 'review_settings'")
        raw.execute("PRAGMA user_version = 1")
    raw.close()
    with Store.open(path) as store, running(create_app(store)) as url:
        assert [gate["id"] for gate in store.dump()["gates"]] == ["kept"]
        answer = httpx.get(f"{url}/settings/reviews", headers={"STATSIG-API-KEY": "console-a"})
        assert answer.json()["data"]["is_config_review_required"] is False

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from reconciler.emulator import Store

Tree = dict[str, Any]

START = 1_790_000_000_000
GROUPS = [
    {"id": "g1", "name": "Control", "size": 50, "parameterValues": {"n": 1}},
    {"id": "g2", "name": "Test", "size": 50, "parameterValues": {"n": 2}},
]
BODIES: Tree = {
    "start": {},
    "make_decision": {"id": "g2", "decisionReason": "won"},
    "abandon": {"decisionReason": "no use"},
    "reset": None,
    "archive": {},
    "unarchive": None,
}
STARTED, NOT_STARTED = "Experiment has already started", "Experiment has not yet started"
FINISHED, NOT_FINISHED = "Experiment has already finished", "Experiment has not yet finished"
ARCHIVED = "Experiment is archived"


def seeded(store: Store, status: str, **fields: object) -> None:
    store.seed({"experiments": [{"id": "it", "name": "It", "status": status, "groups": GROUPS} | fields]})


def get(api: httpx.Client, id_: str = "it") -> Tree:
    data: Tree = api.get(f"/experiments/{id_}").json()["data"]
    return data


def step(api: httpx.Client, name: str) -> httpx.Response:
    return api.put(f"/experiments/it/{name}", json=BODIES[name])


MESSAGES = {
    "start": "Experiment successfully started.",
    "make_decision": "Decision made for Experiment.",
    "abandon": "Experiment successfully abandoned.",
    "reset": "Experiment successfully restarted.",
    "archive": "Experiment successfully archived.",
    "unarchive": "Experiment successfully unarchived.",
}


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("start", "setup", "active"),
        ("make_decision", "active", "decision_made"),
        ("abandon", "active", "abandoned"),
        ("reset", "decision_made", "setup"),
        ("reset", "abandoned", "setup"),
        ("reset", "experiment_stopped", "setup"),
        ("archive", "setup", "archived"),
        ("archive", "decision_made", "archived"),
        ("archive", "abandoned", "archived"),
        ("unarchive", "archived", "setup"),
    ],
)
def test_legal_steps_answer_with_a_message_only(
    api: httpx.Client, store: Store, name: str, before: str, after: str
) -> None:
    seeded(store, before, version=5)
    answer = step(api, name)
    assert (answer.status_code, answer.json()) == (200, {"message": MESSAGES[name]})
    assert (get(api)["status"], get(api)["version"]) == (after, 6)


@pytest.mark.parametrize(
    ("name", "status", "message"),
    [
        ("start", "active", STARTED),
        ("start", "decision_made", FINISHED),
        ("start", "abandoned", FINISHED),
        ("start", "assignment_stopped", FINISHED),
        ("start", "archived", ARCHIVED),
        ("make_decision", "setup", NOT_STARTED),
        ("make_decision", "decision_made", FINISHED),
        ("make_decision", "archived", ARCHIVED),
        ("abandon", "setup", NOT_STARTED),
        ("abandon", "decision_made", FINISHED),
        ("abandon", "abandoned", "Experiment is already abandoned"),
        ("reset", "setup", NOT_STARTED),
        ("reset", "active", NOT_FINISHED),
        ("reset", "archived", ARCHIVED),
        ("archive", "active", NOT_FINISHED),
        ("archive", "archived", "Experiment is already archived"),
        ("unarchive", "setup", "Experiment is not archived"),
        ("unarchive", "decision_made", "Experiment is not archived"),
    ],
)
def test_illegal_steps_are_refused_and_change_nothing(
    api: httpx.Client, store: Store, name: str, status: str, message: str
) -> None:
    seeded(store, status)
    before = get(api)
    answer = step(api, name)
    assert (answer.status_code, answer.json()["message"]) == (400, message)
    assert get(api) == before


def test_starting_says_when_and_makes_the_implicit_layer(api: httpx.Client, store: Store) -> None:
    seeded(store, "setup", idType="stableID")
    api.put("/experiments/it/start", json={"analysisEndTime": "2026-12-31"})
    live = get(api)
    assert (live["startTime"], live["layerID"], live["analysisEndTime"]) == (START, "statsig::it_layer", "2026-12-31")
    layer = api.get("/layers/statsig::it_layer").json()["data"]
    assert (layer["isImplicitLayer"], layer["idType"]) == (True, "stableID")


def test_an_experiment_in_a_layer_stays_there(api: httpx.Client, store: Store) -> None:
    seeded(store, "setup", layerID="shared")
    step(api, "start")
    assert get(api)["layerID"] == "shared"


def test_a_decision_says_which_group_why_and_when(api: httpx.Client, store: Store) -> None:
    seeded(store, "active")
    step(api, "make_decision")
    live = get(api)
    fields = ("launchedGroupID", "decisionReason", "decisionTime", "endTime")
    assert [live[field] for field in fields] == ["g2", "won", START, START]


@pytest.mark.parametrize("group", ["Test", "g3", ""])
def test_a_decision_names_a_group_by_its_id(api: httpx.Client, store: Store, group: str) -> None:
    seeded(store, "active")
    answer = api.put("/experiments/it/make_decision", json={"id": group, "decisionReason": "won"})
    assert answer.status_code == 400
    assert get(api)["status"] == "active"


def test_a_decision_without_targeting_changes_the_defaults_of_the_layer(api: httpx.Client, store: Store) -> None:
    parameters = [{"name": name, "type": "number", "defaultValue": 0} for name in ("n", "m")]
    store.seed({"gates": [{"id": "gate"}], "layers": [{"id": "shared", "version": 3, "parameters": parameters}]})
    seeded(store, "active", layerID="shared", targetingGateID="gate")
    api.put("/experiments/it/make_decision", json=BODIES["make_decision"] | {"removeTargeting": True})
    layer = api.get("/layers/shared").json()["data"]
    assert get(api)["targetingGateID"] == ""
    assert [item["defaultValue"] for item in layer["parameters"]] == [2, 0]
    assert layer["version"] == 4


def test_a_decision_without_targeting_leaves_a_layer_alone_that_lacks_the_parameters(
    api: httpx.Client, store: Store
) -> None:
    store.seed({"layers": [{"id": "shared", "version": 3}]})
    seeded(store, "active", layerID="shared")
    api.put("/experiments/it/make_decision", json=BODIES["make_decision"] | {"removeTargeting": True})
    assert api.get("/layers/shared").json()["data"]["version"] == 3


def test_abandoning_needs_a_reason(api: httpx.Client, store: Store) -> None:
    seeded(store, "active")
    answer = api.put("/experiments/it/abandon", json={})
    assert answer.json()["errors"] == [{"property": "decisionReason", "errorMessage": "Required"}]
    step(api, "abandon")
    assert (get(api)["decisionReason"], get(api).get("launchedGroupID")) == ("no use", None)


def test_a_reset_forgets_the_decision_and_keeps_the_groups(api: httpx.Client, store: Store) -> None:
    seeded(store, "active")
    step(api, "make_decision")
    step(api, "reset")
    live = get(api)
    fields = ("startTime", "endTime", "decisionTime", "decisionReason", "launchedGroupID")
    assert [live[field] for field in fields] == [None] * 5
    assert live["groups"] == GROUPS


def test_a_patch_of_the_status_starts(api: httpx.Client, store: Store) -> None:
    seeded(store, "setup")
    api.patch("/experiments/it", json={"status": "active", "allocation": 10})
    assert (get(api)["status"], get(api)["startTime"], get(api)["allocation"]) == ("active", START, 10)
    assert get(api)["layerID"] == "statsig::it_layer"


def test_a_patch_of_the_status_decides_if_it_names_the_group(api: httpx.Client, store: Store) -> None:
    seeded(store, "active")
    bare = api.patch("/experiments/it", json={"status": "decision_made"})
    assert bare.json()["errors"] == [{"property": "launchedGroupID", "errorMessage": "Required"}]
    api.patch("/experiments/it", json={"status": "decision_made", "launchedGroupID": "g1", "decisionReason": "r"})
    assert (get(api)["status"], get(api)["launchedGroupID"], get(api)["decisionReason"]) == ("decision_made", "g1", "r")


@pytest.mark.parametrize(
    ("before", "wanted", "message"),
    [
        ("setup", "decision_made", NOT_STARTED),
        ("decision_made", "active", FINISHED),
        ("active", "setup", "Experiment status cannot be changed from active to setup"),
        ("active", "abandoned", "Experiment status cannot be changed from active to abandoned"),
        ("setup", "archived", "Experiment status cannot be changed from setup to archived"),
        ("active", "experiment_stopped", "Experiment status cannot be changed from active to experiment_stopped"),
    ],
)
def test_a_patch_of_the_status_does_nothing_else(
    api: httpx.Client, store: Store, before: str, wanted: str, message: str
) -> None:
    seeded(store, before)
    answer = api.patch("/experiments/it", json={"status": wanted, "launchedGroupID": "g1"})
    assert (answer.status_code, answer.json()["message"]) == (400, message)
    assert get(api)["status"] == before


def test_a_scheduled_start_happens_when_its_time_has_come(
    api: httpx.Client, store: Store, later: Callable[[int], None]
) -> None:
    seeded(store, "setup")
    answer = api.post("/experiments/it/schedule_start", json={"scheduledTime": START + 5000})
    assert answer.json() == {"message": "Successfully scheduled experiment start"}
    later(4999)
    assert get(api)["status"] == "setup"
    later(2)
    assert (get(api)["status"], get(api)["startTime"]) == ("active", START + 5000)
    assert get(api)["lastModifierName"] == "CONSOLE API"


def test_a_start_by_hand_does_away_with_the_scheduled_one(
    api: httpx.Client, store: Store, later: Callable[[int], None]
) -> None:
    seeded(store, "setup")
    api.post("/experiments/it/schedule_start", json={"scheduledTime": START + 5000})
    for name in ("start", "abandon", "reset"):
        assert step(api, name).status_code == 200
    later(6000)
    assert get(api)["status"] == "setup"


def test_a_schedule_is_moot_when_the_experiment_went_elsewhere(
    api: httpx.Client, store: Store, later: Callable[[int], None]
) -> None:
    seeded(store, "setup")
    api.post("/experiments/it/schedule_start", json={"scheduledTime": START + 5000})
    step(api, "archive")
    later(6000)
    assert get(api)["status"] == "archived"
    assert api.post("/experiments/it/schedule_start", json={"scheduledTime": START}).json()["message"] == ARCHIVED


def test_groups_are_switched_by_name_while_the_experiment_runs(api: httpx.Client, store: Store) -> None:
    seeded(store, "active")
    off = api.post("/experiments/it/disable_groups", json={"group_names": ["Test"]})
    assert off.status_code == 201
    assert [group.get("disabled") for group in off.json()["data"]["groups"]] == [None, True]
    on = api.post("/experiments/it/enable_groups", json={"group_names": ["Test"]})
    assert [group.get("disabled") for group in on.json()["data"]["groups"]] == [None, False]
    unknown = api.post("/experiments/it/disable_groups", json={"group_names": ["g1"]})
    assert unknown.json()["message"] == "The following groups could not be found: [g1]"


@pytest.mark.parametrize(("status", "message"), [("setup", NOT_STARTED), ("decision_made", FINISHED)])
def test_groups_are_switched_at_no_other_time(api: httpx.Client, store: Store, status: str, message: str) -> None:
    seeded(store, status)
    answer = api.post("/experiments/it/disable_groups", json={"group_names": ["Test"]})
    assert (answer.status_code, answer.json()["message"]) == (400, message)


@pytest.mark.parametrize(("layer", "copied"), [("shared", "shared"), ("statsig::it_layer", None)])
def test_restarting_as_new_copies_and_leaves_the_old_one(
    api: httpx.Client, store: Store, layer: str, copied: str | None
) -> None:
    seeded(store, "active", layerID=layer, hypothesis="h", controlGroupID="g1")
    old = get(api)
    answer = api.post("/experiments/it/restart_as_new", json={"name": "It Again"})
    new = answer.json()["data"]
    assert (answer.status_code, answer.json()["message"]) == (200, "Restart As New Experiment Success")
    assert (new["id"], new["status"], new["hypothesis"], new["layerID"]) == ("it_again", "setup", "h", copied)
    assert [(group["name"], group["parameterValues"]) for group in new["groups"]] == [
        ("Control", {"n": 1}),
        ("Test", {"n": 2}),
    ]
    assert not {group["id"] for group in new["groups"]} & {"g1", "g2"}
    assert new["controlGroupID"] == new["groups"][0]["id"]
    assert get(api) == old
    again = api.post("/experiments/it/restart_as_new", json={"name": "It Again"})
    assert again.json()["message"] == "Name is already in use"

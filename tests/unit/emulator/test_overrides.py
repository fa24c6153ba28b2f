from __future__ import annotations

from typing import Any

import httpx
import pytest

from reconciler.emulator import Store

Tree = dict[str, Any]

GATE = "/gates/gate/overrides"
EXPERIMENT = "/experiments/new/overrides"
NONE: Tree = {
    "passingUserIDs": [],
    "failingUserIDs": [],
    "passingCustomIDs": [],
    "failingCustomIDs": [],
    "environmentOverrides": [],
}
USERS = {"passingUserIDs": ["a", "b"], "failingUserIDs": ["c"]}


@pytest.fixture(autouse=True)
def objects(api: httpx.Client, store: Store) -> None:
    store.seed({"gates": [{"id": "gate"}], "segments": [{"id": "people"}]})
    api.post("/experiments", json={"name": "new"})


def place(environment: str | None = None, passing: list[str] | None = None, failing: list[str] | None = None) -> Tree:
    return {"environment": environment, "unitID": "userID", "passingIDs": passing or [], "failingIDs": failing or []}


def send(api: httpx.Client, method: str, path: str, body: Tree | None = None) -> Tree:
    answer = api.request(method, path, json=body)
    assert answer.status_code == (201 if path == GATE else 200), answer.text
    data: Tree = answer.json()["data"]
    return data


def test_a_gate_without_overrides_shows_all_lists_empty(api: httpx.Client) -> None:
    assert send(api, "GET", GATE) == NONE


def test_overrides_of_a_gate_are_set_added_to_and_taken_away(api: httpx.Client) -> None:
    assert send(api, "POST", GATE, USERS) == NONE | USERS
    added = send(api, "PATCH", GATE, {"passingUserIDs": ["d", "a"], "failingUserIDs": [], "passingCustomIDs": ["x"]})
    assert added == NONE | USERS | {"passingUserIDs": ["a", "b", "d"], "passingCustomIDs": ["x"]}
    left = send(api, "DELETE", GATE, {"passingUserIDs": ["a", "z"], "failingUserIDs": ["c"]})
    assert left == NONE | {"passingUserIDs": ["b", "d"], "passingCustomIDs": ["x"]}
    assert send(api, "GET", GATE) == left
    assert send(api, "DELETE", GATE) == NONE


def test_setting_one_form_keeps_the_other(api: httpx.Client) -> None:
    places = [place("staging", ["p"])]
    send(api, "POST", GATE, USERS)
    assert send(api, "POST", GATE, {"environmentOverrides": places}) == NONE | USERS | {"environmentOverrides": places}


def test_overrides_by_environment_are_merged_by_environment_and_unit(api: httpx.Client) -> None:
    send(api, "POST", GATE, {"environmentOverrides": [place("staging", ["p"]), place(None, ["q"])]})
    added = send(
        api, "PATCH", GATE, {"environmentOverrides": [place("staging", ["r"], ["s"]), place("production", ["t"])]}
    )
    assert added["environmentOverrides"] == [
        place("staging", ["p", "r"], ["s"]),
        place(None, ["q"]),
        place("production", ["t"]),
    ]
    left = send(api, "DELETE", GATE, {"environmentOverrides": [place("staging", ["p"]), place(None, ["q"])]})
    assert left["environmentOverrides"] == [place("staging", ["r"], ["s"]), place("production", ["t"])]


@pytest.mark.parametrize(
    "body",
    [
        {"passingUserIDs": ["a"], "failingUserIDs": ["a"]},
        {"environmentOverrides": [place(None, ["a"], ["a"])]},
        {"passingUserIDs": [""], "failingUserIDs": []},
        {"passingUserIDs": [str(number) for number in range(2001)], "failingUserIDs": []},
        {"passingUserIDs": []},
        {},
    ],
)
def test_overrides_of_a_gate_that_cannot_be_are_refused(api: httpx.Client, body: Tree) -> None:
    assert api.post(GATE, json=body).status_code == 400
    assert send(api, "GET", GATE) == NONE


def test_an_added_id_must_not_be_on_the_other_side(api: httpx.Client) -> None:
    send(api, "POST", GATE, USERS)
    answer = api.patch(GATE, json={"passingUserIDs": ["c"], "failingUserIDs": []})
    assert answer.json()["message"] == "An ID can only be in one of the passing and failing lists"


def test_overrides_go_with_their_gate(api: httpx.Client) -> None:
    send(api, "POST", GATE, USERS)
    api.delete("/gates/gate")
    assert api.get(GATE).status_code == 404
    api.post("/gates", json={"name": "gate"})
    assert send(api, "GET", GATE) == NONE


BY_GATE = {"type": "gate", "id": "gate", "groupID": "Control"}
BY_SEGMENT = {"type": "segment", "id": "people", "groupID": "Test", "environment": "staging"}


def test_overrides_of_an_experiment_are_set_added_to_and_taken_away(api: httpx.Client) -> None:
    units = {"groupID": "Test", "ids": ["u1", "u2"]}
    made = send(api, "POST", EXPERIMENT, {"overrides": [BY_GATE], "userIDOverrides": [units]})
    assert made == {"overrides": [BY_GATE | {"name": "gate"}], "userIDOverrides": [units]}
    more = {"overrides": [BY_SEGMENT], "userIDOverrides": [{"groupID": "Test", "ids": ["u2", "u3"]}]}
    added = send(api, "PATCH", EXPERIMENT, more)
    assert [item["name"] for item in added["overrides"]] == ["gate", "people"]
    assert added["userIDOverrides"] == [{"groupID": "Test", "ids": ["u1", "u2", "u3"]}]
    less = {"overrides": [BY_GATE], "userIDOverrides": [{"groupID": "Test", "ids": ["u1"]}]}
    left = send(api, "DELETE", EXPERIMENT, less)
    assert [item["name"] for item in left["overrides"]] == ["people"]
    assert left["userIDOverrides"] == [{"groupID": "Test", "ids": ["u2", "u3"]}]
    assert send(api, "GET", EXPERIMENT) == left
    assert send(api, "DELETE", EXPERIMENT) == {"overrides": [], "userIDOverrides": []}


def test_a_patch_moves_a_gate_to_another_group(api: httpx.Client) -> None:
    send(api, "POST", EXPERIMENT, {"overrides": [BY_GATE], "userIDOverrides": []})
    moved = {"overrides": [BY_GATE | {"groupID": "Test"}], "userIDOverrides": []}
    assert send(api, "PATCH", EXPERIMENT, moved)["overrides"] == [BY_GATE | {"groupID": "Test", "name": "gate"}]


def test_groups_of_overrides_are_named_by_id_too(api: httpx.Client) -> None:
    group = api.get("/experiments/new").json()["data"]["groups"][1]["id"]
    body = {"overrides": [], "userIDOverrides": [{"groupID": group, "ids": ["u"]}]}
    assert send(api, "POST", EXPERIMENT, body)["userIDOverrides"][0]["groupID"] == group


@pytest.mark.parametrize(
    "body",
    [
        {"overrides": [BY_GATE | {"id": "none"}], "userIDOverrides": []},
        {"overrides": [BY_SEGMENT | {"id": "none"}], "userIDOverrides": []},
        {"overrides": [BY_GATE | {"groupID": "None"}], "userIDOverrides": []},
        {"overrides": [], "userIDOverrides": [{"groupID": "None", "ids": []}]},
        {"overrides": []},
    ],
)
def test_overrides_of_an_experiment_that_cannot_be_are_refused(api: httpx.Client, body: Tree) -> None:
    assert api.post(EXPERIMENT, json=body).status_code == 400


def test_overrides_of_what_is_not_there_are_not_found(api: httpx.Client) -> None:
    assert api.get("/gates/none/overrides").status_code == 404
    assert api.get("/experiments/none/overrides").status_code == 404

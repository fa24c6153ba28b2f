from __future__ import annotations

from typing import Any

import httpx
import pytest

from reconciler.emulator import Store

Tree = dict[str, Any]

FULL: Tree = {
    "description": "",
    "idType": "userID",
    "hypothesis": "",
    "groups": [
        {"name": "Control", "size": 50, "parameterValues": {}},
        {"name": "Test", "size": 50, "parameterValues": {}},
    ],
    "allocation": 100,
    "targetingGateID": None,
    "bonferroniCorrection": False,
    "defaultConfidenceInterval": "95",
    "status": "setup",
}


def experiment(answer: httpx.Response, status: int = 200) -> Tree:
    assert answer.status_code == status, answer.text
    data: Tree = answer.json()["data"]
    return data


def refusal(answer: httpx.Response) -> str:
    assert answer.status_code == 400, answer.text
    body = answer.json()
    return str(body.get("errors", [{"errorMessage": body["message"]}])[0]["errorMessage"])


def create(api: httpx.Client, **fields: object) -> Tree:
    return experiment(api.post("/experiments", json={"name": "new"} | fields), 201)


def patch(api: httpx.Client, **fields: object) -> httpx.Response:
    return api.patch("/experiments/new", json=fields)


def group(name: str, size: float = 50, **more: object) -> Tree:
    return {"name": name, "size": size, "parameterValues": {}} | more


def test_a_new_experiment_gets_what_the_service_fills_in(api: httpx.Client) -> None:
    made = create(api, name="A Test")
    expected = {
        "id": "a_test",
        "name": "A Test",
        "description": "",
        "hypothesis": "",
        "idType": "userID",
        "status": "setup",
        "allocation": 100,
        "duration": 14,
        "targetingGateID": "",
        "defaultConfidenceInterval": "95",
        "layerID": None,
        "launchedGroupID": None,
        "startTime": None,
        "decisionReason": None,
        "primaryMetrics": [],
        "tags": [],
        "version": 1,
        "lastModifierName": "CONSOLE API",
    }
    assert {field: made[field] for field in expected} == expected
    assert [(item["name"], item["size"], item["parameterValues"]) for item in made["groups"]] == [
        ("Control", 50, {}),
        ("Test", 50, {}),
    ]
    assert made["controlGroupID"] == made["groups"][0]["id"]


def test_an_experiment_is_made_in_setup_or_active_and_nothing_else(api: httpx.Client) -> None:
    assert create(api, status="active")["startTime"] == 1_790_000_000_000
    answer = api.post("/experiments", json={"name": "other", "status": "archived"})
    assert refusal(answer) == "Experiments can only be created as setup or active"


def test_an_id_of_an_experiment_has_no_dot(api: httpx.Client) -> None:
    assert refusal(api.post("/experiments", json={"name": "new", "id": "a.b"})) == "Invalid"
    assert refusal(api.post("/experiments", json={"name": "a.b"})) == "Invalid"


def test_groups_keep_their_ids_by_id_and_by_name(api: httpx.Client) -> None:
    control, test = create(api)["groups"]
    sent = [group("Renamed", id=control["id"]), group("Test", 25), group("Third", 25, id=None)]
    after = experiment(patch(api, groups=sent))["groups"]
    assert [item["id"] for item in after[:2]] == [control["id"], test["id"]]
    assert after[2]["id"] not in {control["id"], test["id"]}


def test_a_name_that_passes_to_another_group_does_not_take_its_id_along(api: httpx.Client) -> None:
    control, _ = create(api)["groups"]
    after = experiment(patch(api, groups=[group("New", id=control["id"]), group("Control")]))["groups"]
    assert after[0]["id"] == control["id"] != after[1]["id"]


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ([group("a"), group("a")], "Duplicate group name(s) given"),
        ([group("a"), group("b", 49)], "Group sizes must add up to 100"),
        ([], "Group sizes must add up to 100"),
        ([group("a", 101)], "Number must be less than or equal to 100.0"),
        ([group("a", 100, id="none")], "A provided group ID does not match an existing group ID: none"),
    ],
)
def test_groups_that_cannot_be_are_refused(api: httpx.Client, groups: list[Tree], message: str) -> None:
    assert refusal(api.post("/experiments", json={"name": "new", "groups": groups})) == message


def test_sizes_may_be_rounded_thirds(api: httpx.Client) -> None:
    assert len(create(api, groups=[group(name, 33.33) for name in "abc"])["groups"]) == 3


def test_numbers_come_back_without_a_fraction_that_is_none(api: httpx.Client) -> None:
    made = create(api, allocation=12.0, groups=[group("a", 100.0, parameterValues={"n": 1.0, "l": [2.0], "b": True})])
    values = (made["allocation"], made["groups"][0]["size"], made["groups"][0]["parameterValues"])
    assert repr(values) == "(12, 100, {'n': 1, 'l': [2], 'b': True})"


def test_the_control_group_must_be_a_group_and_passes_on_when_it_goes(api: httpx.Client) -> None:
    control, test = create(api)["groups"]
    assert experiment(patch(api, controlGroupID=test["id"]))["controlGroupID"] == test["id"]
    assert refusal(patch(api, controlGroupID="Control")) == "Group ID does not match an existing group"
    assert refusal(patch(api, launchedGroupID="Control")) == "Group ID does not match an existing group"
    assert refusal(patch(api, controlGroupID=test["id"], groups=[group("Control", 100)])) != ""
    assert experiment(patch(api, groups=[group("Control", 100)]))["controlGroupID"] == control["id"]


@pytest.mark.parametrize("none", [None, ""])
def test_no_targeting_gate_comes_back_as_an_empty_text(api: httpx.Client, none: str | None) -> None:
    api.post("/gates", json={"name": "gate"})
    assert create(api, targetingGateID="gate")["targetingGateID"] == "gate"
    assert experiment(patch(api, targetingGateID=none))["targetingGateID"] == ""


def test_the_targeting_gate_and_the_layer_must_exist(api: httpx.Client) -> None:
    gate = api.post("/experiments", json={"name": "new", "targetingGateID": "none"})
    layer = api.post("/experiments", json={"name": "new", "layerID": "none"})
    assert refusal(gate) == "The following Gate IDs could not be found: [none]"
    assert refusal(layer) == "The following Layer IDs could not be found: [none]"


def test_the_layer_is_fixed_at_creation(api: httpx.Client, store: Store) -> None:
    store.seed({"layers": [{"id": "one"}, {"id": "two"}]})
    assert create(api, layerID="one")["layerID"] == "one"
    assert experiment(patch(api, layerID="two"))["layerID"] == "one"


def test_metric_tags_become_metrics_and_are_gone(api: httpx.Client) -> None:
    api.post("/tags", json={"name": "revenue", "description": ""})
    dau = {"name": "dau", "type": "user"}
    grown = {"name": "revenue metric", "type": "event_count_custom"}
    made = create(api, primaryMetrics=[dau], primaryMetricTags=["revenue"])
    assert (made["primaryMetricTags"], made["primaryMetrics"]) == ([], [dau, grown])
    again = experiment(patch(api, primaryMetricTags=["revenue"], secondaryMetricTags=["revenue"]))
    assert (again["primaryMetrics"], again["secondaryMetrics"]) == ([dau, grown], [grown])
    assert refusal(patch(api, primaryMetricTags=["none"])) == "The following tags could not be found: [none]"


def test_an_analysis_only_flag_of_null_is_false(api: httpx.Client) -> None:
    assert create(api, isAnalysisOnly=None)["isAnalysisOnly"] is False


def test_a_full_update_needs_its_fields_and_resets_the_others(api: httpx.Client) -> None:
    create(api, duration=30, tags=["★ Core"])
    errors = api.post("/experiments/new", json={"name": "new"}).json()["errors"]
    assert {item["property"] for item in errors} == FULL.keys()
    changed = experiment(api.post("/experiments/new", json=FULL))
    assert (changed["duration"], changed["tags"], changed["version"]) == (14, [], 2)


def test_an_implicit_layer_goes_with_its_experiment(api: httpx.Client) -> None:
    create(api, status="active")
    assert api.get("/layers/statsig::new_layer").status_code == 200
    api.delete("/experiments/new")
    assert api.get("/layers/statsig::new_layer").status_code == 404


def test_deleting_answers_with_the_experiment_and_takes_its_overrides_along(api: httpx.Client) -> None:
    made = create(api)
    by_unit = {"overrides": [], "userIDOverrides": [{"groupID": "Test", "ids": ["u"]}]}
    api.post("/experiments/new/overrides", json=by_unit)
    assert api.delete("/experiments/new").json() == {"message": "Experiment deleted successfully.", "data": made}
    assert api.get("/experiments/new").status_code == 404
    create(api)
    assert api.get("/experiments/new/overrides").json()["data"]["userIDOverrides"] == []


# ---- while it runs ---------------------------------------------------------------------------------------------------


def test_a_running_experiment_refuses_what_would_taint_it(api: httpx.Client) -> None:
    control, test = create(api, status="active", allocation=50)["groups"]
    refused: list[Tree] = [
        {"allocation": 49.9},
        {"idType": "stableID"},
        {"groups": [control, test | {"size": 25}, group("Third", 25)]},
        {"groups": [control | {"size": 40}, test | {"size": 60}]},
        {"groups": [control, test | {"parameterValues": {"n": 1}}]},
    ]
    for fields in refused:
        assert "while the experiment is active" in refusal(patch(api, **fields))
        assert "while the experiment is active" in refusal(api.post("/experiments/new", json=FULL | fields))


def test_a_running_experiment_takes_what_does_no_harm(api: httpx.Client) -> None:
    control, test = create(api, status="active", allocation=50)["groups"]
    harmless: Tree = {
        "allocation": 60,
        "description": "d",
        "hypothesis": "h",
        "groups": [control | {"name": "Base"}, test | {"description": "d"}],
        "controlGroupID": test["id"],
        "status": "active",
    }
    changed = experiment(patch(api, **harmless))
    assert {field: changed[field] for field in harmless} == harmless


def test_an_archived_experiment_is_read_only(api: httpx.Client) -> None:
    create(api)
    api.put("/experiments/new/archive", json={})
    assert refusal(patch(api, description="d")) == "Experiment is archived"
    assert refusal(api.post("/experiments/new", json=FULL)) == "Experiment is archived"

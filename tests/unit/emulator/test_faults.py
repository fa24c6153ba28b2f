"""Faults by script, as a plain HTTP client meets them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, get_args

import httpx
import pytest
from pydantic import ValidationError

from reconciler.emulator import Faults, Store, Struck, create_app, running, with_faults
from reconciler.emulator.inventory import LISTS
from reconciler.fault_script import Collection

Tree = dict[str, Any]

SEED: Tree = {
    "gates": [{"id": f"gate_{number}"} for number in range(5)],
    "experiments": [{"id": "test"}],
    "entity_properties": [{"name": "users"}],
    "segments": [{"id": "people"}],
}
PATCH = {"description": "written"}


@pytest.fixture(scope="module")
def frail() -> Iterator[tuple[httpx.Client, Store, Faults]]:
    faults = Faults()
    with (
        Store.open() as store,
        running(with_faults(create_app(store), store, faults)) as url,
        httpx.Client(base_url=url, headers={"STATSIG-API-KEY": "console-a"}) as api,
    ):
        yield api, store, faults


@pytest.fixture
def faults(frail: tuple[httpx.Client, Store, Faults]) -> Faults:
    _, store, faults = frail
    store.seed({name: [] for name in LISTS} | SEED)
    faults.clear()
    return faults


@pytest.fixture
def store(frail: tuple[httpx.Client, Store, Faults], faults: Faults) -> Store:
    assert faults is frail[2]
    return frail[1]


@pytest.fixture
def api(frail: tuple[httpx.Client, Store, Faults], faults: Faults) -> httpx.Client:
    assert faults is frail[2]
    return frail[0]


def description(store: Store) -> str:
    return str(store.dump()["gates"][0]["description"])


def test_without_faults_everything_passes_as_it_is(api: httpx.Client, store: Store, faults: Faults) -> None:
    assert api.patch("/gates/gate_0", json=PATCH).json()["data"]["description"] == "written"
    assert api.get("/nowhere").status_code == 404
    assert [gate["id"] for gate in api.get("/gates", params={"limit": 2, "page": 2}).json()["data"]] == [
        "gate_2",
        "gate_3",
    ]
    assert (faults.requests, faults.struck) == (3, [])
    assert description(store) == "written"


ENDS: dict[str, tuple[type[Exception], str]] = {
    "refuse": (httpx.RemoteProtocolError, ""),
    "reset-before": (httpx.ReadError, ""),
    "reset-after": (httpx.ReadError, "written"),
    "cut": (httpx.RemoteProtocolError, "written"),
}
"""What the client meets, and what is kept of what it wrote."""


@pytest.mark.parametrize("do", ENDS)
def test_a_connection_ends_without_a_whole_answer(api: httpx.Client, store: Store, faults: Faults, do: str) -> None:
    error, kept = ENDS[do]
    faults.add({"do": do, "method": "PATCH"})
    with pytest.raises(error):
        api.patch("/gates/gate_0", json=PATCH)
    assert description(store) == kept
    assert faults.struck == [Struck(1, "PATCH /gates/gate_0", do)]
    assert api.patch("/gates/gate_0", json=PATCH).status_code == 200


FAILURES: list[tuple[Tree, tuple[int, str, str | None]]] = [
    ({"do": "server-error"}, (500, "application/json", None)),
    ({"do": "bad-gateway"}, (502, "text/html", None)),
    ({"do": "too-many-requests"}, (429, "application/json", None)),
    ({"do": "too-many-requests", "retryAfter": 3}, (429, "application/json", "3")),
]


@pytest.mark.parametrize(("fault", "told"), FAILURES)
def test_a_failure_is_answered_and_nothing_is_done(
    api: httpx.Client, store: Store, faults: Faults, fault: Tree, told: tuple[int, str, str | None]
) -> None:
    faults.add(fault)
    answer = api.patch("/gates/gate_0", json=PATCH)
    assert (answer.status_code, answer.headers["content-type"], answer.headers.get("retry-after")) == told
    assert answer.text.startswith("<html>") if told[1] == "text/html" else answer.json()["status"] == told[0]
    assert description(store) == ""


@pytest.mark.parametrize("do", ["truncated", "invalid"])
def test_an_answer_is_no_json_though_the_request_was_done(
    api: httpx.Client, store: Store, faults: Faults, do: str
) -> None:
    faults.add({"do": do})
    answer = api.patch("/gates/gate_0", json=PATCH)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    with pytest.raises(ValueError, match=r"line 1 column \d+"):
        answer.json()
    assert description(store) == "written"


def test_a_request_waits_and_is_done_although_its_client_has_gone(
    api: httpx.Client, store: Store, faults: Faults
) -> None:
    faults.add({"do": "delay", "seconds": 1})
    with pytest.raises(httpx.ReadTimeout):
        api.patch("/gates/gate_0", json=PATCH, timeout=0.1)
    assert description(store) == ""
    while description(store) == "":
        time.sleep(0.05)


def page(api: httpx.Client, number: int) -> tuple[list[str], Tree]:
    body = api.get("/gates", params={"limit": 2, "page": number}).json()
    return [gate["id"] for gate in body["data"]], body["pagination"]


def test_a_page_repeats_the_one_before_it(api: httpx.Client, faults: Faults) -> None:
    faults.add({"do": "repeat", "path": "/gates", "times": "always"})
    assert page(api, 1)[0] == ["gate_0", "gate_1"]
    ids, pagination = page(api, 2)
    assert (ids, pagination["pageNumber"]) == (["gate_0", "gate_1"], 2)
    assert page(api, 3)[0] == ["gate_2", "gate_3"]
    assert api.get("/gates", params={"page": "many"}).status_code == 400
    assert faults.requests == 4


def test_a_page_shrinks_and_does_not_say_so(api: httpx.Client, faults: Faults) -> None:
    faults.add({"do": "shrink", "path": "/gates"})
    ids, pagination = page(api, 1)
    assert (ids, pagination["totalItems"]) == (["gate_0"], 5)
    assert page(api, 1)[0] == ["gate_0", "gate_1"]


@pytest.mark.parametrize("do", ["repeat", "shrink"])
def test_what_is_no_list_has_no_pages_to_break(api: httpx.Client, faults: Faults, do: str) -> None:
    faults.add({"do": do})
    assert api.get("/gates/gate_0").json()["data"]["id"] == "gate_0"


def edit(**more: object) -> Tree:
    return {"do": "edit", "collection": "gates", "id": "gate_0", "changes": {"team": "Growth"}, "by": "Jo", **more}


def test_a_person_edits_right_before_a_request(api: httpx.Client, faults: Faults) -> None:
    faults.add(edit(method="PATCH"))
    gate = api.patch("/gates/gate_0", json=PATCH).json()["data"]
    assert (gate["team"], gate["description"], gate["version"]) == ("Growth", "written", 2)


def test_a_person_edits_right_after_a_request_and_before_its_answer(api: httpx.Client, faults: Faults) -> None:
    faults.add(edit(method="PATCH", when="after"))
    gate = api.patch("/gates/gate_0", json=PATCH).json()["data"]
    assert (gate.get("team"), gate["version"]) == (None, 1)
    gate = api.get("/gates/gate_0").json()["data"]
    assert (gate["team"], gate["lastModifierName"], gate["version"]) == ("Growth", "Jo", 2)
    assert str(faults.struck[0]) == "request 1, PATCH /gates/gate_0: edit after"


def test_people_make_and_delete_objects_between_two_pages(api: httpx.Client, faults: Faults) -> None:
    gone = {"do": "delete", "collection": "gates", "id": "gate_0", "path": "/gates", "nth": 2}
    new = {"do": "create", "collection": "gates", "object": {"id": "new"}, "path": "/gates", "nth": 2}
    faults.add(gone, new)
    assert page(api, 1)[0] == ["gate_0", "gate_1"]
    assert page(api, 2)[0] == ["gate_3", "gate_4"]
    assert page(api, 3)[0] == ["new"]


@pytest.mark.parametrize(
    ("collection", "id_"), [("experiments", "test"), ("entity_properties", "users"), ("segments", "people")]
)
def test_people_make_and_delete_objects_of_every_kind(
    api: httpx.Client, store: Store, faults: Faults, collection: str, id_: str
) -> None:
    made = {"name": "made", "id": "made"}
    faults.add(
        {"do": "delete", "collection": collection, "id": id_},
        {"do": "create", "collection": collection, "object": made, "when": "after"},
    )
    api.get("/project")
    assert [struck.problem for struck in faults.struck] == ["", ""]
    assert [item["name"] for item in store.dump()[collection]] == ["made"]


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ({"do": "edit", "id": "none", "changes": {}}, "'none'"),
        ({"do": "delete", "id": "none"}, "'none'"),
        ({"do": "create", "object": {"id": "gate_0"}}, "gate_0 is there already"),
        ({"do": "create", "object": {"name": "no id"}}, "'id'"),
    ],
)
def test_what_a_person_cannot_do_is_told_and_the_request_goes_on(
    api: httpx.Client, faults: Faults, fault: Tree, why: str
) -> None:
    faults.add(fault | {"collection": "gates"})
    assert api.get("/gates").status_code == 200
    assert str(faults.struck[0]) == f"request 1, GET /gates: {fault['do']} before could not be done: {why}"


@pytest.mark.parametrize(
    ("striking", "struck"),
    [
        ({"request": 2}, [2]),
        ({"nth": 2, "times": 2}, [2, 3]),
        ({"times": "always"}, [1, 2, 3, 4, 5]),
        ({"method": "PATCH"}, [3]),
        ({"path": "/gates"}, [1]),
        ({"path": "/gates/*", "times": "always"}, [2, 3]),
        ({"path": "/gates/*/*", "times": "always"}, [4]),
        ({"path": "/gates**", "times": "always"}, [1, 2, 3, 4]),
        ({"path": "/gate?", "times": "always"}, []),
        ({"method": "GET", "path": "/gates/gate_0", "nth": 2}, []),
        ({"request": 3, "method": "GET"}, []),
    ],
)
def test_a_fault_strikes_the_requests_that_it_names(
    api: httpx.Client, faults: Faults, striking: Tree, struck: list[int]
) -> None:
    faults.add({"do": "server-error", **striking})
    answers = [
        api.get("/gates"),
        api.get("/gates/gate_0"),
        api.patch("/gates/gate_0", json=PATCH),
        api.put("/gates/gate_0/enable"),
        api.get("/tags"),
    ]
    assert [number for number, answer in enumerate(answers, 1) if answer.status_code == 500] == struck
    assert [each.number for each in faults.struck] == struck


def test_several_faults_strike_one_request_in_their_order(api: httpx.Client, store: Store, faults: Faults) -> None:
    faults.add(edit(), {"do": "reset-after"})
    with pytest.raises(httpx.ReadError):
        api.patch("/gates/gate_0", json=PATCH)
    gate = store.dump()["gates"][0]
    assert (gate["team"], gate["description"]) == ("Growth", "written")
    assert [struck.do for struck in faults.struck] == ["edit before", "reset-after"]


def test_faults_are_added_and_taken_away_while_the_emulator_serves(api: httpx.Client, faults: Faults) -> None:
    assert api.get("/gates").status_code == 200
    faults.add({"do": "server-error", "request": faults.requests + 2}, {"do": "bad-gateway", "nth": 2})
    assert [api.get("/gates").status_code for _ in range(2)] == [200, 500]
    faults.add({"do": "server-error", "times": "always"})
    assert api.get("/gates").status_code == 500
    faults.clear()
    assert (api.get("/gates").status_code, faults.requests, faults.struck) == (200, 1, [])
    with pytest.raises(ValidationError, match="only one request has a number"):
        faults.add({"do": "refuse", "request": 1, "nth": 2})


def test_a_script_can_name_every_collection() -> None:
    assert set(get_args(Collection)) == set(LISTS)

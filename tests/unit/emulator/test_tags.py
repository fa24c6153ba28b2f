from __future__ import annotations

from typing import Any

import httpx
import pytest

Tree = dict[str, Any]


@pytest.fixture
def made(api: httpx.Client) -> Tree:
    answer = api.post("/tags", json={"name": "a tag / b", "description": "d"})
    assert answer.status_code == 200, answer.text
    data: Tree = answer.json()["data"]
    return data


def test_a_tag_gets_an_id_and_is_found_by_id_and_by_name(api: httpx.Client, made: Tree) -> None:
    other = api.post("/tags", json={"name": "plain", "description": "", "isCore": True}).json()["data"]
    assert (made["name"], made["description"], made["isCore"]) == ("a tag / b", "d", False)
    assert api.get(f"/tags/{made['id']}").json()["data"] == made
    assert api.get("/tags/plain").json()["data"] == other
    assert api.get("/tags/none").status_code == 404


def test_a_name_is_taken_once(api: httpx.Client, made: Tree) -> None:
    again = api.post("/tags", json={"name": made["name"], "description": ""})
    renamed = api.patch("/tags/★ Core", json={"name": made["name"]})
    assert {again.json()["message"], renamed.json()["message"]} == {"Name is already in use"}


@pytest.mark.parametrize("body", [{"name": "t"}, {"description": "d"}, {"name": "", "description": ""}])
def test_a_tag_needs_a_name_and_a_description(api: httpx.Client, body: Tree) -> None:
    assert api.post("/tags", json=body).status_code == 400


def test_objects_keep_the_name_of_a_tag_that_is_renamed_or_deleted(api: httpx.Client, made: Tree) -> None:
    api.post("/gates", json={"name": "gate", "tags": [made["name"]]})
    assert api.patch(f"/tags/{made['id']}", json={"name": "new"}).json()["data"] == made | {"name": "new"}
    assert api.get("/gates/gate").json()["data"]["tags"] == [made["name"]]
    assert api.delete("/tags/new").json() == {"message": "Tag deleted successfully"}
    assert api.delete("/tags/new").status_code == 404
    assert api.patch("/gates/gate", json={"tags": ["new"]}).status_code == 400

"""A live object whose parts have another form than objects of its kind have stops the plan, and never breaks it."""

from __future__ import annotations

import pytest

from reconciler.console import Console, ListingError, UnknownForm, read_snapshot
from reconciler.domain import Json
from reconciler.kinds import KINDS

from .service import Service, routed, says

RULE = {"name": "all", "passPercentage": 100, "conditions": []}


def console(**fields: Json) -> Console:
    return routed({"/gates": says({"data": [{"id": "odd", **fields}]})})


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({"rules": {"a": RULE}}, "rules"),
        ({"rules": "none"}, "rules"),
        ({"rules": [RULE, None]}, "rules"),
        ({"rules": [{**RULE, "name": ["all"]}]}, "rules.name"),
        ({"rules": [{"passPercentage": 1}]}, "rules.name"),
        ({"rules": [{**RULE, "conditions": ["public"]}]}, "rules.conditions"),
        ({"rules": [{**RULE, "conditions": [{"type": {"a": 1}}]}]}, "rules.conditions.type"),
        ({"status": {"a": 1}}, "status"),
        ({"status": ["launched"]}, "status"),
        ({"status": []}, "status"),
        ({"tags": "ours"}, "tags"),
        ({"tags": [["ours"]]}, "tags"),
    ],
)
def test_the_part_and_the_object_are_named(fields: dict[str, Json], part: str) -> None:
    with console(**fields) as opened, pytest.raises(UnknownForm) as caught:
        read_snapshot(opened, [KINDS["Gate"]], needed=frozenset(), references=frozenset())
    assert isinstance(caught.value, ListingError)
    assert str(caught.value) == f"GET /gates: Gate/odd has a form that is not known: {part}"


@pytest.mark.parametrize(
    "fields", [{}, {"rules": None, "tags": None}, {"rules": [RULE], "tags": ["a"], "new": {"b": []}}]
)
def test_what_is_left_out_or_new_is_no_unknown_form(fields: dict[str, Json]) -> None:
    with console(**fields) as opened:
        live = read_snapshot(opened, [KINDS["Gate"]], needed=frozenset(), references=frozenset())
    assert [key.id for key in live.objects] == ["odd"]


@pytest.mark.parametrize("field", ["gateIDs", "experimentIDs"])
@pytest.mark.parametrize("value", ["checkout", {"a": 1}, [["checkout"]], [5], 5])
def test_a_holdout_of_unknown_form_leaves_its_collection_unread(field: str, value: Json) -> None:
    with routed({"/holdouts": says({"data": [{"id": "odd", field: value}]})}) as opened:
        live = read_snapshot(opened, [], needed=frozenset(), references=frozenset({"holdouts"}))
    assert f"odd has a form that is not known: {field}" in live.unread["holdouts"].message


@pytest.mark.parametrize(
    ("path", "row", "part"),
    [
        ("/param_stores", {"parameters": {"a": {"gate_name": "checkout"}}}, "parameters"),
        ("/release_pipelines", {"phases": {"first": []}}, "phases"),
        ("/release_pipelines", {"phases": [{"rules": [{"conditions": {"type": "passes_gate"}}]}]},
         "phases.rules.conditions"),
        ("/segments", {"rules": [[{"conditions": []}]]}, "rules"),
        ("/segments", {"rules": [{"conditions": [{"type": "passes_gate", "targetValue": [["checkout"]]}]}]},
         "rules.conditions.targetValue"),
    ],
)  # fmt: skip
def test_what_may_hold_references_in_an_unknown_form_is_unread(path: str, row: dict[str, Json], part: str) -> None:
    name = path.removeprefix("/")
    with routed({path: says({"data": [{"id": "odd", "name": "odd", **row}]})}) as opened:
        live = read_snapshot(opened, [], needed=frozenset(), references=frozenset({name}))
    assert f"odd has a form that is not known: {part}" in live.unread[name].message


def test_service_is_asked_once() -> None:
    service = Service(says({"data": [{"id": "odd", "rules": 5}]}))
    with service.console() as opened, pytest.raises(UnknownForm):
        read_snapshot(opened, [KINDS["Gate"]], needed=frozenset(), references=frozenset())
    assert len(service.requests) == 2


@pytest.mark.parametrize("id_", [{"a": 1}, ["a"], 5, ""])
def test_a_group_whose_id_has_an_unknown_form_is_not_taken_for_the_control_group(id_: Json) -> None:
    live = {"groups": [{"id": {"b": 1}, "name": "A"}, {"id": "", "name": "B"}], "controlGroupID": id_}
    assert KINDS["Experiment"].view(live)["controlGroup"] is None

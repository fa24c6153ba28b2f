"""Entity property sources: SQL changes by a full update only, everything else by a patch."""

from __future__ import annotations

import pytest

from reconciler.domain import Action, Tree
from reconciler.kinds import KINDS
from tests.unit.planning.making import changes, only_call, only_step, plan_against, plan_of, resource

LIVE: Tree = {
    "name": "thing_one",
    "description": "By hand",
    "tags": ["by-hand"],
    "sql": "select user_id from old",
    "timestampColumn": "ts",
    "timestampAsDay": True,
    "idTypeMapping": [{"statsigUnitID": "userID", "column": "user_id", "future": 1}],
    "isReadOnly": False,
    "team": "Data",
    "teamID": "t1",
    "owner": {"ownerType": "SDK_KEY"},
    "futureField": 1,
}


def source(sql: str, more: str = "") -> str:
    """A manifest with this SQL, one mapped column and further fields."""
    return f"sql: {sql}\nidTypeMapping: [{{statsigUnitID: userID, column: user_id}}]\n{more}"


def test_new_sql_is_posted_together_with_all_that_is_live() -> None:
    plan = plan_against(LIVE, resource("EntityPropertySource", source("select user_id from new")))
    call = only_call(plan)
    assert str(call) == "POST /experiments/entity_property/thing_one"
    kept = {name: value for name, value in LIVE.items() if name not in {"name", "owner", "futureField"}}
    assert call.body == {**kept, "sql": "select user_id from new"}
    assert changes(plan) == [("sql", Action.SET)]


def test_other_changes_go_along_with_new_sql() -> None:
    spec = source("select user_id from new", "description: Ours\ntags: [ours]")
    plan = plan_against(LIVE, resource("EntityPropertySource", spec))
    body = only_call(plan).body
    assert (body["description"], body["tags"], body["timestampColumn"]) == ("Ours", ["ours"], "ts")


@pytest.mark.parametrize(
    ("spec", "body"),
    [
        ("description: Ours", {"description": "Ours"}),
        ("timestampAsDay: false", {"timestampAsDay": False}),
        ("isReadOnly: true", {"isReadOnly": True}),
        ("timestampColumn: ''", {"timestampColumn": ""}),
    ],
)
def test_everything_but_sql_is_patched(spec: str, body: Tree) -> None:
    plan = plan_against(LIVE, resource("EntityPropertySource", source("select user_id from old", spec)))
    call = only_call(plan)
    assert str(call) == "PATCH /experiments/entity_property/thing_one"
    assert call.body == body


def test_a_source_is_known_by_its_name() -> None:
    plan = plan_of(resource("EntityPropertySource", source("select 1"), id_="Orders, 30 days"))
    assert only_step(plan).calls[0].body["name"] == "Orders, 30 days"


def test_the_order_of_mapped_columns_is_no_difference() -> None:
    both = [{"statsigUnitID": "stableID", "column": "d"}, {"statsigUnitID": "userID", "column": "u"}]
    spec = "sql: a\nidTypeMapping: [{statsigUnitID: userID, column: u}, {statsigUnitID: stableID, column: d}]"
    assert plan_against({"sql": "a", "idTypeMapping": both}, resource("EntityPropertySource", spec)).steps == ()


def test_a_unit_that_is_mapped_twice_is_refused() -> None:
    wanted = resource(
        "EntityPropertySource", "sql: a\nidTypeMapping: [{statsigUnitID: u, column: a}, {statsigUnitID: u, column: b}]"
    )
    (problem,) = KINDS["EntityPropertySource"].check(wanted.spec.tree())
    assert (problem.code, problem.at) == ("SOURCE/duplicate-unit", ("idTypeMapping", 1, "statsigUnitID"))
    assert "u is mapped twice" in problem.message

"""A full update that cannot be planned."""

from __future__ import annotations

import pytest

from reconciler.domain import Tree
from tests.unit.planning.making import only_call, plan_against, resource

LIVE: Tree = {"sql": "select 1", "idTypeMapping": [{"statsigUnitID": "u", "column": "c"}]}


@pytest.mark.parametrize(
    "field", ["team: null", "timestampColumn: ''", "description: ''", "tags: []", "isReadOnly: false"]
)
def test_new_sql_goes_with_a_field_that_is_equal_because_live_does_not_have_it(field: str) -> None:
    spec = f"sql: new\nidTypeMapping: [{{statsigUnitID: u, column: c}}]\n{field}"
    body = only_call(plan_against(LIVE, resource("EntityPropertySource", spec))).body
    assert body["sql"] == "new"

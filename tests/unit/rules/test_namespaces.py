"""Dynamic configs and experiments share their ids; gates and sources have ids of their own."""

from __future__ import annotations

import pytest

from reconciler.domain import Snapshot
from tests.unit.planning.making import checked, codes, key, resource

SOURCE = "sql: select a\nidTypeMapping: [{statsigUnitID: userID, column: a}]"


def test_a_config_and_an_experiment_of_one_id_are_both_refused() -> None:
    findings = checked(resource("DynamicConfig", "{}"), resource("Experiment", "{}"))
    assert codes(findings) == ["REF/namespace", "REF/namespace"]
    assert [finding.message for finding in findings] == [
        "the id 'thing_one' is taken by the Experiment in another manifest",
        "the id 'thing_one' is taken by the DynamicConfig in another manifest",
    ]
    assert [finding.where.pointer for finding in findings if finding.where] == [("metadata", "id")] * 2


@pytest.mark.parametrize(("kind", "taken_by"), [("DynamicConfig", "Experiment"), ("Experiment", "DynamicConfig")])
def test_an_id_that_a_live_object_of_the_other_kind_has_is_refused(kind: str, taken_by: str) -> None:
    live = Snapshot(objects={key(taken_by): {"id": "thing_one"}})
    (finding,) = checked(resource(kind, "{}"), live=live)
    assert finding.message == f"the id 'thing_one' is taken by the {taken_by} in the project"


@pytest.mark.parametrize(("one", "other"), [("Gate", "Experiment"), ("Gate", "DynamicConfig")])
def test_gates_may_be_called_as_configs_are(one: str, other: str) -> None:
    assert checked(resource(one, "{}"), resource(other, "{}")) == []


def test_sources_may_be_called_as_anything_is() -> None:
    assert checked(resource("EntityPropertySource", SOURCE), resource("Experiment", "{}")) == []


def test_an_object_does_not_clash_with_itself() -> None:
    assert checked(resource("Experiment", "{}"), live=Snapshot(objects={key("Experiment"): {"status": "setup"}})) == []

"""What looks like another form of a value, and other plans that must settle in one apply."""

from __future__ import annotations

import pytest

from reconciler import workflow
from reconciler.domain import Tree
from tests.end_to_end.world import World, changes_of, manifest

RULE: Tree = {"name": "Ramp", "passPercentage": 10, "conditions": [{"type": "public"}]}
GROUPS: list[Tree] = [
    {"name": name, "size": 50, "parameterValues": {"on": name == "Test"}} for name in ("Control", "Test")
]
MAPPING: list[Tree] = [{"statsigUnitID": "userID", "column": "a"}]


def test_a_decision_that_takes_the_targeting_off_is_not_followed_by_putting_it_back(world: World) -> None:
    live = {"id": "layout", "status": "active", "targetingGateID": "audience", "groups": GROUPS}
    world.seed({"gates": [{"id": "audience"}], "experiments": [live]})
    spec = {"status": "decision_made", "launchedGroup": "Test", "targetingGateID": "audience"}
    world.manifests([manifest("Experiment", "layout", spec, decision={"reason": "won", "removeTargeting": True})])
    world.outcomes(world.good_plan())
    assert changes_of(world.plan()) == {}


@pytest.mark.parametrize("status", ["archived", "decision_made"])
def test_a_change_of_an_experiment_in_the_archive_is_told_before_it_is_refused(world: World, status: str) -> None:
    world.seed({"experiments": [{"id": "layout", "status": "archived", "groups": GROUPS}]})
    world.manifests([manifest("Experiment", "layout", {"status": status, "description": "from Git"})])
    planned = world.plan()
    refused = [end.reason for end in world.outcomes(planned) if end.status == "failed"] if not planned.failed else []
    assert refused == []


@pytest.mark.parametrize("target", ["31.0", "031"])
def test_a_number_that_is_written_as_text_is_the_number(world: World, target: str) -> None:
    condition = {"type": "custom_field", "field": "age", "operator": "gt", "targetValue": target}
    world.manifests([manifest("Gate", "adults", {"rules": [RULE | {"conditions": [condition]}]})])
    world.outcomes(world.good_plan())
    assert changes_of(world.plan()) == {}


def test_a_metric_tag_that_does_not_exist_is_made_or_told_before_it_is_refused(world: World) -> None:
    world.manifests([manifest("Experiment", "layout", {"primaryMetricTags": ["growth metrics"]})])
    planned = world.plan()
    refused = [end.reason for end in world.outcomes(planned) if end.status == "failed"] if not planned.failed else []
    assert refused == []


def test_a_team_that_is_cleared_together_with_a_change_of_the_query_is_cleared(world: World) -> None:
    live = {"name": "people", "sql": "SELECT a", "idTypeMapping": MAPPING, "team": "Data", "teamID": "t1"}
    world.seed({"entity_properties": [live]})
    spec = {"sql": "SELECT a, b", "idTypeMapping": MAPPING, "team": None}
    world.manifests([manifest("EntityPropertySource", "people", spec)])
    world.outcomes(world.good_plan())
    assert not world.live("EntityPropertySource", "people")["team"]
    assert changes_of(world.plan()) == {}


def test_a_new_team_is_not_sent_beside_the_id_of_the_one_before(world: World) -> None:
    live = {"name": "people", "sql": "SELECT a", "idTypeMapping": MAPPING, "team": "Data", "teamID": "t1"}
    world.seed({"entity_properties": [live]})
    spec = {"sql": "SELECT a, b", "idTypeMapping": MAPPING, "team": "Growth"}
    world.manifests([manifest("EntityPropertySource", "people", spec)])
    ((call,),) = [step.calls for step in world.good_plan().plan.steps]
    assert (call.body["team"], call.body.get("teamID")) == ("Growth", None)


def test_an_empty_schema_is_no_schema(world: World) -> None:
    world.manifests([manifest("DynamicConfig", "limits", {"schema": "", "defaultValue": {}})])
    planned = world.plan()
    refused = [end.reason for end in world.outcomes(planned) if end.status == "failed"] if not planned.failed else []
    assert refused == []


def test_a_permanent_template_is_settled_by_one_apply(world: World) -> None:
    world.manifests([manifest("Gate", "template", {"isTemplate": True, "type": "PERMANENT"})])
    planned = world.plan()
    if not planned.failed:
        world.outcomes(planned)
        assert changes_of(world.plan()) == {}


def test_what_the_note_about_a_rollout_tells_to_write_takes_the_percentage_back(world: World) -> None:
    done = {"completedAutomatedRollouts": [{"time": 1, "passPercent": 50}]}
    world.seed({"gates": [{"id": "ramp", "rules": [RULE | {"passPercentage": 50} | done]}]})
    world.manifests([manifest("Gate", "ramp", {"rules": [RULE]})])
    (note,) = world.good_plan().plan.findings
    assert "pendingAutomatedRollouts in the rule (a schedule, or [] for none)" in note.cure
    world.manifests([manifest("Gate", "ramp", {"rules": [RULE | {"pendingAutomatedRollouts": []}]})])
    assert changes_of(world.good_plan()) == {"Gate/ramp": [('rules["Ramp"].passPercentage', "set", 50, 10)]}
    world.apply()


@pytest.mark.parametrize("name", ["..", "."])
def test_a_name_that_no_path_can_hold_is_a_finding_or_an_outcome(world: World, name: str) -> None:
    source = {"sql": "SELECT a", "idTypeMapping": MAPPING}
    world.seed({"entity_properties": [{"name": name, **source}]})
    world.manifests([manifest("EntityPropertySource", name, source | {"description": "from Git"})])
    planned = world.plan()
    if not planned.failed:
        assert len(world.outcomes(planned)) == 1


@pytest.mark.parametrize("tag", ["", "x" * 101])
def test_a_tag_that_no_tag_can_be_called_is_told_before_it_is_refused(world: World, tag: str) -> None:
    world.manifests([manifest("Gate", "checkout", {"tags": [tag]})])
    planned = world.plan()
    refused = [end.reason for end in world.outcomes(planned) if end.status == "failed"] if not planned.failed else []
    assert refused == []


def test_a_live_template_is_a_template(world: World) -> None:
    world.seed({"gates": [{"id": "template", "type": "TEMPLATE"}]})
    world.manifests([manifest("Gate", "template", {"isTemplate": True})])
    assert changes_of(world.good_plan()) == {}


def test_a_segment_that_is_gone_is_told_when_the_rule_that_names_it_is_to_be_sent(world: World) -> None:
    rule = RULE | {"conditions": [{"type": "passes_segment", "targetValue": "gone"}]}
    world.seed({"gates": [{"id": "checkout", "rules": [rule]}]})
    world.manifests([manifest("Gate", "checkout", {"rules": [rule | {"passPercentage": 11}]})])
    assert [finding.code for finding in world.plan().plan.findings] == ["REF/unknown"]


def test_a_dry_run_does_not_miss_a_tag_that_the_plan_makes_first(world: World) -> None:
    source = {"sql": "SELECT a", "idTypeMapping": MAPPING, "tags": ["not yet made"]}
    world.manifests([manifest("EntityPropertySource", "people", source)])
    planned = workflow.plan(world.load(), world.console, server_validate=True)
    assert [finding.code for finding in planned.plan.findings] == []


def test_no_layer_is_sent_for_an_experiment_without_one(world: World) -> None:
    world.manifests([manifest("Experiment", "layout", {"layerID": ""})])
    (end,) = world.outcomes(world.good_plan())
    assert (end.status, end.reason) == ("done", "")

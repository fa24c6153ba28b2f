"""Objects that carry the ownership tag and lost their manifest."""

from __future__ import annotations

import pytest

from reconciler.domain import Tree
from tests.end_to_end.world import World, codes, differing, manifest, steps_of

OURS = "git"
SOURCE: Tree = {"sql": "SELECT id FROM t", "idTypeMapping": [{"statsigUnitID": "userID", "column": "id"}]}


def passes(gate: str) -> Tree:
    return {"name": gate, "passPercentage": 100, "conditions": [{"type": "passes_gate", "targetValue": gate}]}


def left_behind() -> Tree:
    """Owned objects of all kinds that build on each other, and objects of other people."""
    return {
        "gates": [
            {"id": "kept", "tags": [OURS]},
            {"id": "base", "tags": [OURS]},
            {"id": "middle", "tags": [OURS], "rules": [passes("base")]},
            {"id": "top", "tags": [OURS, "x"], "rules": [passes("middle")]},
            {"id": "of_others", "tags": ["x"]},
        ],
        "dynamic_configs": [
            {"id": "limits", "tags": [OURS], "rules": [passes("top") | {"returnValue": {}}]},
            {"id": "limits_of_others"},
        ],
        "experiments": [
            {"id": "layout", "tags": [OURS], "targetingGateID": "middle", "identityResolutionSource": "people"}
        ],
        "entity_properties": [{"name": "people", "tags": [OURS], **SOURCE}],
    }


@pytest.fixture
def leaving(world: World) -> World:
    world.seed(left_behind())
    world.manifests([manifest("Gate", "kept", {"description": "from Git"})])
    return world


def prune(world: World, how: str, most: int = 10) -> None:
    world.project(ownership={"tag": OURS}, safety={"prune": how, "removals": {"max": most}, "archiveFirst": False})


def test_nothing_is_removed_unless_the_project_asks_for_it(leaving: World) -> None:
    prune(leaving, "off")
    planned = leaving.good_plan()
    assert list(steps_of(planned)) == ["Gate/kept"]
    assert len(planned.plan.unmanaged) == 8


def test_without_an_ownership_tag_nothing_is_removed(leaving: World) -> None:
    leaving.project(safety={"prune": "delete"})
    assert list(steps_of(leaving.good_plan())) == ["Gate/kept"]


def test_deleting_goes_from_the_users_to_the_used_and_comes_last(leaving: World) -> None:
    prune(leaving, "delete")
    order = list(steps_of(leaving.good_plan()))
    assert order[0] == "Gate/kept"
    assert set(order[1:]) == {
        "Gate/base", "Gate/middle", "Gate/top", "DynamicConfig/limits", "Experiment/layout",
        "EntityPropertySource/people",
    }  # fmt: skip
    users = [
        ("DynamicConfig/limits", "Gate/top"),
        ("Gate/top", "Gate/middle"),
        ("Gate/middle", "Gate/base"),
        ("Experiment/layout", "Gate/middle"),
        ("Experiment/layout", "EntityPropertySource/people"),
    ]
    assert [pair for pair in users if order.index(pair[0]) > order.index(pair[1])] == []


def test_deleting_takes_the_owned_objects_and_no_others(leaving: World) -> None:
    prune(leaving, "delete")
    before = leaving.dump()
    leaving.apply()
    after = leaving.dump()
    assert after["gates"].keys() == {"kept", "of_others"}
    assert after["dynamic_configs"].keys() == {"limits_of_others"}
    assert after["experiments"].keys() == after["entity_properties"].keys() == set()
    assert {"gates/of_others", "dynamic_configs/limits_of_others"} & differing(before, after) == set()


def test_archiving_keeps_the_objects_and_leaves_alone_what_has_no_archive(leaving: World) -> None:
    prune(leaving, "archive")
    steps = steps_of(leaving.good_plan())
    assert {key for key, step in steps.items() if step.verb == "archive"} == {
        "Gate/base", "Gate/middle", "Gate/top", "DynamicConfig/limits", "Experiment/layout",
    }  # fmt: skip
    leaving.apply()
    after = leaving.dump()
    assert {id_: gate["status"] for id_, gate in after["gates"].items()} == {
        "kept": "In Progress",
        "base": "Archived",
        "middle": "Archived",
        "top": "Archived",
        "of_others": "In Progress",
    }
    assert after["experiments"]["layout"]["status"] == "archived"
    assert "people" in after["entity_properties"]
    assert after["gates"]["middle"]["rules"][0]["conditions"] == left_behind()["gates"][2]["rules"][0]["conditions"]


def test_what_is_in_the_archive_is_not_archived_again(leaving: World) -> None:
    prune(leaving, "archive")
    leaving.apply()
    assert steps_of(leaving.good_plan()) == {}


@pytest.mark.parametrize(
    "text", ["kind: [", "{}", "apiVersion: reconciler/v1\nkind: Gate\nmetadata: {id: top}\nspec: {ruless: []}\n"]
)
@pytest.mark.parametrize("how", ["archive", "delete"])
def test_a_broken_manifest_stops_all_removal(leaving: World, how: str, text: str) -> None:
    prune(leaving, how)
    leaving.write("manifests/broken.yaml", text)
    planned = leaving.plan()
    assert planned.failed
    assert list(steps_of(planned)) == ["Gate/kept"]
    assert "PRUNE/stopped" in codes(planned)


def test_an_empty_repository_removes_nothing(leaving: World) -> None:
    prune(leaving, "delete")
    leaving.manifests([])
    planned = leaving.plan()
    assert steps_of(planned) == {}
    assert "PRUNE/stopped" in codes(planned)


def test_what_a_manifest_or_somebody_else_refers_to_stays(leaving: World) -> None:
    prune(leaving, "delete")
    leaving.seed({"dynamic_configs": [{"id": "limits_of_others", "rules": [passes("top") | {"returnValue": {}}]}]})
    leaving.manifests([manifest("Gate", "kept", {"rules": [passes("base")]})])
    planned = leaving.good_plan()
    in_use = {str(finding.key) for finding in planned.plan.findings if finding.code == "PRUNE/in-use"}
    assert in_use >= {"Gate/base", "Gate/top"}
    assert {"Gate/base", "Gate/top"} & steps_of(planned).keys() == set()


def test_a_running_experiment_stays(leaving: World) -> None:
    prune(leaving, "delete")
    leaving.edit("Experiment", "layout", {"status": "active"})
    planned = leaving.good_plan()
    assert "Experiment/layout" not in steps_of(planned)
    assert "PRUNE/running" in codes(planned)


def test_a_reference_that_this_plan_takes_out_does_not_hold_an_object(leaving: World) -> None:
    prune(leaving, "delete")
    leaving.edit("Gate", "kept", {"rules": [passes("top") | {"id": "r1", "baseID": "r1"}]})
    leaving.manifests([manifest("Gate", "kept", {"rules": []})])
    order = list(steps_of(leaving.good_plan()))
    assert order.index("Gate/kept") < order.index("Gate/top")
    leaving.apply()
    assert "top" not in leaving.dump()["gates"]


def test_removing_is_done_once(leaving: World) -> None:
    prune(leaving, "delete")
    leaving.apply()
    before = leaving.dump()
    leaving.apply()
    assert differing(before, leaving.dump()) == set()

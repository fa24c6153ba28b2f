"""A run that is about a part of the manifests."""

from __future__ import annotations

import json

import pytest

from reconciler.domain import Tree
from tests.end_to_end.world import World, changes_of, codes, differing, manifest, steps_of

PASSES: Tree = {"name": "Inner", "passPercentage": 100, "conditions": [{"type": "passes_gate", "targetValue": "inner"}]}
PRUNING: Tree = {"ownership": {"tag": "git"}, "safety": {"prune": "delete", "archiveFirst": False}}


@pytest.fixture
def two_teams(world: World) -> World:
    """Two gates of two teams, of which one needs the other, and a config; owned objects without a manifest besides."""
    world.project(**PRUNING)
    world.seed({"gates": [{"id": "left_behind", "tags": ["git"]}]})
    world.manifests(
        [
            manifest("Gate", "inner", {"description": "inner"}, labels={"team": "growth"}),
            manifest("Gate", "outer", {"rules": [PASSES]}, labels={"team": "payments"}),
            manifest("DynamicConfig", "limits", {"defaultValue": {"most": 1}}, labels={"team": "growth"}),
        ]
    )
    return world


@pytest.mark.parametrize(
    ("select", "keys"),
    [
        ("label=team:growth", {"Gate/inner", "DynamicConfig/limits"}),
        ("kind=Gate,label=team:growth", {"Gate/inner"}),
        ("id=inn*", {"Gate/inner"}),
        ("kind=dynamicconfig", {"DynamicConfig/limits"}),
    ],
)
def test_only_what_is_selected_is_planned(two_teams: World, select: str, keys: set[str]) -> None:
    assert steps_of(two_teams.good_plan(select)).keys() == keys


def test_several_selections_add_up(two_teams: World) -> None:
    assert steps_of(two_teams.good_plan("id=inner", "id=limits")).keys() == {"Gate/inner", "DynamicConfig/limits"}


def test_what_is_not_selected_is_neither_removed_nor_counted_as_left_behind(two_teams: World) -> None:
    two_teams.apply("label=team:growth")
    two_teams.apply("label=team:payments")
    before = two_teams.dump()
    for select in ("label=team:growth", "kind=Gate", "id=inner"):
        planned = two_teams.good_plan(select)
        assert changes_of(planned) == {}
        assert codes(planned) == ["PRUNE/stopped"]
        assert [str(key) for key, _ in planned.plan.unmanaged] == ["Gate/left_behind"]
    assert differing(before, two_teams.dump()) == set()


def test_without_a_selection_what_was_left_behind_goes(two_teams: World) -> None:
    two_teams.apply("label=team:growth")
    assert {key: step.verb for key, step in steps_of(two_teams.good_plan()).items()} == {
        "Gate/outer": "create",
        "Gate/left_behind": "delete",
    }


def test_a_selected_object_that_needs_one_that_is_neither_selected_nor_live_is_a_finding(two_teams: World) -> None:
    planned = two_teams.plan("id=outer")
    assert planned.failed
    (finding,) = [finding for finding in planned.plan.findings if finding.severity == "error"]
    assert (finding.code, str(finding.key)) == ("REF/unknown", "Gate/outer")
    assert "select Gate inner as well" in finding.cure
    assert finding.where is not None
    assert finding.where.pointer == ("spec", "rules", 0, "conditions", 0, "targetValue")
    assert finding.where.line


def test_it_is_none_once_that_one_is_live(two_teams: World) -> None:
    two_teams.apply("id=inner")
    assert "REF/unknown" not in codes(two_teams.good_plan("id=outer"))
    two_teams.apply("id=outer")


def test_a_selection_that_matches_nothing_plans_nothing_and_says_so(two_teams: World) -> None:
    planned = two_teams.plan("label=team:nobody")
    assert changes_of(planned) == {}
    assert "SELECT/nothing" in codes(planned)


def test_only_selected_objects_are_verified(two_teams: World) -> None:
    two_teams.apply("id=inner")
    assert [(str(item.key), item.holds) for item in two_teams.verify("id=inner")] == [("Gate/inner", True)]
    assert {str(item.key): item.holds for item in two_teams.verify()} == {
        "Gate/inner": True,
        "Gate/outer": False,
        "DynamicConfig/limits": False,
        "Gate/left_behind": False,  # an orphan that is to go
    }


def broken_gate(id_: str, team: str) -> Tree:
    return manifest("Gate", id_, {"status": "on"}, labels={"team": team})


@pytest.fixture
def with_mistakes(two_teams: World) -> World:
    """The manifests of two teams; another gate of payments is broken, as is a file that nobody can read."""
    two_teams.write("manifests/broken.yaml", json.dumps(broken_gate("broken", "payments")))
    two_teams.write("manifests/torn.yaml", "apiVersion: reconciler/v1\nkind: Gate\nmetadata: {id: torn\n")
    return two_teams


def test_mistakes_in_other_manifests_do_not_stop_a_selection_and_are_counted(with_mistakes: World) -> None:
    loaded = with_mistakes.load("label=team:growth")
    assert [(found.code, str(found.severity)) for found in loaded.findings if found.where is None] == [
        ("SELECT/others", "note"), ("SELECT/unread", "warning")]  # fmt: skip
    assert loaded.findings[0].message.endswith("left out here: 1")
    with_mistakes.apply("label=team:growth")
    assert with_mistakes.live("Gate", "inner")["description"] == "inner"


def test_a_file_that_cannot_be_read_is_a_warning_since_a_selected_object_may_stand_there(with_mistakes: World) -> None:
    (finding,) = [found for found in with_mistakes.load("id=inner").findings if found.code == "YAML/syntax"]
    assert finding.severity == "warning"
    assert finding.where is not None
    assert finding.where.path.endswith("torn.yaml")


def test_a_mistake_in_a_selected_manifest_stops_the_selection(with_mistakes: World) -> None:
    loaded = with_mistakes.load("label=team:payments")
    assert loaded.failed
    assert [str(found.key) for found in loaded.findings if found.severity == "error"] == ["Gate/broken"]
    assert [str(resource.key) for resource in loaded.selected] == ["Gate/outer"]


@pytest.mark.parametrize("select", ["label=team:growth", "id=no_labels"])
def test_an_object_whose_labels_cannot_be_read_may_be_selected(two_teams: World, select: str) -> None:
    document = manifest("Gate", "no_labels", {})
    document["metadata"]["labels"] = "growth"
    two_teams.write("manifests/labels.yaml", json.dumps(document))
    assert two_teams.load(select).failed
    assert not two_teams.load("kind=DynamicConfig").failed


def test_a_manifest_of_no_known_kind_is_a_warning(two_teams: World) -> None:
    two_teams.write("manifests/kind.yaml", json.dumps(manifest("Gaet", "inner", {})))
    loaded = two_teams.load("id=inner")
    assert not loaded.failed
    assert [(found.code, str(found.severity)) for found in loaded.findings if found.where] == [
        ("SCHEMA/enum", "warning")]  # fmt: skip


def test_a_mistake_in_the_project_file_stops_every_run(two_teams: World) -> None:
    two_teams.project(manifests=["manifests/*.yaml", "nowhere/*.yaml"])
    assert two_teams.load("id=inner").failed


def test_without_a_selection_every_mistake_stops_the_run(with_mistakes: World) -> None:
    assert {found.code for found in with_mistakes.load().findings} == {"SCHEMA/enum", "YAML/syntax"}
    assert with_mistakes.load().failed


def test_a_selection_never_removes_what_a_broken_manifest_describes(two_teams: World) -> None:
    two_teams.apply("label=team:growth")
    two_teams.manifests([manifest("DynamicConfig", "limits", {}), broken_gate("inner", "growth")])
    before = two_teams.dump()
    planned = two_teams.good_plan("kind=DynamicConfig")
    assert changes_of(planned) == {}
    assert "Gate/inner" not in {str(key) for key, _ in planned.plan.unmanaged}
    assert differing(before, two_teams.dump()) == set()


def test_a_reference_to_a_broken_manifest_that_is_live_is_fine(two_teams: World) -> None:
    two_teams.apply("label=team:growth")
    two_teams.write("manifests/0000.yaml", json.dumps(broken_gate("inner", "growth")))
    two_teams.apply("label=team:payments")


def test_a_reference_to_a_broken_manifest_that_is_not_live_says_so(two_teams: World) -> None:
    two_teams.write("manifests/0000.yaml", json.dumps(broken_gate("inner", "growth")))
    (finding,) = [found for found in two_teams.plan("id=outer").plan.findings if found.severity == "error"]
    assert finding.code == "REF/unknown"
    assert "it is in a manifest that is not selected" in finding.cure

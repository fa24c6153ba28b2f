"""A run that is about a part of the manifests."""

from __future__ import annotations

import pytest

from reconciler.domain import Tree
from tests.end_to_end.world import World, changes_of, codes, differing, manifest, steps_of

PASSES: Tree = {"name": "Inner", "passPercentage": 100, "conditions": [{"type": "passes_gate", "targetValue": "inner"}]}
PRUNING: Tree = {"ownership": {"tag": "git"}, "safety": {"prune": "delete"}}


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
    }

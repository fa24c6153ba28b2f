"""Taking over an object that is live already: it gets the ownership tag and keeps everything else."""

from __future__ import annotations

import pytest

from reconciler.domain import Tree
from reconciler.kinds import KINDS
from tests.end_to_end.world import STAMP, World, fields_differing, manifest, steps_of

SOURCE: Tree = {"sql": "SELECT id FROM t", "idTypeMapping": [{"statsigUnitID": "userID", "column": "id"}]}
LIVE: dict[str, Tree] = {
    "Gate": {"id": "mine", "tags": ["a"], "rules": [{"name": "R", "id": "r", "baseID": "r", "passPercentage": 1}]},
    "DynamicConfig": {"id": "mine", "tags": ["a"], "status": "Archived", "isEnabled": False},
    "Experiment": {"id": "mine", "tags": ["a"], "status": "active", "startTime": 1, "controlGroupID": ""},
    "EntityPropertySource": {"name": "mine", "tags": ["a"], **SOURCE},
}


@pytest.mark.parametrize("kind", KINDS)
def test_adopting_adds_the_tag_and_touches_nothing_else(world: World, kind: str) -> None:
    world.project(ownership={"tag": "git"})
    world.seed({KINDS[kind].seed_key: [LIVE[kind]]})
    world.manifests([manifest(kind, "mine", SOURCE if kind == "EntityPropertySource" else {})])
    before = world.live(kind, "mine")
    tag, adopted = steps_of(world.good_plan()).values()
    assert (str(tag.key), str(tag.verb)) == ("Tag/git", "create")
    assert (str(adopted.verb), set(adopted.needs)) == ("adopt", {tag.key})
    assert [(call.method, call.body) for call in adopted.calls] == [("PATCH", {"tags": ["a", "git"]})]
    world.apply()
    after = world.live(kind, "mine")
    assert fields_differing(before, after) - STAMP == {"tags"}
    assert after["tags"] == ["a", "git"]


def test_a_tag_that_is_there_is_not_made_again(world: World) -> None:
    world.project(ownership={"tag": "git"})
    world.seed({"gates": [LIVE["Gate"]], "tags": [{"name": "git"}]})
    world.manifests([manifest("Gate", "mine", {})])
    assert list(steps_of(world.good_plan())) == ["Gate/mine"]


@pytest.mark.parametrize("spec", [{}, {"status": "archived"}])
def test_an_archived_experiment_takes_no_tag_and_is_not_adopted(world: World, spec: Tree) -> None:
    world.project(ownership={"tag": "git"})
    world.seed({"experiments": [{"id": "mine", "status": "archived"}], "tags": [{"name": "git"}]})
    world.manifests([manifest("Experiment", "mine", spec)])
    planned = world.good_plan()
    assert (planned.plan.steps, planned.plan.findings) == ((), ())

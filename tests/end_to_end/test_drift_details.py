"""What counts as drift, and what does not."""

from __future__ import annotations

from reconciler.domain import Tree
from tests.end_to_end.world import World, manifest


def test_an_object_that_lacks_nothing_but_the_ownership_tag_has_not_drifted(world: World) -> None:
    world.project(ownership={"tag": "git"})
    world.seed({"gates": [{"id": "checkout", "tags": ["team"]}]})
    world.manifests([manifest("Gate", "checkout", {"description": ""})])
    found = world.drift()
    assert not found.found
    assert found.same == 1


def test_an_object_that_is_changed_and_held_at_once_is_told_once_with_both(world: World) -> None:
    groups: list[Tree] = [{"name": name, "size": 50, "parameterValues": {}} for name in ("Control", "Test")]
    live = {"id": "layout", "status": "decision_made", "description": "console", "groups": groups}
    world.seed({"experiments": [live]})
    world.manifests([manifest("Experiment", "layout", {"status": "active", "description": "git", "groups": groups})])
    (step,) = world.drift().changed
    assert {str(change.path[0]) for change in step.fields} == {"status", "description"}


def test_drift_says_nothing_of_removals_which_it_does_not_make(world: World) -> None:
    tags = {"a": ["git"], "b": ["git"], "checkout": ["git"], "guarded": ["git", "git:protected"]}
    safety: Tree = {"prune": "delete", "archiveFirst": False, "removals": {"max": 1}}
    world.project(ownership={"tag": "git"}, safety=safety)
    world.seed({"gates": [{"id": name, "tags": tags[name]} for name in tags]})
    world.manifests([manifest("Gate", "checkout", {"description": ""})])
    assert [finding.code for finding in world.plan().plan.findings] == ["PRUNE/protected"]
    found = world.drift()
    assert found.findings == ()
    assert [key.id for key, _ in found.unmanaged] == ["a", "b", "guarded"]

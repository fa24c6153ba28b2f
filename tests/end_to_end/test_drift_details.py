"""What counts as drift, and what does not."""

from __future__ import annotations

import pytest

from reconciler.domain import Tree
from reconciler.kinds import KINDS
from tests.end_to_end.world import World, codes, manifest


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


GROUPS: list[Tree] = [{"name": name, "size": 50, "parameterValues": {}} for name in ("Control", "Test")]
RULE: Tree = {"name": "Ramp", "passPercentage": 10, "conditions": [{"type": "public"}]}
FOR_STAFF: Tree = {
    "name": "Staff",
    "passPercentage": 5,
    "conditions": [{"type": "user_id", "operator": "any", "targetValue": ["u"]}],
}
LIVE_RULE: Tree = RULE | {"id": "ramp", "baseID": "ramp"}


@pytest.mark.parametrize(
    ("key", "live", "desired", "code"),
    [
        ("Experiment/layout", {"status": "decision_made"}, {"status": "active"}, "LIFECYCLE/held"),
        ("Experiment/layout", {"status": "setup"}, {"status": "abandoned"}, "LIFECYCLE/transition"),
        ("Experiment/layout", {"status": "active"}, {"status": "abandoned"}, "LIFECYCLE/reason"),
        ("Experiment/layout", {"layerID": "top"}, {"layerID": "low"}, "PLAN/create-only"),
        ("Gate/checkout", {"idType": "userID"}, {"idType": "stableID"}, "PLAN/id-type"),
        ("Gate/checkout", {"rules": [LIVE_RULE]}, {"rules": [FOR_STAFF, FOR_STAFF | {"name": "All"}]}, "PLAN/new-ids"),
    ],
)
def test_what_is_said_of_acting_is_no_finding_of_drift_and_the_difference_is_told(
    world: World, key: str, live: Tree, desired: Tree, code: str
) -> None:
    kind, id_ = key.split("/")
    world.seed({"layers": [{"id": "top"}, {"id": "low"}], KINDS[kind].seed_key: [{"id": id_, **live}]})
    world.manifests([manifest(kind, id_, desired)])
    assert codes(world.plan()) == [code]
    found = world.drift()
    assert found.findings == ()
    (step,) = found.changed
    assert {str(change.path[0]) for change in step.fields} == set(desired)


def test_what_was_not_compared_stays_a_finding_of_drift(world: World) -> None:
    world.seed({"experiments": [{"id": "layout", "groups": GROUPS}]})
    world.manifests([manifest("Experiment", "layout", {"controlGroup": "Contrl"})])
    assert [finding.code for finding in world.drift().findings] == ["REF/group"]
    rollout = {"pendingAutomatedRollouts": [{"time": world.service.clock.ms + 1000, "passPercent": 50}]}
    world.seed({"gates": [{"id": "checkout", "rules": [LIVE_RULE | rollout]}]})
    world.manifests([manifest("Gate", "checkout", {"rules": [RULE | {"passPercentage": 20}]})])
    assert [finding.code for finding in world.drift().findings] == ["PLAN/rollout"]

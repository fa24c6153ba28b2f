"""With ``prune: delete`` an object goes to the archive in one run and is deleted in a later one."""

from __future__ import annotations

import pytest

from reconciler.domain import Json, Tree
from tests.end_to_end.world import World, codes, manifest, steps_of

SOURCE: Tree = {"sql": "SELECT id FROM t", "idTypeMapping": [{"statsigUnitID": "userID", "column": "id"}]}


def leaving(world: World, **safety: Json) -> World:
    """Owned objects of all kinds that lost their manifests."""
    world.project(ownership={"tag": "git"}, safety=safety)
    world.seed(
        {
            "gates": [{"id": "kept", "tags": ["git"]}, {"id": "gate", "tags": ["git"]}],
            "dynamic_configs": [{"id": "config", "tags": ["git"]}],
            "experiments": [
                {"id": "draft", "tags": ["git"]},
                {"id": "ran", "tags": ["git"], "status": "abandoned", "startTime": 1},
                {"id": "ran_and_may_go", "tags": ["git", "git:delete"], "status": "abandoned", "startTime": 1},
            ],
            "entity_properties": [{"name": "people", "tags": ["git"], **SOURCE}],
        }
    )
    world.manifests([manifest("Gate", "kept", {})])
    return world


def verbs(world: World) -> dict[str, str]:
    planned = world.good_plan()
    made = {key: str(step.verb) for key, step in steps_of(planned).items()}
    assert {end.reason for end in world.outcomes(planned)} <= {""}
    return made


def test_the_archive_comes_first_and_a_later_run_deletes(world: World) -> None:
    leaving(world, prune="delete")
    assert verbs(world) == {
        "DynamicConfig/config": "archive",
        "Experiment/draft": "archive",
        "Experiment/ran": "archive",
        "Experiment/ran_and_may_go": "archive",
        "Gate/gate": "archive",
        "EntityPropertySource/people": "delete",
    }
    assert verbs(world) == {
        "DynamicConfig/config": "delete",
        "Experiment/draft": "delete",
        "Experiment/ran_and_may_go": "delete",
        "Gate/gate": "delete",
    }
    planned = world.good_plan()
    assert steps_of(planned) == {}
    assert codes(planned) == ["PRUNE/results"]
    assert world.dump()["experiments"].keys() == {"ran"}


def test_a_project_may_delete_at_once(world: World) -> None:
    leaving(world, prune="delete", archiveFirst=False)
    assert set(verbs(world).items()) == {
        ("DynamicConfig/config", "delete"),
        ("Experiment/draft", "delete"),
        ("Experiment/ran", "archive"),
        ("Experiment/ran_and_may_go", "delete"),
        ("Gate/gate", "delete"),
        ("EntityPropertySource/people", "delete"),
    }


def test_each_kind_has_a_setting_of_its_own(world: World) -> None:
    prune: Json = {"default": "off", "Gate": "archive", "EntityPropertySource": "delete"}
    leaving(world, prune=prune)
    assert set(verbs(world).items()) == {
        ("Gate/gate", "archive"),
        ("EntityPropertySource/people", "delete"),
        ("Experiment/ran_and_may_go", "archive"),
    }


@pytest.mark.parametrize(("said", "then"), [("off", None), ("archive", "archive"), ("delete", "archive")])
def test_what_a_manifest_said_about_its_removal_counts_when_it_is_gone(
    world: World, said: str, then: str | None
) -> None:
    world.project(ownership={"tag": "git"}, safety={"prune": "off"})
    kept = manifest("Gate", "kept", {})
    world.manifests([kept, manifest("Gate", "leaving", {}, onRemove=said)])
    world.apply()
    world.manifests([kept])
    assert verbs(world) == ({"Gate/leaving": then} if then else {})
    assert verbs(world) == ({"Gate/leaving": "delete"} if said == "delete" else {})


def test_a_gate_that_is_still_checked_is_not_archived(world: World) -> None:
    leaving(world, prune={"Gate": "archive"})
    world.edit("Gate", "gate", {"checksPerHour": 12})
    planned = world.good_plan()
    assert "Gate/gate" not in steps_of(planned)
    assert "PRUNE/checked" in codes(planned)

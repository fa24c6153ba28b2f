"""Each folder is a small story: what is live, what the manifests ask for, and the plan that a reviewer reads.

    live.json             the live project
    desired/*.yaml        the manifests; their first lines say what happened
    reconciler.yaml       the project file, without the address of the API
    expected.plan.txt     the plan

The plan is also carried out. With ``SCENARIOS=write`` in the environment the expected plans are written anew: read the
difference before you keep it.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from reconciler.domain import Verb
from reconciler.reports.text import plain, plan_lines
from reconciler.workflow import Planned
from tests.end_to_end.world import World, changes_of, differing, place_of

FOLDERS = sorted(path.parent for path in Path(__file__).parent.glob("*/live.json"))
WRITE = os.environ.get("SCENARIOS") == "write"


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture
def told(folder: Path, world: World) -> World:
    """The scenario's live project, and its repository."""
    shutil.copytree(folder, world.folder, dirs_exist_ok=True)
    project = (folder / "reconciler.yaml").read_text("utf-8")
    world.write("reconciler.yaml", f"{project}\napi: {{url: {world.service.url}}}\n")
    world.seed(json.loads((folder / "live.json").read_text("utf-8")))
    return world


def rendered(planned: Planned, world: World) -> str:
    text = plain(plan_lines(planned.plan, show_unmanaged=True))
    return text.replace(f"{world.folder.as_posix()}/", "")


def test_the_plan_is_the_expected_one(folder: Path, told: World) -> None:
    text, file = rendered(told.plan(), told), folder / "expected.plan.txt"
    if WRITE:
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")


def test_a_plan_without_errors_comes_true_and_touches_nothing_else(told: World) -> None:
    planned = told.plan()
    if planned.failed:
        return
    before = told.dump()
    assert {end.reason for end in told.outcomes(planned)} <= {""}
    again = told.good_plan()
    assert changes_of(again) == {}
    assert [step.fields for step in again.plan.held] == [step.fields for step in planned.plan.held]
    tags = any(step.key.kind == "Tag" for step in planned.plan.of(Verb.CREATE))
    named = {place_of(step.key) for step in planned.plan.steps if step.key.kind != "Tag"}
    beside = {place for place in differing(before, told.dump()) - named if not place.startswith("layers/statsig::")}
    assert {place.split("/")[0] for place in beside} == ({"tags"} if tags else set())


def test_every_scenario_is_complete_and_there_are_enough() -> None:
    assert len(FOLDERS) >= 12
    for each in FOLDERS:
        assert {path.name for path in each.iterdir()} == {
            "live.json",
            "desired",
            "reconciler.yaml",
            "expected.plan.txt",
        }
        assert "url" not in (each / "reconciler.yaml").read_text("utf-8")
        first = min((each / "desired").iterdir()).read_text("utf-8")
        assert first.startswith("# "), f"{each.name}: the first file says what happened"

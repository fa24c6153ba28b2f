"""What reports say of an apply or a rollback that did not go well: in the comment, the annotations and JUnit."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.end_to_end.every_sort import rule
from tests.end_to_end.filing import Filed, filed
from tests.end_to_end.world import World, manifest, seeded
from tests.unit.cli.terminal import Desk


@pytest.fixture
def plan(world: World) -> Filed:
    """A saved plan that changes a percentage, creates an experiment, and creates another object."""
    world.project()
    ramp = {"id": "ramp", "status": "In Progress", "isEnabled": True, "rules": [rule("EU", 40, id_="r1")]}
    world.seed(seeded(gates=[ramp]))
    world.manifests(
        [
            manifest("Gate", "ramp", {"rules": [rule("EU", 12.5)]}),
            manifest("Experiment", "layout", {}),
            manifest("Gate", "alone", {}),
        ]
    )
    return filed(world)


def told(plan: Filed, command: str, *options: str) -> tuple[int, str, str, ET.Element, dict[str, str]]:
    """The exit code, the comment, what was said beside it, JUnit, and the outputs of the step."""
    folder = plan.file.parent
    files = {"GITHUB_STEP_SUMMARY": str(folder / "summary.md"), "GITHUB_OUTPUT": str(folder / "output.txt")}
    desk = Desk()
    desk.environ |= files
    reports = ["--report", "github", "--report", f"markdown={folder / 'a.md'}", "--report", f"junit={folder / 'a.xml'}"]
    code = desk.run([command, str(plan.file), "-p", str(folder), "--yes", *reports, *options])
    outputs = dict(row.split("=", 1) for row in Path(files["GITHUB_OUTPUT"]).read_text("utf-8").splitlines())
    suite = ET.fromstring((folder / "a.xml").read_text("utf-8"))[0]  # noqa: S314 - our own text
    return code, (folder / "a.md").read_text("utf-8"), desk.complained, suite, outputs


def test_a_refused_step_is_an_annotation_and_an_error_in_the_outputs(plan: Filed) -> None:
    plan.world.seed({"dynamic_configs": [{"id": "layout"}]})
    code, _, said, suite, outputs = told(plan, "apply")
    assert code == 1
    (row,) = (row for row in said.splitlines() if row.startswith("::error"))
    assert "title=failed to create" in row
    assert "Experiment/layout: POST /experiments answered 400" in row
    assert {name: outputs[name] for name in ("has_errors", "done", "failed")} == {
        "has_errors": "true", "done": "2", "failed": "1",
    }  # fmt: skip
    assert suite.get("failures") == "2"  # the step, and the experiment that is not there


def test_a_stale_step_is_told_with_what_moved_and_in_the_direction_of_the_plan(plan: Filed) -> None:
    plan.world.edit("Gate", "ramp", {"rules": [rule("EU", 35, id_="r1")]})
    code, comment, _, _, outputs = told(plan, "apply")
    assert (code, outputs["stale"], outputs["has_errors"]) == (1, "1", "true")
    assert "rules, since it was planned:" in comment
    assert "40 → 35" in comment
    assert "what is live, and what was to be: rules" in comment
    assert "35 → 12.5" in comment


def test_no_step_of_a_refused_plan_passes(plan: Filed) -> None:
    code, _, _, suite, _ = told(plan, "apply", "--expect-fingerprint", "0" * 64)
    assert code == 1
    skipped = [case.get("name") for case in suite if case.find("skipped") is not None]
    assert skipped == ["create alone", "update ramp", "create layout"]


def test_a_rollback_says_openly_what_it_left(plan: Filed) -> None:
    plan.applied()
    plan.world.edit("Gate", "alone", {"description": "Somebody's words"})
    code, comment, _, suite, _ = told(plan, "rollback")
    assert code == 1
    assert "1 not undone; read again, what was undone is as it was" in comment.splitlines()[1]
    assert comment.index("ROLLBACK/kept") < comment.index("<details>")
    assert suite.get("skipped") == "1"


def test_many_errors_of_one_sort_leave_room_for_what_a_reviewer_must_see(world: World, tmp_path: Path) -> None:
    world.project(safety={"rollout": {"maxIncrease": 5}})
    ramp = {"id": "ramp", "status": "In Progress", "isEnabled": True, "rules": [rule("EU", 10, id_="r1")]}
    world.seed(seeded(gates=[ramp]))
    risky = [manifest("Gate", f"gate_{number:03}", {"rules": [rule("All", 90)]}) for number in range(100)]
    world.manifests([*risky, manifest("Gate", "ramp", {"rules": [rule("EU", 100)]})])
    report = tmp_path / "plan.md"
    assert Desk().run(["plan", "-p", str(world.folder), "--report", f"markdown:8000={report}"]) == 1
    comment = report.read_text("utf-8")
    assert "GUARD/rollout" in comment
    first = comment.partition("### Look at these first\n\n")[2].splitlines()[0]
    assert first.startswith("- **update** Gate `ramp`")
    assert first.endswith('"EU": 10 % → 100 % of everyone pass in production.')
    assert "an approval holds" not in comment

"""``plan --out`` writes a file that is whole or not there, ``plan --fingerprint`` says what the plan is known by."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.domain import Json, Tree
from tests.end_to_end.world import KEY, World, manifest, seeded
from tests.unit.cli.terminal import Desk, Failing, Stream

GATE: Tree = {"id": "checkout_v2", "description": "Live words", "rules": [], "isEnabled": True, "status": "In Progress"}
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def pending(world: World) -> World:
    """One gate to change and one to create."""
    world.seed(seeded(gates=[GATE]))
    world.manifests([manifest("Gate", "checkout_v2", {"description": "Git's words"}), manifest("Gate", "new_gate", {})])
    return world


def plan(world: World, *arguments: str, desk: Desk | None = None) -> tuple[int, Desk]:
    used = desk or Desk()
    return used.run(["plan", *arguments, "-p", str(world.folder)]), used


def breaking(world: World) -> None:
    """Let the plan have an error."""
    world.manifests([manifest("Gate", "checkout_v2", {"isTemplate": True, "description": "Git's words"})])


def fingerprint_in(file: Path) -> str:
    return str(json.loads(file.read_text("ascii"))["fingerprint"])


def beside(file: Path) -> list[str]:
    """What else is in the folder of a file."""
    return sorted(each.name for each in file.parent.iterdir() if each != file)


# ---- the file --------------------------------------------------------------------------------------------------------


def test_the_text_ends_with_the_fingerprint_and_the_next_command(pending: World, tmp_path: Path) -> None:
    file = tmp_path / "release.plan.json"
    code, desk = plan(pending, "--out", str(file))
    assert (code, desk.complained) == (2, "")
    assert desk.said.splitlines()[-5:] == [
        "Plan: 1 to create, 1 to change, 0 to adopt, 0 to remove; 0 unchanged.",
        "",
        f"Saved: {file}",
        f"Fingerprint: {fingerprint_in(file)}",
        f"    → reconciler apply {file} --project {pending.folder}",
    ]


def test_the_next_command_is_short_where_the_project_is_the_usual_one(
    pending: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pending.folder)
    desk = Desk()
    assert desk.run(["plan", "-o", "a plan.json"]) == 2
    assert desk.said.splitlines()[-1] == "    → reconciler apply 'a plan.json'"
    assert Desk().run(["apply", "a plan.json", "--yes"]) == 0


def test_a_plan_without_changes_is_saved_and_has_no_next_command(pending: World, tmp_path: Path) -> None:
    pending.manifests([manifest("Gate", "checkout_v2", {"description": "Live words"})])
    code, desk = plan(pending, "--out", str(tmp_path / "a.json"))
    assert code == 0
    assert desk.said.splitlines()[-1] == f"Fingerprint: {fingerprint_in(tmp_path / 'a.json')}"
    assert desk.said.startswith("No changes.")


def test_the_report_carries_the_fingerprint_of_the_file(pending: World, tmp_path: Path) -> None:
    code, desk = plan(pending, "--format", "json", "--out", str(tmp_path / "a.json"))
    assert code == 2
    assert json.loads(desk.said)["fingerprint"] == fingerprint_in(tmp_path / "a.json")


def test_a_plan_that_cannot_be_applied_is_not_saved_and_what_was_there_stays(pending: World, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text("the plan of yesterday")
    breaking(pending)
    code, desk = plan(pending, "--out", str(file))
    assert code == 1
    assert f"error PLANFILE/not-written: {file} was not written: the plan has errors" in desk.complained
    assert (file.read_text(), "Saved" in desk.said) == ("the plan of yesterday", False)
    code, desk = plan(pending, "--out", str(file), "--format", "json")
    codes = [finding["code"] for finding in json.loads(desk.said)["findings"]]
    assert (code, set(codes)) == (1, {"PLAN/create-only", "PLANFILE/not-written"})


def test_the_plan_of_yesterday_is_replaced_whole(pending: World, tmp_path: Path) -> None:
    file = tmp_path / "plans" / "a.json"
    file.parent.mkdir()
    file.write_text("x" * 1_000_000)
    plan(pending, "--out", str(file))
    assert fingerprint_in(file)
    assert beside(file) == []


def test_a_link_leads_to_the_file_that_is_replaced(pending: World, tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.write_text("old")
    link.symlink_to(real)
    plan(pending, "--out", str(link))
    assert link.is_symlink()
    assert fingerprint_in(real)


def test_the_file_can_be_read_by_whom_the_umask_lets(pending: World, tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        plan(pending, "--out", str(tmp_path / "a.json"))
    finally:
        os.umask(before)
    assert (tmp_path / "a.json").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("none/a.json", "No such file or directory"),
        ("folder", "it is no ordinary file"),
        ("full", "it is no ordinary file"),
        ("file/a.json", "Not a directory"),
        ("x" * 300, "File name too long"),
    ],
)
def test_a_file_that_cannot_be_written_is_told_and_ends_with_1(
    pending: World, tmp_path: Path, name: str, why: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "full").symlink_to("/dev/full")
    (tmp_path / "file").touch()
    code, desk = plan(pending, "--out", str(tmp_path / name))
    assert code == 1
    assert desk.complained == (
        f"error PLANFILE/output: {tmp_path / name} cannot be written: {why}\n"
        "    → name a file in a folder with room for it\n"
    )
    assert "Plan: 1 to create" in desk.said
    assert "Saved" not in desk.said


def test_a_full_disk_leaves_the_plan_of_yesterday_and_no_litter(pending: World, tmp_path: Path) -> None:
    file = tmp_path / "plans" / "a.json"
    file.parent.mkdir()
    file.write_text("the plan of yesterday")
    command = f"ulimit -f 1; {sys.executable} -m reconciler plan -p {pending.folder} --out {file}"
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "STATSIG_CONSOLE_KEY": KEY, "PYTHONDONTWRITEBYTECODE": "1"}
    bash = ["bash", "-c", command]
    ended = subprocess.run(bash, env=environ, capture_output=True, text=True, check=False)
    assert (ended.returncode, "Traceback" in ended.stderr) == (1, False)
    assert f"error PLANFILE/output: {file} cannot be written: File too large" in ended.stderr
    assert (file.read_text(), beside(file)) == ("the plan of yesterday", [])


def test_an_output_that_is_full_does_not_keep_the_file_from_being_written(pending: World, tmp_path: Path) -> None:
    full = Failing(OSError(28, "No space left on device"))
    code, desk = plan(pending, "--out", str(tmp_path / "a.json"), desk=Desk(out=full))
    assert code == 1
    assert "error RUN/output" in desk.complained
    assert fingerprint_in(tmp_path / "a.json")


def test_the_key_is_not_in_the_file(pending: World, tmp_path: Path) -> None:
    canary = "console-canary-4711"
    desk = Desk(environ={"STATSIG_CONSOLE_KEY": canary, "OTHER_SECRET": "canary-4712"})
    plan(pending, "--out", str(tmp_path / "a.json"), "--server-validate", desk=desk)
    assert "canary" not in (tmp_path / "a.json").read_text()
    assert "canary" not in desk.said + desk.complained


# ---- the fingerprint -------------------------------------------------------------------------------------------------


def test_the_fingerprint_stands_alone_on_standard_output(pending: World, tmp_path: Path) -> None:
    code, desk = plan(pending, "--fingerprint", "--out", str(tmp_path / "a.json"))
    assert (code, desk.complained) == (2, "")
    assert desk.said == f"{fingerprint_in(tmp_path / 'a.json')}\n"


def test_a_plan_without_changes_has_a_fingerprint_and_ends_with_0(pending: World) -> None:
    pending.manifests([manifest("Gate", "checkout_v2", {"description": "Live words"})])
    code, desk = plan(pending, "--fingerprint")
    assert (code, len(desk.said)) == (0, 65)


def test_a_plan_that_cannot_be_applied_has_no_fingerprint_to_go_by(pending: World) -> None:
    breaking(pending)
    code, desk = plan(pending, "--fingerprint")
    assert (code, desk.said) == (1, "")
    assert "error PLAN/create-only" in desk.complained


def test_the_fingerprint_is_one_word_on_a_narrow_terminal(pending: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    _, piped = plan(pending, "--fingerprint")
    _, desk = plan(pending, "--fingerprint", desk=Desk(out=Stream(terminal=True)))
    assert desk.said == piped.said


def report(desk: Desk) -> Json:
    return json.loads(desk.said)


def test_a_command_that_made_no_plan_reports_none(pending: World) -> None:
    pending.manifests([manifest("Gate", "checkout_v2", {"status": "on"})])
    code, desk = plan(pending, "--format", "json")
    assert (code, report(desk)["fingerprint"]) == (1, None)

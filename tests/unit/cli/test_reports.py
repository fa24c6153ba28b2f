"""``--report FORMAT=FILE`` and ``show``: the same run in other forms, whatever ends it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler.reports import event_schema
from reconciler.reports.formats import FORMATS
from tests.end_to_end.world import World, manifest, seeded
from tests.unit.cli.terminal import Desk

GATE = {"id": "checkout_v2", "description": "Live words", "rules": [], "isEnabled": True, "status": "In Progress"}


@pytest.fixture
def project(world: World) -> World:
    """A gate that Git describes in other words."""
    world.seed(seeded(gates=[GATE]))
    world.manifests([manifest("Gate", "checkout_v2", {"description": "Git's words"})])
    return world


def run(world: World, command: str, *arguments: str, **environ: str) -> tuple[int, Desk]:
    desk = Desk()
    desk.environ |= environ
    return desk.run([command, *arguments, "-p", str(world.folder)]), desk


def reports(folder: Path) -> tuple[list[str], Path, Path]:
    """The options for two reports, and their files."""
    first, second = folder / "report.md", folder / "report.json"
    return ["--report", f"markdown={first}", "--report", f"json={second}"], first, second


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("plan", 2, "1 to change"),
        ("drift", 2, "1 object is not as Git says"),
        ("validate", 0, "1 manifest, 0 errors"),
    ],
)
def test_several_reports_of_one_run(project: World, tmp_path: Path, command: str, code: int, said: str) -> None:
    options, markdown, document = reports(tmp_path)
    assert run(project, command, *options)[0] == code
    assert said in markdown.read_text("utf-8")
    assert json.loads(document.read_text("utf-8"))["command"] == command


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("plan", "1 to change"),
        ("apply", "1 done"),
        ("drift", "1 object is not as Git says"),
        ("validate", "1 manifest"),
    ],
)
def test_a_page_of_each_command(project: World, tmp_path: Path, command: str, said: str) -> None:
    options = ["--yes"] if command == "apply" else []
    run(project, command, *options, "--report", f"html={tmp_path / 'page.html'}")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert said in page.partition("</h1>")[0]
    assert page.endswith("</html>")


def test_the_json_report_is_what_the_command_prints(project: World, tmp_path: Path) -> None:
    _, desk = run(project, "plan", "--format", "json", "--report", f"json={tmp_path / 'plan.json'}")
    assert (tmp_path / "plan.json").read_text("utf-8") == desk.said


def test_an_apply_is_reported_with_what_was_done(project: World, tmp_path: Path) -> None:
    options, markdown, document = reports(tmp_path)
    assert run(project, "apply", "--yes", *options)[0] == 0
    assert "✅ 1 done; read again, live is as it was to be" in markdown.read_text("utf-8")
    assert json.loads(document.read_text("utf-8"))["summary"]["done"] == 1


def test_a_run_that_comes_to_no_result_is_reported_too(project: World, tmp_path: Path) -> None:
    options, markdown, document = reports(tmp_path)
    project.manifests([manifest("Gate", "checkout_v2", {"descripton": "Git's words"})])
    assert run(project, "plan", *options)[0] == 1
    assert "descripton" in markdown.read_text("utf-8")
    assert json.loads(document.read_text("utf-8"))["summary"]["errors"] == 1


def test_a_report_that_cannot_be_written_fails_the_run_and_is_told(project: World, tmp_path: Path) -> None:
    code, desk = run(project, "plan", "--report", f"markdown={tmp_path / 'no_folder' / 'plan.md'}")
    assert code == 1
    assert "REPORT/output" in desk.complained
    assert "checkout_v2" in desk.said


def test_a_comment_may_be_bounded_otherwise(project: World, tmp_path: Path) -> None:
    file = tmp_path / "plan.md"
    text = "\n".join(f"{number} words of somebody" for number in range(40))
    project.manifests([manifest("Gate", f"gate_{number}", {"description": text}) for number in range(20)])
    sizes = []
    for form in ("markdown:2000", "markdown:9000", "markdown"):
        assert run(project, "plan", "--report", f"{form}={file}")[0] == 2
        sizes.append(len(file.read_bytes()))
    assert sizes[0] <= 2000 < sizes[1] <= 9000
    assert sizes == sorted(sizes)


@pytest.mark.parametrize(
    "option",
    ["markdown", "markdown=", "marqdown=plan.md", "=plan.md", "markdown:=plan.md", "markdown:lots=plan.md",
     "markdown:1999=plan.md", "html:9000=plan.html", "markdown:99999999999999=plan.md"],
)  # fmt: skip
def test_a_report_of_no_form_or_no_file_ends_the_command_before_it_does_anything(project: World, option: str) -> None:
    code, desk = run(project, "apply", "--yes", "--report", option)
    assert code == 1
    assert "USAGE/report" in desk.complained
    assert project.live("Gate", "checkout_v2")["description"] == "Live words"


def test_two_reports_for_one_file_end_the_command_before_it_does_anything(project: World, tmp_path: Path) -> None:
    code, desk = run(project, "plan", "--report", f"markdown={tmp_path}/a", "--report", f"html={tmp_path}/a")
    assert (code, list(tmp_path.glob("a"))) == (1, [])
    assert "USAGE/report" in desk.complained


def test_a_plan_is_shown_in_no_form_that_there_is_not(project: World, tmp_path: Path) -> None:
    saved = tmp_path / "saved.json"
    run(project, "plan", "--out", str(saved))
    desk = Desk()
    assert desk.run(["show", str(saved), "--format", "github"]) == 1
    assert "error USAGE/format: --format github: there is no such form" in desk.complained
    assert "write one of text, json, markdown, html, sarif, junit" in desk.complained


def test_a_saved_plan_is_shown_once_more_as_it_was_reported(project: World, tmp_path: Path) -> None:
    """With files of several documents, objects of nobody, and a production of another name."""
    project.seed(seeded(gates=[GATE, GATE | {"id": "of_others", "name": "of_others"}]))
    project.project(safety={"rollout": {"maxIncrease": 100, "production": ["staging"]}})
    rule = {"name": "Staff", "conditions": [{"type": "public"}], "environments": ["staging"], "passPercentage": 100}
    described = [manifest("Gate", "another", {}), manifest("Gate", "checkout_v2", {"rules": [rule]})]
    project.write("manifests/0000.yaml", "\n---\n".join(map(json.dumps, described)))
    saved = tmp_path / "saved.json"
    options, markdown, document = reports(tmp_path)
    run(project, "plan", "--out", str(saved), *options)
    assert "rollout in production" in markdown.read_text("utf-8")
    for form, file in (("markdown", markdown), ("json", document)):
        desk = Desk()
        assert desk.run(["show", str(saved), "--format", form]) == 0
        assert desk.said == file.read_text("utf-8")


def test_on_github_files_are_links_at_the_commit_that_is_reviewed(
    project: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.folder)
    top = str(project.folder.parent)
    where = {"GITHUB_REPOSITORY": "acme/flags", "GITHUB_WORKSPACE": top, "GITHUB_SHA": "merge"}
    desk = Desk()
    desk.environ |= {**where, "RECONCILER_COMMIT": "head"}
    desk.run(["plan", "--report", f"markdown={tmp_path / 'plan.md'}"])
    link = f"https://github.com/acme/flags/blob/head/{project.folder.name}/manifests/"
    assert link in (tmp_path / "plan.md").read_text("utf-8")


# ---- a step of GitHub Actions ----------------------------------------------------------------------------------------


def step(folder: Path) -> dict[str, str]:
    """The files that a step has."""
    return {"GITHUB_STEP_SUMMARY": str(folder / "summary.md"), "GITHUB_OUTPUT": str(folder / "output.txt")}


def test_a_step_has_a_summary_outputs_and_annotations(project: World, tmp_path: Path) -> None:
    (tmp_path / "output.txt").write_text("earlier=yes\n")
    code, desk = run(project, "plan", "--format", "json", "--report", "github", **step(tmp_path))
    assert code == 2
    assert "1 to change" in (tmp_path / "summary.md").read_text("utf-8")
    written = (tmp_path / "output.txt").read_text("utf-8").splitlines()
    assert {"earlier=yes", "has_changes=true", "update=1"} <= set(written)
    assert f"fingerprint={json.loads(desk.said)['fingerprint']}" in written


def test_a_broken_manifest_is_annotated_at_its_line(project: World, tmp_path: Path) -> None:
    project.manifests([manifest("Gate", "checkout_v2", {"descripton": "Git's words"})])
    code, desk = run(project, "plan", "--report", "github", **step(tmp_path))
    assert code == 1
    assert "::error file=" in desk.complained
    assert "has_errors=true" in (tmp_path / "output.txt").read_text("utf-8")


def test_outside_of_a_step_that_is_said_before_anything_is_done(project: World) -> None:
    code, desk = run(project, "apply", "--yes", "--report", "github")
    assert code == 1
    assert "GITHUB_STEP_SUMMARY is not set" in desk.complained
    assert project.live("Gate", "checkout_v2")["description"] == "Live words"


# ---- events ----------------------------------------------------------------------------------------------------------


def test_events_tell_the_plan_each_outcome_the_proof_and_the_end(project: World, tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text("of an earlier run\n")
    assert run(project, "apply", "--yes", "--events", str(file))[0] == 0
    events = [json.loads(line) for line in file.read_text("ascii").splitlines()]
    assert [event["event"] for event in events] == ["plan", "outcome", "convergence", "end"]
    assert [event["outcome"]["status"] for event in events if event["event"] == "outcome"] == ["done"]
    validator = Draft202012Validator(event_schema())
    assert [list(validator.iter_errors(event)) for event in events] == [[], [], [], []]


def test_an_apply_goes_on_without_its_events_and_fails_for_want_of_them(project: World, tmp_path: Path) -> None:
    code, desk = run(project, "apply", "--yes", "--events", str(tmp_path / "no_folder" / "events.jsonl"))
    assert code == 1
    assert "REPORT/events" in desk.complained
    assert project.live("Gate", "checkout_v2")["description"] == "Git's words"


@pytest.mark.parametrize("command", ["show", "plan"])
def test_help_names_every_form(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert Desk().run([command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert [form for form in FORMATS if form not in shown] == []

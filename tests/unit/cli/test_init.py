"""``init``: a repository that is sound from the first minute, and nothing overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.cli.options import Pipeline
from tests.end_to_end.pipelines.actions import read_yaml
from tests.end_to_end.world import World
from tests.unit.cli.terminal import Desk

WORKFLOWS = {
    "github": [f".github/workflows/statsig-{name}.yml" for name in ("apply", "drift", "plan")],
    "gitlab": [".gitlab-ci.yml"],
    "none": [],
}


def init(*arguments: str) -> tuple[int, Desk]:
    desk = Desk()
    return desk.run(["init", *arguments]), desk


def files_of(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


@pytest.mark.parametrize("pipeline", Pipeline)
def test_a_new_repository_is_sound_and_says_what_comes_next(tmp_path: Path, pipeline: Pipeline) -> None:
    folder = tmp_path / "flags"
    code, desk = init(str(folder), "--ci", pipeline)
    assert code == 0
    assert desk.said.endswith(f"    reconciler validate --project {folder}\n    reconciler plan --project {folder}\n")
    assert [name for name in files_of(folder) if "gitlab" in name or "workflows" in name] == WORKFLOWS[pipeline]
    checked = Desk()
    assert checked.run(["validate", "-p", str(folder)]) == 0
    assert "1 manifest, 0 errors, 0 warnings" in checked.said


def test_its_first_plan_makes_the_gate_that_it_describes(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "flags"
    init(str(folder))
    file = folder / "reconciler.yaml"
    file.write_text(file.read_text("utf-8").replace("https://statsigapi.net/console/v1", world.service.url), "utf-8")
    assert Desk().run(["apply", "--yes", "-p", str(folder)]) == 0
    assert world.live("Gate", "hello_from_git")["isEnabled"]


def test_every_schema_that_its_files_name_is_there(tmp_path: Path) -> None:
    init(str(tmp_path))
    named = list(json.loads((tmp_path / ".vscode" / "settings.json").read_text("utf-8"))["yaml.schemas"])
    for file in [tmp_path / "reconciler.yaml", *(tmp_path / "manifests").iterdir()]:
        schema = file.read_text("utf-8").partition("$schema=")[2].split()[0]
        named.append(str((file.parent / schema).resolve().relative_to(tmp_path.resolve())))
    assert [name for name in named if not (tmp_path / name).is_file()] == []


def test_what_a_repository_has_for_other_reasons_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("node_modules/\n", "utf-8")
    code, desk = init(str(tmp_path))
    assert (code, (tmp_path / ".gitignore").read_text("utf-8")) == (0, "node_modules/\n")
    assert f"left {tmp_path}/.gitignore as it is; see to it that it has: .reconciler/" in desk.said
    assert "is no top of a repository" not in desk.said


def test_workflows_are_where_github_looks_for_them_and_work_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    said = init(str(tmp_path / "web" / "flags"))[1].said
    files = {name: tmp_path / f".github/workflows/statsig-{name}-web-flags.yml" for name in ("plan", "apply", "drift")}
    assert [name for name, file in files.items() if f"wrote {file}\n" not in said] == []
    workflows = {name: read_yaml(file) for name, file in files.items()}
    assert {each["env"]["FOLDER"] for each in workflows.values()} == {"web/flags"}
    assert [each["name"] for each in workflows.values()] == [f"Statsig {name}, web/flags" for name in files]
    paths = ["web/flags/reconciler.yaml", "web/flags/manifests/**"]
    asked = [workflows["plan"]["on"]["pull_request"]["paths"], workflows["apply"]["on"]["push"]["paths"]]
    assert asked == [paths, paths]
    assert (tmp_path / "web" / "flags" / "reconciler.yaml").is_file()
    assert not (tmp_path / "web" / "flags" / ".github").exists()
    code, desk = init(str(tmp_path / "web" / "flags"))
    assert (code, desk.complained.count("INIT/exists")) == (1, 1)


def test_a_folder_whose_workflows_would_be_called_as_those_of_another_is_told_why(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert init(str(tmp_path / "web-flags"))[0] == 0
    code, desk = init(str(tmp_path / "web" / "flags"))
    said = " ".join(desk.complained.split())
    assert (code, said.count("INIT/exists")) == (1, 1)
    assert "they are those of the project in web-flags: their names have - for each / of the folder" in said
    assert not (tmp_path / "web").exists()


def test_files_above_a_folder_behind_a_link_are_called_by_where_they_are(tmp_path: Path) -> None:
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "repository" / "web").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "repository" / "web")
    said = init(str(tmp_path / "link"))[1].said
    named = [Path(row.removeprefix("wrote ")) for row in said.splitlines() if row.endswith(".yml")]
    assert [file.name for file in named if file.is_file()] == [
        f"statsig-{name}-web.yml" for name in ("plan", "apply", "drift")
    ]


def test_a_folder_may_have_any_name_that_github_reads_as_it_is(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    init(str(tmp_path / "büro 🎛️"))
    text = (tmp_path / ".github/workflows/statsig-plan-büro 🎛️.yml").read_text("utf-8")
    assert '  FOLDER: "büro 🎛️" #' in text


@pytest.mark.parametrize("letter", [*"[]*?!+${}\"'`\\", "\n", "\x7f", "\u2028", "\udcff"])
def test_a_folder_that_github_would_read_otherwise_is_refused(tmp_path: Path, letter: str) -> None:
    (tmp_path / ".git").mkdir()
    folder = tmp_path / f"web{letter}app" / "flags"
    code, desk = init(str(folder))
    assert (code, desk.complained.count("error INIT/folder: ")) == (1, 1)
    assert files_of(tmp_path) == []
    assert init(str(folder), "--ci", "none")[0] == 0


def test_a_pipeline_below_the_top_of_a_repository_is_told(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    said = init(str(tmp_path / "flags"), "--ci", "gitlab")[1].said
    assert f"take it over into {tmp_path},\nlet its jobs work in flags" in said
    assert '["flags/reconciler.yaml", "flags/manifests/**/*"] in changes' in said
    assert "is no top" not in init(str(tmp_path / "plain"), "--ci", "none")[1].said


def test_nothing_is_overwritten_and_then_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "reconciler.yaml").write_text("mine", "utf-8")
    code, desk = init(str(tmp_path))
    assert code == 1
    assert f"error INIT/exists: {tmp_path / 'reconciler.yaml'} is there already" in desk.complained
    assert files_of(tmp_path) == ["reconciler.yaml"]
    assert (tmp_path / "reconciler.yaml").read_text("utf-8") == "mine"


def test_a_folder_that_cannot_be_written_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "manifests").write_text("a file where a folder is needed", "utf-8")
    code, desk = init(str(tmp_path))
    assert code == 1
    assert "error INIT/output: " in desk.complained
    assert files_of(tmp_path) == ["manifests"]


def test_the_document_names_the_files_and_the_next_commands(tmp_path: Path) -> None:
    _, desk = init(str(tmp_path), "--format", "json")
    document = json.loads(desk.said)
    assert sorted(document["written"]) == [str(tmp_path / name) for name in files_of(tmp_path)]
    assert document["next"] == [f"reconciler validate --project {tmp_path}", f"reconciler plan --project {tmp_path}"]

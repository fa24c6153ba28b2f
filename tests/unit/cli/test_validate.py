"""``validate`` tells all that is wrong with the manifests, without any network."""

import json
from pathlib import Path

import pytest

from tests.unit.cli.terminal import Desk

PROJECT = "apiVersion: reconciler/v1\nkind: Project\n"
GATE = """\
apiVersion: reconciler/v1
kind: Gate
metadata: {id: checkout_v2}
spec:
  status: in_progress
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "manifests").mkdir()
    (tmp_path / "reconciler.yaml").write_text(PROJECT)
    (tmp_path / "manifests" / "gate.yaml").write_text(GATE)
    return tmp_path


def test_sound_manifests_are_counted(repository: Path) -> None:
    desk = Desk()
    assert desk.run(["validate", "-p", str(repository / "reconciler.yaml")]) == 0
    assert (desk.said, desk.complained) == ("1 manifest, 0 errors, 0 warnings\n", "")


def test_the_folder_of_the_project_file_will_do(repository: Path) -> None:
    assert Desk().run(["validate", "--project", str(repository)]) == 0


def test_the_project_file_is_looked_for_in_the_current_folder(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    assert Desk().run(["validate"]) == 0


def test_what_is_wrong_is_told_with_its_place_and_its_cure(repository: Path) -> None:
    (repository / "manifests" / "gate.yaml").write_text(GATE.replace("in_progress", "on"))
    desk = Desk()
    assert desk.run(["validate", "-p", str(repository)]) == 1
    first, second, *_, last = desk.said.splitlines()
    assert first.startswith(f"{repository}/manifests/gate.yaml:5:3: error SCHEMA/")
    assert second.startswith("    → ")
    assert last.endswith(" 1 error, 0 warnings")


def test_the_same_as_one_document(repository: Path) -> None:
    (repository / "manifests" / "gate.yaml").write_text(GATE.replace("in_progress", "on"))
    desk = Desk()
    assert desk.run(["validate", "-p", str(repository), "--format", "json"]) == 1
    report = json.loads(desk.said)
    assert (report["version"], report["command"], report["exitCode"]) == (1, "validate", 1)
    assert report["summary"]["errors"] == 1
    assert report["findings"][0]["where"]["line"] == 5


def test_a_selection_that_matches_nothing_is_a_mistake(repository: Path) -> None:
    desk = Desk()
    assert desk.run(["validate", "-p", str(repository), "-s", "id=other", "-s", "kind=Experiment"]) == 1
    assert desk.said.splitlines()[-1] == "0 manifests, 1 error, 0 warnings"


def test_a_project_file_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    desk = Desk()
    assert desk.run(["validate", "-p", str(tmp_path / "none.yaml")]) == 1
    assert "none.yaml: error FILE/project: the project file cannot be read" in desk.said

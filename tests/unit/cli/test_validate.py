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


def test_a_broken_manifest_counts_as_one(repository: Path) -> None:
    (repository / "manifests" / "gate.yaml").write_text(GATE.replace("in_progress", "on"))
    desk = Desk()
    assert desk.run(["validate", "-p", str(repository)]) == 1
    assert desk.said.splitlines()[-1] == "1 manifest, 1 error, 0 warnings"


def test_all_findings_of_one_object_come_in_one_run(repository: Path) -> None:
    rule = "{name: R, passPercentage: 101, conditions: [{type: passes_gate}]}"
    (repository / "manifests" / "gate.yaml").write_text(f"{GATE}  rules: [{rule}]\n  descripton: x\n---\n{GATE}")
    desk = Desk()
    assert desk.run(["validate", "-p", str(repository), "--format", "json"]) == 1
    assert {finding["code"] for finding in json.loads(desk.said)["findings"]} == {
        "SCHEMA/bounds", "SCHEMA/unknown-field", "CONDITION/target", "FILE/duplicate"}  # fmt: skip


def test_a_circle_is_told_although_one_of_its_gates_is_broken(repository: Path) -> None:
    rule = "{name: R, passPercentage: 1, conditions: [{type: passes_gate, targetValue: checkout_v2}]}"
    (repository / "manifests" / "gate.yaml").write_text(GATE.replace("in_progress", "on") + f"  rules: [{rule}]\n")
    desk = Desk()
    assert desk.run(["validate", "-p", str(repository)]) == 1
    assert f"gate.yaml:6:{2 + len('rules: [') + rule.index('targetValue') + 1}: error REF/cycle" in desk.said


def test_mistakes_of_others_do_not_stop_the_validation_of_a_selection(repository: Path) -> None:
    (repository / "manifests" / "other.yaml").write_text(GATE.replace("checkout_v2", "other").replace("progress", "p"))
    desk = Desk()
    assert desk.run(["validate", "-p", str(repository), "-s", "id=checkout*"]) == 0
    assert desk.said.splitlines()[0].startswith("note SELECT/others: ")
    assert desk.said.splitlines()[-1] == "1 manifest, 0 errors, 0 warnings, 1 note"


def test_a_project_file_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    desk = Desk()
    assert desk.run(["validate", "-p", str(tmp_path / "none.yaml")]) == 1
    assert "none.yaml: error FILE/project: the project file cannot be read" in desk.said


def test_what_is_said_about_removals_without_a_tag_to_keep_it_in_is_told(repository: Path) -> None:
    ours = "metadata: {id: checkout_v2, protected: true, onRemove: delete}"
    (repository / "manifests" / "gate.yaml").write_text(GATE.replace("metadata: {id: checkout_v2}", ours))
    desk = Desk()
    assert desk.run(["validate", "-p", str(repository)]) == 0
    assert f"{repository}/manifests/gate.yaml:3:29: warning PRUNE/untagged: " in desk.said
    assert "metadata.onRemove has no effect" in desk.said
    (repository / "reconciler.yaml").write_text(PROJECT + "ownership: {tag: git}\n")
    desk = Desk()
    assert desk.run(["validate", "-p", str(repository)]) == 0
    assert desk.said == "1 manifest, 0 errors, 0 warnings\n"

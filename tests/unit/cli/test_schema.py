"""``schema`` prints one schema or writes them all."""

import json
from pathlib import Path

import pytest

from reconciler.schema_files import schema_files
from tests.unit.cli.terminal import Desk


@pytest.mark.parametrize("kind", ["DynamicConfig", "dynamic-config", "dynamicconfig"])
def test_a_kind_is_printed_however_it_is_written(kind: str) -> None:
    desk = Desk()
    assert desk.run(["schema", kind]) == 0
    assert desk.said == schema_files()["dynamic-config.schema.json"]


def test_without_anything_the_schemas_are_listed() -> None:
    desk = Desk()
    assert desk.run(["schema"]) == 0
    assert desk.said.splitlines() == [name.removesuffix(".schema.json") for name in sorted(schema_files())]


def test_all_schemas_are_one_document_for_programs() -> None:
    desk = Desk()
    assert desk.run(["schema", "--format", "json"]) == 0
    assert json.loads(desk.said) == {
        name.removesuffix(".schema.json"): json.loads(text) for name, text in schema_files().items()
    }


@pytest.mark.parametrize("kind", ["plan-file", "PlanFile", "rollback-report", "Gate"])
def test_one_schema_is_the_same_document_for_everybody(kind: str) -> None:
    text, document = Desk(), Desk()
    assert text.run(["schema", kind]) == document.run(["schema", kind, "--format", "json"]) == 0
    assert text.said == document.said
    assert json.loads(document.said)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_what_was_written_is_a_list_for_programs(tmp_path: Path) -> None:
    desk = Desk()
    assert desk.run(["schema", "--output-dir", str(tmp_path), "--format", "json"]) == 0
    assert json.loads(desk.said) == {"written": [str(tmp_path / name) for name in sorted(schema_files())]}


def test_an_unknown_kind_is_one_document_where_one_was_asked_for() -> None:
    desk = Desk()
    assert desk.run(["schema", "Gat", "--format", "json"]) == 1
    report = json.loads(desk.said)
    assert (report["command"], report["exitCode"], report["findings"][0]["code"]) == ("schema", 1, "SCHEMA/unknown")


def test_an_unknown_kind_is_told_with_what_there_is() -> None:
    desk = Desk()
    assert desk.run(["schema", "Gat"]) == 1
    assert desk.complained.startswith("error SCHEMA/unknown: there is no schema 'Gat'\n    → did you mean")


def test_all_are_written_into_a_folder_that_is_made(tmp_path: Path) -> None:
    desk = Desk()
    folder = tmp_path / "deep" / "schemas"
    assert desk.run(["schema", "--output-dir", str(folder)]) == 0
    assert {file.name: file.read_text("utf-8") for file in folder.iterdir()} == schema_files()
    assert desk.said.splitlines()[0] == f"wrote {folder}/{min(schema_files())}"


def test_one_is_written_alone(tmp_path: Path) -> None:
    assert Desk().run(["schema", "Gate", "--output-dir", str(tmp_path)]) == 0
    assert [file.name for file in tmp_path.iterdir()] == ["gate.schema.json"]
    json.loads((tmp_path / "gate.schema.json").read_text("utf-8"))


def test_a_full_disk_is_a_message(tmp_path: Path) -> None:
    (tmp_path / "gate.schema.json").symlink_to("/dev/full")
    desk = Desk()
    assert desk.run(["schema", "--output-dir", str(tmp_path)]) == 1
    assert "cannot be written: No space left on device" in desk.complained
    assert "Traceback" not in desk.complained


def test_a_file_in_place_of_the_folder_is_a_message(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    desk = Desk()
    assert desk.run(["schema", "--output-dir", str(tmp_path / "file")]) == 1
    assert desk.complained.startswith(f"error SCHEMA/output: {tmp_path}/file cannot be written: ")

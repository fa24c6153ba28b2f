"""Files that a user names: one that does not end, or hardly, is refused before memory is full."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.unit.cli.terminal import Desk

MUCH = 2**43
"""Bytes of a file with a hole: no machine has so much memory."""


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """A file of eight TiB that takes no room."""
    file = tmp_path / "endless"
    file.touch()
    os.truncate(file, MUCH)
    return file


@pytest.fixture
def project(tmp_path: Path) -> Path:
    file = tmp_path / "reconciler.yaml"
    file.write_text("apiVersion: reconciler/v1\nkind: Project\napi: {url: http://127.0.0.1:9/console/v1}\n", "utf-8")
    return file


def test_a_project_file_without_end(endless: Path) -> None:
    desk = Desk()
    assert desk.run(["validate", "-p", str(endless)]) == 1
    assert "YAML/limit" in desk.said + desk.complained


@pytest.mark.parametrize("command", ["apply", "rollback"])
def test_a_plan_file_without_end(endless: Path, project: Path, command: str) -> None:
    desk = Desk()
    assert desk.run([command, str(endless), "--yes", "-p", str(project)]) == 1
    assert "PLANFILE/unreadable" in desk.complained
    assert "larger than 256 MiB" in desk.complained


@pytest.mark.parametrize(("option", "code"), [("--faults", "EMULATOR/faults"), ("--seed", "EMULATOR/seed")])
def test_files_for_the_emulator_without_end(endless: Path, option: str, code: str) -> None:
    desk = Desk()
    assert desk.run(["emulator", option, str(endless)]) == 1
    assert code in desk.complained
    assert "larger than 256 MiB" in desk.complained

"""What changed since a commit, told from a real repository."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.manifests import Project
from reconciler.workflow import load_project
from reconciler.workflow.history import unchanged

WALLETS = "apiVersion: reconciler/v1\nkind: Gate\nmetadata: {id: wallets}\nspec: {status: in_progress}\n"


class Repository:
    """A Git repository in a folder, with a project in it."""

    def __init__(self, top: Path, root: Path) -> None:
        self.top, self.root = top, root
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")
        (root / "reconciler.yaml").write_text("apiVersion: reconciler/v1\nkind: Project\n", "utf-8")

    def git(self, *arguments: str) -> None:
        who = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
        clean = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
        subprocess.run(["git", *who, *arguments], cwd=self.top, check=True, env=clean, capture_output=True)  # noqa: S607

    def commit(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, "utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", path)

    def kept(self, since: str | None = None) -> dict[str, str]:
        """The ids of manifests that did not change, with the reason."""
        loaded = load_project(self.root / "reconciler.yaml")
        assert isinstance(loaded.project, Project)
        found = unchanged(loaded.selected, loaded.project, self.root, since)
        return {key.id: reason for key, reason in found.items()}


@pytest.fixture(params=["", "configs/flags"], ids=["at the top", "in a folder"])
def repository(request: pytest.FixtureRequest, tmp_path: Path) -> Repository:
    made = Repository(tmp_path, tmp_path / request.param)
    made.commit("manifests/wallets.yaml", WALLETS)
    return made


def test_in_the_first_commit_everything_is_new(repository: Repository) -> None:
    assert repository.kept() == {}


def test_an_unrelated_commit_changes_nothing_about_it(repository: Repository) -> None:
    repository.commit("manifests/other.yaml", WALLETS.replace("wallets", "other"))
    assert repository.kept() == {"wallets": "its spec was not changed since HEAD^"}
    assert repository.kept("HEAD") == dict.fromkeys(["other", "wallets"], "its spec was not changed since HEAD")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("in_progress", "launched"),
        lambda text: text.replace("}\n", ", description: Now it works}\n") if "spec" in text else text,
    ],
)
def test_a_spec_that_changed_is_a_wish(repository: Repository, change: Callable[[str], str]) -> None:
    head, _, spec = WALLETS.rpartition("spec")
    repository.commit("manifests/wallets.yaml", f"{head}{change(f'spec{spec}')}")
    assert repository.kept() == {}


@pytest.mark.parametrize(
    "same",
    [
        f"# A comment.\n{WALLETS}",
        WALLETS.replace("{id: wallets}", "{id: wallets, labels: {team: payments}}"),
        WALLETS.replace("spec: {status: in_progress}", "spec:\n  status: 'in_progress'"),
    ],
)
def test_comments_layout_and_labels_are_no_wish(repository: Repository, same: str) -> None:
    repository.commit("manifests/wallets.yaml", same)
    assert repository.kept() == {"wallets": "its spec was not changed since HEAD^"}


def test_a_manifest_that_moved_to_another_file_did_not_change(repository: Repository) -> None:
    (repository.root / "manifests" / "wallets.yaml").unlink()
    repository.commit("manifests/payments/all.yaml", f"{WALLETS}---\n{WALLETS.replace('wallets', 'cards')}")
    assert list(repository.kept()) == ["wallets"]


def test_an_edit_that_is_not_committed_counts(repository: Repository) -> None:
    repository.commit("README.md", "words")
    (repository.root / "manifests" / "wallets.yaml").write_text(WALLETS.replace("in_progress", "launched"), "utf-8")
    assert repository.kept() == {}


def test_a_project_whose_folder_was_moved_is_not_taken_for_new(repository: Repository) -> None:
    moved = (
        repository.root.with_name("elsewhere") if repository.root != repository.top else repository.root / "elsewhere"
    )
    repository.commit("README.md", "words")
    moved.mkdir()
    for name in ("manifests", "reconciler.yaml"):
        (repository.root / name).rename(moved / name)
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "moved")
    loaded = load_project(moved / "reconciler.yaml")
    assert isinstance(loaded.project, Project)
    (reason,) = unchanged(loaded.selected, loaded.project, moved, None).values()
    assert "elsewhere/ held no manifest at HEAD^, which may have been in another folder" in reason


def test_what_could_not_be_read_then_is_not_taken_for_new(repository: Repository) -> None:
    repository.commit("manifests/wallets.yaml", WALLETS.replace("spec:", "spec: ["))
    repository.commit("manifests/wallets.yaml", WALLETS)
    assert "cannot be told, since not all manifests of HEAD^ can be read" in repository.kept()["wallets"]


@pytest.mark.parametrize(
    ("since", "why"),
    [("no-such-tag", "no-such-tag is no commit here"), ("--all", "--all is no commit here")],
)
def test_a_commit_that_is_not_there_is_no_licence(repository: Repository, since: str, why: str) -> None:
    assert why in repository.kept(since)["wallets"]


def test_a_shallow_clone_cannot_tell(repository: Repository, tmp_path_factory: pytest.TempPathFactory) -> None:
    repository.commit("README.md", "words")
    clone = tmp_path_factory.mktemp("clone")
    repository.git("clone", "--quiet", "--depth=1", f"file://{repository.top}", str(clone))
    root = clone / repository.root.relative_to(repository.top)
    loaded = load_project(root / "reconciler.yaml")
    assert isinstance(loaded.project, Project)
    (reason,) = unchanged(loaded.selected, loaded.project, root, None).values()
    assert "HEAD^ is no commit here (a clone of depth 1 has none before HEAD)" in reason


def test_outside_of_git_nothing_can_be_told(tmp_path: Path) -> None:
    loaded = load_project(tmp_path / "reconciler.yaml")
    assert loaded.project is None
    (tmp_path / "reconciler.yaml").write_text("apiVersion: reconciler/v1\nkind: Project\n", "utf-8")
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests" / "wallets.yaml").write_text(WALLETS, "utf-8")
    loaded = load_project(tmp_path / "reconciler.yaml")
    (reason,) = unchanged(loaded.selected, loaded.usable, tmp_path, None).values()
    assert reason.endswith("cannot be told, since the project file is in no Git repository")


def test_the_working_copy_and_its_index_stay_as_they_are(repository: Repository) -> None:
    repository.commit("manifests/other.yaml", WALLETS.replace("wallets", "other"))

    def status() -> bytes:
        command = ["git", "status", "--porcelain=v2", "--branch"]
        return subprocess.run(command, cwd=repository.top, check=True, capture_output=True).stdout

    before = status()
    repository.kept()
    assert status() == before

"""Which files patterns choose, and that nothing that cannot be looked at passes for absent."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from reconciler.manifests import PROJECT_FILE, Found, find


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project folder, beside which lies a folder that does not belong to it."""
    project = tmp_path / "project"
    for path in (
        "reconciler.yaml",
        "manifests/b.yaml",
        "manifests/a.yaml",
        "manifests/x.yml",
        "manifests/deep/er/c.yaml",
        "manifests/deep/.hidden/d.yaml",
        "manifests/.e.yaml",
        "manifests/z.yaml/h.yaml",
        ".git/f.yaml",
        "other/g.yaml",
        "../outside/secret.yaml",
    ):
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text("a: 1\n")
    return project


def codes(found: Found) -> list[tuple[str, str]]:
    return [(finding.code, str(finding.where)) for finding in found.findings]


def chosen(root: Path, *patterns: str) -> tuple[str, ...]:
    found = find(root, patterns)
    assert found.findings == ()
    return found.paths


@pytest.mark.parametrize(
    ("patterns", "paths"),
    [
        (["manifests/*.yaml"], ["manifests/a.yaml", "manifests/b.yaml"]),
        (["manifests/[b]*.y*ml"], ["manifests/b.yaml"]),
        (["manifests/?.yml"], ["manifests/x.yml"]),
        (["manifests/**/*.yaml"],
         ["manifests/a.yaml", "manifests/b.yaml", "manifests/deep/er/c.yaml", "manifests/z.yaml/h.yaml"]),
        (["**/er/*.yaml"], ["manifests/deep/er/c.yaml"]),
        (["**/deep/**/**/c.yaml"], ["manifests/deep/er/c.yaml"]),
        (["other/**"], ["other/g.yaml"]),
        (["./other//g.yaml"], ["other/g.yaml"]),
        (["*/g.yaml", "other/*.yaml"], ["other/g.yaml"]),
        (["other/*.yaml", "manifests/a.yaml"], ["manifests/a.yaml", "other/g.yaml"]),
        (["manifests/.*.yaml"], ["manifests/.e.yaml"]),
        (["manifests/deep/.hidden/*"], ["manifests/deep/.hidden/d.yaml"]),
        (["*.yaml", "other/*"], ["other/g.yaml"]),
    ],
)  # fmt: skip
def test_patterns_choose_files_once_and_in_order(root: Path, patterns: list[str], paths: list[str]) -> None:
    assert chosen(root, *patterns) == tuple(paths)


def test_another_project_file_is_left_out_by_its_name(root: Path) -> None:
    assert find(root, ["other/g.yaml", "manifests/a.yaml"], "other/g.yaml").paths == ("manifests/a.yaml",)


def test_a_pattern_that_matches_nothing_is_a_finding_at_its_place(root: Path) -> None:
    found = find(root, ["manifests/*.yaml", "mannifests/*.yaml"])
    assert codes(found) == [("FILE/no-match", PROJECT_FILE)]
    assert found.findings[0].where is not None
    assert found.findings[0].where.pointer == ("manifests", 1)
    assert len(found.paths) == 2


@pytest.mark.parametrize("pattern", [".", "/", "manifests/deep"])
def test_a_folder_is_no_match(root: Path, pattern: str) -> None:
    assert codes(find(root, [pattern])) in ([("FILE/no-match", PROJECT_FILE)], [("FILE/pattern", PROJECT_FILE)])


@pytest.mark.parametrize(
    "pattern", ["../outside/*.yaml", "manifests/../../outside/*", "/etc/*.yaml", "manifests\\*.yaml"]
)
def test_patterns_that_lead_out_of_the_project_are_refused(root: Path, pattern: str) -> None:
    found = find(root, [pattern])
    assert found.paths == ()
    assert codes(found) == [("FILE/pattern", PROJECT_FILE)]


def test_links_out_of_the_project_are_refused(root: Path) -> None:
    (root / "manifests/link.yaml").symlink_to(root / "../outside/secret.yaml")
    (root / "manifests/folder").symlink_to(root / "../outside")
    found = find(root, ["manifests/**/*.yaml"])
    assert sorted(codes(found)) == [("FILE/outside", "manifests/folder"), ("FILE/outside", "manifests/link.yaml")]
    assert not [path for path in found.paths if "link" in path or "secret" in path]


def test_links_within_the_project_are_followed_and_each_file_is_read_once(root: Path) -> None:
    (root / "manifests/again.yaml").symlink_to("b.yaml")
    (root / "manifests/elsewhere").symlink_to("../other")
    (root / "manifests/deep/round").symlink_to("..")
    assert chosen(root, "manifests/**/*.yaml") == (
        "manifests/a.yaml", "manifests/again.yaml", "manifests/deep/er/c.yaml", "manifests/elsewhere/g.yaml",
        "manifests/z.yaml/h.yaml",
    )  # fmt: skip


def test_a_link_that_leads_nowhere_is_a_finding(root: Path) -> None:
    (root / "manifests/gone.yaml").symlink_to("nothing.yaml")
    (root / "manifests/self.yaml").symlink_to("self.yaml")
    assert codes(find(root, ["manifests/*.yaml"])) == [
        ("FILE/unreadable", "manifests/gone.yaml"),
        ("FILE/unreadable", "manifests/self.yaml"),
    ]


def test_what_is_no_regular_file_is_a_finding(root: Path) -> None:
    os.mkfifo(root / "manifests/pipe.yaml")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(root / "other/socket.yaml"))
    found = find(root, ["manifests/*.yaml", "other/*.yaml"])
    assert codes(found) == [("FILE/unreadable", "manifests/pipe.yaml"), ("FILE/unreadable", "other/socket.yaml")]
    assert len(found.paths) == 3


def test_a_folder_that_cannot_be_read_is_a_finding(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = os.scandir

    def scandir(path: str) -> object:
        if path.endswith("deep"):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = find(root, ["manifests/**/*.yaml", "manifests/deep/er/*.yaml"])
    assert codes(found) == [("FILE/unreadable", "manifests/deep")]
    assert "Permission denied" in found.findings[0].message
    assert "manifests/a.yaml" in found.paths


def test_a_project_folder_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    assert codes(find(tmp_path / "missing", ["*.yaml"])) == [("FILE/unreadable", ".")]


@pytest.mark.parametrize("name", [b"line\nbreak.yaml", b"\xff.yaml", b"escape\x1b[1m.yaml"])
def test_a_name_that_cannot_be_printed_is_a_finding(root: Path, name: bytes) -> None:
    (root / os.fsdecode(b"other/" + name)).write_text("a: 1\n")
    found = find(root, ["other/*.yaml"])
    assert codes(found) == [("FILE/name", "other")]
    assert found.findings[0].message.isprintable()
    assert found.paths == ("other/g.yaml",)

"""The comment that the documentation shows is the one that the example makes; ``PICTURES=write`` writes it anew."""

from __future__ import annotations

import os

import pytest

from tests.end_to_end.world import World
from tests.unit.cli.terminal import Desk
from tools.generated import ROOT

PICTURE = ROOT / "docs" / "pictures" / "comment.md"


@pytest.fixture
def comment(world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """What ``plan`` says of the example, as a comment."""
    world.example()
    monkeypatch.chdir(world.folder)
    assert Desk().run(["plan", "--report", "markdown=comment.md"]) == 2
    return (world.folder / "comment.md").read_text("utf-8")


def test_the_comment_in_the_documentation_is_the_one_of_the_example(comment: str) -> None:
    if os.environ.get("PICTURES") == "write":
        PICTURE.write_text(comment, "utf-8")
    assert PICTURE.read_text("utf-8") == comment


def test_the_readme_shows_nothing_that_is_not_in_it(comment: str) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = readme[readme.index("### Statsig plan:") : readme.index("[All of it](docs/pictures/comment.md)")]
    lines = [line.removeprefix("#") if line.startswith("##") else line for line in shown.splitlines() if line.strip()]
    known = set(comment.splitlines())
    assert len(lines) > 20
    assert [line for line in lines if line not in known and not line.startswith(("- …", "<"))] == []

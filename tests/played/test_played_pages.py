"""The tutorial and the how-to pages: their commands work, in order, and print what the pages show."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest

from tests.played.pages import Command, Ended, commands, fits, play
from tools.generated import ROOT

DOCS = ROOT / "docs"
PAGES = [DOCS / "tutorial.md", *sorted((DOCS / "how-to").glob("*.md"))]
PLAYED = [page for page in PAGES if commands(page.read_text("utf-8"))]


@pytest.fixture
def port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found: int = free.getsockname()[1]
    return found


def succeeded(command: Command, ended: Ended, following: str) -> bool:
    """Whether the exit code is one that a page need not explain: what a page shows with ``echo $?`` may be any."""
    pending = {2} if command.words.startswith(("reconciler plan", "reconciler drift")) else set()
    return following == "echo $?" or ended.code in {0, *pending}


@pytest.mark.parametrize("page", PLAYED, ids=lambda page: page.stem)
def test_every_command_of_a_page_works_and_prints_what_the_page_shows(page: Path, port: int, tmp_path: Path) -> None:
    market = shutil.copytree(ROOT / "examples" / "market", tmp_path / "examples" / "market")
    project = market / "reconciler.yaml"
    project.write_text(project.read_text("utf-8").replace("3006", str(port)), "utf-8")
    text = page.read_text("utf-8")
    ran, written = play(text, tmp_path, port), commands(text)
    assert len(ran) == len(written)
    followers = [*(command.words for command in written[1:]), ""]
    for command, ended, following in zip(written, ran, followers, strict=True):
        assert succeeded(command, ended, following), f"{command.words}\n{ended.printed}"
        if command.shown and not fits(command.shown, ended.printed):
            assert (command.words, ended.printed) == (command.words, command.shown)


def test_what_a_page_shows_is_held_to_the_letter_but_for_dots() -> None:
    assert fits("a b", "a b")
    assert not fits("a b", "a c")
    assert fits("a ... c\n...\nz", "a b c\n1\n2\nz")
    assert fits("...\nz", "z")
    assert not fits("a...", "a\nb")
    assert not fits("a\n...", "b\na")


def test_nothing_but_the_installation_in_the_tutorial_is_not_played() -> None:
    text = (DOCS / "tutorial.md").read_text("utf-8")
    (unplayed,) = [block for block in text.split("```")[1::2] if block.startswith("sh\n")]
    assert "pip install 'statsig-reconciler[emulator]'" in unplayed
    assert all(block.startswith("console\n$ ") for block in text.split("```")[1::2] if "console" in block[:8])

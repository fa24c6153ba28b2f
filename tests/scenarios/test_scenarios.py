"""Each folder is a small story: what is live, what the manifests ask for, and what a reviewer reads.

    live.json             the live project
    desired/*.yaml        the manifests; their first lines say what happened
    base/*.yaml           the manifests of the commit before, if the story needs one
    reconciler.yaml       the project file; the address of the API is put in (for "$URL", if it stands there)
    options.yaml          plan, apply: further arguments; now: the time of day; again: how a plan after the apply ends
                          (0); all if the story needs them
    expected.plan.txt     what plan prints
    expected.report.txt   what apply and the rollback print after the plan, and how they end

With ``SCENARIOS=write`` in the environment the expected texts are written anew: read the difference before you keep it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import dropwhile, zip_longest
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from reconciler.cli import run_arguments
from reconciler.cli.screen import Screen
from reconciler.cli.sink import Sink
from reconciler.domain import ResourceKey, Tree
from tests.end_to_end.world import KEY, World, differing, place_of
from tests.unit.cli.terminal import Stream

FOLDERS = sorted(path.parent for path in Path(__file__).parent.glob("*/live.json"))
NEEDED = {"live.json", "desired", "reconciler.yaml", "expected.plan.txt", "expected.report.txt"}
OPTIONAL = {"base", "options.yaml"}
WRITE = os.environ.get("SCENARIOS") == "write"
BESIDE = ("tags/", "layers/statsig::")
"""What the service makes beside an object, and tags, which it knows by an id of its own."""
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
"""When stories are told, unless they say another time: a Tuesday."""


@dataclass(frozen=True)
class Ran:
    """One command: how it was called, what it printed, how it ended."""

    command: str
    text: str
    code: int


@dataclass(frozen=True)
class Story:
    """One scenario's live project and repository, and the commands that are run on them."""

    folder: Path
    world: World
    options: Tree = field(default_factory=dict)

    def run(self, command: str, *arguments: str) -> Ran:
        """Run a command of this project in the repository. What it prints names files as seen from there."""
        out, root = Stream(), f"{self.world.folder.as_posix()}/"
        screen = Screen(Stream(), Sink(out), Sink(out), {"STATSIG_CONSOLE_KEY": KEY}, clock=self.clock)
        given = [*arguments, *map(str, self.options.get(command, []))]
        code = run_arguments([command, *given, "--project", root], screen)
        said = " ".join(["reconciler", command, *(word if " " not in word else f'"{word}"' for word in given)])
        text = out.getvalue().replace(root, "").replace(self.world.service.url, "$URL")
        return Ran(said.replace(root, ""), text, code)

    def clock(self) -> datetime:
        """What time it is."""
        now = self.options.get("now")
        return datetime.fromisoformat(str(now)) if now else NOON


@dataclass(frozen=True)
class Told:
    """What came of a story: live before and after it, and all commands."""

    plan: Ran
    saved: Ran
    apply: Ran
    again: Ran
    back: Ran | None
    back_again: Ran | None
    named: frozenset[str]
    before: Tree
    applied: Tree
    then: int

    def report(self) -> Iterator[str]:
        """What is read after the plan, command by command."""
        for ran in filter(None, (self.apply, self.back)):
            yield f"$ {ran.command}\n\n"
            pairs = zip_longest(ran.text.splitlines(), self.saved.text.splitlines())
            rest = [line for line, _ in dropwhile(lambda pair: pair[0] == pair[1], pairs) if line is not None]
            text = "\n".join(rest).strip("\n")
            yield f"{text}\n\nexit code {ran.code}\n" if text else f"exit code {ran.code}\n"


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture
def told(folder: Path, world: World) -> Told:
    """The story from its beginning to its end, and back."""
    story = begin(folder, world)
    plan, file = story.run("plan", "--unmanaged"), world.folder / "plan.json"
    before = world.dump()
    saved = story.run("plan", "--out", str(file))
    assert saved.code == plan.code
    apply, applied = story.run("apply", "--yes"), world.dump()
    again, then = story.run("plan"), int(story.options.get("again", 0))
    backs = [story.run("rollback", str(file), "--yes") for _ in range(2)] if file.exists() else [None, None]
    return Told(plan, saved, apply, again, backs[0], backs[1], named_in(file), before, applied, then)


def named_in(file: Path) -> frozenset[str]:
    """What the steps of a saved plan are about, as `differing` names it."""
    steps = json.loads(file.read_text("utf-8"))["steps"] if file.exists() else []
    return frozenset(place_of(ResourceKey(step["kind"], step["id"])) for step in steps if step["kind"] != "Tag")


def begin(folder: Path, world: World) -> Story:
    """Seed the live project, and lay the repository out."""
    project = (folder / "reconciler.yaml").read_text("utf-8")
    address = "" if "$URL" in project else "\napi: {url: $URL, workers: 1}\n"
    if (folder / "base").is_dir():
        shutil.copytree(folder / "base", world.folder / "desired")
        world.write("reconciler.yaml", f"{project}{address}".replace("$URL", world.service.url))
        commit(world.folder, "base")
        shutil.rmtree(world.folder / "desired")
    shutil.copytree(folder / "desired", world.folder / "desired")
    world.write("reconciler.yaml", f"{project}{address}".replace("$URL", world.service.url))
    if (folder / "base").is_dir():
        commit(world.folder, "desired")
    world.seed(json.loads((folder / "live.json").read_text("utf-8")))
    options = folder / "options.yaml"
    return Story(folder, world, YAML(typ="safe").load(options.read_text("utf-8")) if options.exists() else {})


def commit(folder: Path, message: str) -> None:
    """Commit all there is, under nobody's name and no settings of this machine."""
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


def git(folder: Path, *arguments: str) -> None:
    """Run git in a folder."""
    who = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    command: Sequence[str] = ["git", *who, *arguments]  # found on the PATH, as the tool finds it
    subprocess.run(command, cwd=folder, check=True, env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull})


def compare(file: Path, text: str) -> None:
    """Hold a text against the expected one, or write it anew."""
    if WRITE:
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")


def test_a_story_reads_as_expected_and_comes_true(folder: Path, told: Told) -> None:
    compare(folder / "expected.plan.txt", told.plan.text)
    compare(folder / "expected.report.txt", "\n".join(told.report()))
    touched = {place for place in differing(told.before, told.applied) if not place.startswith(BESIDE)}
    assert touched <= (told.named if told.plan.code == 2 else set())
    if told.apply.code == 0:
        assert told.again.code == told.then, told.again.text


def test_the_way_back_of_a_story_ends_where_it_began(told: Told) -> None:
    if told.back is None or told.back_again is None:
        return
    assert told.back_again.code == told.back.code, told.back_again.text
    if told.back.code == 0:
        assert ("Converged" in told.back.text) == (told.plan.code == 2)
        assert "Nothing to undo." in told.back_again.text


def test_every_scenario_is_complete_and_there_are_enough() -> None:
    assert len(FOLDERS) >= 12
    for each in FOLDERS:
        names = {path.name for path in each.iterdir()}
        assert names - OPTIONAL == NEEDED, each.name
        first = min((each / "desired").iterdir()).read_text("utf-8")
        assert first.startswith("# "), f"{each.name}: the first file says what happened"

"""The main job from end to end: the built-in emulator, the example repository, and the real commands."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reconciler.emulator import Store, create_app, running
from reconciler.shipped import examples

_KEY = "console-demo"
_ADDRESS = "http://127.0.0.1:3006/console/v1"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Act:
    """One step of the demo: what is said, the command that is run, and the exit code that it must have."""

    title: str
    command: tuple[str, ...]
    exit_code: int


@dataclass(frozen=True, slots=True)
class Played:
    """One command that was run: what it shows, its words, how it ended, and how it must end."""

    title: str
    command: tuple[str, ...]
    exit_code: int
    expected: int

    @property
    def good(self) -> bool:
        """Whether it ended as it must."""
        return self.exit_code == self.expected


_BEFORE = (
    _Act("The manifests are checked, without any network.", ("validate",), 0),
    _Act("What would be done to the live project, and why? (exit code 2: changes are pending)", ("plan",), 2),
    _Act("The plan is shown once more, exactly that is done, and the result is read back.", ("apply", "--yes"), 0),
    _Act("A second plan is empty.", ("plan",), 0),
)
_AFTER = _Act("The scheduled check sees it. (exit code 2: drift)", ("drift",), 2)


def run(say: Say, *, through: bool = False) -> list[Played]:
    """Play the acts up to the first that does not end as it must.

    The commands write where this process writes, or with `through` to `say`, as everything else does.
    """
    with tempfile.TemporaryDirectory(prefix="reconciler-demo-") as folder:
        repository = Path(folder) / "market"
        shutil.copytree(examples() / "market", repository)
        with Store.open(":memory:") as store:
            store.seed(json.loads((repository / "live.json").read_text(encoding="utf-8")))
            with running(create_app(store, keys=frozenset({_KEY}))) as address:
                say(f"A local Console API with the state of a grocery market is listening at {address}")
                project = repository / "reconciler.yaml"
                project.write_text(project.read_text(encoding="utf-8").replace(_ADDRESS, address), encoding="utf-8")
                return list(_play(_Stage(repository, store, say, through)))


@dataclass(frozen=True, slots=True)
class _Stage:
    """Where the acts are played."""

    repository: Path
    store: Store
    say: Say
    through: bool


def _play(stage: _Stage) -> Iterator[Played]:
    for number, act in enumerate(_BEFORE, start=1):
        played = _act(number, act, stage)
        yield played
        if not played.good:
            return
    stage.say(f"\n{len(_BEFORE) + 1}. Somebody clicks in the web console: a ramp goes to 60 %, a gate is switched off.")
    _click(stage.store)
    yield _act(len(_BEFORE) + 2, _AFTER, stage)


def _click(store: Store) -> None:
    """What a person in the web console would do."""
    gate = next(gate for gate in store.dump()["gates"] if gate["id"] == "wallet_payments")
    moved = [{**rule, "passPercentage": 60} if rule["name"] == "EU ramp" else rule for rule in gate["rules"]]
    store.console_edit("gates", "wallet_payments", {"rules": moved}, by="Console user (payments)")
    store.console_edit("gates", "checkout_v2", {"status": "Disabled", "isEnabled": False}, by="Console user (on call)")


def _act(number: int, act: _Act, stage: _Stage) -> Played:
    stage.say(f"\n{number}. {act.title}\n   $ reconciler {' '.join(act.command)}\n")
    ended = subprocess.run(  # noqa: S603 - this project's own command, with fixed words
        [sys.executable, "-m", "reconciler", *act.command],
        cwd=stage.repository,
        env={**os.environ, "STATSIG_CONSOLE_KEY": _KEY},
        stdout=subprocess.PIPE if stage.through else None,
        stderr=subprocess.STDOUT if stage.through else None,
        encoding="utf-8",
        check=False,
    )
    if stage.through:
        stage.say(ended.stdout.rstrip("\n"))
    played = Played(act.title, act.command, ended.returncode, act.exit_code)
    if not played.good:
        stage.say(f"\nThis command must end with exit code {act.exit_code}, and ended with {ended.returncode}.")
    return played

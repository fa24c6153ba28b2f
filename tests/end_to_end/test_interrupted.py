"""An apply that somebody stops or kills: what is done stays done, what is unknown is settled, nothing is done twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reconciler.console import ApiKey, Console, Turns
from reconciler.emulator import create_app, running
from tests.end_to_end.world import KEY, Service, World, manifest, seeded
from tests.unit.cli.terminal import Desk

GATES = ("aaa_gate", "bbb_gate", "ccc_gate")
WITHIN = 120.0
"""Seconds after which a test has hung."""


class Held:
    """A service between whose first write and its answer something happens to the client."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.url = ""
        self.writes: list[str] = []
        self.client: subprocess.Popen[bytes] | None = None
        self.signals: tuple[int, ...] = ()
        self.until_gone = False
        self.handled = threading.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()  # all of the request is there, whatever becomes of its client

        async def received() -> Message:
            return message

        if scope["method"] != "GET":
            self.writes.append(f"{scope['method']} {scope['path']}")
            if self.client and len(self.writes) == 1:
                for number in self.signals:
                    self.client.send_signal(number)
                if self.until_gone:
                    self.client.wait(WITHIN)
        try:
            await self._app(scope, received, send)
        finally:
            if scope["method"] != "GET":
                self.handled.set()

    def apply(self, world: World) -> tuple[int, str, str]:
        """Run an apply in a process of its own: exit code, standard output, standard error."""
        command = [sys.executable, "-m", "reconciler", "apply", "--yes", "-p", str(world.folder)]
        environ = os.environ | {"STATSIG_CONSOLE_KEY": KEY}
        pipe = subprocess.PIPE
        self.client = subprocess.Popen(command, stdout=pipe, stderr=pipe, env=environ)
        out, err = self.client.communicate(timeout=WITHIN)
        code, self.client = self.client.returncode, None
        assert self.handled.wait(WITHIN)  # a call may be handled after its client is gone
        return code, out.decode(), err.decode()


@pytest.fixture
def held(service: Service) -> Iterator[Held]:
    service.store.seed(seeded(gates=[{"id": name, "description": "Old", "rules": []} for name in GATES]))
    made = Held(create_app(service.store))
    with running(made) as url:
        made.url = url
        yield made


@pytest.fixture
def world(held: Held, service: Service, tmp_path: Path) -> Iterator[World]:
    with Console(held.url, ApiKey(KEY), turns=Turns(())) as console:
        made = World(service, tmp_path, console)
        made.project(api={"url": held.url, "workers": 1})
        made.manifests([manifest("Gate", name, {"description": "New"}) for name in GATES])
        yield made


def run(world: World, *arguments: str) -> tuple[int, Desk]:
    desk = Desk()
    return desk.run([*arguments, "-p", str(world.folder)]), desk


def told(world: World) -> dict[str, str]:
    """What a plan says of the run before it, by code."""
    _, desk = run(world, "plan", "--format", "json")
    found = json.loads(desk.said)["findings"]
    return {each["code"]: each["message"] for each in found if each["code"].startswith("JOURNAL/")}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_finishes_the_call_under_way_and_says_what_is_left(held: Held, world: World, number: int) -> None:
    held.signals = (number,)
    code, said, complained = held.apply(world)
    assert code == 130
    assert "Applied: 1 done, 2 not reached." in said
    assert "error RUN/interrupted: interrupted; the calls that were under way were finished first" in complained
    assert [world.live("Gate", name)["description"] for name in GATES] == ["New", "Old", "Old"]
    assert told(world) == {}
    assert run(world, "apply", "--yes")[0] == 0
    assert len(held.writes) == 3


def test_a_second_stop_waits_for_nothing_and_the_next_run_looks_what_became_of_the_call(
    held: Held, world: World
) -> None:
    held.signals, held.until_gone = (signal.SIGINT, signal.SIGTERM), True
    code, said, complained = held.apply(world)
    assert code == 130
    assert "Applied: 0 done, 3 not reached." in said
    assert "may have been done in part; the next plan looks what became of it" in complained
    assert "Traceback" not in complained
    assert "live shows that it happened" in told(world)["JOURNAL/settled"]


def test_an_apply_that_was_killed_is_told_settled_and_finished_without_writing_twice(held: Held, world: World) -> None:
    held.signals, held.until_gone = (signal.SIGKILL,), True
    assert held.apply(world)[0] == -signal.SIGKILL
    found = told(world)
    assert "0 of 3 steps done, 1 under way, 2 not begun" in found["JOURNAL/unfinished"]
    assert found["JOURNAL/settled"] == (
        "Gate/aaa_gate was under way, with 0 of its calls done; of PATCH /gates/aaa_gate no answer was noted, and live "
        "shows that it happened"
    )
    code, desk = run(world, "apply", "--yes")
    assert code == 0
    assert "warning JOURNAL/unfinished" in desk.said
    assert "Applied: 2 done." in desk.said
    assert [write.rsplit("/", 1)[-1] for write in held.writes] == list(GATES)
    assert told(world) == {}


def test_an_apply_with_nothing_left_to_do_closes_the_journal(held: Held, world: World) -> None:
    held.signals, held.until_gone = (signal.SIGKILL,), True
    world.manifests([manifest("Gate", "aaa_gate", {"description": "New"})])
    held.apply(world)
    code, desk = run(world, "apply", "--yes")
    assert code == 0
    assert "JOURNAL/settled" in desk.said
    assert told(world) == {}


def test_two_applies_in_one_working_copy_keep_apart_and_a_dead_one_locks_nobody_out(held: Held, world: World) -> None:
    assert run(world, "apply", "--format", "json")[0] == 1
    with FileLock(world.folder / ".reconciler" / "lock", timeout=0):
        code, desk = run(world, "apply", "--yes")
        assert (code, desk.said) == (1, "")
        assert "error JOURNAL/locked: nothing was done: another apply" in desk.complained
        assert list(told(world)) == ["JOURNAL/at-work"]
    assert held.writes == []
    assert run(world, "apply", "--yes")[0] == 0


def test_git_leaves_the_folder_of_the_journal_alone(held: Held, world: World) -> None:
    run(world, "apply", "--yes")
    assert len(held.writes) == 3
    assert (world.folder / ".reconciler" / ".gitignore").read_text("ascii") == "*\n"


@pytest.mark.parametrize("form", ["text", "json"])
def test_without_a_journal_nothing_is_done(held: Held, world: World, form: str) -> None:
    (world.folder / ".reconciler").write_text("in the way")
    code, desk = run(world, "apply", "--yes", "--format", form)
    assert code == 1
    assert "JOURNAL/unwritable" in desk.said + desk.complained
    assert "Traceback" not in desk.said + desk.complained
    assert held.writes == []


def test_without_anything_to_do_no_journal_is_needed(held: Held, world: World) -> None:
    world.manifests([manifest("Gate", "aaa_gate", {"description": "Old"})])
    (world.folder / ".reconciler").write_text("in the way")
    assert run(world, "apply", "--yes")[0] == 0
    assert held.writes == []


def test_a_journal_that_is_a_link_is_neither_followed_nor_written(held: Held, world: World, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (world.folder / ".reconciler").symlink_to(tmp_path / "elsewhere")
    code, desk = run(world, "apply", "--yes")
    assert code == 1
    assert "it is a link to another folder" in desk.complained
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert held.writes == []


def test_a_journal_about_another_address_is_told_and_not_looked_into(held: Held, world: World) -> None:
    begun = {"event": "run", "command": "apply", "at": 1, "fingerprint": "f", "url": "https://other.example/console/v1",
             "project": None, "steps": [{"kind": "Gate", "id": "x"}]}  # fmt: skip
    world.write(".reconciler/journal.jsonl", json.dumps(begun) + "\n")
    assert set(told(world)) == {"JOURNAL/unfinished", "JOURNAL/elsewhere"}
    assert held.writes == []


def test_a_stop_outside_the_main_thread_is_nobodys_business(world: World) -> None:
    """Signals belong to the main thread; whoever runs a command in another one keeps them."""
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(run(world, "apply", "--yes")[0]))
    thread.start()
    thread.join(WITHIN)
    assert codes == [0]

"""Messages about drift, sent by apprise to a webhook on this machine."""

from __future__ import annotations

import json
import re
import shlex
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from reconciler.domain import Tree
from tests.end_to_end.world import World, manifest
from tests.unit.cli.terminal import Desk


@dataclass
class Hook:
    """A webhook: what was posted to it, and what it answers."""

    url: str = ""
    status: int = 200
    got: list[Tree] = field(default_factory=list)


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.got.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(made.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        made.url = f"json://127.0.0.1:{server.server_port}/s3cret"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield made
        server.shutdown()
        thread.join()


@pytest.fixture
def settled(world: World) -> World:
    rules = [{"name": "Beta", "passPercentage": 10, "conditions": [{"type": "public"}]}]
    world.manifests([manifest("Gate", "checkout", {"status": "in_progress", "description": "Git's", "rules": rules})])
    world.apply()
    return world


def run(world: World, hook: Hook | None, *arguments: str, name: str = "RECONCILER_NOTIFY_URLS") -> tuple[int, Desk]:
    """``drift`` with the address of the webhook in the environment, which is shown nowhere."""
    desk = Desk()
    if hook:
        desk.environ[name] = hook.url
    code = desk.run(["drift", *arguments, "-p", str(world.folder)])
    assert "s3cret" not in desk.said + desk.complained
    return code, desk


def switch_off(world: World) -> None:
    world.edit("Gate", "checkout", {"status": "Disabled", "isEnabled": False}, by="Anna")


def test_a_message_says_what_differs_and_who_made_it_so(settled: World, hook: Hook) -> None:
    switch_off(settled)
    code, desk = run(settled, hook, "--notify")
    assert code == 2
    (message,) = hook.got
    assert message["title"] == f"Drift in {settled.folder.name}: 1 emergency off"
    assert message["type"] == "warning"
    assert "status: in_progress → disabled" in message["message"]
    assert "by anna@example.com, 2026-11-30 " in message["message"]
    digest = next(row for row in desk.said.splitlines() if row.startswith("Digest: "))
    assert digest in message["message"]


def test_without_drift_nothing_is_sent(settled: World, hook: Hook) -> None:
    code, _ = run(settled, hook, "--notify")
    assert (code, hook.got) == (0, [])


def test_drift_is_told_once_then_again_when_it_changes_and_once_when_it_is_gone(settled: World, hook: Hook) -> None:
    last = settled.folder / "last.txt"

    def told() -> list[str]:
        hook.got.clear()
        run(settled, hook, "--notify", "--last", str(last))
        return [message["title"].partition(": ")[2] or message["title"] for message in hook.got]

    assert told() == []
    switch_off(settled)
    assert (told(), told()) == (["1 emergency off"], [])
    settled.edit("Gate", "checkout", {"description": "by hand"}, by="Jo")
    assert (told(), told()) == (["1 emergency off"], [])
    settled.edit("Gate", "checkout", {"description": "Git's", "status": "In Progress", "isEnabled": True}, by="Jo")
    assert (told(), told()) == ([f"No drift in {settled.folder.name} any more"], [])


def test_a_pipeline_can_keep_the_digest_itself(settled: World, hook: Hook) -> None:
    switch_off(settled)
    _, desk = run(settled, hook, "--notify", "--unless-digest", "", "--format", "json")
    assert len(hook.got) == 1
    digest = json.loads(desk.said)["digest"]
    run(settled, hook, "--notify", "--unless-digest", digest)
    assert len(hook.got) == 1
    run(settled, hook, "--notify", "--unless-digest", "another")
    assert len(hook.got) == 2


def test_the_variable_is_named_by_the_project_or_on_the_command_line(settled: World, hook: Hook) -> None:
    switch_off(settled)
    run(settled, hook, "--notify-env", "OF_THE_TEAM", name="OF_THE_TEAM")
    settled.project(notify={"urlsEnv": "OF_THE_PROJECT"})
    run(settled, hook, "--notify", name="OF_THE_PROJECT")
    assert len(hook.got) == 2


def test_what_could_not_be_sent_ends_with_1_and_is_sent_by_the_next_run(settled: World, hook: Hook) -> None:
    switch_off(settled)
    last = settled.folder / "last.txt"
    hook.status = 500
    code, desk = run(settled, hook, "--notify", "--last", str(last))
    assert code == 1
    assert (
        "error NOTIFY/failed: no message could be sent to address 1 of 1 in RECONCILER_NOTIFY_URLS" in desk.complained
    )
    assert "status: in_progress → disabled" in desk.said
    assert not last.exists()
    hook.status = 200
    assert run(settled, hook, "--notify", "--last", str(last))[0] == 2
    assert last.read_text("ascii").strip()


@pytest.mark.parametrize(
    ("arguments", "value", "code"),
    [
        (["--notify"], None, "NOTIFY/missing"),
        (["--notify"], " \n", "NOTIFY/missing"),
        (["--notify"], "s3cret-nonsense", "NOTIFY/address"),
        (["--last", "last.txt"], None, "USAGE/notify"),
        (["--notify", "--last", "last.txt", "--unless-digest", "x"], "json://127.0.0.1/", "USAGE/notify"),
        (["--notify", "--last", "."], "json://127.0.0.1/", "NOTIFY/last"),
        (["--log-since", "soon"], None, "USAGE/time"),
        (["--log-since", "9999-01-01"], None, "USAGE/time"),
    ],
)
def test_what_cannot_be_used_is_said_before_anything_is_read(
    settled: World, arguments: list[str], value: str | None, code: str
) -> None:
    hook = Hook(value) if value is not None else None
    ended, desk = run(settled, hook, *arguments)
    assert ended == 1
    assert f"error {code}: " in desk.complained
    assert desk.said == ""


def test_without_apprise_it_says_what_to_install(settled: World, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    code, desk = run(settled, hook, "--notify")
    assert code == 1
    assert "error NOTIFY/apprise" in desk.complained
    assert "install statsig-reconciler[notify]" in desk.complained


def test_a_file_that_cannot_be_written_is_said(settled: World, hook: Hook) -> None:
    switch_off(settled)
    code, desk = run(settled, hook, "--notify", "--last", str(settled.folder / "no" / "last.txt"))
    assert (code, len(hook.got)) == (1, 1)
    assert "error NOTIFY/last" in desk.complained


def test_what_cannot_be_told_for_sure_is_no_message(settled: World, hook: Hook) -> None:
    nowhere = {"type": "passes_gate", "targetValue": ["nowhere"]}
    rule = {"name": "Ramp", "passPercentage": 10, "conditions": [nowhere]}
    settled.manifests([manifest("Gate", "checkout", {"rules": [rule]})])
    code, _ = run(settled, hook, "--notify")
    assert (code, hook.got) == (1, [])


@pytest.mark.parametrize(
    "text", ["30m", "24h", "7d", "2w", "2026-11-20", "2026-11-20T08:00Z", "2026-11-20T08:00+01:00"]
)
def test_salts_are_looked_for_since_a_length_of_time_or_a_moment(settled: World, text: str) -> None:
    assert run(settled, None, "--log-since", text)[0] == 0


PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "handle-drift.md"
SHOWN = re.findall(r"^reconciler (drift.*)$", PAGE.read_text("utf-8"), flags=re.MULTILINE)


def test_the_page_about_drift_shows_commands() -> None:
    assert len(SHOWN) == 5


@pytest.mark.parametrize("command", SHOWN)
def test_every_command_on_the_page_about_drift_works(
    settled: World, hook: Hook, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(settled.folder)
    switch_off(settled)
    desk = Desk()
    desk.environ["RECONCILER_NOTIFY_URLS"] = hook.url
    assert desk.run(shlex.split(command)) == 2
    assert len(hook.got) == ("--notify" in command)
    assert "emergency" in desk.said

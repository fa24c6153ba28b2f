"""Whatever a server makes of the key that it is sent, no command prints it, writes it or fails with it."""

from __future__ import annotations

import base64
import gzip
import html
import json
import pickle
import re
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, product
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
import stamina
from starlette.types import ASGIApp, Receive, Scope, Send

from reconciler.console import ApiKey, Console, ConsoleError
from reconciler.emulator import Store, create_app, running
from tests.end_to_end.world import Now, Service, World, manifest
from tests.unit.cli.terminal import Desk

KEY = "console-CANARYcanary0123456789+/abc"
GATE = {"id": "checkout", "description": "live"}
Spelling = Callable[[str], str]

SPELLINGS: dict[str, Spelling] = {
    "plain": str,
    "upper case": str.upper,
    "URL": lambda text: quote(text, safe=""),
    "URL of every letter": lambda text: "".join(f"%{ord(letter):02x}" for letter in text),
    "HTML of every letter": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "HTML": lambda text: html.escape(f"<b>{text}</b>"),
    "escapes of every letter": lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 within a text": lambda text: base64.b64encode(f"a header: {text}, and more".encode()).decode(),
    "base64 within a longer text": lambda text: base64.b64encode(f"a  header: {text} and more".encode()).decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
}


@dataclass
class Leak:
    """What the server answers in place of the service, made of the spelled key; the body as `pack` packs it."""

    status: int
    body: Callable[[str], bytes]
    headers: Callable[[str], dict[str, str]] = lambda _: {}
    pack: Callable[[bytes], bytes] = bytes


def said(text: str) -> bytes:
    return json.dumps(
        {"status": 401, "message": f"an invalid key was sent. Key: {text}", "errors": {text: text}}
    ).encode()


def raw(text: str) -> bytes:
    """A JSON document that spells the text as it is, escapes included."""
    return b'{"message": "%s", "data": [{"id": "%s"}]}' % (text.encode(), text.encode())


def listed(**fields: str) -> Callable[[str], bytes]:
    """A page with one object, which holds the text in place of each {}."""

    def page(text: str) -> bytes:
        filled = {name: value.format(text) for name, value in fields.items()}
        return json.dumps({"message": "Listed.", "data": [GATE | filled]}).encode()

    return page


LEAKS: dict[str, Leak] = {
    **{f"a refusal with {status}": Leak(status, said) for status in (400, 401, 403, 404, 409, 429, 500, 503)},
    "a refusal that is packed": Leak(401, said, lambda _: {"content-encoding": "gzip"}, gzip.compress),
    "the page of a proxy": Leak(502, lambda text: f"<html><p title='{text}'>{text}</p></html>".encode()),
    "the text of a proxy": Leak(407, lambda text: f"no: {text}".encode()),
    "the id of a request": Leak(403, said, lambda text: {"x-request-id": quote(text)}),
    "a redirect": Leak(302, said, lambda text: {"location": f"https://{quote(text, safe='')}.example/{quote(text)}"}),
    "a success that is no JSON": Leak(200, str.encode),
    "a success": Leak(200, raw),
    "a success that is packed": Leak(200, raw, lambda _: {"content-encoding": "gzip"}, gzip.compress),
    "a success in UTF-16": Leak(200, lambda text: said(text).decode().encode("utf-16-le")),
    "the id of an object": Leak(200, listed(id="{}")),
    "a description": Leak(200, listed(description="seen: {} (header)")),
    "who changed it": Leak(200, listed(lastModifierName="{}", lastModifierEmail="{}@example.com")),
    "a field without a name": Leak(200, lambda text: json.dumps({"data": [{**GATE, text: 1}]}).encode()),
}


@dataclass
class Leaky:
    """The emulator, until it begins to leak: then every answer is `leak` in a spelling of the key that it was sent.

    `writes`: it begins with the first request that is no GET.
    """

    inner: ASGIApp
    leak: Leak | None = None
    spelling: Spelling = str
    writes: bool = False
    leaked: int = 0

    def begin(self, leak: Leak | None, spelling: Spelling = str, *, writes: bool = False) -> None:
        self.leak, self.spelling, self.writes, self.leaked = leak, spelling, writes, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.writes &= scope["type"] == "http" and scope["method"] == "GET"
        if scope["type"] != "http" or self.leak is None or self.writes:
            await self.inner(scope, receive, send)
            return
        self.leaked += 1
        shown, leak = self.spelling(dict(scope["headers"])[b"statsig-api-key"].decode()), self.leak
        headers = [(name.encode(), value.encode("latin-1")) for name, value in leak.headers(shown).items()]
        await send({"type": "http.response.start", "status": leak.status, "headers": headers})
        await send({"type": "http.response.body", "body": leak.pack(leak.body(shown))})


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("emulator") / "project.sqlite3"


@pytest.fixture(scope="module")
def served(database: Path) -> Iterator[tuple[Leaky, Service]]:
    """A server that can leak, over an emulator whose database is a file."""
    clock = Now()
    with Store.open(database, clock=clock) as store:
        server = Leaky(create_app(store))
        with running(server) as url:
            yield server, Service(store, url, clock)


@pytest.fixture
def leaky(served: tuple[Leaky, Service]) -> Leaky:
    """The server of the project."""
    return served[0]


@pytest.fixture
def project(served: tuple[Leaky, Service], tmp_path: Path) -> Iterator[World]:
    """One gate to change and one to make, and a server that is sound so far."""
    leaky, service = served
    leaky.begin(None)
    service.begin()
    with Console(service.url, ApiKey(KEY)) as console, stamina.set_testing(True, attempts=2, cap=True):
        world = World(service, tmp_path, console)
        world.project(ownership={"tag": "ours"}, safety={"prune": "archive"})
        world.seed({"gates": [GATE]})
        world.manifests([manifest("Gate", "checkout", {"description": "Git"}), manifest("Gate", "another", {})])
        yield world


@pytest.fixture
def planned(leaky: Leaky, project: World) -> World:
    """The same with a plan for it in ``plan.json``."""
    assert run(project, "plan", "--out", f"{project.folder}/plan.json")[0] == 2
    assert leaky.leaked == 0
    return project


def run(world: World, command: str, *arguments: str) -> tuple[int, str]:
    """The exit code of a command with --debug, and all that it said."""
    desk = Desk(environ={"STATSIG_CONSOLE_KEY": KEY})
    code = desk.run([command, *arguments, "--debug", "-p", str(world.folder)])
    return code, desk.said + desk.complained


def traces(text: str) -> set[str]:
    """What of the key is in a text, in whatever spelling."""
    escapes = re.sub(r"\\u00([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), text, flags=re.IGNORECASE)
    readings = (text, unquote(text), html.unescape(text), escapes)
    plain = {"canary" for reading in readings if "canary" in reading.lower()}
    coded = (base64.b64encode(b" " * before + b"CANARYcanary").decode()[4:-4] for before in range(3))
    return plain | {each for each in coded if each in text}


def written(world: World, database: Path) -> str:
    """All files that commands and emulator wrote."""
    files = [*world.folder.rglob("*"), *database.parent.iterdir()]
    return "".join(file.read_bytes().decode("latin-1") for file in files if file.is_file())


@pytest.mark.parametrize("spelled", SPELLINGS)
def test_the_search_of_these_tests_finds_the_key(spelled: str) -> None:
    assert traces(f"x {SPELLINGS[spelled](KEY)} y")


FIRST = ("a refusal with 401", "a description")
"""The leaks that are tried with all spellings and commands; the others are tried with one spelling each."""
SPELLED = [*zip(LEAKS, cycle(SPELLINGS)), *product(FIRST, SPELLINGS)]


@pytest.mark.parametrize(("leak", "spelled"), SPELLED)
def test_a_plan_shows_the_key_in_no_spelling(leaky: Leaky, project: World, leak: str, spelled: str) -> None:
    leaky.begin(LEAKS[leak], SPELLINGS[spelled])
    code, said_ = run(project, "plan", "--show-calls", "--unmanaged")
    assert (code, traces(said_)) == (1, set())
    assert leaky.leaked


COMMANDS: dict[str, tuple[str, ...]] = {
    "plan": ("plan", "--format", "json"),
    "plan --out": ("plan", "--out", "{}/new.json"),
    "plan --server-validate": ("plan", "--server-validate"),
    "drift": ("drift", "--unmanaged"),
    "drift as JSON": ("drift", "--format", "json"),
    "apply": ("apply", "--yes", "--show-calls"),
    "apply as JSON": ("apply", "--yes", "--format", "json"),
    "apply a file": ("apply", "{}/plan.json", "--yes", "--show-calls"),
    "rollback": ("rollback", "{}/plan.json", "--yes", "--format", "json"),
}


@pytest.mark.parametrize(("leak", "command"), [*product(FIRST, COMMANDS)])
def test_no_command_prints_or_writes_the_key(
    leaky: Leaky, planned: World, database: Path, leak: str, command: str
) -> None:
    leaky.begin(LEAKS[leak])
    code, said_ = run(planned, *(part.format(planned.folder) for part in COMMANDS[command]))
    assert (code, traces(said_), traces(written(planned, database))) == (1, set(), set())
    assert leaky.leaked


@pytest.mark.parametrize(("leak", "command"), [*product(FIRST, ("apply", "apply a file", "rollback"))])
def test_answers_to_writes_do_not_give_the_key_away(
    leaky: Leaky, planned: World, database: Path, leak: str, command: str
) -> None:
    if command == "rollback":
        assert run(planned, "apply", f"{planned.folder}/plan.json", "--yes")[0] == 0
    leaky.begin(LEAKS[leak], writes=True)
    code, said_ = run(planned, *(part.format(planned.folder) for part in COMMANDS[command]))
    assert (code, traces(said_), traces(written(planned, database))) == (1, set(), set())
    assert leaky.leaked


def test_validate_asks_no_server(leaky: Leaky, project: World) -> None:
    leaky.begin(LEAKS["a description"])
    code, said_ = run(project, "validate")
    assert (code, traces(said_), leaky.leaked) == (0, set(), 0)


JOURNAL = ".reconciler/journal.jsonl"


def test_what_a_sound_run_leaves_behind_does_not_hold_the_key(planned: World, database: Path) -> None:
    code, said_ = run(planned, "apply", f"{planned.folder}/plan.json", "--yes", "--show-calls", "--format", "json")
    assert (code, traces(said_), traces(written(planned, database))) == (0, set(), set())
    assert '"event":"end"' in (planned.folder / JOURNAL).read_text("ascii")


@pytest.mark.parametrize("spelled", SPELLINGS)
@pytest.mark.parametrize("leak", FIRST)
def test_the_journal_of_a_run_that_met_the_key_does_not_hold_it(
    leaky: Leaky, project: World, database: Path, leak: str, spelled: str
) -> None:
    leaky.begin(LEAKS[leak], SPELLINGS[spelled], writes=True)
    assert run(project, "apply", "--yes")[0] == 1
    assert '"event":"call"' in (project.folder / JOURNAL).read_text("ascii")
    leaky.begin(None)
    _, told = run(project, "plan", "--out", f"{project.folder}/next.json")
    assert (traces(told), traces(written(project, database))) == (set(), set())


@pytest.mark.parametrize("leak", LEAKS)
@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_no_exception_and_no_log_holds_the_key(
    leaky: Leaky, project: World, caplog: pytest.LogCaptureFixture, method: str, leak: str
) -> None:
    caplog.set_level("DEBUG")
    leaky.begin(LEAKS[leak], lambda text: f"{text} or {quote(text)}")
    with pytest.raises(ConsoleError) as caught:
        project.console.request(method, "/gates/checkout", {} if method == "PATCH" else None)
    error = caught.value
    frames = traceback.TracebackException.from_exception(error, capture_locals=True).format()
    assert traces("".join(frames) + repr(error) + repr(vars(error)) + repr(pickle.dumps(str(error)))) == set()
    assert traces(caplog.text) == set()

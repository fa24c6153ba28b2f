"""A live project that can be struck, a repository about it, and the command line between them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from httpx import HTTPTransport

from reconciler.console import ApiKey, Console, Patience
from reconciler.domain import Json, Tree
from reconciler.emulator import Store, create_app, running
from reconciler.emulator.faults import Faults, Struck, with_faults
from reconciler.emulator.inventory import LISTS
from reconciler.workflow import Loaded
from tests.clockwork import Clockwork
from tests.end_to_end.world import KEY, STAMP, Now, Service, World, members
from tests.faults.scenarios import Scenario
from tests.faults.witness import Act, Request, Witness
from tests.unit.cli.terminal import Desk

States = dict[str, str]
"""All live objects as ``collection/id``, each in its normal form."""

_LONG_ENOUGH = 20.0
"""The timeout in seconds where no answer is delayed: no fault that nobody asked for."""


def quick_console(loaded: Loaded, environ: Mapping[str, str]) -> Console:
    """The client as the commands open it, with less patience."""
    api = loaded.usable.api
    return Console(
        api.url,
        ApiKey(environ[api.key_env]),
        timeout_seconds=api.timeout_seconds,
        patience=Patience(attempts=2),
        limits_patience=Patience(attempts=3),
        transport=HTTPTransport(verify=False),  # reading certificates takes long, and loopback has none
        turns=Clockwork().turns(),
    )


@dataclass
class Ended:
    """One run of a command: what it said, how it ended, and what really happened."""

    code: int
    out: str
    err: str
    requests: list[Request]
    struck: list[Struck]
    before: States
    after: States
    report: Tree = field(default_factory=dict)
    journal: list[Tree] = field(default_factory=list)
    """The events of the last run that the journal tells of."""

    @property
    def statuses(self) -> dict[str, str]:
        """How each step ended, by the report."""
        return {f"{end['step']['kind']}/{end['step']['id']}": end["status"] for end in self.report["outcomes"]}


class Bench:
    """The emulator with faults and a witness, and a folder for the manifests."""

    def __init__(self, service: Service, faults: Faults, witness: Witness, folder: Path) -> None:
        self.service, self.faults, self.witness, self.folder = service, faults, witness, folder
        self.nobody = Console(service.url, ApiKey(KEY))
        self.passed: list[States] = []
        """The states that were passed through, if they are watched."""

    def begin(self, scenario: Scenario, *, timeout_seconds: float = _LONG_ENOUGH) -> None:
        """The state in which the scenario begins."""
        self.calm()
        self.service.begin()
        self.service.store.seed(scenario.live)
        shutil.rmtree(self.folder)  # what a run left behind
        self.folder.mkdir()
        world = World(self.service, self.folder, self.nobody)
        api = {"url": self.service.url, "timeoutSeconds": timeout_seconds}
        world.project(**{"api": api, **scenario.settings})
        world.manifests(scenario.manifests)

    def calm(self, act: Act | None = None) -> None:
        """No faults any more, and the next request is the first."""
        self.witness.begin(act)
        self.faults.clear()

    def watch(self) -> None:
        """From now on keep each state that a write leads to."""
        self.passed = [self.states()]

        def look(request: Request, when: str) -> bool:
            if request.writes and when == "after":
                self.passed.append(self.states())
            return False

        self.witness.act = look

    def run(self, *arguments: str) -> Ended:
        """One command in this process, and what came of it."""
        before = self.states()
        desk = Desk(environ={"STATSIG_CONSOLE_KEY": KEY})
        code = desk.run([*arguments, "--project", str(self.folder)])
        return self.ended(before, code, desk.said, desk.complained)

    def ended(self, before: States, code: int, out: str, err: str) -> Ended:
        """What came of a command that ended."""
        self.witness.settle()
        report = json.loads(out) if out.startswith("{") else {}
        seen = list(self.witness.requests), list(self.faults.struck)
        return Ended(code, out, err, *seen, before, self.states(), report, self.journal())

    def journal(self) -> list[Tree]:
        """What the journal tells of the last run."""
        path = self.folder / ".reconciler" / "journal.jsonl"
        lines = path.read_text("ascii").splitlines() if path.exists() else []
        events = [json.loads(line) for line in lines if line]
        begun = [position for position, event in enumerate(events) if event["event"] == "run"]
        return events[begun[-1] :] if begun else []

    def states(self) -> States:
        """The live objects."""
        dumped = self.service.store.dump()
        return {f"{name}/{item[_identity(name)]}": normal(item) for name in LISTS for item in dumped[name]}


def _identity(collection: str) -> str:
    """The field by which manifests name objects: ids of tags are made up."""
    return "name" if collection == "tags" else LISTS[collection]


def normal(item: Tree) -> str:
    """An object to the letter, without stamps, and with names for the ids that the service makes up."""
    names = {each["id"]: f"<{each['name']}>" for each in item.get("groups", []) if "id" in each}
    kept = {name: value for name, value in item.items() if name not in STAMP and (name != "id" or "isCore" not in item)}
    return members(
        {name: names.get(value, value) if _is_text(value) else _nameless(value) for name, value in kept.items()}
    )


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


def _nameless(value: Json) -> Json:
    if isinstance(value, list):
        return [_nameless(each) for each in value]
    if isinstance(value, dict):
        made_up = {"id", "baseID"} if "name" in value else set()
        return {name: _nameless(each) for name, each in value.items() if name not in made_up}
    return value


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    """A bench, for the length of the block."""
    clock, faults, witness = Now(), Faults(), Witness()
    with Store.open(clock=clock) as store:
        app = witness.outside(with_faults(witness.inside(create_app(store)), store, faults))
        with running(app) as url:
            yield Bench(Service(store, url, clock), faults, witness, folder)

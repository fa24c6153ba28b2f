"""A live project that is served on this machine, and a repository of manifests about it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reconciler import workflow
from reconciler.console import ApiKey, Console, Turns
from reconciler.domain import Convergence, Drift, FieldChange, Json, Outcome, ResourceKey, Step, Tree, path_text
from reconciler.emulator import Store, create_app, running
from reconciler.emulator.inventory import LISTS, MAPS
from reconciler.emulator.seeding import NEW_PROJECT
from reconciler.kinds import KINDS
from reconciler.workflow import Loaded, Planned

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "market"
KEY = "console-of-a-test"
START = 1_796_000_000_000
"""When every test begins, in epoch milliseconds: after everything that the example says happened."""

Change = tuple[str, str, Json, Json]
"""A difference as tests write it: path, action, live, desired."""


@dataclass
class Now:
    """A clock that stands still until it is set (epoch milliseconds)."""

    ms: int = START

    def __call__(self) -> int:
        return self.ms


@dataclass(frozen=True)
class Service:
    """The emulator, at an address."""

    store: Store
    url: str
    clock: Now

    def begin(self) -> None:
        """Forget everything that was stored."""
        self.clock.ms = START
        self.store.seed({name: [] for name in LISTS} | {name: {} for name in MAPS} | NEW_PROJECT, anew=True)


@contextmanager
def serving() -> Iterator[Service]:
    """An emulator with an empty project, for the length of the block."""
    clock = Now()
    with Store.open(clock=clock) as store, running(create_app(store)) as url:
        yield Service(store, url, clock)


class World:
    """One test's live project and repository, and the steps of the commands between them."""

    def __init__(self, service: Service, folder: Path, console: Console) -> None:
        self.service, self.folder, self.console = service, folder, console

    # ---- the live project ------------------------------------------------------------------------------------------

    def seed(self, document: Tree) -> None:
        """Fill the live project."""
        self.service.store.seed(document)

    def dump(self) -> Tree:
        """All live objects, each collection by id."""
        dumped = self.service.store.dump()
        return {name: {item[LISTS[name]]: item for item in dumped[name]} for name in LISTS}

    def live(self, kind: str, id_: str) -> Tree:
        """One live object."""
        found: Tree = self.dump()[KINDS[kind].seed_key][id_]
        return found

    def edit(self, kind: str, id_: str, changes: Tree, by: str = "Jo") -> None:
        """Change a live object as a person would in the web console."""
        self.service.store.console_edit(KINDS[kind].seed_key, id_, changes, by=by, email=f"{by.lower()}@example.com")

    # ---- the repository --------------------------------------------------------------------------------------------

    def project(self, **settings: Json) -> None:
        """Write the project file. Without Git, which could tell what changed, nothing is kept off unless asked for."""
        safety = {"keepOff": False, **settings.pop("safety", {})}
        api = {"url": self.service.url}
        tree = {"apiVersion": "reconciler/v1", "kind": "Project", "api": api, "safety": safety, **settings}
        self.write("reconciler.yaml", json.dumps(tree))

    def write(self, path: str, text: str) -> None:
        """Write a file of the repository."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text, "utf-8")

    def manifests(self, documents: Iterable[Tree]) -> None:
        """Let the repository hold just these manifests, each in a file of its own."""
        shutil.rmtree(self.folder / "manifests", ignore_errors=True)
        for number, document in enumerate(documents):
            self.write(f"manifests/{number:04}.yaml", json.dumps(document, ensure_ascii=False))

    def example(self) -> None:
        """Take over the example repository, and its live project."""
        shutil.copytree(EXAMPLE, self.folder, dirs_exist_ok=True)
        file = self.folder / "reconciler.yaml"
        file.write_text(file.read_text("utf-8").replace("http://127.0.0.1:3006/console/v1", self.service.url), "utf-8")
        self.seed(json.loads((EXAMPLE / "live.json").read_text("utf-8")))

    # ---- the commands ----------------------------------------------------------------------------------------------

    def load(self, *select: str) -> Loaded:
        """The manifests, with what is wrong with them."""
        return workflow.load_project(self.folder / "reconciler.yaml", select)

    def plan(self, *select: str) -> Planned:
        """The plan, whatever is wrong with it."""
        return workflow.plan(self.load(*select), self.console)

    def good_plan(self, *select: str) -> Planned:
        """The plan, which can be applied."""
        planned = self.plan(*select)
        assert not planned.failed, planned.plan.findings
        return planned

    def apply(self, *select: str) -> list[Outcome]:
        """Plan and apply: every step succeeds, and then nothing is left to do."""
        planned = self.good_plan(*select)
        outcomes = self.outcomes(planned)
        assert [f"{end.step.key}: {end.reason}" for end in outcomes if end.status != "done"] == []
        assert [end.step for end in outcomes] == list(planned.plan.steps)
        assert changes_of(self.good_plan(*select)) == {}
        return outcomes

    def outcomes(self, planned: Planned) -> list[Outcome]:
        """Apply, however it ends."""
        return list(workflow.apply(planned, self.console))

    def verify(self, *select: str) -> tuple[Convergence, ...]:
        """What live looks like after an apply."""
        return workflow.verify(self.load(*select), self.console)

    def drift(self) -> Drift:
        """How live differs."""
        return workflow.drift(self.load(), self.console)


@contextmanager
def console_of(service: Service) -> Iterator[Console]:
    """The real client, connected to the emulator, and at any pace."""
    with Console(service.url, ApiKey(KEY), turns=Turns(())) as console:
        yield console


# ---- what tests compare ----------------------------------------------------------------------------------------------


def manifest(kind: str, id_: str, spec: Tree, **metadata: Json) -> Tree:
    """A manifest as a tree."""
    return {"apiVersion": "reconciler/v1", "kind": kind, "metadata": {"id": id_, **metadata}, "spec": spec}


def seeded(**collections: list[Tree]) -> Tree:
    """A live project with the gates, dynamic_configs, experiments and entity_properties that are given."""
    return dict(collections)


def told(changes: Iterable[FieldChange]) -> list[Change]:
    """Differences as tests write them."""
    return [(path_text(each.path), str(each.action), each.live, each.desired) for each in changes]


def steps_of(planned: Planned) -> dict[str, Step]:
    """The steps by key, in order."""
    return {str(step.key): step for step in planned.plan.steps}


def changes_of(planned: Planned) -> dict[str, list[Change]]:
    """The differences by key, in order."""
    return {str(step.key): told(step.fields) for step in planned.plan.steps}


def codes(planned: Planned) -> list[str]:
    """The codes of the findings."""
    return [finding.code for finding in planned.plan.findings]


def letters(value: Json) -> str:
    """A value to the letter: with the order of its keys, and 1 other than 1.0."""
    return json.dumps(value, ensure_ascii=False)


def members(value: Json) -> str:
    """A value to the letter, but for the order of keys, which the service chooses in what it takes from a request."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def differing(before: Tree, after: Tree) -> set[str]:
    """The objects that are not the same to the letter, as ``collection/id``."""
    return {
        f"{name}/{id_}"
        for name in before
        for id_ in before[name].keys() | after[name].keys()
        if letters(before[name].get(id_)) != letters(after[name].get(id_))
    }


def fields_differing(before: Tree, after: Tree) -> set[str]:
    """The top-level fields that are not the same to the letter."""
    return {name for name in before.keys() | after.keys() if letters(before.get(name)) != letters(after.get(name))}


STAMP = frozenset({"version", "lastModifierID", "lastModifiedTime", "lastModifierName", "lastModifierEmail"})
"""What every write of an object leaves behind."""


def place_of(key: ResourceKey) -> str:
    """The object as `differing` names it."""
    collections: Mapping[str, str] = {kind.name: kind.seed_key for kind in KINDS.values()}
    return f"{collections[key.kind]}/{key.id}"

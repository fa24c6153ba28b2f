"""Saved plans between two worlds: written in one place, carried out in another, with somebody's clicks in between."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from reconciler import workflow
from reconciler.console import ApiKey, Console, Turns
from reconciler.domain import Call, Json, Tree
from reconciler.kinds import KINDS
from reconciler.saving import SavedPlan
from reconciler.workflow import Planned, reviewed
from tests.end_to_end.world import KEY, STAMP, Service, World, members
from tests.unit.cli.terminal import Desk


@dataclass(frozen=True)
class Filed:
    """A plan in a file, in a folder with nothing besides but a project file."""

    file: Path
    world: World

    def run(self, command: str, *options: str) -> tuple[int, Json]:
        """``reconciler <command> FILE --yes``, with its exit code and its report."""
        desk = Desk()
        place = ["-p", str(self.file.parent), "--yes", "--format", "json"]
        code = desk.run([command, str(self.file), *place, *options])
        assert desk.complained == ""
        return code, json.loads(desk.said)

    def apply(self, *options: str) -> dict[str, str]:
        """How each step ended."""
        return ends(self.run("apply", *options)[1])

    def applied(self) -> None:
        """Apply, and see that all was done."""
        code, report = self.run("apply")
        assert (code, set(ends(report).values())) == (0, {"done"}), report

    def half_applied(self, refused: str) -> None:
        """Apply, where the calls that end so are refused."""
        saved = reviewed.open_plan(self.file.read_bytes(), "plan.json")
        assert isinstance(saved, SavedPlan)
        with recorded(self.world.service, refused) as (console, _):
            outcomes = list(workflow.apply(Planned(saved.plan, reviewed.at_hand(console)), console))
        assert "failed" in {outcome.status for outcome in outcomes}

    def rollback(self) -> tuple[int, list[str]]:
        """The exit code of a rollback, and what it kept."""
        code, report = self.run("rollback")
        assert set(ends(report).values()) <= {"done"}, report
        return code, kept(report)

    @property
    def tree(self) -> Tree:
        """What the file says."""
        found: Tree = json.loads(self.file.read_text("ascii"))
        return found


def filed(world: World, name: str = "elsewhere", *options: str) -> Filed:
    """The plan of this world, saved and carried elsewhere."""
    folder = world.folder.parent / f"{world.folder.name}-{name}"
    folder.mkdir()
    desk = Desk()
    assert desk.run(["plan", "-p", str(world.folder), "--out", str(folder / "plan.json"), *options]) in {0, 2}, (
        desk.said + desk.complained
    )
    shutil.copy(world.folder / "reconciler.yaml", folder)
    return Filed(folder / "plan.json", world)


def ends(report: Json) -> dict[str, str]:
    """How each step ended, by object."""
    return {f"{each['step']['kind']}/{each['step']['id']}": each["status"] for each in report["outcomes"]}


def reasons(report: Json) -> dict[str, str]:
    """Why each step went no further, by object, where it did not."""
    told = {f"{each['step']['kind']}/{each['step']['id']}": each["reason"] for each in report["outcomes"]}
    return {key: reason for key, reason in told.items() if reason}


def conflicts(report: Json, key: str) -> dict[str, tuple[Json, Json, Json]]:
    """The fields of an object that moved: as planned from, as live, as wanted."""
    (found,) = (each for each in report["outcomes"] if f"{each['step']['kind']}/{each['step']['id']}" == key)
    return {each["field"]: (each["base"], each["live"], each["desired"]) for each in found["conflicts"]}


def holding(report: Json) -> dict[str, bool]:
    """For each object whether it is as it was to be."""
    return {f"{each['kind']}/{each['id']}": each["holds"] for each in report["convergence"]}


def kept(report: Json) -> list[str]:
    """The objects that a rollback left."""
    return [f"{each['kind']}/{each['id']}" for each in report["kept"]]


# ---- what somebody does in between -----------------------------------------------------------------------------------


def call(world: World, method: str, path: str, body: Json = None) -> None:
    """A call that somebody else makes."""
    world.console.write(Call(method, path, body))


def item(kind: str, id_: str) -> str:
    return KINDS[kind].item(id_)


# ---- exchanges -------------------------------------------------------------------------------------------------------


class Recorder(httpx.BaseTransport):
    """A transport that remembers what was written, and answers 400 to every write whose path ends with `refused`."""

    def __init__(self, refused: str) -> None:
        self._inner, self._refused = httpx.HTTPTransport(), refused
        self.writes: list[Call] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method != "GET":
            path = request.url.raw_path.decode("ascii").partition("/console/v1")[2]
            self.writes.append(Call(request.method, path, json.loads(request.read() or b"null")))
            if self._refused and path.endswith(self._refused):
                return httpx.Response(400, json={"status": 400, "message": "Not today."})
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()


@contextmanager
def recorded(service: Service, refused: str = "") -> Iterator[tuple[Console, Recorder]]:
    """A client whose writes are remembered, and some of them refused."""
    recorder = Recorder(refused)
    with Console(service.url, ApiKey(KEY), turns=Turns(()), transport=recorder) as console:
        yield console, recorder


# ---- live states -----------------------------------------------------------------------------------------------------

_MADE_ANEW = frozenset({"id", "baseID"})
"""What a rule that was taken away and put back has anew."""


def settled(dump: Tree, *, ids: bool = True) -> dict[str, str]:
    """Live objects of the managed kinds to the letter, but for the stamps of writes; without the `ids` of rules."""
    return {
        f"{kind.name}/{id_}": members(_settled(live, ids=ids))
        for kind in KINDS.values()
        for id_, live in dump[kind.seed_key].items()
    }


def _settled(live: Tree, *, ids: bool) -> Tree:
    rest = {name: value for name, value in live.items() if name not in STAMP}
    if "rules" in rest:
        rest["rules"] = [_rule(rule, ids=ids) for rule in rest["rules"]]
    return rest


def _rule(rule: Tree, *, ids: bool) -> Tree:
    skipped = frozenset() if ids else _MADE_ANEW
    base = str(rule.get("id", "")).partition(":")[0]
    return {name: base if name == "id" else value for name, value in rule.items() if name not in skipped}

"""What a run leaves behind in its journal, and what can be told from it wherever it was cut off."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from reconciler.applying import Fate, FileJournal, JournalError, execute, settled, unfinished
from reconciler.domain import Json, Plan, ResourceKey, Snapshot, Status, Tree
from reconciler.kinds import KINDS
from tests.unit.applying.service import Service
from tests.unit.planning.making import key, plan_against, plan_of, resource

ABOUT: dict[str, Json] = {
    "command": "apply", "at": 1_796_000_000_000, "fingerprint": "f", "url": "https://statsig.invalid", "project": "p",
}  # fmt: skip
GATE = "/gates/thing_one"
NOT_THERE = "The disk is full"


def written(path: Path) -> list[Tree]:
    return [json.loads(line) for line in path.read_text("ascii").splitlines() if line]


def events(path: Path) -> list[str]:
    return [event["event"] for event in written(path)]


def run(service: Service, plan: Plan, path: Path) -> list[Status]:
    """Carry a plan out, and note it."""
    live = {step.key: step.base for step in plan.steps if step.base is not None}
    journal = FileJournal(path, ABOUT)
    with service.console() as console:
        outcomes = list(execute(plan, Snapshot(objects=live), console, KINDS, journal=journal))
    journal.close()
    return [outcome.status for outcome in outcomes]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


@pytest.fixture
def service() -> Service:
    return Service({GATE: {"id": "thing_one", "rules": [], "description": "Old", "status": "Disabled"}})


@pytest.fixture
def plan(service: Service) -> Plan:
    """Two calls about one gate."""
    return plan_against(service.objects[GATE], resource("Gate", "description: New\nstatus: launched"))


def test_each_call_is_noted_before_and_after_it_and_nothing_is_left_open(
    service: Service, plan: Plan, path: Path
) -> None:
    assert run(service, plan, path) == [Status.DONE]
    assert events(path) == ["run", "call", "answer", "call", "answer", "outcome", "end"]
    assert unfinished(path.read_bytes()) is None
    assert written(path)[0] == {"event": "run", **ABOUT, "steps": [{"kind": "Gate", "id": "thing_one"}]}
    assert "console-" not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_call_is_on_the_disk_before_it_is_sent(plan: Plan, path: Path) -> None:
    seen: list[list[str]] = []

    class Looking(Service):
        def _done(self, method: str, asked: str, body: Tree) -> object:  # type: ignore[override]
            if method != "GET":
                seen.append(events(path))
            return super()._done(method, asked, body)

    looking = Looking({GATE: {"id": "thing_one", "rules": [], "description": "Old", "status": "Disabled"}})
    run(looking, plan, path)
    assert seen[0] == ["run", "call"]
    assert seen[1] == ["run", "call", "answer", "call"]


@pytest.mark.parametrize("lost", [False, True])
def test_wherever_a_run_is_cut_off_its_journal_tells_the_truth(
    service: Service,
    plan: Plan,
    path: Path,
    lost: bool,  # noqa: FBT001
) -> None:
    """Cut at every byte: never is more said to be done than was noted, and an open call is settled as it was."""
    if lost:
        service.trouble(f"PATCH {GATE}", "lost")
    run(service, plan, path)
    data, called = path.read_bytes(), 0
    for end in range(len(data) + 1):
        found = unfinished(data[:end])
        if found is None:
            continue
        step = found.under_way.get(key("Gate"))
        assert found.unreadable == 0
        assert (key("Gate") in found.left) == (step is None and not found.ended)
        if step and step.unknown:
            called += 1
            with service.console() as console:
                assert dict(settled(found, console, KINDS))[key("Gate")] in {Fate.HAPPENED, Fate.UNKNOWN}
    assert called > 0
    assert service.writes == [f"PATCH {GATE}", f"PUT {GATE}/launch"]


def cut_at(service: Service, plan: Plan, path: Path, event: str) -> bytes:
    """The journal of a run that was killed right after the first such event."""
    run(service, plan, path)
    lines = path.read_bytes().splitlines(keepends=True)
    return b"".join(lines[: 2 + [json.loads(line)["event"] for line in lines if line.strip()].index(event)])


def test_a_call_without_an_answer_is_settled_by_reading(service: Service, plan: Plan, path: Path) -> None:
    before = dict(service.objects[GATE])
    found = unfinished(cut_at(service, plan, path, "call"))
    assert found is not None
    with service.console() as console:
        service.objects[GATE] = {**before, "description": "New"}
        assert list(settled(found, console, KINDS)) == [(key("Gate"), Fate.HAPPENED)]
        service.objects[GATE] = {**before, "checksPerHour": 7}
        assert list(settled(found, console, KINDS)) == [(key("Gate"), Fate.DID_NOT)]
        service.objects[GATE] = {**before, "description": "by somebody else"}
        assert list(settled(found, console, KINDS)) == [(key("Gate"), Fate.UNKNOWN)]
        service.trouble(f"GET {GATE}", "refused")
        assert list(settled(found, console, KINDS)) == [(key("Gate"), Fate.UNKNOWN)]
    assert len(service.writes) == 2


def test_a_tag_without_an_answer_is_looked_up_in_the_list(path: Path) -> None:
    service = Service()
    data = cut_at(service, plan_of(resource("Gate", "tags: [new]"), tags=frozenset()), path, "call")
    found = unfinished(data)
    assert found is not None
    with service.console() as console:
        assert list(settled(found, console, KINDS)) == [(ResourceKey("Tag", "new"), Fate.HAPPENED)]
        service.objects.clear()
        assert list(settled(found, console, KINDS)) == [(ResourceKey("Tag", "new"), Fate.DID_NOT)]


def test_what_was_done_and_what_is_left_is_told_apart(path: Path) -> None:
    service = Service()
    plan = plan_of(*(resource("Gate", "{}", id_=f"gate_{name}") for name in "abc"))
    found = unfinished(cut_at(service, plan, path, "outcome"))
    assert found is not None
    assert found.ended == {key("Gate", "gate_a"): Status.DONE}
    assert found.left == [key("Gate", "gate_b"), key("Gate", "gate_c")]
    assert found.under_way == {}


def test_a_new_run_begins_on_a_line_of_its_own_and_is_the_one_that_counts(
    service: Service, plan: Plan, path: Path
) -> None:
    path.write_bytes(b'{"event":"run","comm')
    run(service, plan, path)
    assert unfinished(path.read_bytes()) is None


@pytest.mark.parametrize(
    "line",
    [b"", b"[]", b"{}", b'{"event":"call"}', b'{"event":"answer","kind":"Gate","id":"x","end":"done"}', b"\xff\xfe",
     b'{"event":"outcome","kind":"Gate","id":"x","status":"fine"}', b'{"event":"run"}', b"[" * 100_000,
     b'{"event":"call","kind":"Gate","id":"x","method":1,"path":2,"body":3,"before":4}',
     b'{"event":"call","kind":"Gate","id":"\\ud800","method":"PUT","path":"/","body":null,"before":null}',
     b'{"event":"call","kind":"Gate","id":"","method":"PUT","path":"/","body":null,"before":null}',
     b'{"event":"call","kind":"Gate","id":"..","method":"PUT","path":"/","body":null,"before":null}'],
)  # fmt: skip
def test_lines_that_say_nothing_are_counted_and_break_nothing(line: bytes) -> None:
    begun = json.dumps({"event": "run", **ABOUT, "steps": [{"kind": "Gate", "id": "x"}]}).encode()
    found = unfinished(begun + b"\n" + line + b"\n")
    assert found is None or found.unreadable == (1 if line else 0)


def test_a_run_without_end_that_began_at_no_moment_is_none() -> None:
    begun = json.dumps({"event": "run", **ABOUT, "steps": [], "at": float("inf")}).encode()
    assert unfinished(begun) is None


@pytest.mark.parametrize("rules", ["all", [None], [{"name": []}], {"name": "all"}, [{"name": "all", "conditions": 5}]])
def test_nothing_is_said_of_a_call_whose_body_has_no_form_that_is_known(
    service: Service, plan: Plan, path: Path, rules: Json
) -> None:
    begun, call = cut_at(service, plan, path, "call").splitlines()[1:]
    found = unfinished(begun + b"\n" + json.dumps(json.loads(call) | {"body": {"rules": rules}}).encode())
    assert found is not None
    with service.console() as console:
        assert list(settled(found, console, KINDS)) == [(key("Gate"), Fate.UNKNOWN)]


# ---- a journal that cannot be written ------------------------------------------------------------------------------


def full_after(monkeypatch: pytest.MonkeyPatch, writes: int, *, short: bool = False) -> None:
    """A disk that is full after so many writes: nothing, or only a part of a line, gets onto it."""
    write, count = os.write, iter(range(10_000))

    def full(file: int, data: bytes) -> int:
        if next(count) < writes:
            return write(file, data)
        if short:
            return write(file, data[:5])
        raise OSError(errno.ENOSPC, NOT_THERE)

    monkeypatch.setattr(os, "write", full)


@pytest.mark.parametrize("short", [False, True])
def test_nothing_is_called_when_not_even_the_beginning_can_be_noted(
    service: Service,
    plan: Plan,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    short: bool,  # noqa: FBT001
) -> None:
    full_after(monkeypatch, 0, short=short)
    with pytest.raises(JournalError):
        run(service, plan, path)
    assert service.requests == []


@pytest.mark.parametrize("writes", [1, 2, 3])
def test_no_call_is_made_that_cannot_be_noted(
    service: Service, plan: Plan, path: Path, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    full_after(monkeypatch, writes)
    journal = FileJournal(path, ABOUT)
    live = {step.key: step.base for step in plan.steps if step.base is not None}
    with service.console() as console:
        (outcome,) = execute(plan, Snapshot(objects=live), console, KINDS, journal=journal)
        assert console.turns.stopped
    calls = 0 if writes == 1 else 1
    assert (outcome.status, outcome.calls_made, len(service.writes)) == (Status.FAILED, calls, calls)
    assert NOT_THERE in outcome.reason
    assert journal.broken == NOT_THERE


def test_a_large_journal_is_put_aside(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(17 * 1024 * 1024)
    FileJournal(path, ABOUT).close()
    assert path.stat().st_size == 0
    assert path.with_name("journal.jsonl.before").exists()


def test_a_journal_is_never_written_through_a_link(path: Path, tmp_path: Path) -> None:
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"):
        FileJournal(path, ABOUT)
    assert not (tmp_path / "elsewhere").exists()

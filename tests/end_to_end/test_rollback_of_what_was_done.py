"""A rollback undoes what its plan did, and not what people did in the same words."""

from __future__ import annotations

import json
import shutil

import pytest

from reconciler.applying import begun
from reconciler.domain import ResourceKey
from tests.end_to_end.world import World, manifest, seeded
from tests.unit.cli.terminal import Desk

SAME = {"id": "same_gate", "description": "", "rules": [], "isEnabled": True, "status": "In Progress"}


@pytest.fixture
def planned(world: World) -> World:
    """A saved plan that changes one gate and makes another."""
    world.seed(seeded(gates=[SAME]))
    world.manifests(
        [manifest("Gate", "same_gate", {"description": "wanted"}), manifest("Gate", "new_gate", {"description": "new"})]
    )
    assert run(world, "plan", "--out", str(world.folder / "plan.json"))[0] == 2
    return world


def run(world: World, *arguments: str) -> tuple[int, str]:
    desk = Desk()
    return desk.run([*arguments, "-p", str(world.folder)]), desk.said + desk.complained


def file(world: World) -> str:
    return str(world.folder / "plan.json")


def test_what_somebody_else_did_before_the_apply_is_kept(planned: World) -> None:
    planned.edit("Gate", "same_gate", {"description": "wanted"})
    assert run(planned, "apply", file(planned), "--yes")[0] == 1  # one step is stale
    code, said = run(planned, "rollback", file(planned), "--yes")
    assert code == 0
    assert "note ROLLBACK/not-done: Gate/same_gate" in said
    assert planned.live("Gate", "same_gate")["description"] == "wanted"
    assert "new_gate" not in planned.dump()["gates"]


def test_without_a_record_of_an_apply_that_is_said_before_anybody_says_yes(planned: World) -> None:
    assert run(planned, "apply", file(planned), "--yes")[0] == 0
    shutil.rmtree(planned.folder / ".reconciler")  # as on another runner
    code, said = run(planned, "rollback", file(planned), "--yes")
    assert code == 0
    assert "warning ROLLBACK/no-record" in said
    assert planned.live("Gate", "same_gate")["description"] == ""


def test_a_plan_that_was_applied_here_is_undone_without_a_warning(planned: World) -> None:
    assert run(planned, "apply", file(planned), "--yes")[0] == 0
    code, said = run(planned, "rollback", file(planned), "--yes")
    assert (code, "ROLLBACK/" in said) == (0, False)
    assert planned.live("Gate", "same_gate")["description"] == ""


def test_a_journal_that_was_put_aside_since_counts_as_well(planned: World) -> None:
    assert run(planned, "apply", file(planned), "--yes")[0] == 0
    journal = planned.folder / ".reconciler" / "journal.jsonl"
    journal.rename(journal.with_name("journal.jsonl.before"))
    journal.write_bytes(b"")
    code, said = run(planned, "rollback", file(planned), "--yes")
    assert (code, "ROLLBACK/" in said) == (0, False)


def test_a_journal_that_was_put_aside_and_cannot_be_read_leaves_open_what_was_done(planned: World) -> None:
    assert run(planned, "apply", file(planned), "--yes")[0] == 0
    (planned.folder / ".reconciler" / "journal.jsonl.before").mkdir()
    assert "warning ROLLBACK/no-record" in run(planned, "rollback", file(planned), "--yes")[1]


def test_a_journal_of_another_address_or_with_a_damaged_line_tells_nothing() -> None:
    events = [
        {"event": "run", "fingerprint": "ab12", "url": "http://here", "steps": []},
        {"event": "call", "kind": "Gate", "id": "a_gate", "method": "PATCH", "path": "/gates/a_gate"},
    ]
    data = "".join(f"{json.dumps(event)}\n" for event in events).encode()
    assert begun(data, "ab12", "http://here") == frozenset({ResourceKey("Gate", "a_gate")})
    assert begun(data, "ab12", "http://elsewhere") is None
    assert begun(data, "cd34", "http://here") is None
    assert begun(data + b'{"event": "ca\n' + data, "ab12", "http://here") is None

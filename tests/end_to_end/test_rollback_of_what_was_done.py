"""A rollback undoes what its plan did, and not what people did in the same words."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import httpx
import pytest

from reconciler.applying import begun
from reconciler.console import ApiKey, Console
from reconciler.domain import ResourceKey, Tree
from reconciler.saving import SavedPlan
from reconciler.workflow import reviewed
from tests.end_to_end.world import KEY, World, manifest, seeded
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
    assert begun(data, "ab12", "http://here") == {ResourceKey("Gate", "a_gate"): None}
    assert begun(data, "ab12", "http://elsewhere") is None
    assert begun(data, "cd34", "http://here") is None
    assert begun(data + b'{"event": "ca\n' + data, "ab12", "http://here") is None


# ---- what people did since -------------------------------------------------------------------------------------------


def test_an_object_that_somebody_made_in_place_of_the_one_of_the_plan_is_kept(planned: World) -> None:
    assert run(planned, "apply", file(planned), "--yes")[0] == 0
    planned.console.request("DELETE", "/gates/new_gate")
    planned.service.clock.ms += 1000
    theirs = {"id": "new_gate", "name": "new_gate", "description": "new", "rules": [], "isEnabled": True}
    planned.console.request("POST", "/gates", theirs)
    code, said = run(planned, "rollback", file(planned), "--yes")
    assert (code, "new_gate" in planned.dump()["gates"]) == (1, True)
    assert "Gate/new_gate: it was changed after the plan had made it" in said


def test_what_the_service_refused_was_not_done() -> None:
    gate = {"kind": "Gate", "id": "a_gate"}
    made, refused = {"event": "call", **gate}, {"event": "answer", **gate, "end": "refused"}
    done = {"event": "answer", **gate, "end": "done", "stamp": {"version": 2}}
    key = ResourceKey("Gate", "a_gate")
    assert record(made, refused) == {}
    assert record(made, done) == record(made, done, made, refused) == {key: {"version": 2}}
    assert record(made, {**done, "end": "lost"}) == record(made, done, made) == {key: None}


def record(*events: Tree) -> object:
    run = {"event": "run", "fingerprint": "ab12", "url": "http://here", "steps": []}
    return begun("".join(f"{json.dumps(event)}\n" for event in (run, *events)).encode(), "ab12", "http://here")


def test_what_was_undone_once_is_not_undone_again(planned: World) -> None:
    assert run(planned, "apply", file(planned), "--yes")[0] == 0
    assert run(planned, "rollback", file(planned), "--yes")[0] == 0
    planned.edit("Gate", "same_gate", {"description": "wanted"})  # and this time by a person
    code, said = run(planned, "rollback", file(planned), "--yes")
    assert (code, planned.live("Gate", "same_gate")["description"]) == (0, "wanted")
    assert "note ROLLBACK/not-done: Gate/same_gate" in said
    assert run(planned, "plan", "--out", file(planned))[0] == 2
    assert run(planned, "apply", file(planned), "--yes")[0] == 0
    assert run(planned, "rollback", file(planned), "--yes")[0] == 0
    assert "new_gate" not in planned.dump()["gates"]  # it was made once more


def test_a_gate_that_was_made_anew_since_is_not_put_back(planned: World) -> None:
    assert run(planned, "apply", file(planned), "--yes")[0] == 0
    planned.service.clock.ms += 1000
    planned.seed({"gates": [{**SAME, "description": "wanted", "createdTime": planned.service.clock.ms}]})
    code, said = run(planned, "rollback", file(planned), "--yes")
    assert (code, planned.live("Gate", "same_gate")["description"]) == (1, "wanted")
    assert "Gate/same_gate: it was made anew after the plan was applied" in said


def test_a_new_gate_that_is_checked_is_kept(planned: World) -> None:
    assert run(planned, "apply", file(planned), "--yes")[0] == 0
    gates = planned.dump()["gates"]
    planned.seed({"gates": [*({**gates, "new_gate": gates["new_gate"] | {"checksPerHour": 50}}).values()]})
    code, said = run(planned, "rollback", file(planned), "--yes")
    assert (code, "new_gate" in planned.dump()["gates"]) == (1, True)
    assert "Gate/new_gate: it was checked 50 times in the last hour" in said


def test_a_new_source_that_people_built_on_is_kept(world: World) -> None:
    spec = {"sql": "SELECT a FROM t", "idTypeMapping": [{"statsigUnitID": "userID", "column": "a"}]}
    world.manifests([manifest("EntityPropertySource", "people", spec)])
    assert run(world, "plan", "--out", file(world))[0] == 2
    assert run(world, "apply", file(world), "--yes")[0] == 0
    world.edit("EntityPropertySource", "people", {"description": "of the people team"})
    assert run(world, "rollback", file(world), "--yes")[0] == 1
    assert "people" in world.dump()["entity_properties"]


# ---- what refers to what ---------------------------------------------------------------------------------------------


def asks(gate: str, how: str = "passes_gate") -> Tree:
    condition = {"type": how, "targetValue": gate}
    return {"name": gate, "passPercentage": 100, "conditions": [condition], "id": f"r-{gate}", "baseID": f"r-{gate}"}


def test_a_new_gate_stays_that_another_object_of_the_way_back_came_to_ask_for(planned: World) -> None:
    assert run(planned, "apply", file(planned), "--yes")[0] == 0
    planned.edit("Gate", "same_gate", {"rules": [asks("new_gate")]})
    code, said = run(planned, "rollback", file(planned), "--yes")
    assert (code, "new_gate" in planned.dump()["gates"]) == (1, True)
    assert "Gate/new_gate: Gate/same_gate refers to it" in said
    assert planned.live("Gate", "same_gate")["description"] == ""


@pytest.mark.parametrize(("prune", "ends"), [("archive", 0), ("delete", 1)])
def test_a_reference_comes_back_after_what_it_refers_to(world: World, prune: str, ends: int) -> None:
    world.project(ownership={"tag": "git"}, safety={"prune": prune, "archiveFirst": False})
    world.seed({"gates": [{"id": "aaa", "tags": ["git"], "rules": [asks("zzz", "fails_gate")]},
                          {"id": "zzz", "tags": ["git"]}]})  # fmt: skip
    world.manifests([manifest("Gate", "aaa", {"rules": []})])
    assert run(world, "plan", "--out", file(world))[0] == 2
    assert run(world, "apply", file(world), "--yes")[0] == 0
    code, said = run(world, "rollback", file(world), "--yes")
    assert code == ends
    if prune == "archive":
        assert said.index("done: update Gate zzz") < said.index("done: update Gate aaa")
    else:
        assert "Gate/aaa: it would refer to Gate/zzz, gone" in said
        assert world.live("Gate", "aaa")["rules"] == []


def test_what_cannot_be_read_is_not_taken_for_gone(planned: World) -> None:
    planned.seed({"dynamic_configs": [{"id": "limits", "defaultValue": {"a": 1}}]})
    planned.manifests([manifest("DynamicConfig", "limits", {"defaultValue": {"a": 2}})])
    assert run(planned, "plan", "--out", file(planned))[0] == 2
    assert run(planned, "apply", file(planned), "--yes")[0] == 0
    saved = reviewed.open_plan(Path(file(planned)).read_bytes(), "plan.json")
    assert isinstance(saved, SavedPlan)
    with Console(planned.service.url, ApiKey(KEY), transport=Refusing("/dynamic_configs")) as console:
        findings = reviewed.rollback(saved, console).plan.findings
    assert any("DynamicConfig could not be read" in finding.message for finding in findings)
    assert not any("gone" in finding.message for finding in findings)


class Refusing(httpx.HTTPTransport):
    """Refuses to list one collection."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        refused = request.url.path.endswith(self.path)
        return httpx.Response(403, json={"message": "no"}) if refused else super().handle_request(request)

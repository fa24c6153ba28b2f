"""``apply PLANFILE`` and ``rollback PLANFILE``: what is refused, what is asked, what is said, and the exit codes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.domain import Json, Tree
from tests.end_to_end.world import World, manifest, seeded, serving
from tests.unit.cli.terminal import Desk, Failing, Stream, person
from tests.unit.saving.forging import forged

GATE: Tree = {"id": "checkout_v2", "description": "Live words", "rules": [], "isEnabled": True, "status": "In Progress"}


@pytest.fixture
def saved(world: World) -> World:
    """A saved plan that changes one gate and creates one, in ``plan.json``; the manifests are gone since."""
    world.seed(seeded(gates=[GATE]))
    world.manifests(
        [
            manifest("Gate", "checkout_v2", {"description": "Git's words"}),
            manifest("Gate", "new_gate", {"status": "in_progress"}),
        ]
    )
    assert Desk().run(["plan", "--out", str(file_of(world)), "-p", str(world.folder)]) == 2
    shutil.rmtree(world.folder / "manifests")
    return world


def file_of(world: World) -> Path:
    return world.folder / "plan.json"


def run(world: World, command: str, *arguments: str, desk: Desk | None = None) -> tuple[int, Desk]:
    """``reconciler <command> plan.json``."""
    used = desk or Desk()
    return used.run([command, str(file_of(world)), *arguments, "-p", str(world.folder)]), used


def fingerprint(world: World) -> str:
    return str(json.loads(file_of(world).read_text("ascii"))["fingerprint"])


def report(desk: Desk) -> Json:
    return json.loads(desk.said)


def codes(desk: Desk) -> list[str]:
    return [finding["code"] for finding in report(desk)["findings"]]


def untouched(world: World) -> bool:
    """Whether live is as it was before anything was applied."""
    return world.live("Gate", "checkout_v2")["description"] == "Live words" and "new_gate" not in world.dump()["gates"]


# ---- apply -----------------------------------------------------------------------------------------------------------


def test_a_saved_plan_is_shown_asked_for_done_and_proved_without_any_manifest(saved: World) -> None:
    code, desk = run(saved, "apply", desk=person("y\n"))
    assert "Apply 2 steps? [y/N] " in desk.complained
    assert code == 0
    assert saved.live("Gate", "checkout_v2")["description"] == "Git's words"


def test_the_text_says_which_plan_it_is_and_whether_it_holds(saved: World) -> None:
    code, desk = run(saved, "apply", "--yes", "--show-calls")
    said = desk.said.splitlines()
    assert (code, desk.complained) == (0, "")
    assert said[:3] == [f"Saved plan: {file_of(saved)}", f"Fingerprint: {fingerprint(saved)}", ""]
    assert "    PATCH /gates/checkout_v2 {" in desk.said
    ends = sorted(row.partition("] ")[2] for row in said[-5:-3])  # two steps at a time, in whatever order they end
    assert ends == ["done: create Gate new_gate (1 call)", "done: update Gate checkout_v2 (1 call)"]
    assert said[-3:] == [
        "",
        "Applied: 2 done.",
        "Converged: read again, live is as the plan says (2 objects).",
    ]


def test_a_broken_manifest_does_not_matter(saved: World) -> None:
    saved.write("manifests/broken.yaml", "kind: [")
    assert run(saved, "apply", "--yes")[0] == 0


def test_a_project_file_that_is_missing_or_broken_does(saved: World) -> None:
    saved.write("reconciler.yaml", "kind: Projekt\n")
    code, desk = run(saved, "apply", "--yes")
    assert (code, desk.said) == (1, "")
    assert "reconciler.yaml:1:1: error SCHEMA/" in desk.complained
    (saved.folder / "reconciler.yaml").unlink()
    for command in ("apply", "rollback"):
        code, desk = run(saved, command, "--yes")
        assert code == 1
        assert "reconciler.yaml: error FILE/project: the project file cannot be read: No such file" in desk.complained
    assert untouched(saved)


def test_a_selection_is_refused_since_a_saved_plan_is_applied_as_it_is(saved: World) -> None:
    code, desk = run(saved, "apply", "--yes", "--select", "kind=Gate")
    assert code == 1
    assert "error USAGE/arguments: a saved plan is applied as it is" in desk.complained
    assert untouched(saved)


@pytest.mark.parametrize("command", ["apply", "rollback"])
@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        (lambda file: file.unlink(), "PLANFILE/unreadable"),
        (lambda file: file.write_text(file.read_text()[:-100]), "PLANFILE/refused"),
        (lambda file: file.write_text(file.read_text().replace("checkout_v2", "checkout_v3")), "PLANFILE/refused"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_told_and_nothing_is_done(
    saved: World, command: str, damage: Callable[[Path], object], finding: str
) -> None:
    damage(file_of(saved))
    code, desk = run(saved, command, "--yes")
    assert (code, desk.said) == (1, "")
    assert f"error {finding}: " in desk.complained
    assert "reconciler plan --out FILE" in desk.complained
    code, desk = run(saved, command, "--yes", "--format", "json")
    assert (code, report(desk)["command"], codes(desk)) == (1, command, [finding])
    assert untouched(saved)


def test_a_folder_is_no_plan(saved: World) -> None:
    desk = Desk()
    assert desk.run(["apply", str(saved.folder), "--yes", "-p", str(saved.folder)]) == 1
    assert "cannot be read: Is a directory" in desk.complained


@pytest.mark.parametrize("command", ["apply", "rollback"])
def test_a_plan_for_another_address_is_refused_with_both(saved: World, command: str) -> None:
    with serving() as other:
        saved.project(api={"url": other.url})
        before = other.store.dump()
        code, desk = run(saved, command, "--yes")
        assert other.store.dump() == before
    assert (code, desk.said) == (1, "")
    assert f"the plan was made against {saved.service.url}, and this is {other.url}" in desk.complained
    assert untouched(saved)


@pytest.mark.parametrize("command", ["apply", "rollback"])
def test_a_plan_for_another_project_is_refused_with_both(saved: World, command: str) -> None:
    made_for = saved.service.store.dump()["project"]["id"]
    saved.seed({"project": {"id": "another"}})
    code, desk = run(saved, command, "--yes")
    assert (code, desk.said) == (1, "")
    message = f"the plan was made for project {made_for}, and the key is for project another"
    assert f"error PLANFILE/other-project: {message}" in desk.complained
    assert untouched(saved)


def test_a_project_file_that_is_about_another_project_refuses_the_plan(saved: World) -> None:
    saved.project(api={"url": saved.service.url, "projectId": "pinned"})
    code, desk = run(saved, "apply", "--yes")
    assert code == 1
    assert "the project file is about project pinned" in desk.complained
    assert untouched(saved)


def test_an_error_in_a_plan_keeps_it_from_being_applied(saved: World) -> None:
    about: Tree = {"where": None, "object": None, "allowed": None}
    error = {"code": "X/y", "severity": "error", "message": "no", "cure": "", **about}
    text = file_of(saved).read_text("ascii")
    file_of(saved).write_bytes(forged(text, lambda tree: tree["findings"].append(error)))
    code, desk = run(saved, "apply", "--yes")
    assert code == 1
    assert desk.said.splitlines()[-1] == "This plan cannot be applied: 1 error, 0 warnings."
    assert untouched(saved)


def test_a_plan_without_steps_asks_nobody_and_claims_nothing_about_live(world: World) -> None:
    world.seed(seeded(gates=[GATE]))
    world.manifests([manifest("Gate", "checkout_v2", {"description": "Live words"})])
    Desk().run(["plan", "--out", str(file_of(world)), "-p", str(world.folder)])
    code, desk = run(world, "apply")
    assert (code, desk.said.splitlines()[-1]) == (0, "No steps. This plan has nothing to do.")
    code, desk = run(world, "rollback")
    assert (code, desk.said.splitlines()[-1]) == (0, "Nothing to undo. Live is as it was before the plan.")


# ---- consent ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["apply", "rollback"])
@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_anything_but_yes_is_no(saved: World, command: str, answer: str) -> None:
    if command == "rollback":
        run(saved, "apply", "--yes")
    before = saved.dump()
    code, desk = run(saved, command, desk=person(answer))
    assert code == 1
    assert f"{command.upper()}/declined" in desk.complained
    assert saved.dump() == before


def test_without_anybody_to_ask_nothing_is_applied_and_the_document_says_what_would_be(saved: World) -> None:
    code, desk = run(saved, "apply", "--format", "json")
    assert (code, codes(desk), report(desk)["outcomes"]) == (1, ["APPLY/consent"], [])
    assert (report(desk)["summary"]["steps"], report(desk)["summary"]["unreached"]) == (2, 2)
    run(saved, "apply", "--yes")
    code, desk = run(saved, "rollback", "--format", "json")
    assert (code, codes(desk)) == (1, ["ROLLBACK/consent"])
    assert [(step["verb"], step["id"]) for step in report(desk)["steps"]] == [
        ("update", "checkout_v2"),
        ("delete", "new_gate"),
    ]


# ---- fingerprints ----------------------------------------------------------------------------------------------------


def from_manifests(world: World, *arguments: str) -> tuple[int, Desk]:
    """``reconciler apply``, with the manifests that the saved plan was made from."""
    world.manifests(
        [
            manifest("Gate", "checkout_v2", {"description": "Git's words"}),
            manifest("Gate", "new_gate", {"status": "in_progress"}),
        ]
    )
    desk = Desk()
    return desk.run(["apply", *arguments, "-p", str(world.folder)]), desk


def from_file(world: World, *arguments: str) -> tuple[int, Desk]:
    return run(world, "apply", *arguments)


Way = Callable[..., tuple[int, Desk]]


@pytest.mark.parametrize("apply", [from_file, from_manifests])
@pytest.mark.parametrize("spelled", [str, str.upper, "  {}\n".format])
def test_the_plan_that_was_reviewed_is_applied(saved: World, apply: Way, spelled: Callable[[str], str]) -> None:
    code, _ = apply(saved, "--yes", "--expect-fingerprint", spelled(fingerprint(saved)))
    assert code == 0
    assert not untouched(saved)


@pytest.mark.parametrize("apply", [from_file, from_manifests])
@pytest.mark.parametrize("expected", ["", "0" * 64, "3f"])
def test_any_other_plan_is_refused_with_both_fingerprints(saved: World, apply: Way, expected: str) -> None:
    code, desk = apply(saved, "--yes", "--expect-fingerprint", expected)
    assert code == 1
    assert f"its fingerprint is {fingerprint(saved)}, and '{expected}' was expected" in desk.complained
    assert "→ nothing was done; have this plan reviewed, and expect" in desk.complained
    assert "~ update Gate checkout_v2" in desk.said
    assert untouched(saved)
    code, desk = apply(saved, "--yes", "--expect-fingerprint", expected, "--format", "json")
    assert (code, codes(desk)) == (1, ["APPLY/fingerprint"])


def test_a_run_that_is_repeated_has_nothing_left_to_do_and_ends_well(saved: World) -> None:
    expected = fingerprint(saved)
    assert from_manifests(saved, "--yes", "--expect-fingerprint", expected)[0] == 0
    code, desk = from_manifests(saved, "--yes", "--expect-fingerprint", expected)
    assert code == 0
    assert "note APPLY/nothing-left: the plan that was expected is not to be made any more" in desk.said


def test_a_plan_is_refused_when_live_moved_so_that_it_is_another_one(saved: World) -> None:
    saved.edit("Gate", "checkout_v2", {"description": "Git's words"})
    code, desk = from_manifests(saved, "--yes", "--expect-fingerprint", fingerprint(saved))
    assert code == 1
    assert "error APPLY/fingerprint" in desk.complained


# ---- what moved ------------------------------------------------------------------------------------------------------


def test_a_step_whose_object_moved_is_left_out_with_all_three_values_and_the_rest_is_done(saved: World) -> None:
    saved.edit("Gate", "checkout_v2", {"description": "Somebody's words"})
    code, desk = run(saved, "apply", "--yes")
    assert code == 1
    said = desk.said.splitlines()
    at = said.index("[1/2] stale: update Gate checkout_v2 (0 of 1 call made)")
    assert said[at + 2] == (
        '    description: was "Live words" when planned, is "Somebody\'s words" now, the plan wants "Git\'s words"'
    )
    assert "Applied: 1 done, 1 stale." in said
    assert said[-3:] == [
        "✗ Gate checkout_v2 is not as the plan says:",
        '    description: "Somebody\'s words" → "Git\'s words"',
        "Not converged: 1 of 2 objects is not as the plan says.",
    ]
    assert saved.live("Gate", "checkout_v2")["description"] == "Somebody's words"
    assert saved.live("Gate", "new_gate")


def test_all_or_nothing_does_nothing_when_one_object_moved(saved: World) -> None:
    saved.edit("Gate", "checkout_v2", {"description": "Somebody's words"})
    code, desk = run(saved, "apply", "--yes", "--all-or-nothing", "--format", "json")
    assert code == report(desk)["exitCode"] == 1
    assert [each["status"] for each in report(desk)["outcomes"]] == ["stale", "skipped"]
    (conflict,) = report(desk)["outcomes"][0]["conflicts"]
    assert conflict == {
        "field": "description",
        "base": "Live words",
        "live": "Somebody's words",
        "desired": "Git's words",
        "touched": True,
    }
    assert [(each["id"], each["holds"], each["gone"]) for each in report(desk)["convergence"]] == [
        ("checkout_v2", False, False),
        ("new_gate", False, True),
    ]
    assert "new_gate" not in saved.dump()["gates"]


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (RuntimeError("oh"), 3)])
@pytest.mark.parametrize("command", ["apply", "rollback"])
def test_what_was_done_is_told_when_it_is_cut_short(
    saved: World, command: str, error: BaseException, code: int
) -> None:
    if command == "rollback":
        run(saved, "apply", "--yes")
    saved.project(api={"url": saved.service.url, "workers": 1})
    _, desk = run(saved, command, "--format", "text")
    shown = len(desk.said.splitlines()) + 1
    ended, desk = run(saved, command, "--yes", desk=Desk(out=Failing(error, shown, once=True)))
    assert ended == code
    assert f"{'Applied' if command == 'apply' else 'Rolled back'}: 1 done, 1 not reached." in desk.said


class Asking(Stream):
    """A terminal at which something happens while a question waits for its answer."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__(terminal=True)
        self.meanwhile = meanwhile

    def write(self, text: str) -> int:
        if "[y/N]" in text:
            self.meanwhile()
        return super().write(text)


@pytest.mark.parametrize("command", ["apply", "rollback"])
def test_live_is_read_again_after_the_consent(saved: World, command: str) -> None:
    if command == "rollback":
        run(saved, "apply", "--yes")
    asking = Asking(lambda: saved.edit("Gate", "checkout_v2", {"description": "In the last moment"}))
    code, desk = run(saved, command, desk=Desk(Stream("y\n", terminal=True), err=asking))
    assert code == 1
    assert "[1/2] stale: update Gate checkout_v2 (0 of 1 call made)" in desk.said
    assert "[2/2] done: " in desk.said
    assert saved.live("Gate", "checkout_v2")["description"] == "In the last moment"


def test_an_apply_that_was_interrupted_is_undone_as_far_as_it_came(saved: World) -> None:
    saved.project(api={"url": saved.service.url, "workers": 1})
    _, desk = run(saved, "apply")
    shown = len(desk.said.splitlines()) + 1
    code, _ = run(saved, "apply", "--yes", desk=Desk(out=Failing(KeyboardInterrupt(), shown, once=True)))
    assert (code, untouched(saved)) == (130, False)
    code, desk = run(saved, "rollback", "--yes")
    assert code == 0
    assert "Way back: 1 to put back, 0 to delete; 0 not undone, 1 untouched." in desk.said
    assert untouched(saved)


# ---- rollback --------------------------------------------------------------------------------------------------------


def test_the_way_back_is_shown_asked_for_gone_and_proved(saved: World) -> None:
    run(saved, "apply", "--yes")
    code, desk = run(saved, "rollback", "--yes", "--show-calls")
    assert (code, desk.complained) == (0, "")
    assert "    DELETE /gates/new_gate" in desk.said
    assert desk.said.splitlines()[:3] == [
        f"Way back from: {file_of(saved)}",
        f"Fingerprint: {fingerprint(saved)}",
        "",
    ]
    assert desk.said.splitlines()[-8:] == [
        "Way back: 1 to put back, 1 to delete; 0 not undone, 0 untouched.",
        "2 calls, about 1 s at the published limits.",
        "",
        "[1/2] done: update Gate checkout_v2 (1 call)",
        "[2/2] done: delete Gate new_gate (1 call)",
        "",
        "Rolled back: 2 done.",
        "Converged: read again, what was undone is as it was (2 objects).",
    ]
    assert untouched(saved)


def test_a_person_is_asked_before_the_way_back_is_gone(saved: World) -> None:
    run(saved, "apply", "--yes")
    code, desk = run(saved, "rollback", desk=person("yes\n"))
    assert "Undo the plan in 2 steps? [y/N] " in desk.complained
    assert code == 0
    assert untouched(saved)


def test_a_plan_that_was_never_applied_has_nothing_to_undo(saved: World) -> None:
    code, desk = run(saved, "rollback")
    assert code == 0
    assert desk.said.splitlines()[-1] == "Nothing to undo. Live is as it was before the plan."
    code, desk = run(saved, "rollback", "--format", "json")
    assert (code, report(desk)["steps"], report(desk)["kept"]) == (0, [], [])


def test_what_cannot_be_undone_is_told_before_and_after_and_ends_with_1(saved: World) -> None:
    run(saved, "apply", "--yes")
    saved.edit("Gate", "checkout_v2", {"description": "Somebody's words"})
    code, desk = run(saved, "rollback", "--yes")
    assert code == 1
    said = desk.said.splitlines()
    at = said.index(
        "warning ROLLBACK/kept: Gate/checkout_v2: description changed after the plan was applied"
    )  # fmt: skip
    assert said[at + 1].startswith("    → ")
    assert "Way back: 0 to put back, 1 to delete; 1 not undone, 0 untouched." in said
    assert said[-1] == "Not undone: Gate checkout_v2, for the reasons above."
    assert saved.live("Gate", "checkout_v2")["description"] == "Somebody's words"
    assert "new_gate" not in saved.dump()["gates"]
    code, desk = run(saved, "rollback", "--format", "json")
    assert (code, report(desk)["kept"]) == (1, [{"kind": "Gate", "id": "checkout_v2"}])


def test_where_nothing_can_be_undone_the_last_line_says_so(saved: World) -> None:
    run(saved, "apply", "--yes")
    for name in ("checkout_v2", "new_gate"):
        saved.edit("Gate", name, {"description": "Somebody's words"})
    code, desk = run(saved, "rollback")
    assert (code, desk.said.splitlines()[-1]) == (1, "Nothing can be undone: 2 objects left as found.")


def test_a_rollback_as_one_document(saved: World) -> None:
    run(saved, "apply", "--yes")
    code, desk = run(saved, "rollback", "--yes", "--format", "json")
    assert code == report(desk)["exitCode"] == 0
    assert [each["status"] for each in report(desk)["outcomes"]] == ["done", "done"]
    assert [each["holds"] for each in report(desk)["convergence"]] == [True, True]


def test_a_rollback_needs_a_file() -> None:
    desk = Desk()
    assert desk.run(["rollback"]) == 1
    assert "error USAGE/arguments: Missing argument 'PLANFILE'" in desk.complained

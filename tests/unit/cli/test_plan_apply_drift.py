"""The commands that talk to the service, against the emulator."""

import json

import pytest

from reconciler.domain import Json, Tree
from tests.end_to_end.world import World, manifest, seeded
from tests.unit.cli.terminal import Desk, Failing, Stream, person

GATE: Tree = {"id": "checkout_v2", "description": "Live words", "rules": [], "isEnabled": True, "status": "In Progress"}


@pytest.fixture
def pending(world: World) -> World:
    """One gate to change, one to create, one that nobody describes."""
    world.seed(seeded(gates=[GATE, {**GATE, "id": "of_others"}]))
    world.manifests(
        [
            manifest("Gate", "checkout_v2", {"description": "Git's words"}),
            manifest("Gate", "new_gate", {"status": "in_progress"}),
        ]
    )
    return world


def run(world: World, *arguments: str, desk: Desk | None = None) -> tuple[int, Desk]:
    """The command, with the project file of `world`."""
    used = desk or Desk()
    return used.run([*arguments, "-p", str(world.folder)]), used


def report(desk: Desk) -> Json:
    """The one document on standard output."""
    return json.loads(desk.said)


# ---- plan ------------------------------------------------------------------------------------------------------------


def test_pending_changes_are_shown_and_end_with_2(pending: World) -> None:
    code, desk = run(pending, "plan")
    assert code == 2
    assert 'description: "Live words" → "Git\'s words"' in desk.said
    assert "1 live object is in no manifest (--unmanaged lists them)." in desk.said
    assert desk.said.splitlines()[-1] == "Plan: 1 to create, 1 to change, 0 to adopt, 0 to remove; 0 unchanged."
    assert desk.complained == ""


def test_the_plan_shows_calls_and_unmanaged_objects_on_request(pending: World) -> None:
    _, desk = run(pending, "plan", "--show-calls", "--unmanaged")
    assert "    PATCH /gates/checkout_v2 {" in desk.said
    assert "    Gate of_others" in desk.said


def test_nothing_to_do_ends_with_0(world: World) -> None:
    world.seed(seeded(gates=[GATE]))
    world.manifests([manifest("Gate", "checkout_v2", {"description": "Live words"})])
    code, desk = run(world, "plan")
    assert (code, desk.said) == (0, "No changes. Live equals the manifests (1 object).\n")


def test_the_plan_as_one_document(pending: World) -> None:
    code, desk = run(pending, "plan", "--format", "json", "--server-validate")
    assert code == report(desk)["exitCode"] == 2
    assert [step["id"] for step in report(desk)["steps"]] == ["checkout_v2", "new_gate"]


def test_a_plan_that_cannot_be_applied_ends_with_1_and_is_shown(pending: World) -> None:
    pending.manifests([manifest("Gate", "checkout_v2", {"isTemplate": True, "description": "Git's words"})])
    code, desk = run(pending, "plan")
    assert code == 1
    assert "error PLAN/create-only" in desk.said
    assert desk.said.splitlines()[-1] == "This plan cannot be applied: 1 error, 0 warnings."
    code, desk = run(pending, "apply", "--yes")
    assert code == 1
    assert pending.live("Gate", "checkout_v2")["description"] == "Live words"


@pytest.mark.parametrize("command", [["plan"], ["apply", "--yes"], ["drift"]])
def test_unsound_manifests_stop_a_command_before_it_asks_the_service(pending: World, command: list[str]) -> None:
    pending.manifests([manifest("Gate", "checkout_v2", {"status": "on"})])
    code, desk = run(pending, *command)
    assert (code, desk.said) == (1, "")
    assert "error SCHEMA/" in desk.complained
    code, desk = run(pending, *command, "--format", "json")
    assert report(desk)["findings"][0]["code"].startswith("SCHEMA/")
    assert desk.complained == ""


# ---- the key and the service -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "code", "cure"),
    [
        ({}, "KEY/MISSING", "set STATSIG_CONSOLE_KEY to"),
        (
            {"STATSIG_CONSOLE_KEY": "secret-0123456789"},
            "API/unauthorized",
            "set the environment variable STATSIG_CONSOLE_KEY to an active Console API key",
        ),
    ],
)
def test_without_a_good_key_the_variable_is_named_and_never_shown(
    pending: World, key: dict[str, str], code: str, cure: str
) -> None:
    ended, desk = run(pending, "plan", desk=Desk(environ=key))
    assert (ended, desk.said) == (1, "")
    assert f"error {code}: " in desk.complained
    assert f"→ {cure}" in desk.complained
    assert "secret-0123456789" not in desk.complained
    _, desk = run(pending, "plan", "--format", "json", desk=Desk(environ=key))
    assert report(desk)["findings"][0]["code"] == code
    assert "secret-0123456789" not in desk.said


def test_a_base_url_that_leads_nowhere_is_told(pending: World) -> None:
    pending.project(api={"url": pending.service.url.replace("/console/v1", "/other")})
    code, desk = run(pending, "plan")
    assert code == 1
    assert "error API/not-found: GET /" in desk.complained
    assert "check api.url in the project file (http://127.0.0.1:" in desk.complained


# ---- apply -----------------------------------------------------------------------------------------------------------


def test_apply_asks_and_does_what_the_plan_says_and_proves_it(pending: World) -> None:
    pending.project(api={"url": pending.service.url, "workers": 1})  # steps end in their order
    code, desk = run(pending, "apply", desk=person("y\n"))
    assert "Apply 2 steps? [y/N] " in desk.complained
    assert code == 0
    assert pending.live("Gate", "checkout_v2")["description"] == "Git's words"
    assert "[1/2] done: update Gate checkout_v2" in strip(desk.said)
    assert strip(desk.said).splitlines()[-1] == "Converged: read again, live equals the manifests (2 objects)."


@pytest.mark.parametrize("answer", ["n\n", "\n", "yessir\n", ""])
def test_anything_but_yes_is_no(pending: World, answer: str) -> None:
    code, desk = run(pending, "apply", desk=person(answer))
    assert code == 1
    assert "error APPLY/declined: nothing was done" in strip(desk.complained)
    assert pending.live("Gate", "checkout_v2")["description"] == "Live words"


@pytest.mark.parametrize("form", ["text", "json"])
def test_without_a_terminal_nothing_is_done_unless_yes_is_said(pending: World, form: str) -> None:
    code, desk = run(pending, "apply", "--format", form)
    assert code == 1
    assert "APPLY/consent" in (desk.said if form == "json" else desk.complained)
    assert pending.live("Gate", "checkout_v2")["description"] == "Live words"


def test_an_apply_as_one_document(pending: World) -> None:
    code, desk = run(pending, "apply", "--yes", "--format", "json")
    assert code == report(desk)["exitCode"] == 0
    assert [each["status"] for each in report(desk)["outcomes"]] == ["done", "done"]
    assert [each["holds"] for each in report(desk)["convergence"]] == [True, True]


def test_nothing_to_apply_asks_nobody(world: World) -> None:
    world.seed(seeded(gates=[GATE]))
    world.manifests([manifest("Gate", "checkout_v2", {"description": "Live words"})])
    code, desk = run(world, "apply")
    assert (code, desk.said) == (0, "No changes. Live equals the manifests (1 object).\n")
    code, desk = run(world, "apply", "--format", "json")
    assert (code, report(desk)["summary"]["steps"], report(desk)["summary"]["converged"]) == (0, 0, 1)


def test_a_reader_that_has_read_enough_does_not_stop_an_apply(pending: World) -> None:
    code, _ = run(pending, "apply", "--yes", desk=Desk(out=Failing(BrokenPipeError(), writes=1)))
    assert code == 0
    assert pending.live("Gate", "checkout_v2")["description"] == "Git's words"
    assert pending.live("Gate", "new_gate")


def test_a_full_disk_below_the_output_does_not_stop_an_apply_and_is_told(pending: World) -> None:
    code, desk = run(
        pending, "apply", "--yes", desk=Desk(out=Failing(OSError(28, "No space left on device"), writes=1))
    )
    assert code == 1
    assert "error RUN/output: standard output could not be written: No space left on device" in desk.complained
    assert pending.live("Gate", "new_gate")


@pytest.mark.parametrize(
    ("error", "code", "finding"),
    [(KeyboardInterrupt(), 130, "RUN/interrupted"), (RuntimeError("oh"), 3, "BUG/unexpected: RuntimeError: oh")],
)
def test_what_was_done_is_told_when_an_apply_is_cut_short(
    pending: World, error: BaseException, code: int, finding: str
) -> None:
    pending.project(api={"url": pending.service.url, "workers": 1})
    _, desk = run(pending, "apply")
    plan_is_shown = len(desk.said.splitlines()) + 1
    ended, desk = run(pending, "apply", "--yes", desk=Desk(out=Failing(error, plan_is_shown, once=True)))
    assert ended == code
    assert f"error {finding}" in desk.complained
    assert "Applied: 1 done, 1 not reached." in desk.said
    assert pending.live("Gate", "checkout_v2")["description"] == "Git's words"
    assert "new_gate" not in pending.dump()["gates"]


# ---- drift -----------------------------------------------------------------------------------------------------------


def test_drift_ends_with_2_and_says_who_and_what(pending: World) -> None:
    run(pending, "apply", "--yes")
    pending.edit("Gate", "checkout_v2", {"description": "Clicked"}, by="Payments")
    code, desk = run(pending, "drift", "--unmanaged")
    assert code == 2
    assert "    by payments@example.com, " in desk.said
    assert 'description: "Git\'s words" → Clicked' in desk.said
    assert "    Gate of_others" in desk.said
    assert desk.said.splitlines()[-1] == "Drift: 1 object (1 cosmetic); 1 equal."
    code, desk = run(pending, "drift", "--format", "json")
    assert code == report(desk)["exitCode"] == 2
    assert report(desk)["changed"][0]["modified"]["by"] == "payments@example.com"


def test_no_drift_ends_with_0(pending: World) -> None:
    run(pending, "apply", "--yes")
    code, desk = run(pending, "drift")
    assert code == 0
    assert desk.said.splitlines()[-1] == "No drift. Live equals the manifests (2 objects)."


# ---- terminals -------------------------------------------------------------------------------------------------------


def strip(text: str) -> str:
    """Text without what colours it."""
    return "".join(part if number == 0 else part.partition("m")[2] for number, part in enumerate(text.split("\x1b[")))


def test_colour_and_progress_are_for_terminals(pending: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    _, desk = run(pending, "plan", desk=person())
    assert "\x1b[33m~ update " in desk.said
    assert "Reading the live project" in desk.complained
    _, desk = run(pending, "plan")
    assert "\x1b" not in desk.said
    assert desk.complained == ""


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_apply_fills_a_bar_on_a_terminal(pending: World, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    code, desk = run(pending, "apply", "--yes", "--format", form, desk=Desk(err=Stream(terminal=True)))
    told = strip(desk.complained)
    assert code == 0
    assert [told.count(f" {done}/2") > 0 for done in (0, 1, 2)] == [True, True, True]
    assert "Applying, about 1 s left" in told
    assert "━" in told
    assert "━" not in desk.said


def test_an_apply_into_a_pipe_shows_no_bar(pending: World) -> None:
    code, desk = run(pending, "apply", "--yes")
    assert (code, desk.complained) == (0, "")
    assert "[2/2] done" in desk.said


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_where_none_is_wanted(
    pending: World, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    desk = person()
    desk.environ |= variables
    run(pending, "plan", desk=desk)
    assert "~ update Gate checkout_v2" in desk.said
    assert "\x1b" not in desk.said

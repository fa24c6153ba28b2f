"""Guards from the command line to the live project: what they stop is not done, what is allowed has its reason."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reconciler.cli import run_arguments
from reconciler.cli.screen import Screen
from reconciler.cli.sink import Sink
from reconciler.domain import Json, Tree
from tests.end_to_end.world import KEY, World, manifest, seeded
from tests.unit.cli.terminal import Stream

TUESDAY = datetime.fromisoformat("2026-12-01T12:00+01:00")
FRIDAY_EVENING = datetime.fromisoformat("2026-12-04T17:30+01:00")
EVENINGS: Tree = {"timeZone": "Europe/Berlin", "closed": [{"days": ["friday"], "from": "16:00"}]}
OURS: Tree = {"ownership": {"tag": "git"}}


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it printed."""

    code: int
    said: str

    @property
    def report(self) -> Tree:
        document: Tree = json.loads(self.said)
        return document

    @property
    def codes(self) -> list[str]:
        return [finding["code"] for finding in self.report["findings"]]


def run(world: World, *arguments: str, now: datetime = TUESDAY) -> Ran:
    """Run a command of this project in the repository, at a moment."""
    out = Stream()
    screen = Screen(Stream(), Sink(out), Sink(out), {"STATSIG_CONSOLE_KEY": KEY}, clock=lambda: now)
    return Ran(run_arguments([*arguments, "--project", str(world.folder)], screen), out.getvalue())


def told(world: World, *arguments: str, now: datetime = TUESDAY) -> Ran:
    """The same with a JSON document."""
    return run(world, *arguments, "--format", "json", now=now)


def rule(share: float, **more: Json) -> Tree:
    return {
        "name": "R",
        "passPercentage": share,
        "conditions": [{"type": "country", "operator": "any", "targetValue": ["DE"]}],
        **more,
    }


@pytest.fixture
def ramp(world: World) -> World:
    """A gate that goes from 1 % to 100 %."""
    world.seed(seeded(gates=[{"id": "checkout_v2", "rules": [rule(1)]}]))
    world.manifests([manifest("Gate", "checkout_v2", {"rules": [rule(100)]}, labels={"team": "payments"})])
    world.project(safety={"rollout": {"maxIncrease": 25}})
    return world


def share(world: World) -> float:
    found: float = world.live("Gate", "checkout_v2")["rules"][0]["passPercentage"]
    return found


def file_of(world: World) -> str:
    return str(world.folder / "release.plan.json")


def test_a_jump_is_stopped_and_done_with_a_reason_that_every_report_has(ramp: World) -> None:
    assert run(ramp, "apply", "--yes").code == 1
    assert share(ramp) == 1
    stopped = told(ramp, "plan")
    assert (stopped.code, stopped.codes) == (1, ["GUARD/rollout"])
    because = "--allow=rollout=Everyone has had it for weeks."
    planned = told(ramp, "plan", because)
    (finding,) = planned.report["findings"]
    assert (planned.code, finding["severity"]) == (2, "warning")
    assert finding["allowed"] == {
        "guard": "rollout",
        "reason": "Everyone has had it for weeks.",
        "until": None,
        "where": None,
    }
    assert "→ allowed on the command line: Everyone has had it for weeks." in run(ramp, "plan", because).said
    assert told(ramp, "apply", "--yes", because).report["findings"] == [finding]
    assert share(ramp) == 100


def test_the_service_says_which_environments_are_production(ramp: World) -> None:
    environments = [{"name": name, "isProduction": name == "live"} for name in ("live", "production")]
    ramp.seed({"environments": environments})
    for name, code in (("live", 1), ("production", 2)):
        ramp.seed(seeded(gates=[{"id": "checkout_v2", "rules": [rule(1, environments=[name])]}]))
        ramp.manifests([manifest("Gate", "checkout_v2", {"rules": [rule(100, environments=[name])]})])
        assert run(ramp, "plan").code == code


def test_too_many_removals_say_what_to_write(world: World) -> None:
    world.seed(seeded(gates=[{"id": f"gate_{number}", "tags": ["git"]} for number in range(4)]))
    world.manifests([manifest("Gate", "kept", {})])
    limits: Tree = {"prune": "archive", "removals": {"max": 3}}
    world.project(**OURS, safety=limits)
    stopped = run(world, "apply", "--yes")
    assert stopped.code == 1
    assert "error GUARD/removals: the plan removes 4 objects; the limit is 3" in stopped.said
    assert "safety: {removals: {max: 4}}" in stopped.said
    leave: Tree = {"guard": "removals", "reason": "The old search is gone.", "until": "2026-12-01"}
    world.project(**OURS, safety={**limits, "allow": [leave]})
    assert run(world, "plan", now=TUESDAY + timedelta(days=1)).code == 1
    done = run(world, "apply", "--yes")
    assert done.code == 0
    assert "allowed in reconciler.yaml until 2026-12-01: The old search is gone." in done.said


def test_leave_that_nothing_needs_is_a_note_with_its_place(ramp: World) -> None:
    leave: Tree = {"guard": "rollout", "reason": "x", "objects": ["Gate/other"]}
    ramp.project(safety={"allow": [leave]})
    planned = told(ramp, "plan")
    (note,) = planned.report["findings"]
    assert (planned.code, note["severity"], note["message"]) == (
        2,
        "note",
        "leave for the guard rollout was not needed",
    )
    assert (Path(note["where"]["path"]).name, note["where"]["line"]) == ("reconciler.yaml", 1)


@pytest.mark.parametrize("command", ["validate", "plan", "apply"])
def test_what_manifests_must_have_is_told_without_any_network(ramp: World, command: str) -> None:
    ramp.project(safety={"require": [{"labels": ["owner"]}]})
    ran = told(ramp, command)
    assert (ran.code, ran.codes) == (1, ["GUARD/required"])
    if command != "validate":
        assert run(ramp, command, "--allow", "required=Nobody is left.", *["--yes"] * (command == "apply")).code in {
            0,
            2,
        }


def test_what_has_outlived_its_day_is_a_warning_of_validate(ramp: World) -> None:
    ramp.manifests([manifest("Gate", "checkout_v2", {}, labels={"expires": "2026-11-30"})])
    ramp.project(safety={"require": [{"expiry": "expires"}]})
    ran = told(ramp, "validate")
    assert (ran.code, ran.codes) == (0, ["GUARD/expired"])
    assert told(ramp, "validate", now=TUESDAY - timedelta(days=1)).codes == []


# ---- closed hours ----------------------------------------------------------------------------------------------------


def test_nothing_is_applied_in_closed_hours_and_a_plan_says_when_it_opens(ramp: World) -> None:
    ramp.project(safety={"windows": EVENINGS})
    planned = run(ramp, "plan", now=FRIDAY_EVENING)
    assert planned.code == 2
    assert "warning GUARD/window: it is Friday, 2026-12-04 17:30 in Europe/Berlin" in planned.said
    assert "it opens on Saturday, 2026-12-05 00:00" in planned.said
    assert run(ramp, "apply", "--yes", now=FRIDAY_EVENING).code == 1
    assert share(ramp) == 1
    assert run(ramp, "apply", "--yes", "--allow", "window=Incident", now=FRIDAY_EVENING).code == 0
    assert share(ramp) == 100


def test_a_saved_plan_is_held_against_the_hour_in_which_it_is_applied(ramp: World) -> None:
    ramp.project(safety={"windows": EVENINGS})
    assert run(ramp, "plan", "--out", file_of(ramp)).code == 2
    refused = run(ramp, "apply", file_of(ramp), "--yes", now=FRIDAY_EVENING)
    assert refused.code == 1
    assert "error GUARD/window" in refused.said
    assert share(ramp) == 1
    assert run(ramp, "apply", file_of(ramp), "--yes").code == 0


def test_a_plan_that_was_made_in_closed_hours_is_not_warned_of_when_it_is_applied(ramp: World) -> None:
    ramp.project(safety={"windows": EVENINGS})
    run(ramp, "plan", "--out", file_of(ramp), now=FRIDAY_EVENING)
    assert told(ramp, "apply", file_of(ramp), "--yes").codes == []


def test_leave_for_closed_hours_is_recorded_in_the_plan(ramp: World) -> None:
    ramp.project(safety={"windows": EVENINGS})
    run(ramp, "plan", "--out", file_of(ramp), "--allow", "window=Incident", now=FRIDAY_EVENING)
    assert run(ramp, "apply", file_of(ramp), "--yes", now=FRIDAY_EVENING).code == 0


# ---- saved plans -----------------------------------------------------------------------------------------------------


def test_what_a_guard_stops_is_not_saved(ramp: World) -> None:
    assert run(ramp, "plan", "--out", file_of(ramp)).code == 1
    assert not Path(file_of(ramp)).exists()


def test_a_reason_goes_into_the_saved_plan_and_holds_there_until_its_last_day(ramp: World) -> None:
    leave: Tree = {"guard": "rollout", "reason": "It is time.", "until": "2026-12-01"}
    ramp.project(safety={"rollout": {"maxIncrease": 25}, "allow": [leave]})
    assert run(ramp, "plan", "--out", file_of(ramp)).code == 2
    ramp.project(safety={"rollout": {"maxIncrease": 25}})
    late = run(ramp, "apply", file_of(ramp), "--yes", now=TUESDAY + timedelta(days=1))
    assert late.code == 1
    assert "GUARD/rollout" in late.said
    done = told(ramp, "apply", file_of(ramp), "--yes")
    (finding,) = done.report["findings"]
    assert (done.code, finding["allowed"]["reason"]) == (0, "It is time.")


def test_a_saved_plan_is_held_against_the_project_file_as_it_is_by_then(ramp: World) -> None:
    ramp.project()
    assert run(ramp, "plan", "--out", file_of(ramp)).code == 2
    for safety in (
        {"rollout": {"maxIncrease": 25}},
        {"updates": {"max": 0}},
        {"updates": {"maxPercent": 50, "percentFrom": 1}},
    ):
        ramp.project(safety=safety)
        assert run(ramp, "apply", file_of(ramp), "--yes").code == 1
    assert share(ramp) == 1
    assert run(ramp, "apply", file_of(ramp), "--yes", "--allow", "updates=Reviewed").code == 0


def test_labels_are_known_when_a_saved_plan_is_applied(ramp: World) -> None:
    ramp.project()
    assert run(ramp, "plan", "--out", file_of(ramp)).code == 2
    policy: Tree = {"name": "no-payments", "deny": 'step.labels.team == "payments"', "message": "Ask first."}
    ramp.project(safety={"policies": [policy]})
    refused = run(ramp, "apply", file_of(ramp), "--yes")
    assert refused.code == 1
    assert (
        "error GUARD/no-payments: the policy no-payments forbids to update Gate/checkout_v2: Ask first." in refused.said
    )
    assert run(ramp, "apply", file_of(ramp), "--yes", "--allow", "no-payments=They know.").code == 0


# ---- the rest --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["validate", "plan", "apply"])
def test_a_policy_that_cannot_be_run_stops_every_command_at_its_place(ramp: World, command: str) -> None:
    ramp.write(
        "reconciler.yaml",
        f"""apiVersion: reconciler/v1
kind: Project
api: {{url: {ramp.service.url}}}
safety:
  policies:
    - name: broken
      deny: step.verb ==
""",
    )
    ran = told(ramp, command)
    (finding,) = ran.report["findings"]
    assert (ran.code, finding["code"]) == (1, "POLICY/expression")
    assert (finding["where"]["line"], finding["where"]["column"]) == (7, 7)


@pytest.mark.parametrize(
    ("allow", "code", "said"),
    [
        ("rolout=x", "GUARD/unknown", "did you mean rollout?"),
        ("rollout", "USAGE/allow", "does not say why"),
        ("rollout=", "USAGE/allow", "does not say why"),
    ],
)
def test_leave_without_a_guard_or_a_reason_stops_the_command(ramp: World, allow: str, code: str, said: str) -> None:
    for arguments in (["plan"], ["apply", "--yes"]):
        ran = run(ramp, *arguments, "--allow", allow)
        assert ran.code == 1
        assert code in ran.said
        assert said in ran.said
    assert share(ramp) == 1


def test_drift_and_the_way_back_ask_no_guard(ramp: World) -> None:
    ramp.project()
    run(ramp, "plan", "--out", file_of(ramp))
    assert run(ramp, "apply", file_of(ramp), "--yes").code == 0
    ramp.edit("Gate", "checkout_v2", {"description": "by hand"})
    ramp.manifests([manifest("Gate", "checkout_v2", {"rules": [rule(100)], "description": "from Git"})])
    ramp.project(safety={"updates": {"max": 0}, "windows": EVENINGS, "require": [{"labels": ["owner"]}]})
    assert told(ramp, "drift", now=FRIDAY_EVENING).codes == []
    assert run(ramp, "rollback", file_of(ramp), "--yes", now=FRIDAY_EVENING).code == 0
    assert share(ramp) == 1

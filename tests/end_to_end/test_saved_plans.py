"""A plan that was saved is carried out elsewhere and later: exactly its calls, and only where nothing moved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from reconciler import workflow
from reconciler.domain import Call, Convergence, IdOf, Json
from reconciler.saving import SavedPlan
from reconciler.workflow import Planned, reviewed
from tests.end_to_end.every_sort import EVERYTHING, LIVE, MANIFESTS, OWNER, every_sort, groups, rule
from tests.end_to_end.filing import (
    Filed,
    call,
    conflicts,
    ends,
    filed,
    holding,
    item,
    reasons,
    recorded,
    settled,
)
from tests.end_to_end.world import World, manifest, seeded, steps_of


@pytest.fixture
def planned(world: World) -> Filed:
    """A saved plan with a step of every sort."""
    return every_sort(world)


def test_the_plan_has_a_step_of_every_sort_and_is_carried_out_whole(planned: Filed) -> None:
    code, report = planned.run("apply")
    assert code == 0
    assert ends(report) == dict.fromkeys(EVERYTHING, "done")
    assert holding(report) == dict.fromkeys(EVERYTHING, True)


# ---- exactly these calls ---------------------------------------------------------------------------------------------


def opened(world: World, planned: Planned) -> SavedPlan:
    """The plan, written and read."""
    saved = reviewed.open_plan(reviewed.save(world.load(), planned).encode("ascii"), "plan.json")
    assert isinstance(saved, SavedPlan)
    return saved


def filled(body: Json, ids: dict[str, str]) -> Json:
    """A body with the ids that only the service knows."""
    if isinstance(body, IdOf):
        return ids[body.name]
    return {name: filled(value, ids) for name, value in body.items()} if isinstance(body, dict) else body


def test_the_example_is_applied_elsewhere_by_exactly_the_calls_of_its_plan(world: World) -> None:
    world.example()
    planned = world.good_plan()
    saved = opened(world, planned)
    with recorded(world.service) as (console, recorder):
        outcomes = list(workflow.apply(Planned(saved.plan, planned.live), console))
    assert {outcome.status for outcome in outcomes} == {"done"}
    ids = {
        group["name"]: group["id"]
        for name in ("delivery_fee_threshold", "invoice_due_date_prompt")
        for group in world.live("Experiment", name)["groups"]
    }
    calls = [Call(each.method, each.path, each.body) for step in planned.plan.steps for each in step.calls]
    assert [(each.method, each.path) for each in recorder.writes] == [(each.method, each.path) for each in calls]
    for sent, wanted in zip(recorder.writes, calls, strict=True):
        assert sent.body == filled({} if wanted.body is None else wanted.body, ids), wanted


def test_the_file_does_what_an_apply_of_the_manifests_does(world: World) -> None:
    world.example()
    plan = filed(world)
    plan.applied()
    by_file = settled(world.dump(), ids=False)
    world.example()
    world.apply()
    by_manifests = settled(world.dump(), ids=False)
    made = {"Gate/invoice_credit_check", "Gate/pay_by_invoice", "DynamicConfig/pay_by_invoice_terms"}
    assert made <= by_file.keys() == by_manifests.keys()
    same = by_file.keys() - {"Experiment/invoice_due_date_prompt"}  # its groups have ids of their own
    assert {key: by_file[key] for key in same} == {key: by_manifests[key] for key in same}


def test_a_saved_plan_of_the_example_holds_no_secret_and_says_what_it_was_made_from(world: World) -> None:
    world.example()
    plan = filed(world)
    assert "console-" not in plan.file.read_text("ascii").replace("-console@example.com", "")
    bases = {step["id"]: step["base"] for step in plan.tree["steps"]}
    for key, step in steps_of(world.plan()).items():
        assert bases[step.key.id] == step.base, key


# ---- moves in between ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """What somebody does between plan and apply, and which steps it makes stale, skipped or as good as done.

    `told`: the fields of the first stale object that moved. `because`: words of the reason.
    """

    does: Callable[[World], None]
    stale: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    told: dict[str, tuple[Json, Json, Json]] = field(default_factory=dict)
    because: str = "the live object changed after the plan was made"


def edited(kind: str, id_: str, **changes: Json) -> Callable[[World], None]:
    return lambda world: world.edit(kind, id_, changes)


def called(method: str, path: str, body: Json = None) -> Callable[[World], None]:
    return lambda world: call(world, method, path, body)


def edited_and_back(world: World) -> None:
    world.edit("Gate", "worded", {"description": "Something else"})
    world.edit("Gate", "worded", {"description": "Live words"})


WENT_ON: Json = [{"time": 1_795_000_000_000, "passPercent": 35}]
ONE, TWO = LIVE["gates"][1]["rules"]
ASKING = {"rules": [{**rule("By hand", asks="retired", id_="h1")}]}
MOVES: dict[str, Move] = {
    "the field that the plan writes was edited": Move(
        edited("Gate", "worded", description="Somebody's words"),
        ("Gate/worded",),
        told={"description": ("Live words", "Somebody's words", "Git's words")},
    ),
    "a field that the plan does not write was edited": Move(
        edited("Gate", "worded", team="B"), ("Gate/worded",), told={"team": ("A", "B", "A")}
    ),
    "somebody wrote the same as the plan": Move(
        edited("Gate", "worded", description="Git's words"),
        ("Gate/worded",),
        told={"description": ("Live words", "Git's words", "Git's words")},
        because="nothing is left to do here",
    ),
    "a holdout took the gate in": Move(edited("Gate", "worded", holdoutIDs=["h"]), ("Gate/worded",)),
    "a gate was deleted": Move(
        called("DELETE", item("Gate", "worded")), ("Gate/worded",), told={"": ("there", "absent", "update")}
    ),
    "a percentage was moved": Move(
        edited("Gate", "ramped", rules=[{**ONE, "passPercentage": 35}, TWO]), ("Gate/ramped",)
    ),
    "a schedule went on": Move(
        edited("Gate", "ramped", rules=[{**ONE, "passPercentage": 35, "completedAutomatedRollouts": WENT_ON}, TWO]),
        ("Gate/ramped",),
        because="its schedule went on after the plan was made",
    ),
    "a rule was added": Move(edited("Gate", "ramped", rules=[ONE, TWO, rule("Three", id_="r3")]), ("Gate/ramped",)),
    "a rule was renamed": Move(edited("Gate", "ramped", rules=[ONE, {**TWO, "name": "2"}]), ("Gate/ramped",)),
    "a rule was removed": Move(edited("Gate", "ramped", rules=[ONE]), ("Gate/ramped",)),
    "rules changed places": Move(edited("Gate", "ramped", rules=[TWO, ONE]), ("Gate/ramped",)),
    "a gate was switched off": Move(
        called("PUT", f"{item('Gate', 'launching')}/disable", {}),
        ("Gate/launching",),
        told={"status": ("in_progress", "disabled", "launched")},
    ),
    "a gate was launched by somebody": Move(
        called("PUT", f"{item('Gate', 'launching')}/launch", {}),
        ("Gate/launching",),
        because="nothing is left to do here",
    ),
    "the gate to be made was made by somebody": Move(
        called("POST", "/gates", {"id": "base_gate", "name": "base_gate"}),
        ("Gate/base_gate",),
        ("Gate/asking_gate",),
        told={"": ("absent", "there", "create")},
    ),
    "a gate that needs the other was made by somebody": Move(
        called("POST", "/gates", {"id": "asking_gate", "name": "asking_gate"}), ("Gate/asking_gate",)
    ),
    "a config was edited": Move(
        edited("DynamicConfig", "limits", defaultValue={"a": 3}),
        ("DynamicConfig/limits",),
        told={"defaultValue": ({"a": 1}, {"a": 3}, {"a": 2})},
    ),
    "a config was switched off": Move(
        called("PUT", f"{item('DynamicConfig', 'limits')}/disable", {}), ("DynamicConfig/limits",)
    ),
    "an experiment was started by people": Move(
        called("PUT", f"{item('Experiment', 'starting')}/start"), ("Experiment/starting",)
    ),
    "an experiment was concluded by people": Move(
        called(
            "PUT",
            f"{item('Experiment', 'ending')}/make_decision",
            {"id": "id-B", "decisionReason": "It won", "removeTargeting": False},
        ),
        ("Experiment/ending",),
    ),
    "an experiment was deleted": Move(called("DELETE", item("Experiment", "starting")), ("Experiment/starting",)),
    "the sizes of an experiment's groups were changed": Move(
        edited("Experiment", "starting", groups=groups(30, 70)), ("Experiment/starting",)
    ),
    "the query of a source was edited": Move(
        edited("EntityPropertySource", "people", sql="SELECT 1 AS id"), ("EntityPropertySource/people",)
    ),
    "the words of a source were edited": Move(
        edited("EntityPropertySource", "people", description="Somebody's"), ("EntityPropertySource/people",)
    ),
    "the gate to be archived was edited": Move(edited("Gate", "retired", description="In use!"), ("Gate/retired",)),
    "the gate to be archived was taken over by people": Move(edited("Gate", "retired", tags=[]), ("Gate/retired",)),
    "something came to refer to the gate to be archived": Move(
        edited("Gate", "by_hand", **ASKING),
        ("Gate/retired",),
        because="Gate/by_hand came to refer to it after the plan was made",
    ),
    "a segment came to refer to the gate to be archived": Move(
        lambda world: world.seed({"segments": [{"id": "vip", "name": "vip", **ASKING}]}),
        ("Gate/retired",),
        because="Segment/vip came to refer to it after the plan was made",
    ),
    "a holdout came to refer to the gate to be archived": Move(
        lambda world: world.seed({"holdouts": [{"id": "h", "name": "h", "gateIDs": ["retired"]}]}),
        ("Gate/retired",),
        because="Holdout/h came to refer to it after the plan was made",
    ),
    "the tag was made by somebody": Move(called("POST", "/tags", {"name": "peak", "description": "Ours"})),
    "an object was edited and put back": Move(edited_and_back),
    "an object was saved without a change": Move(edited("Gate", "worded")),
    "health checks ran": Move(edited("Experiment", "starting", healthChecks=[{"name": "n", "status": "PASSED"}])),
    "a gate went stale by itself": Move(edited("Gate", "worded", typeReason="STALE_NO_RULES")),
    "an object that the plan does not touch was edited": Move(edited("Gate", "by_hand", description="Anything")),
    "an object that the plan does not touch was deleted": Move(called("DELETE", item("Gate", "by_hand"))),
    "an object that the plan does not touch was made": Move(called("POST", "/gates", {"id": "of_others"})),
}
MOVED = {name: move for name, move in MOVES.items() if move.stale}


@pytest.mark.parametrize("name", MOVES)
def test_just_the_steps_whose_object_moved_are_left_out_and_tell_how_it_did(planned: Filed, name: str) -> None:
    move = MOVES[name]
    move.does(planned.world)
    before = settled(planned.world.dump())
    code, report = planned.run("apply")
    expected = dict.fromkeys(EVERYTHING, "done")
    expected |= dict.fromkeys(move.stale, "stale") | dict.fromkeys(move.skipped, "skipped")
    assert ends(report) == expected
    assert code == report["exitCode"] == (1 if move.stale else 0)
    left = {*move.stale, *move.skipped}
    after = settled(planned.world.dump())
    assert {key: after.get(key) for key in left} == {key: before.get(key) for key in left}
    for first in move.stale[:1]:
        told = conflicts(report, first)
        assert move.because in reasons(report)[first]
        assert move.told.items() <= told.items()
        assert bool(told) is not ("came to refer" in move.because)


@pytest.mark.parametrize("name", MOVED)
def test_all_or_nothing_leaves_everything_as_it_is(planned: Filed, name: str) -> None:
    MOVED[name].does(planned.world)
    before = planned.world.service.store.dump()
    code, report = planned.run("apply", "--all-or-nothing")
    assert planned.world.service.store.dump() == before
    assert (code, set(ends(report).values())) == (1, {"stale", "skipped"})
    assert {key for key, end in ends(report).items() if end == "stale"} == set(MOVED[name].stale)


def test_all_or_nothing_does_everything_where_nothing_moved(planned: Filed) -> None:
    assert planned.apply("--all-or-nothing") == dict.fromkeys(EVERYTHING, "done")


def test_what_somebody_did_in_place_of_the_plan_is_told_to_hold(planned: Filed) -> None:
    planned.world.edit("Gate", "worded", {"description": "Git's words"})
    code, report = planned.run("apply")
    assert code == 1
    assert holding(report) == dict.fromkeys(EVERYTHING, True)


def test_a_removal_looks_at_objects_of_all_kinds(world: World) -> None:
    """The plan is about one gate, and what came to refer to it is no gate."""
    world.project(ownership={"tag": OWNER}, safety={"prune": "delete"})
    world.seed(seeded(gates=[LIVE["gates"][3]], dynamic_configs=LIVE["dynamic_configs"]))
    world.manifests([manifest("DynamicConfig", "limits", {})])
    plan = filed(world)
    assert [step["id"] for step in plan.tree["steps"]] == ["retired"]
    asking = [{**rule("Asks", asks="retired", id_="r1"), "returnValue": {}}]
    world.edit("DynamicConfig", "limits", {"rules": asking})
    assert plan.apply() == {"Gate/retired": "stale"}


# ---- what did not come about -----------------------------------------------------------------------------------------


def looked_at(planned: Filed, command: str, refused: str) -> dict[str, Convergence]:
    """What is found to be live after an apply or a rollback in which some calls were refused."""
    saved = reviewed.open_plan(planned.file.read_bytes(), "plan.json")
    assert isinstance(saved, SavedPlan)
    with recorded(planned.world.service, refused) as (console, _):
        plan = saved.plan if command == "apply" else reviewed.rollback(saved, console).plan
        ended = list(workflow.apply(Planned(plan, reviewed.at_hand(console)), console))
    assert "failed" in {outcome.status for outcome in ended}
    return {str(each.key): each for each in reviewed.look_again(plan, planned.world.console)}


def test_a_tag_that_could_not_be_made_is_told_to_be_missing(world: World) -> None:
    world.manifests([manifest("Gate", "tagged", {"tags": ["peak"]})])
    plan = filed(world)
    found = looked_at(plan, "apply", refused="/tags")
    assert {key: each.gone for key, each in found.items()} == {"Tag/peak": True, "Gate/tagged": True}


def test_an_object_that_could_not_be_deleted_is_told_to_be_still_there(world: World) -> None:
    world.manifests([manifest("Gate", "made_gate", {}), manifest("Gate", "other_gate", {})])
    plan = filed(world)
    plan.applied()
    found = looked_at(plan, "rollback", refused="/made_gate")
    assert (found["Gate/made_gate"].holds, found["Gate/other_gate"].holds) == (False, True)
    (difference,) = found["Gate/made_gate"].differences
    assert (difference.path, difference.live, difference.desired) == ((), "there", "absent")


# ---- again -----------------------------------------------------------------------------------------------------------


def test_a_plan_that_is_applied_twice_does_nothing_twice(planned: Filed) -> None:
    """Of what was made, and of what the service wrote more about than was asked, another look is taken."""
    planned.applied()
    before = planned.world.service.store.dump()
    code, report = planned.run("apply")
    assert planned.world.service.store.dump() == before
    assert code == 1
    expected = dict.fromkeys(EVERYTHING, "stale") | {"Tag/peak": "done"}
    assert ends(report) == expected
    unsure = {key for key, why in reasons(report).items() if "review what is different" in why}
    assert unsure == {"Gate/base_gate", "Gate/asking_gate", "Experiment/starting", "Experiment/ending"}
    assert holding(report) == dict.fromkeys(EVERYTHING, True)
    assert [each["callsMade"] for each in report["outcomes"]] == [0] * len(EVERYTHING)


def test_the_rest_of_a_plan_can_be_applied_when_what_was_in_the_way_is_put_back(planned: Filed) -> None:
    planned.world.edit("Gate", "worded", {"description": "Somebody's words"})
    assert planned.apply()["Gate/worded"] == "stale"
    planned.world.edit("Gate", "worded", {"description": "Live words"})
    ended = planned.apply()
    assert {key for key, end in ended.items() if end == "done"} == {"Gate/worded", "Tag/peak"}
    assert planned.world.live("Gate", "worded")["description"] == "Git's words"


def test_nothing_is_left_to_plan_after_a_saved_plan_was_applied(planned: Filed) -> None:
    planned.applied()
    assert steps_of(planned.world.good_plan()) == {}


def test_a_project_that_does_not_tell_its_id_is_applied_to_with_a_warning(world: World) -> None:
    world.seed({**LIVE, "project": {"id": None}})
    world.manifests(MANIFESTS[:1])
    plan = filed(world)
    code, report = plan.run("apply")
    assert code == 0
    assert [(each["code"], each["severity"]) for each in report["findings"]] == [
        ("PLANFILE/unknown-project", "warning")
    ]


def test_a_plan_of_a_known_project_is_refused_where_nobody_can_tell_which_one_it_is(planned: Filed) -> None:
    planned.world.seed({"project": {"id": None}})
    code, report = planned.run("apply")
    assert code == 1
    (finding,) = report["findings"]
    assert finding["code"] == "PLANFILE/other-project"
    assert "the key is for a project that it does not name" in finding["message"]

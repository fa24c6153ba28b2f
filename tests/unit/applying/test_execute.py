"""A plan is carried out call by call, and each step says the truth about how it ended."""

from __future__ import annotations

import pytest

from reconciler.applying import execute
from reconciler.domain import IdOf, Plan, ResourceKey, Snapshot, Status, Tree
from reconciler.kinds import KINDS
from reconciler.planning import Policy
from tests.unit.applying.service import Service, Trouble, applied, ends
from tests.unit.planning.making import key, plan_against, plan_of, resource

GROUPS: list[Tree] = [
    {"name": "Control", "id": "g-control", "size": 50, "parameterValues": {}},
    {"name": "Test", "id": "g-test", "size": 50, "parameterValues": {}},
]


def asks(gate: str) -> str:
    return f"rules: [{{name: R, passPercentage: 1, conditions: [{{type: passes_gate, targetValue: {gate}}}]}}]"


def gate_service(**live: object) -> tuple[Service, Tree]:
    """A service with one gate, and that gate."""
    tree: Tree = {"id": "thing_one", **live}
    return Service({"/gates/thing_one": tree}), tree


def test_exactly_the_calls_of_the_plan_are_made_in_its_order() -> None:
    service = Service()
    plan = plan_of(
        resource("Gate", f"{asks('gate_b')}\nstatus: launched", id_="gate_a"),
        resource("Gate", "status: disabled", id_="gate_b"),
    )
    outcomes = applied(plan, service)
    assert service.writes == ["POST /gates", "POST /gates", "PUT /gates/gate_a/launch"]
    assert [outcome.step.key.id for outcome in outcomes] == ["gate_b", "gate_a"]
    assert ends(outcomes) == [Status.DONE, Status.DONE]
    assert [outcome.calls_made for outcome in outcomes] == [1, 2]


def test_the_bodies_of_the_plan_are_sent_to_the_letter() -> None:
    service, live = gate_service(description="Old", rules=[])
    plan = plan_against(live, resource("Gate", "description: Nü"))
    applied(plan, service)
    assert service.bodies == [{"description": "Nü"}]
    assert service.objects["/gates/thing_one"]["description"] == "Nü"


def test_nothing_is_read_when_everything_goes_well() -> None:
    service, live = gate_service(status="Disabled")
    applied(plan_against(live, resource("Gate", "status: launched\ndescription: New")), service)
    assert service.requests == ["PATCH /gates/thing_one", "PUT /gates/thing_one/launch"]


def test_a_plan_without_steps_makes_no_calls() -> None:
    service = Service()
    assert applied(Plan(), service) == []
    assert service.requests == []


# ---- failures ------------------------------------------------------------------------------------------------------


def test_a_refused_call_ends_its_step_and_leaves_the_rest_of_it_undone() -> None:
    service, live = gate_service(status="Disabled", isEnabled=False)
    service.trouble("PATCH /gates/thing_one", "refused")
    (outcome,) = applied(plan_against(live, resource("Gate", "status: launched\ndescription: New")), service)
    assert (outcome.status, outcome.calls_made) == (Status.FAILED, 0)
    assert outcome.reason == "PATCH /gates/thing_one answered 400: Bad Request Exception"
    assert service.writes == ["PATCH /gates/thing_one"]


def test_a_step_that_fails_half_way_says_how_far_it_came() -> None:
    service, live = gate_service(status="Disabled", isEnabled=False)
    service.trouble("PUT /gates/thing_one/launch", "refused")
    (outcome,) = applied(plan_against(live, resource("Gate", "status: launched\ndescription: New")), service)
    assert (outcome.status, outcome.calls_made) == (Status.FAILED, 1)


def test_what_needs_a_failed_step_is_skipped_with_the_reason_and_all_others_go_on() -> None:
    service = Service()
    service.trouble("POST /gates", "refused")
    plan = plan_of(
        resource("Gate", "{}", id_="gate_a"),
        resource("Gate", asks("gate_a"), id_="gate_b"),
        resource("Experiment", "targetingGateID: gate_b", id_="experiment_a"),
        resource("Gate", "{}", id_="gate_c"),
        resource("Experiment", "{}", id_="experiment_b"),
    )
    outcomes = {outcome.step.key.id: outcome for outcome in applied(plan, service)}
    assert {id_: outcome.status for id_, outcome in outcomes.items()} == {
        "gate_a": Status.FAILED, "gate_b": Status.SKIPPED, "experiment_a": Status.SKIPPED,
        "gate_c": Status.DONE, "experiment_b": Status.DONE,
    }  # fmt: skip
    assert outcomes["gate_b"].reason == "it needs Gate/gate_a, which did not succeed"
    assert outcomes["experiment_a"].reason == "it needs Gate/gate_b, which did not succeed"
    assert outcomes["gate_b"].calls_made == 0


def test_users_of_a_tag_that_could_not_be_made_are_skipped() -> None:
    service = Service()
    service.trouble("POST /tags", "refused")
    plan = plan_of(resource("Gate", "tags: [new]"), tags=frozenset())
    assert ends(applied(plan, service)) == [Status.FAILED, Status.SKIPPED]


def test_an_unknown_end_counts_as_no_success() -> None:
    service = Service()
    service.trouble("POST /gates", "lost")
    service.trouble("GET /gates/gate_a", "refused")
    plan = plan_of(resource("Gate", "{}", id_="gate_a"), resource("Gate", asks("gate_a"), id_="gate_b"))
    outcomes = applied(plan, service)
    assert ends(outcomes) == [Status.UNKNOWN, Status.SKIPPED]


@pytest.mark.parametrize("trouble", ["unreachable", "busy"])
def test_what_certainly_did_not_happen_is_tried_again(trouble: Trouble) -> None:
    service, live = gate_service(description="Old")
    service.trouble("PATCH /gates/thing_one", trouble)
    (outcome,) = applied(plan_against(live, resource("Gate", "description: New")), service)
    assert outcome.status is Status.DONE
    assert service.writes == ["PATCH /gates/thing_one"] * 2


# ---- ids that only the service knows -------------------------------------------------------------------------------


def groups_are_made(body: Tree) -> Tree:
    return {**body, "groups": GROUPS, "status": "setup"}


@pytest.mark.parametrize(
    ("answers", "requests"),
    [
        (True, ["POST /experiments", "PATCH /experiments/thing_one"]),
        (
            False,
            [
                "POST /experiments",
                "GET /experiments/thing_one",
                "PATCH /experiments/thing_one",
                "GET /experiments/thing_one",
            ],
        ),
    ],
)
def test_the_id_of_a_group_is_taken_from_the_answer_or_read(answers: bool, requests: list[str]) -> None:  # noqa: FBT001
    service = Service()
    service.made = groups_are_made
    service.answers_with_objects = answers
    (outcome,) = applied(plan_of(resource("Experiment", "controlGroup: Test")), service)
    assert outcome.status is Status.DONE
    assert service.requests == requests
    assert [body for body in service.bodies if body][-1] == {"controlGroupID": "g-test"}


def test_the_id_of_a_group_that_the_step_renames_is_known_under_its_new_name() -> None:
    live: Tree = {"id": "thing_one", "status": "active", "groups": GROUPS}
    service = Service({"/experiments/thing_one": live})
    spec = """
    status: decision_made
    launchedGroup: Green
    decisionReason: It won
    groups:
    - {name: Control, size: 50, parameterValues: {}}
    - {name: Green, size: 50, parameterValues: {}}
    """
    (outcome,) = applied(plan_against(live, resource("Experiment", spec)), service)
    assert outcome.status is Status.DONE
    assert service.bodies[-1] == {"id": "g-test", "decisionReason": "It won", "removeTargeting": False}


NOBODY = "{name: Nobody, size: 100, parameterValues: {}}"


def test_a_group_that_the_service_did_not_make_fails_the_step_and_sends_nothing() -> None:
    service = Service()
    service.made = groups_are_made
    (outcome,) = applied(plan_of(resource("Experiment", f"controlGroup: Nobody\ngroups: [{NOBODY}]")), service)
    assert (outcome.status, outcome.calls_made) == (Status.FAILED, 1)
    assert outcome.reason == "PATCH /experiments/thing_one: groups has no item called 'Nobody'"
    assert service.writes == ["POST /experiments"]


# ---- objects that moved --------------------------------------------------------------------------------------------


def test_a_step_whose_object_moved_is_left_out_and_the_others_are_done() -> None:
    plan = plan_of(
        resource("Gate", "description: New", id_="gate_a"), resource("Gate", "description: New", id_="gate_b"),
        live={
            key("Gate", "gate_a"): {"description": "Old", "team": "A"},
            key("Gate", "gate_b"): {"description": "Old"},
        },
    )  # fmt: skip
    now: Tree = {"id": "gate_a", "description": "Old", "team": "B"}
    service = Service({"/gates/gate_a": now, "/gates/gate_b": {"id": "gate_b", "description": "Old"}})
    stale, done = applied(plan, service, {key("Gate", "gate_a"): now})
    assert (stale.status, done.status) == (Status.STALE, Status.DONE)
    (conflict,) = stale.conflicts
    assert (conflict.field, conflict.base, conflict.live, conflict.desired) == ("team", "A", "B", "A")
    assert service.writes == ["PATCH /gates/gate_b"]


def test_what_changes_by_itself_does_not_make_a_step_stale() -> None:
    plan = plan_against({"description": "Old", "version": 1, "checksPerHour": 0}, resource("Gate", "description: New"))
    now: Tree = {"id": "thing_one", "description": "Old", "version": 2, "checksPerHour": 99, "lastModifiedTime": 5}
    service = Service({"/gates/thing_one": now})
    assert ends(applied(plan, service, {key("Gate"): now})) == [Status.DONE]


def test_an_object_that_somebody_else_made_is_not_made_again() -> None:
    plan = plan_of(resource("Gate", "{}"))
    service = Service({"/gates/thing_one": {"id": "thing_one"}})
    (outcome,) = applied(plan, service, {key("Gate"): {"id": "thing_one"}})
    assert outcome.status is Status.STALE
    assert service.writes == []


def test_a_tag_that_somebody_else_made_is_as_good_as_ours() -> None:
    plan = plan_of(resource("Gate", "tags: [new]"), tags=frozenset())
    service = Service()
    with service.console() as console:
        outcomes = list(execute(plan, Snapshot(names={"tags": frozenset({"new"})}), console, KINDS))
    assert ends(outcomes) == [Status.DONE, Status.DONE]
    assert service.writes == ["POST /gates"]


# ---- removal -------------------------------------------------------------------------------------------------------


def test_removals_are_made_like_other_calls() -> None:
    found: ResourceKey = key("Gate", "gate_a")
    plan = plan_of(
        live={found: {"tags": ["git"]}}, policy=Policy(ownership_tag="git", prune="delete", archive_first=False)
    )
    service = Service({"/gates/gate_a": {"id": "gate_a", "tags": ["git"]}})
    assert ends(applied(plan, service)) == [Status.DONE]
    assert service.objects == {}


def test_an_id_in_a_body_is_filled_in_only_where_the_plan_asks_for_one() -> None:
    live: Tree = {"id": "thing_one", "status": "setup", "groups": GROUPS}
    (step,) = plan_against(live, resource("Experiment", "controlGroup: Test")).steps
    assert step.calls[0].body == {"controlGroupID": IdOf("groups", "Test")}

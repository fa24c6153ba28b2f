"""What became of a call whose answer was lost is found out by reading: never by hoping, and never by writing twice.

A call that did not happen is sent once more; a second loss ends the step with what is known about it.
"""

from __future__ import annotations

import pytest

from reconciler.domain import Status, Tree
from reconciler.kinds import KINDS
from reconciler.planning import Policy
from tests.statuses import BEGAN, BEGAN_TEXT
from tests.unit.applying.service import Service, Trouble, applied
from tests.unit.planning.making import key, plan_against, plan_of, resource

LOST: tuple[Trouble, ...] = ("lost", "broken")
"""Done, and no answer that says so."""

GATE = "/gates/thing_one"


def live_gate(**members: object) -> tuple[Service, Tree]:
    tree: Tree = {"id": "thing_one", "rules": [], **members}
    return Service({GATE: tree}), tree


# ---- create --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", LOST)
def test_a_create_that_happened_is_not_sent_again(trouble: Trouble) -> None:
    service = Service()
    service.trouble("POST /gates", trouble)
    (outcome,) = applied(plan_of(resource("Gate", "description: New\ntags: [a]\nstatus: launched")), service)
    assert outcome.status is Status.DONE
    assert service.requests == ["POST /gates", f"GET {GATE}", f"PUT {GATE}/launch"]


def test_a_create_that_did_not_happen_is_sent_once_more() -> None:
    service = Service()
    service.trouble("POST /gates", "dropped")
    (outcome,) = applied(plan_of(resource("Gate", "description: New")), service)
    assert (outcome.status, outcome.calls_made) == (Status.DONE, 1)
    assert service.requests == ["POST /gates", f"GET {GATE}", "POST /gates"]


def test_a_create_that_is_lost_twice_fails_with_the_last_error() -> None:
    service = Service()
    service.trouble("POST /gates", "dropped", "dropped")
    (outcome,) = applied(plan_of(resource("Gate", "{}")), service)
    assert (outcome.status, outcome.calls_made) == (Status.FAILED, 0)
    assert "POST /gates" in outcome.reason
    assert service.writes == ["POST /gates", "POST /gates"]


@pytest.mark.parametrize("trouble", LOST)
def test_a_second_try_whose_answer_is_lost_may_have_happened(trouble: Trouble) -> None:
    service = Service()
    service.trouble("POST /gates", "dropped", trouble)
    (outcome,) = applied(plan_of(resource("Gate", "{}")), service)
    assert outcome.status is Status.DONE
    assert service.writes == ["POST /gates", "POST /gates"]


def test_an_object_of_that_id_that_says_something_else_settles_nothing() -> None:
    service = Service()
    service.trouble("POST /gates", "lost")
    service.made = lambda body: {**body, "description": "by somebody else"}
    (outcome,) = applied(plan_of(resource("Gate", "description: Ours")), service)
    assert (outcome.status, outcome.calls_made) == (Status.UNKNOWN, 1)
    assert (
        outcome.reason == "POST /gates: the answer was lost, and the object is neither as it was nor as the call says"
    )


def test_what_the_service_fills_in_does_not_hide_that_a_create_happened() -> None:
    service = Service()
    service.trouble("POST /experiments", "lost")
    service.made = lambda body: {
        **body,
        "status": "setup",
        "layerID": "statsig::thing_one_layer",
        "targetingGateID": "",
        "primaryMetrics": [{"name": "grown", "type": "sum"}],
        "groups": [{**group, "id": f"g-{group['name']}"} for group in body["groups"]],
    }
    spec = """
    targetingGateID: null
    primaryMetricTags: [core]
    groups: [{name: A, size: 50, parameterValues: {n: 1.0}}, {name: B, size: 50, parameterValues: {n: 2}}]
    controlGroup: B
    """
    (outcome,) = applied(plan_of(resource("Experiment", spec)), service)
    assert outcome.status is Status.DONE
    assert service.bodies[-1] == {"controlGroupID": "g-B"}


def test_the_list_decides_whether_a_source_was_made() -> None:
    service = Service()
    service.trouble("POST /experiments/entity_properties", "lost")
    spec = "sql: select a\nidTypeMapping: [{statsigUnitID: userID, column: a}]"
    (outcome,) = applied(plan_of(resource("EntityPropertySource", spec, id_="All orders")), service)
    assert outcome.status is Status.DONE
    assert service.requests == ["POST /experiments/entity_properties", "GET /experiments/entity_properties"]


@pytest.mark.parametrize(("trouble", "writes"), [("lost", 1), ("dropped", 2)])
def test_a_lost_tag_is_looked_up_in_the_list(trouble: Trouble, writes: int) -> None:
    service = Service()
    service.trouble("POST /tags", trouble)
    outcomes = applied(plan_of(resource("Gate", "tags: [new]"), tags=frozenset()), service)
    assert [outcome.status for outcome in outcomes] == [Status.DONE, Status.DONE]
    assert service.writes.count("POST /tags") == writes


# ---- patch ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trouble", "end", "writes"),
    [
        ("lost", Status.DONE, 1),
        ("broken", Status.DONE, 1),
        ("dropped", Status.DONE, 2),
        ("meddled", Status.UNKNOWN, 1),
    ],
)
def test_a_lost_patch(trouble: Trouble, end: Status, writes: int) -> None:
    service, live = live_gate(description="Old")
    service.trouble(f"PATCH {GATE}", trouble)
    wanted = resource("Gate", "description: New\nrules: [{name: R, passPercentage: 1, conditions: []}]")
    (outcome,) = applied(plan_against(live, wanted), service)
    assert outcome.status is end
    assert service.writes == [f"PATCH {GATE}"] * writes


def test_a_patch_that_is_lost_twice_fails() -> None:
    service, live = live_gate(description="Old")
    service.trouble(f"PATCH {GATE}", "dropped", "dropped")
    (outcome,) = applied(plan_against(live, resource("Gate", "description: New")), service)
    assert outcome.status is Status.FAILED
    assert service.objects[GATE]["description"] == "Old"


def test_a_patch_that_happened_is_recognised_under_the_new_ids_of_its_rules() -> None:
    rule = {"name": "R", "id": "r", "baseID": "r", "passPercentage": 1, "conditions": []}
    service, live = live_gate()
    live["rules"] = [rule]
    service.trouble(f"PATCH {GATE}", "meddled")
    service.objects[GATE] = {**live, "rules": [{**rule, "id": "r:50.00:1", "passPercentage": 50}]}
    wanted = resource("Gate", "rules: [{name: R, passPercentage: 50, conditions: []}]")
    (outcome,) = applied(plan_against(live, wanted), service)
    assert outcome.status is Status.DONE


@pytest.mark.parametrize(("trouble", "end", "writes"), [("lost", Status.DONE, 1), ("dropped", Status.DONE, 2)])
def test_a_lost_full_update(trouble: Trouble, end: Status, writes: int) -> None:
    mapping = [{"statsigUnitID": "userID", "column": "a"}]
    live: Tree = {"name": "orders", "sql": "select a", "idTypeMapping": mapping, "description": "Kept"}
    path = "/experiments/entity_property/orders"
    service = Service({path: live})
    service.trouble(f"POST {path}", trouble)
    spec = "sql: select a, b\nidTypeMapping: [{statsigUnitID: userID, column: a}]"
    (outcome,) = applied(plan_against(live, resource("EntityPropertySource", spec, id_="orders")), service)
    assert outcome.status is end
    assert service.writes == [f"POST {path}"] * writes


def test_a_lost_control_group_is_looked_up() -> None:
    groups = [{"name": "A", "id": "ga", "size": 50, "parameterValues": {}}]
    live: Tree = {"id": "thing_one", "status": "setup", "groups": groups}
    service = Service({"/experiments/thing_one": live})
    service.trouble("PATCH /experiments/thing_one", "lost")
    (outcome,) = applied(plan_against(live, resource("Experiment", "controlGroup: A")), service)
    assert outcome.status is Status.DONE
    assert service.writes == ["PATCH /experiments/thing_one"]


# ---- lifecycle -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "desired", "action"),
    [
        ("Disabled", "launched", "launch"),
        ("In Progress", "disabled", "disable"),
        ("Disabled", "in_progress", "enable"),
        ("Launched", "archived", "archive"),
    ],
)
@pytest.mark.parametrize(("trouble", "writes"), [("lost", 1), ("broken", 1), ("dropped", 2)])
def test_a_lost_lifecycle_call(status: str, desired: str, action: str, trouble: Trouble, writes: int) -> None:
    service, live = live_gate(status=status)
    service.trouble(f"PUT {GATE}/{action}", trouble)
    (outcome,) = applied(plan_against(live, resource("Gate", f"status: {desired}")), service)
    assert outcome.status is Status.DONE
    assert service.writes == [f"PUT {GATE}/{action}"] * writes


@pytest.mark.parametrize(("desired", "action"), [("active", "start"), ("archived", "archive")])
@pytest.mark.parametrize(("trouble", "writes"), [("lost", 1), ("dropped", 2)])
def test_a_lost_step_of_an_experiment(desired: str, action: str, trouble: Trouble, writes: int) -> None:
    live: Tree = {"id": "thing_one", "status": "setup", "groups": []}
    service = Service({"/experiments/thing_one": live})
    service.answers_with_objects = False
    service.trouble(f"PUT /experiments/thing_one/{action}", trouble)
    (outcome,) = applied(plan_against(live, resource("Experiment", f"status: {desired}")), service)
    assert outcome.status is Status.DONE
    assert service.writes == [f"PUT /experiments/thing_one/{action}"] * writes
    assert service.objects["/experiments/thing_one"]["status"] == desired


@pytest.mark.parametrize(("trouble", "writes"), [("lost", 1), ("broken", 1), ("dropped", 2)])
def test_a_lost_reset_throws_no_run_away_twice(trouble: Trouble, writes: int) -> None:
    item = "/experiments/thing_one"
    live: Tree = {"id": "thing_one", "status": "abandoned", "groups": [], "startTime": BEGAN}
    service = Service({item: live})
    service.answers_with_objects = False
    service.trouble(f"PUT {item}/reset", trouble)
    wanted = resource("Experiment", "status: active", metadata=f'permit: {{reset: "{BEGAN_TEXT}"}}')
    (outcome,) = applied(plan_against(live, wanted), service)
    assert outcome.status is Status.DONE
    assert service.writes == [*[f"PUT {item}/reset"] * writes, f"PUT {item}/start"]


def test_a_start_that_led_elsewhere_settles_nothing() -> None:
    live: Tree = {"id": "thing_one", "status": "setup", "groups": []}
    service = Service({"/experiments/thing_one": live})
    service.trouble("PUT /experiments/thing_one/start", "meddled")
    service.objects["/experiments/thing_one"] = {**live, "status": "abandoned"}
    (outcome,) = applied(plan_against(live, resource("Experiment", "status: active")), service)
    assert outcome.status is Status.UNKNOWN


# ---- removal -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("trouble", "writes"), [("lost", 1), ("dropped", 2)])
def test_a_lost_delete(trouble: Trouble, writes: int) -> None:
    found = key("Gate")
    tree: Tree = {"id": "thing_one", "tags": ["git"]}
    service = Service({GATE: tree})
    service.trouble(f"DELETE {GATE}", trouble)
    plan = plan_of(live={found: tree}, policy=Policy(ownership_tag="git", prune="delete", archive_first=False))
    (outcome,) = applied(plan, service)
    assert outcome.status is Status.DONE
    assert service.writes == [f"DELETE {GATE}"] * writes
    assert service.objects == {}


# ---- reading that does not help ------------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", ["refused", "unreachable"])
def test_when_reading_fails_too_nothing_is_known(trouble: Trouble) -> None:
    service, live = live_gate(description="Old")
    service.trouble(f"PATCH {GATE}", "lost")
    service.trouble(f"GET {GATE}", *[trouble] * 3)
    (outcome,) = applied(plan_against(live, resource("Gate", "description: New")), service)
    assert (outcome.status, outcome.calls_made) == (Status.UNKNOWN, 1)
    assert service.writes == [f"PATCH {GATE}"]


def test_what_changes_by_itself_is_no_sign_that_a_call_happened() -> None:
    service, live = live_gate(description="Old", checksPerHour=1)
    service.trouble(f"PATCH {GATE}", "dropped")
    service.objects[GATE] = {**live, "checksPerHour": 2}
    (outcome,) = applied(plan_against(live, resource("Gate", "description: New")), service)
    assert outcome.status is Status.DONE
    assert service.writes == [f"PATCH {GATE}"] * 2


# ---- slow calls that happen after all ------------------------------------------------------------------------------


def test_a_create_that_happened_after_it_was_looked_for_is_done_although_the_second_one_is_refused() -> None:
    service = Service()
    service.trouble("POST /gates", "dropped", "overtaken")
    (outcome,) = applied(plan_of(resource("Gate", "description: New")), service)
    assert (outcome.status, outcome.calls_made) == (Status.DONE, 1)
    assert service.writes == ["POST /gates"] * 2


def test_a_second_try_that_is_refused_for_a_reason_of_its_own_fails() -> None:
    service = Service()
    service.trouble("POST /gates", "dropped", "refused")
    (outcome,) = applied(plan_of(resource("Gate", "description: New")), service)
    assert (outcome.status, outcome.calls_made) == (Status.FAILED, 0)
    assert outcome.reason == "POST /gates answered 400: Bad Request Exception"


def test_a_start_that_happened_after_it_was_looked_for_is_not_failed() -> None:
    live: Tree = {"id": "thing_one", "status": "setup", "groups": []}
    service = Service({"/experiments/thing_one": live})
    service.trouble("PUT /experiments/thing_one/start", "dropped", "overtaken")
    (outcome,) = applied(plan_against(live, resource("Experiment", "status: active")), service)
    assert outcome.status is Status.DONE


def test_a_delete_that_happened_after_it_was_looked_for_is_not_failed() -> None:
    tree: Tree = {"id": "thing_one", "status": "Archived", "tags": ["git"]}
    service = Service({GATE: tree})
    service.trouble(f"DELETE {GATE}", "dropped", "overtaken")
    plan = plan_of(live={key("Gate"): tree}, policy=Policy(ownership_tag="git", prune="delete"))
    (outcome,) = applied(plan, service)
    assert outcome.status is Status.DONE


@pytest.mark.parametrize(("group", "end"), [("g-a", Status.DONE), ("g-b", Status.UNKNOWN)])
def test_a_lost_decision_happened_only_if_it_launched_our_group(group: str, end: Status) -> None:
    groups = [{"name": name, "id": f"g-{name.lower()}", "size": 50, "parameterValues": {}} for name in "AB"]
    live: Tree = {"id": "thing_one", "status": "active", "groups": groups}
    path = "/experiments/thing_one"
    service = Service({path: live})
    service.trouble(f"PUT {path}/make_decision", "meddled")
    service.objects[path] = {**live, "status": "decision_made", "launchedGroupID": group}
    spec = "status: decision_made\nlaunchedGroup: A\ndecisionReason: It won"
    (outcome,) = applied(plan_against(live, resource("Experiment", spec)), service)
    assert outcome.status is end
    assert service.writes == [f"PUT {path}/make_decision"]


@pytest.mark.parametrize("kind", ["Gate", "DynamicConfig", "Experiment"])
def test_every_lifecycle_call_that_a_plan_may_make_says_where_it_leads(kind: str) -> None:
    found = KINDS[kind]
    assert {"archive", "unarchive"} <= found.actions.keys()
    assert "archived" not in found.actions["unarchive"]

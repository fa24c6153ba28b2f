"""The status of an experiment is desired state: the one call that leads there, or a finding that says why not.

What people concluded is never undone, and what would taint a running experiment is refused.
"""

from __future__ import annotations

import pytest

from reconciler.domain import Action, IdOf, Json, Plan, Severity, Tree, path_text
from tests.statuses import BEGAN, BEGAN_TEXT, GROUPS
from tests.statuses import STATUSES as ALL
from tests.unit.planning.making import calls, changes, codes, only_step, plan_against, plan_of, resource, told

STATUSES = ALL["Experiment"]
ITEM = "/experiments/thing_one"
DECIDED = "decision: {reason: It won, removeTargeting: true}"
WAYS = {
    ("setup", "active"): "start",
    ("setup", "archived"): "archive",
    ("active", "decision_made"): "make_decision",
    ("active", "abandoned"): "abandon",
    ("decision_made", "archived"): "archive",
    ("abandoned", "archived"): "archive",
    ("experiment_stopped", "archived"): "archive",
    ("assignment_stopped", "archived"): "archive",
    ("archived", "setup"): "unarchive",
    ("archived", "active"): "unarchive",
}
NOTED = {("archived", "active"): ["LIFECYCLE/next-plan"]}
REFUSED = {
    ("setup", "decision_made"),
    ("setup", "abandoned"),
    ("active", "archived"),
    *((live, "experiment_stopped") for live in STATUSES if live != "experiment_stopped"),
    *((live, "assignment_stopped") for live in STATUSES if live != "assignment_stopped"),
}


def live(status: str, **more: object) -> Tree:
    return {"status": status, "groups": GROUPS, "controlGroupID": "g1", **more}


def plan_for(status: str, desired: str, *, spec: str = "", metadata: str = DECIDED, **more: object) -> Plan:
    wanted = resource("Experiment", f"status: {desired}\nlaunchedGroup: Test\n{spec}", metadata=metadata)
    return plan_against(live(status, **more), wanted)


@pytest.mark.parametrize(("status", "desired"), [(status, desired) for status in STATUSES for desired in STATUSES])
def test_from_every_status_to_every_other(status: str, desired: str) -> None:
    launched = "g2" if status == "decision_made" else None
    never: Tree = {"startTime": None} if status == "archived" else {}
    plan = plan_for(status, desired, launchedGroupID=launched, **never)
    way = WAYS.get((status, desired))
    if way:
        assert calls(plan) == [f"PUT {ITEM}/{way}"]
        assert changes(plan)[0] == ("status", Action.SET)
        assert codes(plan.findings) == NOTED.get((status, desired), [])
    elif status == desired:
        assert (plan.steps, plan.findings, plan.held) == ((), (), ())
    else:
        assert plan.steps == ()
        (finding,) = plan.findings
        refused = (status, desired) in REFUSED
        assert finding.code == ("LIFECYCLE/transition" if refused else "LIFECYCLE/held")
        assert finding.severity is (Severity.ERROR if refused else Severity.WARNING)
        assert [told(step.fields) for step in plan.held] == [[("status", Action.SET)]]


def test_held_back_differences_do_not_hold_up_the_others() -> None:
    plan = plan_for("decision_made", "active", spec="hypothesis: New", launchedGroupID="g2")
    assert calls(plan) == [f"PATCH {ITEM}"]
    assert changes(plan) == [("hypothesis", Action.SET)]
    assert [told(step.fields) for step in plan.held] == [[("status", Action.SET)]]


def test_fields_are_changed_before_the_start() -> None:
    plan = plan_for("setup", "active", spec="allocation: 20", allocation=100)
    assert calls(plan) == [f"PATCH {ITEM}", f"PUT {ITEM}/start"]


def test_an_experiment_leaves_the_archive_before_its_fields_change() -> None:
    plan = plan_for("archived", "setup", spec="hypothesis: New", startTime=None)
    assert calls(plan) == [f"PUT {ITEM}/unarchive", f"PATCH {ITEM}"]


# ---- going back ------------------------------------------------------------------------------------------------------

PERMIT = f'permit: {{reset: "{BEGAN_TEXT}"}}'


def back(status: str, desired: str, metadata: str, spec: str = "", **more: object) -> Plan:
    return plan_for(status, desired, spec=spec, metadata=metadata, **{"startTime": BEGAN, **more})


@pytest.mark.parametrize(
    ("status", "desired", "way", "said"),
    [
        ("decision_made", "setup", ["reset"], ["LIFECYCLE/reset"]),
        ("abandoned", "setup", ["reset"], ["LIFECYCLE/reset"]),
        ("decision_made", "active", ["reset", "start"], ["LIFECYCLE/reset"]),
        ("abandoned", "active", ["reset", "start"], ["LIFECYCLE/reset"]),
        ("archived", "setup", ["unarchive"], ["LIFECYCLE/reset"]),
        ("archived", "active", ["unarchive"], ["LIFECYCLE/reset", "LIFECYCLE/next-plan"]),
        ("active", "setup", [], ["LIFECYCLE/held"]),
        ("experiment_stopped", "setup", ["reset"], ["LIFECYCLE/reset"]),
        ("assignment_stopped", "active", ["reset", "start"], ["LIFECYCLE/reset"]),
        ("experiment_stopped", "abandoned", [], ["LIFECYCLE/held"]),
        ("unheard_of", "active", [], ["LIFECYCLE/held"]),
        ("abandoned", "decision_made", [], ["LIFECYCLE/held"]),
        ("setup", "setup", [], []),
        ("active", "active", [], []),
    ],
)
def test_a_run_is_given_up_by_a_permission_that_names_it(
    status: str, desired: str, way: list[str], said: list[str]
) -> None:
    plan = back(status, desired, PERMIT)
    assert calls(plan) == [f"PUT {ITEM}/{word}" for word in way]
    assert codes(plan.findings) == said


@pytest.mark.parametrize("metadata", ["", 'permit: {reset: "2026-09-21T14:13:21Z"}'])
@pytest.mark.parametrize(
    "status", ["decision_made", "abandoned", "experiment_stopped", "assignment_stopped", "archived"]
)
@pytest.mark.parametrize("desired", ["setup", "active"])
def test_without_a_permission_for_just_this_run_it_is_kept(status: str, desired: str, metadata: str) -> None:
    plan = back(status, desired, metadata)
    assert plan.steps == ()
    (finding,) = plan.findings
    assert (finding.code, finding.severity) == ("LIFECYCLE/held", Severity.WARNING)
    assert 'metadata: {permit: {reset: "2026-09-21T14:13:20Z"}}' in finding.cure
    assert ("2026-09-21T14:13:21Z" in finding.message) == bool(metadata)


def test_a_run_that_the_service_does_not_date_cannot_be_given_up_here() -> None:
    plan = back("decision_made", "setup", PERMIT, startTime=None)
    assert plan.steps == ()
    assert "only the console can reset it" in plan.findings[0].cure


def test_fields_change_between_the_reset_and_the_start() -> None:
    plan = back("abandoned", "active", PERMIT, "allocation: 20\nidType: stableID", allocation=100, idType="userID")
    assert calls(plan) == [f"PUT {ITEM}/reset", f"PATCH {ITEM}", f"PUT {ITEM}/start"]


def test_everything_is_held_in_the_archive_where_the_way_out_is() -> None:
    plan = back("archived", "active", "", "hypothesis: New")
    assert plan.steps == ()
    assert codes(plan.findings) == ["LIFECYCLE/held"]
    assert [told(step.fields) for step in plan.held] == [[("status", Action.SET), ("hypothesis", Action.SET)]]


# ---- concluding ----------------------------------------------------------------------------------------------------


def test_a_decision_names_the_group_by_the_id_that_it_will_have() -> None:
    (call,) = only_step(plan_for("active", "decision_made")).calls
    assert call.body == {"id": IdOf("groups", "Test"), "decisionReason": "It won", "removeTargeting": True}


def test_a_decision_keeps_targeting_unless_told_otherwise() -> None:
    plan = plan_for("active", "decision_made", metadata="decision: {reason: It won}")
    assert only_step(plan).calls[0].body["removeTargeting"] is False


def test_the_reason_may_stand_in_the_spec_and_is_sent_once() -> None:
    plan = plan_for("active", "abandoned", spec="decisionReason: Too slow", metadata="")
    assert calls(plan) == [f"PUT {ITEM}/abandon"]
    assert only_step(plan).calls[0].body == {"decisionReason": "Too slow"}
    assert ("decisionReason", Action.SET) in changes(plan)


def test_a_plan_after_a_decision_is_empty() -> None:
    plan = plan_for("decision_made", "decision_made", spec="decisionReason: It won", decisionReason="It won",
                    launchedGroupID="g2")  # fmt: skip
    assert plan.steps == ()


@pytest.mark.parametrize(
    ("desired", "spec", "found"),
    [
        ("decision_made", "launchedGroup: Test", ["LIFECYCLE/reason"]),
        ("decision_made", "decisionReason: It won", ["LIFECYCLE/launched-group"]),
        ("decision_made", "", ["LIFECYCLE/reason", "LIFECYCLE/launched-group"]),
        ("abandoned", "", ["LIFECYCLE/reason"]),
    ],
)
def test_a_conclusion_without_its_reason_or_group_is_refused(desired: str, spec: str, found: list[str]) -> None:
    plan = plan_against(live("active"), resource("Experiment", f"status: {desired}\n{spec}"))
    assert codes(plan.findings) == found
    assert f"PUT {ITEM}/make_decision" not in calls(plan)
    assert [told(step.fields) for step in plan.held] == [[("status", Action.SET)]]


def test_another_launched_group_is_reported_and_not_sent() -> None:
    wanted = resource("Experiment", "status: decision_made\nlaunchedGroup: Control", metadata=DECIDED)
    plan = plan_against(live("decision_made", launchedGroupID="g2"), wanted)
    assert plan.steps == ()
    assert codes(plan.findings) == ["LIFECYCLE/held"]
    assert [(change.live, change.desired) for step in plan.held for change in step.fields] == [("Test", "Control")]


def test_the_reason_for_archiving_is_sent_along() -> None:
    (call,) = only_step(plan_for("abandoned", "archived")).calls
    assert call.body == {"archiveReason": "It won"}


# ---- while it runs -------------------------------------------------------------------------------------------------

CONTROL_AND_TEST = """
groups:
- {name: Control, size: 50, parameterValues: {n: 1}}
- {name: Test, size: 50, parameterValues: {n: 2}}
"""


@pytest.mark.parametrize(
    ("spec", "about"),
    [
        (CONTROL_AND_TEST.replace("n: 2", "n: 3"), "groups"),
        (CONTROL_AND_TEST.replace("size: 50", "size: 25", 1), "groups"),
        (CONTROL_AND_TEST + "- {name: Third, size: 0, parameterValues: {n: 3}}", "groups"),
        ("groups: [{name: Control, size: 100, parameterValues: {n: 1}}]", "groups"),
        (CONTROL_AND_TEST.replace("n: 2}", "n: 2}, disabled: true"), "groups"),
        ("secondaryIDType: stableID", "secondaryIDType"),
        ("idType: stableID", "idType"),
        ("targetingGateID: a_gate", "targetingGateID"),
        ("allocation: 49.9", "allocation"),
    ],
)
def test_a_change_that_taints_a_running_experiment_is_refused(spec: str, about: str) -> None:
    more = {"idType": "userID", "targetingGateID": "", "allocation": 50}
    plan = plan_against(live("active", **more), resource("Experiment", spec))
    (finding,) = plan.findings
    assert (finding.code, finding.severity) == ("GUARD/running-experiment", Severity.ERROR)
    assert about in finding.message
    assert finding.where is not None
    assert finding.where.pointer == ("spec", about)


@pytest.mark.parametrize("share", ["50", [50], {"percent": 50}])
def test_a_share_of_unknown_form_may_have_been_larger(share: Json) -> None:
    plan = plan_against(live("active", allocation=share), resource("Experiment", "allocation: 60"))
    assert [finding.code for finding in plan.findings] == ["GUARD/running-experiment"]


@pytest.mark.parametrize(
    "spec",
    [
        "allocation: 50.1",
        "hypothesis: New\ndescription: New\ntags: [new]\nduration: 28",
        "primaryMetrics: [{name: dau, type: user}]",
        CONTROL_AND_TEST.replace("name: Test", "name: Green button"),
        CONTROL_AND_TEST.replace(
            "size: 50, parameterValues: {n: 2}", "size: 50, parameterValues: {n: 2}, description: D"
        ),
    ],
)
def test_other_changes_of_a_running_experiment_are_made(spec: str) -> None:
    plan = plan_against(live("active", allocation=50), resource("Experiment", spec))
    assert calls(plan) == [f"PATCH {ITEM}"]
    assert plan.findings == ()


def test_the_same_change_is_free_in_a_draft() -> None:
    plan = plan_against(live("setup", allocation=50), resource("Experiment", "allocation: 10"))
    assert calls(plan) == [f"PATCH {ITEM}"]
    assert plan.findings == ()


OVER = [status for status in STATUSES if status not in {"setup", "active", "archived"}]
REWRITE = f'permit: {{rewrite: "{BEGAN_TEXT}"}}'


@pytest.mark.parametrize("status", OVER)
@pytest.mark.parametrize("spec", ["allocation: 10", "allocation: 60", CONTROL_AND_TEST.replace("n: 2", "n: 3")])
def test_what_a_concluded_experiment_was_about_is_left_alone_and_told(status: str, spec: str) -> None:
    wanted = resource("Experiment", f"{spec}\ndescription: New")
    plan = plan_against(live(status, allocation=50, startTime=BEGAN), wanted)
    assert only_step(plan).calls[0].body == {"description": "New"}
    (finding,) = plan.findings
    assert (finding.code, finding.severity) == ("LIFECYCLE/concluded", Severity.WARNING)
    assert f"metadata: {{{REWRITE}}}" in finding.cure
    assert [change.path[0] for step in plan.held for change in step.fields] == [spec.strip().partition(":")[0]]


def test_a_permission_that_names_the_run_lets_its_setup_be_written_anew() -> None:
    allowed = resource("Experiment", "allocation: 10", metadata=REWRITE)
    plan = plan_against(live("decision_made", allocation=50, startTime=BEGAN), allowed)
    assert (calls(plan), codes(plan.findings)) == ([f"PATCH {ITEM}"], ["LIFECYCLE/rewrite"])
    other = plan_against(live("decision_made", allocation=50, startTime=BEGAN + 1000), allowed)
    assert (calls(other), codes(other.findings)) == ([], ["LIFECYCLE/concluded"])


def test_a_control_group_that_is_not_added_is_left_alone_with_it() -> None:
    third = "- {name: Third, size: 0, parameterValues: {n: 3}}\n"
    wanted = resource("Experiment", f"{CONTROL_AND_TEST}{third}controlGroup: Third")
    plan = plan_against(live("decision_made", startTime=BEGAN), wanted)
    assert (calls(plan), codes(plan.findings)) == ([], ["LIFECYCLE/concluded"])
    assert {change.path[0] for step in plan.held for change in step.fields} == {"groups", "controlGroup"}


def test_a_targeting_gate_that_went_with_the_decision_is_no_such_change() -> None:
    wanted = resource("Experiment", "targetingGateID: eu_users\nstatus: decision_made", metadata=DECIDED)
    plan = plan_against(live("decision_made", targetingGateID="", startTime=BEGAN), wanted)
    assert (plan.steps, plan.held, plan.findings) == ((), (), ())


@pytest.mark.parametrize("said", ["", "\nstatus: archived"])
def test_an_archived_experiment_is_left_alone_and_stops_nothing_else(said: str) -> None:
    plan = plan_against(live("archived"), resource("Experiment", f"description: Again{said}"))
    assert codes(plan.findings) == ["LIFECYCLE/archived"]
    assert [finding.severity for finding in plan.findings] == [Severity.WARNING]
    assert calls(plan) == []
    assert [path_text(change.path) for step in plan.held for change in step.fields] == ["description"]


def test_an_experiment_whose_live_status_is_not_told_is_led_nowhere() -> None:
    unknown = {name: value for name, value in live("active").items() if name != "status"}
    plan = plan_against(unknown, resource("Experiment", "status: setup"))
    assert (calls(plan), codes(plan.findings)) == ([], ["LIFECYCLE/held"])
    assert "live is unknown" in plan.findings[0].message


# ---- control group and creation ------------------------------------------------------------------------------------


def test_a_control_group_that_the_service_will_not_make_is_refused() -> None:
    plan = plan_of(resource("Experiment", "controlGroup: Base"))
    assert codes(plan.findings) == ["REF/group"]


def test_the_control_group_is_compared_by_name() -> None:
    assert plan_against(live("setup"), resource("Experiment", "controlGroup: Control")).steps == ()


def test_another_control_group_is_sent_by_the_id_that_it_will_have() -> None:
    plan = plan_against(live("setup"), resource("Experiment", "controlGroup: Test"))
    assert calls(plan) == [f"PATCH {ITEM}"]
    assert only_step(plan).calls[0].body == {"controlGroupID": IdOf("groups", "Test")}
    assert [(change.live, change.desired) for change in only_step(plan).fields] == [("Control", "Test")]


def test_the_control_group_is_settled_before_the_start() -> None:
    plan = plan_against(live("setup", hypothesis=""), resource("Experiment", "controlGroup: Test\nstatus: active"))
    assert calls(plan) == [f"PATCH {ITEM}", f"PUT {ITEM}/start"]


@pytest.mark.parametrize(
    ("spec", "way"),
    [
        ("{}", []),
        ("status: setup", []),
        ("status: active", [f"PUT {ITEM}/start"]),
        ("status: active\ncontrolGroup: Control", [f"PATCH {ITEM}", f"PUT {ITEM}/start"]),
    ],
)
def test_a_new_experiment_begins_as_a_draft(spec: str, way: list[str]) -> None:
    plan = plan_of(resource("Experiment", spec))
    assert calls(plan) == ["POST /experiments", *way]
    create, *_ = only_step(plan).calls
    assert not {"status", "controlGroup", "launchedGroup"} & create.body.keys()


@pytest.mark.parametrize("status", [status for status in STATUSES if status not in {"setup", "active"}])
def test_a_new_experiment_cannot_begin_at_the_end(status: str) -> None:
    plan = plan_of(resource("Experiment", f"status: {status}\nlaunchedGroup: Test", metadata=DECIDED))
    assert codes(plan.findings) == ["LIFECYCLE/create"]

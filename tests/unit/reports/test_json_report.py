"""Reports for programs: as their schemas say, the same text for the same state, and safe to show."""

import json
from collections.abc import Iterator

import pytest
from jsonschema import Draft202012Validator

from reconciler.domain import (
    Action,
    Conflict,
    Convergence,
    FieldChange,
    Finding,
    Json,
    Outcome,
    Plan,
    ResourceKey,
    Severity,
    Status,
    Tree,
)
from reconciler.reports import report_schema
from reconciler.reports.drift_json import drift_report
from reconciler.reports.forms import Report
from reconciler.reports.json_report import (
    apply_report,
    demo_report,
    failure_report,
    json_text,
    plan_report,
    rollback_report,
    validate_report,
)
from tests.unit.reports.examples import (
    ADOPT,
    CHECKOUT,
    CREATE,
    DRIFT,
    ERROR,
    NAMED_DRIFT,
    NEEDS_IT,
    NOTE,
    ONE_PAGE,
    PLAN,
    UNDER_REVIEW,
    UPDATE,
    VALUE,
    WARNING,
)

OUTCOMES = (
    Outcome(UPDATE, Status.DONE, 1),
    Outcome(CREATE, Status.FAILED, 1, "answered 400"),
    Outcome(ADOPT, Status.STALE, 0, "moved", (Conflict("tags", ["a"], ["b"], ["c"]),)),
)
CONVERGENCE = (Convergence(VALUE), Convergence(CHECKOUT, UPDATE.fields), Convergence(ONE_PAGE, gone=True))
KEPT = Finding("ROLLBACK/kept", "it is running", "conclude it", key=ONE_PAGE, severity=Severity.WARNING)
STILL_THERE = Convergence(CHECKOUT, (FieldChange((), Action.REMOVE, "there", "absent"),))
PENDING = Plan(steps=(UPDATE,), pending=(UNDER_REVIEW, NEEDS_IT))
WAITING = (Convergence(VALUE), Convergence(CHECKOUT, UPDATE.fields, pending="open"))
REPORTS: dict[str, Report] = {
    "validate": validate_report(46, (NOTE, WARNING, ERROR), 1),
    "plan": plan_report(PLAN, 2, "5f" * 32),
    "pending": plan_report(PENDING, 2, "5f" * 32),
    "apply": apply_report(Plan(steps=(*PLAN.steps, CREATE)), OUTCOMES, CONVERGENCE, (NOTE,), 1),
    "waiting": apply_report(PENDING, (Outcome(UPDATE, Status.PENDING_REVIEW, 1, "open"),), WAITING, (), 2),
    "rollback": rollback_report(
        Plan(steps=PLAN.steps, findings=(KEPT, WARNING)), OUTCOMES, (CONVERGENCE[0], STILL_THERE), (ERROR,), 1
    ),
    "drift": drift_report(DRIFT, 2),
    "named drift": drift_report(NAMED_DRIFT, 2),
    "demo": demo_report([{"title": "A plan", "command": ["plan"], "exitCode": 2, "expected": 2}], (), 0),
}


def read(report: Report) -> Json:
    return json.loads(json_text(report))


@pytest.mark.parametrize("command", REPORTS)
def test_a_report_is_as_its_schema_says(command: str) -> None:
    schema = report_schema(REPORTS[command]["command"])
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(read(REPORTS[command]))
    assert set(unknown_members(schema, schema, read(REPORTS[command]))) == set()


def unknown_members(schema: Tree, part: Tree, value: Json, at: str = "") -> Iterator[str]:
    """Members of a report that its schema does not describe."""
    for choice in part.get("anyOf", [part]):
        known = schema["$defs"][choice["$ref"].rpartition("/")[2]] if "$ref" in choice else choice
        if known.get("type") == "object" and isinstance(value, dict):
            for key, item in value.items():
                if key not in known["properties"]:
                    yield f"{at}/{key}"
                else:
                    yield from unknown_members(schema, known["properties"][key], item, f"{at}/{key}")
        elif known.get("type") == "array" and isinstance(value, list):
            for item in value:
                yield from unknown_members(schema, known["items"], item, at)


@pytest.mark.parametrize("command", REPORTS)
def test_every_field_of_a_report_is_documented(command: str) -> None:
    schema = report_schema(REPORTS[command]["command"])
    for form in [schema, *schema["$defs"].values()]:
        for name, field in form.get("properties", {}).items():
            assert field.get("description"), f"{form['title']}.{name}"


def test_a_report_names_its_schema() -> None:
    assert report_schema("plan")["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    with pytest.raises(KeyError):
        report_schema("emulator")


@pytest.mark.parametrize("command", ["validate", "plan", "apply", "rollback", "drift"])
def test_a_command_that_came_to_no_result_reports_in_its_own_form(command: str) -> None:
    report = read(failure_report(command, [ERROR], 1))
    Draft202012Validator(report_schema(command)).validate(report)
    assert report["findings"][0]["code"] == "GUARD/removals"
    assert report["summary"]["errors"] == 1
    assert report["exitCode"] == 1


def test_a_demo_that_could_not_be_played_has_no_acts() -> None:
    assert read(failure_report("demo", [ERROR], 1))["acts"] == []


def test_the_plan_is_known_by_its_fingerprint_and_no_plan_by_none() -> None:
    assert read(REPORTS["plan"])["fingerprint"] == "5f" * 32
    assert read(failure_report("plan", [ERROR], 1))["fingerprint"] is None


def test_a_rollback_tells_the_way_back_what_came_of_it_and_what_was_kept() -> None:
    report = read(REPORTS["rollback"])
    assert [step["id"] for step in report["steps"]] == [step.key.id for step in PLAN.steps]
    assert report["kept"] == [{"kind": "Experiment", "id": "one_page"}]
    assert [each["status"] for each in report["outcomes"]] == ["done", "failed", "stale"]
    assert report["convergence"][1]["differences"] == [
        {"path": "", "keys": [], "action": "remove", "live": "there", "desired": "absent"}
    ]
    assert {name: report["summary"][name] for name in ("steps", "unreached", "errors", "warnings")} == {
        "steps": 4,
        "unreached": 1,
        "errors": 1,
        "warnings": 2,
    }


def test_drift_tells_where_each_live_value_comes_from() -> None:
    report = read(REPORTS["named drift"])
    assert report["digest"] == "5f" * 32
    assert report["summary"]["sorts"] == {
        "emergency_off": 1, "experiment_lifecycle": 0, "other": 1, "rollout_step": 1, "cosmetic": 0,
    }  # fmt: skip
    anna = {"name": "Anna", "email": "anna@northwind.example", "id": "u-anna", "key": "person"}
    script = {"name": "CONSOLE API", "email": None, "id": "u-17", "key": "project"}
    value, checkout, wallet = report["changed"]
    assert (value["sort"], value["traces"][0]["writers"], value["traces"][0]["certain"]) == ("other", [], False)
    assert checkout["traces"] == [
        {
            "source": "versions",
            "writers": [anna],
            "at": "2026-11-20T14:03:25Z",
            "certain": True,
            "note": "",
            "objectVersion": 7,
        },
        {
            "source": "audit_log",
            "writers": [anna, script],
            "at": "2026-11-20T14:03:25Z",
            "certain": False,
            "note": "one of them, in the same second",
            "objectVersion": None,
        },
    ]
    assert wallet["sort"] == "emergency_off"
    assert report["gone"][0]["trace"]["writers"] == [anna]
    assert [(salt["action"], salt["writer"]) for salt in report["salts"]] == [("config_resalt", anna)]


def test_any_other_command_reports_just_why() -> None:
    assert sorted(read(failure_report("", [ERROR], 1))) == ["command", "exitCode", "findings", "version"]


def test_a_step_is_told_completely() -> None:
    step = read(REPORTS["plan"])["steps"][1]
    assert step == {
        "kind": "Experiment",
        "id": "one_page",
        "verb": "create",
        "where": {"path": "manifests/checkout.yaml", "line": 20, "column": 1, "document": 2, "keys": []},
        "owner": None,
        "modified": {"by": None, "at": None},
        "needs": [{"kind": "EntityPropertySource", "id": "Customer value"}, {"kind": "Gate", "id": "checkout_v2"}],
        "fields": [
            {"path": "status", "keys": ["status"], "action": "add", "live": None, "desired": "active"},
            {"path": "allocation", "keys": ["allocation"], "action": "add", "live": None, "desired": 50},
            {"path": "controlGroup", "keys": ["controlGroup"], "action": "add", "live": None, "desired": "Control"},
        ],
        "calls": [
            {"method": "POST", "path": "/experiments", "body": {"id": "one_page", "allocation": 50}},
            {
                "method": "PATCH",
                "path": "/experiments/one_page",
                "body": {"controlGroupID": {"$idOf": {"list": "groups", "name": "Control"}}},
            },
            {"method": "PUT", "path": "/experiments/one_page/start", "body": None},
        ],
        "taints": [],
        "back": {"calls": [{"method": "DELETE", "path": "/experiments/one_page", "body": None}], "kept": []},
        "review": None,
    }


def test_a_path_is_both_text_and_list_and_a_moment_is_utc() -> None:
    step = read(REPORTS["plan"])["steps"][0]
    assert step["fields"][0]["path"] == 'rules["Beta"].passPercentage'
    assert step["fields"][0]["keys"] == ["rules", "Beta", "passPercentage"]
    assert step["modified"] == {"by": "anna@northwind.example", "at": "2026-11-20T14:03:25Z"}


def test_the_plan_is_summed_up() -> None:
    assert read(REPORTS["plan"])["summary"] == {
        "create": 1,
        "update": 1,
        "adopt": 1,
        "archive": 1,
        "delete": 0,
        "unchanged": 2,
        "held": 1,
        "pending": 0,
        "unmanaged": 2,
        "errors": 0,
        "warnings": 1,
    }


def test_an_apply_tells_every_outcome_and_every_object() -> None:
    report = read(REPORTS["apply"])
    assert report["summary"] == {
        "steps": 5,
        "done": 1,
        "failed": 1,
        "skipped": 0,
        "stale": 1,
        "unknown": 0,
        "pendingReview": 0,
        "unreached": 2,
        "converged": 1,
        "differing": 2,
        "waiting": 0,
        "errors": 0,
        "warnings": 0,
    }
    assert [(each["status"], each["callsMade"], each["reason"]) for each in report["outcomes"]] == [
        ("done", 1, ""),
        ("failed", 1, "answered 400"),
        ("stale", 0, "moved"),
    ]
    assert report["outcomes"][2]["conflicts"] == [
        {"field": "tags", "base": ["a"], "live": ["b"], "desired": ["c"], "touched": True}
    ]
    assert [(each["id"], each["holds"], each["gone"]) for each in report["convergence"]] == [
        ("Customer value", True, False),
        ("one_page", False, True),
        ("checkout_v2", False, False),
    ]


def test_what_waits_for_a_review_is_told_apart_in_a_plan() -> None:
    report = read(REPORTS["pending"])
    assert report["summary"]["pending"] == 2
    review = {"id": "r-17", "status": "PENDING", "description": "Pay later for all"}
    assert [(each["id"], each["review"], each["needs"], each["calls"]) for each in report["pending"]] == [
        ("wallet", review, [], []),
        ("wallet_beta", None, [{"kind": "Gate", "id": "wallet"}], []),
    ]


def test_what_waits_for_a_review_is_told_apart_after_an_apply() -> None:
    report = read(REPORTS["waiting"])
    assert {name: report["summary"][name] for name in ("done", "failed", "pendingReview", "differing", "waiting")} == {
        "done": 0, "failed": 0, "pendingReview": 1, "differing": 0, "waiting": 1,
    }  # fmt: skip
    assert [each["id"] for each in report["pending"]] == ["wallet", "wallet_beta"]
    assert [each["status"] for each in report["outcomes"]] == ["pending_review"]
    assert [(each["id"], each["pending"]) for each in report["convergence"]] == [
        ("Customer value", ""),
        ("checkout_v2", "open"),
    ]


def test_where_order_means_nothing_the_text_does_not_depend_on_it() -> None:
    turned = Plan(
        PLAN.steps, PLAN.unchanged[::-1], PLAN.held[::-1], PLAN.unmanaged[::-1], PLAN.findings[::-1]
    )  # fmt: skip
    assert json_text(plan_report(turned, 2)) == json_text(plan_report(PLAN, 2))


def test_a_document_is_printable_whatever_it_holds() -> None:
    hostile = FieldChange(("\x1b[2J",), Action.SET, {"\u202e": "\x9b\x7f", "nan": float("nan")}, "lone \ud800")
    step = UPDATE.__class__(ResourceKey("Gate", "evil\x07"), UPDATE.verb, (), (hostile,))
    text = json_text(plan_report(Plan(steps=(step,)), 2))
    assert text.isascii()
    assert all(line.isprintable() for line in text.splitlines())
    field = json.loads(text)["steps"][0]["fields"][0]
    assert field["live"] == {"\u202e": "\x9b\x7f", "nan": "nan"}
    assert field["desired"] == "lone \ud800"

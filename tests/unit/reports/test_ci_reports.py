"""SARIF, JUnit and what a step of GitHub Actions says: findings at their lines, and nothing that breaks out."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.domain import Conflict, Drift, Finding, Outcome, Place, Plan, ResourceKey, Severity, Status, Tree
from reconciler.reports.github import outputs, workflow_commands
from reconciler.reports.junit import junit
from reconciler.reports.sarif import sarif
from reconciler.reports.told import Origin, Told
from tests.unit.reports.examples import ARCHIVE, CREATE, ERROR, FILE, NAMED_DRIFT, UPDATE, WARNING

ORIGIN = Origin(folder="teams/web")
PLACED = Finding("SCHEMA/type", "it is text", "write a number", Place("m/a b.yaml", line=4, column=7))


def results(told: Told) -> list[Tree]:
    found: list[Tree] = json.loads(sarif(told))["runs"][0]["results"]
    return found


def test_sarif_points_at_the_line_from_the_top_of_the_repository() -> None:
    (result,) = results(Told("validate", 1, findings=(PLACED,), origin=ORIGIN))
    assert result == {
        "ruleId": "SCHEMA/type",
        "level": "error",
        "message": {"text": "it is text. write a number"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "teams/web/m/a%20b.yaml"},
                    "region": {"startLine": 4, "startColumn": 7},
                }
            }
        ],
    }


def test_sarif_names_each_rule_once_and_takes_findings_of_plan_and_drift() -> None:
    told = Told("drift", 1, Plan(findings=(ERROR,)), drift=Drift(findings=(WARNING,)), findings=(PLACED, PLACED))
    document = json.loads(sarif(told))
    rules = document["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({ERROR.code, WARNING.code, PLACED.code})
    assert {"id": "SCHEMA/type", "shortDescription": {"text": "SCHEMA/type: fields and values"}} in rules
    assert [result["level"] for result in document["runs"][0]["results"]].count("warning") == 1


def cases(told: Told) -> list[tuple[str, str]]:
    """Each test case by its name, and what became of it."""
    found = ET.fromstring(junit(told)).iter("testcase")  # noqa: S314 - we wrote it
    return [(case.get("name", ""), next((child.tag for child in case), "passed")) for case in found]


def test_junit_fails_for_errors_and_not_for_warnings() -> None:
    told = Told("validate", 1, findings=(PLACED, WARNING))
    assert dict(cases(told)) == {"m/a b.yaml:4:7": "failure", "Gate/spring_sale": "system-out"}


def test_junit_tells_how_each_step_ended() -> None:
    ends = (
        Outcome(UPDATE, Status.DONE, 1),
        Outcome(ARCHIVE, Status.FAILED, 0, "403"),
        Outcome(CREATE, Status.SKIPPED, 0, "it needs others"),
    )
    told = Told("apply", 1, Plan((UPDATE, ARCHIVE, CREATE)), outcomes=ends)
    assert [end for _, end in cases(told)] == ["system-out", "failure", "skipped"]
    suite = ET.fromstring(junit(told)).find("testsuite")  # noqa: S314 - we wrote it
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "1", "1")


def test_junit_tells_how_an_object_moved() -> None:
    moved = Conflict("description", "As it was", "By hand", "As Git says")
    stale = Outcome(UPDATE, Status.STALE, 0, "the live object changed", (moved,))
    document = junit(Told("apply", 1, Plan((UPDATE,)), outcomes=(stale,)))
    assert "stale: the live object changed" in document
    assert "By hand" in document


def test_junit_fails_for_what_drifted() -> None:
    told = Told("drift", 2, drift=Drift((UPDATE,), (CREATE,)))
    assert cases(told) == [("one_page", "failure"), ("checkout_v2", "failure")]


def test_junit_tells_what_drift_is_about_and_who_deleted_an_object() -> None:
    told = junit(Told("drift", 2, drift=NAMED_DRIFT))
    assert "not as Git says: emergency off" in told
    assert "gone from the console\nby anna@northwind.example, 2026-11-20 14:03 UTC" in told


@given(st.text())
def test_junit_is_xml_whatever_an_object_is_called(text: str) -> None:
    finding = Finding("PLAN/x", text, text, key=ResourceKey("Gate", text))
    assert len(cases(Told("plan", 1, findings=(finding,)))) == 1


def test_an_annotation_is_at_the_line_and_tells_the_cure() -> None:
    assert workflow_commands(Told("validate", 1, findings=(PLACED,), origin=ORIGIN)) == (
        "::error file=teams/web/m/a b.yaml,title=SCHEMA/type,line=4,col=7::it is text%0Awrite a number\n"
    )


@given(st.text(), st.text())
def test_no_text_begins_another_workflow_command(message: str, path: str) -> None:
    finding = Finding("PLAN/x", message, "", Place(path, line=1), severity=Severity.WARNING)
    shown = workflow_commands(Told("plan", 0, findings=(finding,)))
    assert shown.count("\n") == 1
    head = shown[: shown.index("::", 2)]
    assert re.fullmatch(r"::warning file=[^,:]*,title=PLAN/x,line=1", head)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (Told("plan", 2, Plan((UPDATE, ARCHIVE)), "ab12"), {"has_changes": "true", "update": "1", "archive": "1"}),
        (Told("plan", 0), {"has_changes": "false", "fingerprint": "", "has_errors": "false"}),
        (Told("drift", 2, drift=Drift((UPDATE,))), {"has_drift": "true", "exit_code": "2"}),
        (Told("plan", 1, findings=(PLACED,)), {"has_errors": "true", "errors": "1"}),
    ],
)
def test_later_steps_can_decide_by_the_outputs(told: Told, expected: dict[str, str]) -> None:
    found = dict(line.split("=", 1) for line in outputs(told).splitlines())
    assert found == found | expected


def test_the_place_of_a_finding_without_a_line_is_its_file() -> None:
    (result,) = results(Told("plan", 1, findings=(Finding("FILE/x", "m", "c", Place(FILE.path)),)))
    assert "region" not in result["locations"][0]["physicalLocation"]


def test_a_finding_without_a_file_is_placed_at_the_project_file() -> None:
    """Code scanning of GitHub takes no document in which one result has no location."""
    (result,) = results(Told("plan", 1, findings=(Finding("GUARD/x", "m", "c"),)))
    (place,) = result["locations"]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "reconciler.yaml"}, "region": {"startLine": 1}
    }  # fmt: skip


def test_junit_tells_who_drifted_it_and_what_was_spread_anew() -> None:
    told = Told("drift", 2, drift=NAMED_DRIFT)
    assert [end for _, end in cases(told)] == ["failure"] * 5
    assert "emergency off" in junit(told)
    assert ("Gate/checkout_v2 or DynamicConfig/checkout_v2", "failure") in cases(told)

"""Rules: names that tell them apart, percentages in hundredths, and values that YAML reads in another way."""

from __future__ import annotations

import pytest

from reconciler.domain import Finding, Severity
from reconciler.kinds import KINDS
from tests.unit.planning.making import refused, resource

RULE = ("spec", "rules", 0)
TARGET = (*RULE, "conditions", 0, "targetValue")


def only(spec: str, kind: str = "Gate") -> Finding:
    (finding,) = refused(kind, spec)
    return finding


def pointer(finding: Finding) -> tuple[str | int, ...]:
    assert finding.where is not None
    return finding.where.pointer


def condition(members: str) -> str:
    return f"rules: [{{name: All, passPercentage: 1, conditions: [{{{members}}}]}}]"


def test_two_rules_of_one_name_are_refused() -> None:
    rule = "{name: All, passPercentage: 1, conditions: []}"
    gate = resource("Gate", f"rules: [{rule}, {rule}]")
    (problem,) = KINDS["Gate"].check(gate.spec.tree())
    assert (problem.code, problem.at) == ("RULE/duplicate-name", ("rules", 1, "name"))
    assert problem.message == "two rules are called 'All'"


def test_an_empty_list_of_environments_is_doubted() -> None:
    gate = resource("Gate", "rules: [{name: All, passPercentage: 1, conditions: [], environments: []}]")
    (problem,) = KINDS["Gate"].check(gate.spec.tree())
    assert (problem.code, problem.severity) == ("RULE/no-environment", Severity.WARNING)
    assert (problem.at, problem.cure) == (
        ("rules", 0, "environments"), "write null for all environments, or name some")  # fmt: skip


@pytest.mark.parametrize("percentage", ["0", "0.01", "12.5", "33.33", "99.99", "100", "100.0", "1e1"])
def test_a_percentage_has_two_decimals_at_most(percentage: str) -> None:
    resource("Gate", f"rules: [{{name: All, passPercentage: {percentage}, conditions: []}}]")


@pytest.mark.parametrize(
    ("percentage", "cure"),
    [
        ("0.005", "use steps of 0.01"),
        ("33.333", "use steps of 0.01"),
        ("-1", "write 0 or more"),
        ("100.01", "write 100 or less"),
    ],
)
def test_other_percentages_are_refused(percentage: str, cure: str) -> None:
    finding = only(f"rules: [{{name: All, passPercentage: {percentage}, conditions: []}}]")
    assert (finding.code, finding.cure) == ("SCHEMA/bounds", cure)
    assert pointer(finding) == (*RULE, "passPercentage")


@pytest.mark.parametrize("percentage", ["'50'", "fifty", "true", "null", "[50]"])
def test_a_percentage_is_a_number(percentage: str) -> None:
    finding = only(f"rules: [{{name: All, passPercentage: {percentage}, conditions: []}}]")
    assert (finding.code, pointer(finding)) == ("SCHEMA/type", (*RULE, "passPercentage"))


@pytest.mark.parametrize(
    ("rule", "missing"),
    [
        ("{passPercentage: 1, conditions: []}", "name"),
        ("{name: All, conditions: []}", "passPercentage"),
        ("{name: All, passPercentage: 1}", "conditions"),
    ],
)
def test_a_rule_of_a_gate_says_whom_and_how_many(rule: str, missing: str) -> None:
    finding = only(f"rules: [{rule}]")
    assert (finding.code, pointer(finding)) == ("SCHEMA/missing", (*RULE, missing))


def test_a_rule_of_a_config_may_leave_its_percentage_out() -> None:
    resource("DynamicConfig", "rules: [{name: All, conditions: [], returnValue: {}}]")


def test_a_rule_of_a_gate_has_no_value() -> None:
    finding = only("rules: [{name: All, passPercentage: 1, conditions: [], returnValue: {}}]")
    assert finding.code == "SCHEMA/unknown-field"
    assert finding.cure == "rules of a gate return true or false; values belong to a DynamicConfig"


# ---- what YAML makes of it -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "cure", "at"),
    [
        ("type: app_version, operator: any, targetValue: [2.10]", 'quote it: "2.10"', (0,)),
        ("type: app_version, operator: any, targetValue: ['2', 3]", 'quote it: "3"', (1,)),
        ("type: os_version, operator: version_gt, targetValue: 14", 'quote it: "14"', ()),
        ("type: custom_field, field: b, operator: version_eq, targetValue: 1.0", 'quote it: "1.0"', ()),
        ("type: custom_field, field: b, operator: any, targetValue: [1.10]", 'quote it: "1.10"', (0,)),
        ("type: user_id, operator: any, targetValue: [a, 007]", 'quote it: "007"', (1,)),
        ("type: user_id, operator: any, targetValue: [0x1F]", 'quote it: "0x1F"', (0,)),
        ("type: user_id, operator: any, targetValue: [1e3]", 'quote it: "1e3"', (0,)),
        ("type: user_id, operator: any, targetValue: [2024-01-01]", 'quote it: "2024-01-01"', (0,)),
        ("type: user_id, operator: any, targetValue: [true]", 'quote it: "true"', (0,)),
        ("type: custom_field, field: b, operator: any, targetValue: False", 'quote it: "false"', ()),
        ("type: custom_field, field: b, operator: gt, targetValue: true", 'quote it: "true"', ()),
    ],
)
def test_a_target_that_yaml_reads_in_another_way_must_be_quoted(members: str, cure: str, at: tuple[int, ...]) -> None:
    finding = only(condition(members))
    assert (finding.code, finding.cure) == ("YAML/quote", cure)
    assert pointer(finding) == (*TARGET, *at)


@pytest.mark.parametrize(
    ("members", "target"),
    [
        ("type: country, operator: any, targetValue: [NO, on, y]", ["NO", "on", "y"]),
        ("type: app_version, operator: any, targetValue: [1.2.3, 2.0.0-beta]", ["1.2.3", "2.0.0-beta"]),
        ("type: app_version, operator: any, targetValue: ['2.10']", ["2.10"]),
        ("type: user_id, operator: any, targetValue: [1, 2.5]", [1, 2.5]),
        ("type: custom_field, field: b, operator: gt, targetValue: 2.10", 2.1),
        ("type: custom_field, field: b, operator: gt, targetValue: 1e3", 1000),
        ("type: time, operator: after, targetValue: 1643070357193", 1643070357193),
    ],
)
def test_other_targets_are_taken_as_they_stand(members: str, target: object) -> None:
    gate = resource("Gate", condition(members))
    assert gate.spec.tree()["rules"][0]["conditions"][0]["targetValue"] == target


@pytest.mark.parametrize(
    ("spec", "at", "code", "cure"),
    [
        ("rules: [{name: 2024-01-01, passPercentage: 1, conditions: []}]", (*RULE, "name"), "YAML/quote",
         'quote it: "2024-01-01"'),
        ("rules: [{name: 2.10, passPercentage: 1, conditions: []}]", (*RULE, "name"), "YAML/quote", 'quote it: "2.10"'),
        ("rules: [{name: 7, passPercentage: 1, conditions: []}]", (*RULE, "name"), "SCHEMA/type", 'quote it: "7"'),
        ("description: true", ("spec", "description"), "SCHEMA/type", 'quote it: "true"'),
        ("team: 2024-01-01", ("spec", "team"), "YAML/quote", 'quote it: "2024-01-01"'),
        ("tags: [a, 1.0]", ("spec", "tags", 1), "SCHEMA/type", 'quote it: "1.0"'),
        ("measureMetricLifts: 'yes'", ("spec", "measureMetricLifts"), "SCHEMA/type",
         "write true or false, without quotes"),
    ],
)  # fmt: skip
def test_text_and_booleans_are_not_confused(spec: str, at: tuple[str | int, ...], code: str, cure: str) -> None:
    finding = only(spec)
    assert (finding.code, finding.cure, pointer(finding)) == (code, cure, at)


@pytest.mark.parametrize("type_", ["user_agent", "experiment_group", "Public", "1"])
def test_a_type_that_the_service_does_not_know_is_refused(type_: str) -> None:
    finding = only(condition(f"type: {type_}"))
    assert pointer(finding) == (*RULE, "conditions", 0, "type")
    assert finding.code in {"SCHEMA/enum", "SCHEMA/type"}


def test_an_unknown_member_of_a_condition_is_refused_with_the_one_that_was_meant() -> None:
    finding = only(condition("type: unit_id, customId: stableID, operator: is_null"))
    assert (finding.code, finding.cure) == ("SCHEMA/unknown-field", "did you mean customID?")
    assert pointer(finding) == (*RULE, "conditions", 0, "customId")


@pytest.mark.parametrize("field", ["version", "lastModifiedTime", "owner", "holdoutIDs", "typeReason", "checksPerHour"])
def test_what_only_the_service_writes_is_refused(field: str) -> None:
    finding = only(f"{field}: x")
    assert (finding.code, finding.cure) == ("SCHEMA/read-only", "the service writes it; take it out")


@pytest.mark.parametrize(
    ("kind", "field", "cure"),
    [
        ("Gate", "isEnabled", "write status: in_progress, launched, disabled or archived"),
        ("DynamicConfig", "isEnabled", "write status: enabled, disabled or archived"),
        ("Experiment", "controlGroupID", "write controlGroup: the name of the group; its id is made by the service"),
        ("Experiment", "launchedGroupID", "write launchedGroup: the name of the group; its id is made by the service"),
        ("Gate", "id", "the id is metadata.id"),
    ],
)
def test_a_field_that_is_said_in_another_way_here_names_that_way(kind: str, field: str, cure: str) -> None:
    assert only(f"{field}: x", kind).cure == cure

"""What a kind knows of its own specs reaches the reader with its place, once, before the service is asked."""

from __future__ import annotations

import pytest

from reconciler.domain import Severity, Snapshot
from reconciler.rules import RULES
from tests.unit.planning.making import checked, codes, key, resource

TWICE = "rules: [{name: R, passPercentage: 1, conditions: []}, {name: R, passPercentage: 1, conditions: []}]"


def test_a_problem_of_a_spec_has_a_place_and_an_object() -> None:
    (finding,) = checked(resource("Gate", TWICE))
    assert (finding.code, finding.severity, finding.key) == ("RULE/duplicate-name", Severity.ERROR, key("Gate"))
    assert finding.where is not None
    assert (finding.where.path, finding.where.pointer) == ("manifests/thing.yaml", ("spec", "rules", 1, "name"))


def test_a_problem_of_an_id_leads_to_the_metadata() -> None:
    (finding,) = checked(resource("Experiment", "{}", id_="an.experiment"))
    assert finding.code == "SCHEMA/pattern"
    assert finding.where is not None
    assert finding.where.pointer == ("metadata", "id")


@pytest.mark.parametrize(
    ("kind", "spec", "code"),
    [
        ("Gate", "rules: [{name: R, passPercentage: 1, conditions: [{type: passes_gate}]}]", "CONDITION/target"),
        ("DynamicConfig", "rules: [{name: R, conditions: []}]", "RULE/no-value"),
        ("DynamicConfig", "defaultValue: {a: null}", "VALUE/null"),
        ("Experiment", "groups: [{name: A, size: 1, parameterValues: {}}]", "RULE/group-sizes"),
        ("EntityPropertySource",
         "sql: select a, b\nidTypeMapping: [{statsigUnitID: u, column: a}, {statsigUnitID: u, column: b}]",
         "SOURCE/duplicate-unit"),
    ],
)  # fmt: skip
def test_every_kind_is_checked(kind: str, spec: str, code: str) -> None:
    assert codes(checked(resource(kind, spec))) == [code]


def test_what_was_said_of_the_files_is_not_said_again_of_the_plan() -> None:
    assert checked(resource("Gate", TWICE), live=Snapshot()) == []


def test_a_good_manifest_has_no_findings() -> None:
    assert checked(resource("Gate", "{}")) == []


def test_every_rule_says_why_it_exists_and_how_it_is_cured() -> None:
    assert all(rule.code and rule.why and rule.cure for rule in RULES)
    assert len({rule.code for rule in RULES}) == len(RULES)

"""Country codes that do not exist, and versions that are none, are doubted: no unit would ever match them."""

from __future__ import annotations

import pytest

from reconciler.domain import Problem, Severity
from reconciler.kinds import KINDS
from tests.unit.planning.making import resource


def problems(condition: str) -> list[Problem]:
    gate = resource("Gate", f"rules: [{{name: All, passPercentage: 1, conditions: [{{{condition}}}]}}]")
    return list(KINDS["Gate"].check(gate.spec.tree()))


@pytest.mark.parametrize("code", ["DE", "de", "No", "XK", "GB", "TW"])
def test_a_code_of_a_country_is_fine_in_upper_and_lower_case(code: str) -> None:
    assert problems(f"type: country, operator: none, targetValue: [{code}]") == []


@pytest.mark.parametrize(
    ("written", "cure"),
    [
        ("UK", "did you mean GB?"),
        ("usa", "did you mean US?"),
        ("DEU", "did you mean DE?"),
        ("Germany", "did you mean DE?"),
        ("Untied States of America", "did you mean US?"),
        ("EU", "write two letters for each country, such as DE (ISO 3166-1 alpha-2)"),
        ("ZZ", "write two letters for each country, such as DE (ISO 3166-1 alpha-2)"),
    ],
)
def test_another_code_is_doubted_with_the_one_that_was_meant(written: str, cure: str) -> None:
    (problem,) = problems(f"type: country, operator: any, targetValue: [FR, {written}]")
    assert (problem.code, problem.severity, problem.cure) == ("CONDITION/country", Severity.WARNING, cure)
    assert problem.at == ("rules", 0, "conditions", 0, "targetValue", 1)
    assert repr(written) in problem.message


def test_only_countries_are_looked_up() -> None:
    assert problems("type: locale, operator: any, targetValue: [UK]") == []


@pytest.mark.parametrize("version", ["11", "2.10", "1.2.3.4", "1.2.3-beta.1", "1.0-"])
@pytest.mark.parametrize("type_", ["app_version", "custom_field, field: build"])
def test_dotted_numbers_are_a_version(type_: str, version: str) -> None:
    assert problems(f'type: {type_}, operator: version_gte, targetValue: "{version}"') == []


@pytest.mark.parametrize(
    ("written", "cure"),
    [
        ("v1.2", 'write numbers with dots between them: "1.2"'),
        ("1.x", 'write numbers with dots between them: "1"'),
        ("latest", 'write numbers with dots between them: "1.2.3"'),
        (">= 2.0", 'write numbers with dots between them: "2.0"'),
        ("1..2", 'write numbers with dots between them: "1"'),
    ],
)
@pytest.mark.parametrize("target", ['"{}"', '["{}"]'])
def test_another_text_is_no_version(written: str, cure: str, target: str) -> None:
    (problem,) = problems(f"type: os_version, operator: version_lt, targetValue: {target.format(written)}")
    assert (problem.code, problem.severity, problem.cure) == ("CONDITION/version", Severity.WARNING, cure)
    assert problem.at == ("rules", 0, "conditions", 0, "targetValue")


def test_a_version_in_a_list_is_a_text_among_others() -> None:
    assert problems("type: app_version, operator: any, targetValue: [beta]") == []

"""What is wrong with an experiment beyond the types of its fields."""

from __future__ import annotations

import pytest

from reconciler.domain import Problem, Severity
from reconciler.kinds import KINDS
from tests.unit.planning.making import resource


def problems(spec: str) -> list[Problem]:
    return list(KINDS["Experiment"].check(resource("Experiment", spec).spec.tree()))


def groups(*sizes: float, values: tuple[str, ...] = ()) -> str:
    items = [
        f"{{name: G{number}, size: {size}, parameterValues: {values[number] if values else '{}'}}}"
        for number, size in enumerate(sizes)
    ]
    return f"groups: [{', '.join(items)}]"


@pytest.mark.parametrize(
    "sizes", [(100,), (50, 50), (33.3, 33.3, 33.4), (33.3, 33.3, 33.3), (33.33, 33.33, 33.33), (0, 100), (12.5,) * 8]
)
def test_groups_that_share_all_units_are_fine(sizes: tuple[float, ...]) -> None:
    assert problems(groups(*sizes)) == []


@pytest.mark.parametrize(("sizes", "total"), [((50, 49), "99"), ((60, 60), "120"), ((), "0"), ((33, 33, 33), "99")])
def test_groups_that_do_not_share_all_units_are_refused(sizes: tuple[float, ...], total: str) -> None:
    (problem,) = problems(groups(*sizes))
    assert (problem.code, problem.severity, problem.at) == ("RULE/group-sizes", Severity.ERROR, ("groups",))
    assert problem.message == f"the sizes of the groups sum to {total}"


def test_two_groups_of_one_name_are_refused() -> None:
    group = "{name: A, size: 50, parameterValues: {}}"
    (problem,) = problems(f"groups: [{group}, {group}]")
    assert (problem.code, problem.at) == ("RULE/duplicate-name", ("groups", 1, "name"))


def test_a_parameter_that_a_group_lacks_is_doubted() -> None:
    (problem,) = problems(groups(50, 50, values=("{colour: red}", "{}")))
    assert (problem.code, problem.severity) == ("RULE/parameters", Severity.WARNING)
    assert problem.at == ("groups", 1, "parameterValues")
    assert problem.message == "the group 'G1' lacks what other groups have: colour (string)"


def test_many_parameters_that_a_group_lacks_are_told_in_one_short_line() -> None:
    (problem,) = problems(groups(50, 50, values=(f"{{{', '.join(f'p{n}: {n}' for n in range(100))}}}", "{}")))
    assert problem.message.endswith("p6 (number), p7 (number) and 92 more")


@pytest.mark.parametrize(
    ("one", "other", "types"),
    [
        ("1", "'1'", ("number", "string")),
        ("true", "1", ("boolean", "number")),
        ("[1]", "{a: 1}", ("array", "object")),
        ("null", "1", ("null", "number")),
    ],
)
def test_a_parameter_of_two_types_is_doubted(one: str, other: str, types: tuple[str, str]) -> None:
    (problem,) = problems(groups(50, 50, values=(f"{{p: {one}}}", f"{{p: {other}}}")))
    assert (problem.code, problem.at) == ("RULE/parameters", ("groups", 1, "parameterValues", "p"))
    assert problem.message == f"'p' is {types[1]} here and {types[0]} elsewhere"


def test_whole_numbers_and_decimals_are_one_type() -> None:
    assert problems(groups(50, 50, values=("{p: 1}", "{p: 1.5}"))) == []


@pytest.mark.parametrize("field", ["controlGroup", "launchedGroup"])
def test_a_group_that_is_named_and_not_there_is_refused(field: str) -> None:
    (problem,) = problems(f"{groups(50, 50)}\n{field}: G00")
    assert (problem.code, problem.at, problem.cure) == ("REF/group", (field,), "did you mean G0?")
    (problem,) = problems(f"{groups(50, 50)}\n{field}: Nothing like it")
    assert problem.cure == "one of G0, G1"


@pytest.mark.parametrize(
    "spec", [groups(50, 50) + "\ncontrolGroup: G0\nlaunchedGroup: G1", "controlGroup: Control", "hypothesis: None"]
)
def test_groups_that_are_there_or_not_managed_can_be_named(spec: str) -> None:
    assert problems(spec) == []


@pytest.mark.parametrize(
    "field", ["duration", "targetExposures", "allocationDuration", "cohortedAnalysisDuration", "fixedAnalysisDuration"]
)
def test_the_edge_of_what_the_documents_allow_is_doubted(field: str) -> None:
    (problem,) = problems(f"{field}: 1")
    assert (problem.code, problem.severity, problem.at) == ("RULE/edge", Severity.WARNING, (field,))
    assert problems(f"{field}: 2") == []

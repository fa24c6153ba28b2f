"""What is wrong with an experiment beyond the types of its fields."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reconciler.domain import EVERY, Problem, Tree
from reconciler.domain.listing import few
from reconciler.kind import error, warning
from reconciler.kinds.shared import ROUNDING
from reconciler.suggest import did_you_mean


def check(spec: Tree) -> Iterator[Problem]:
    """Group names and sizes, parameters, group references, and numbers at the edge of what the API accepts."""
    groups = spec.get("groups")
    if groups is not None:
        yield from _group_problems(groups)
        yield from _parameter_problems(groups)
        yield from _group_references(spec, groups)
    for field in (
        "duration",
        "targetExposures",
        "allocationDuration",
        "cohortedAnalysisDuration",
        "fixedAnalysisDuration",
    ):
        if spec.get(field) == 1:
            yield warning("RULE/edge", f"whether the service accepts {field}: 1 is not known", "use 2 or more", field)


def _group_problems(groups: list[Tree]) -> Iterator[Problem]:
    names = [group["name"] for group in groups]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield error(
                "RULE/duplicate-name",
                f"two groups are called {name!r}",
                "give each group a name of its own",
                "groups",
                index,
                "name",
            )
    total = sum((Decimal(str(group["size"])) for group in groups), Decimal())
    if abs(total - 100) > ROUNDING:
        yield error(
            "RULE/group-sizes",
            f"the sizes of the groups sum to {total:g}",
            "let them sum to 100",
            "groups",
            rests_on=(("groups", EVERY, "size"),),
        )


def _parameter_problems(groups: list[Tree]) -> Iterator[Problem]:
    types: dict[str, dict[str, str]] = {}
    for group in groups:
        for parameter, value in group["parameterValues"].items():
            types.setdefault(parameter, {})[group["name"]] = _type(value)
    expected = {parameter: next(iter(by_group.values())) for parameter, by_group in types.items()}
    for index, group in enumerate(groups):
        here = ("groups", index, "parameterValues")
        if missing := [f"{name} ({type_})" for name, type_ in expected.items() if group["name"] not in types[name]]:
            yield warning(
                "RULE/parameters",
                f"the group {group['name']!r} lacks what other groups have: {few(missing)}",
                "give each a value here, or take it out of the others",
                *here,
            )
        for parameter in group["parameterValues"]:
            if types[parameter][group["name"]] != expected[parameter]:
                yield warning(
                    "RULE/parameters",
                    f"{parameter!r} is {types[parameter][group['name']]} here and {expected[parameter]} elsewhere",
                    "give it one type in all groups",
                    *here,
                    parameter,
                )


def _type(value: object) -> str:
    match value:
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case None:
            return "null"
    return "object"


def _group_references(spec: Tree, groups: list[Tree]) -> Iterator[Problem]:
    names = [group["name"] for group in groups]
    for field in ("controlGroup", "launchedGroup"):
        name = spec.get(field)
        if name is not None and name not in names:
            yield error(
                "REF/group",
                f"there is no group {name!r}",
                did_you_mean(name, names) or f"one of {few(dict.fromkeys(names))}",
                field,
                rests_on=(("groups", EVERY, "name"),),
            )

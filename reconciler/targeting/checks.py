"""What is wrong with the rules of a spec, beyond the types of their fields."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from reconciler.domain import Json, Problem, Tree
from reconciler.kind import error, warning
from reconciler.suggest import did_you_mean
from reconciler.targeting.rollout import PENDING
from reconciler.targeting.table import CONDITION_TYPES, DECIMAL, SCALARS, Shape
from reconciler.targeting.texts import text_problems

_FIRST_MILLISECONDS = 100_000_000_000
"""3 March 1973; smaller numbers are seconds by mistake."""

_KIND_FIELDS = {"custom_field": "field", "unit_id": "customID"}


def rule_problems(rules: list[Tree]) -> Iterator[Problem]:
    """Duplicate names, and every condition held against the table of condition types."""
    seen: set[str] = set()
    for index, rule in enumerate(rules):
        name = rule["name"]
        if name in seen:
            yield error(
                "RULE/duplicate-name",
                f"two rules are called {name!r}",
                "give each rule of an object a name of its own",
                "rules",
                index,
                "name",
            )
        seen.add(name)
        if rule.get("environments") == []:
            yield warning(
                "RULE/no-environment",
                "an empty list of environments is read as all environments",
                "write null for all environments, or name some",
                "rules",
                index,
                "environments",
            )
        yield from _schedule_problems(rule, index)
        for position, condition in enumerate(rule["conditions"]):
            yield from _condition_problems(condition, ("rules", index, "conditions", position))


def _schedule_problems(rule: Tree, index: int) -> Iterator[Problem]:
    times = [float(step["time"]) for step in rule.get(PENDING, [])]
    at = ("rules", index, PENDING)
    if times != sorted(set(times)):
        yield error("RULE/schedule", "the steps of a rollout follow each other", "write them in order of time", *at)
    for position, time in enumerate(times):
        if time < _FIRST_MILLISECONDS:
            yield _seconds(time, (*at, position, "time"))


def _condition_problems(condition: Tree, at: tuple[str | int, ...]) -> Iterator[Problem]:
    type_, operator = condition["type"], condition.get("operator") or None
    known = CONDITION_TYPES[type_]
    if known.needs and not condition.get(known.needs):
        needed = (*at, known.needs)
        yield error(
            "CONDITION/missing", f"the condition {type_} needs {known.needs}", _need(type_), *at, rests_on=(needed,)
        )
    yield from _stray_fields(condition, type_, at)
    if known.operators and operator is None:
        yield error(
            "CONDITION/operator",
            f"the condition {type_} needs an operator",
            f"write operator: one of {', '.join(known.operators)}",
            *at,
            rests_on=((*at, "operator"),),
        )
    elif operator is not None and operator not in known.operators:
        yield warning(
            "CONDITION/operator",
            f"the operator {operator!r} is not in the table for {type_}",
            did_you_mean(operator, known.operators) or _listed(type_),
            *at,
            "operator",
        )
    else:
        shape = known.operators[operator] if operator else known.bare
        yield from _target_problems(condition.get("targetValue"), shape or Shape.ANYTHING, operator or type_, at)
        yield from text_problems(condition, at)


def _need(type_: str) -> str:
    if type_ == "custom_field":
        return "write field: the name of the custom field"
    return "write customID: the unit id type, such as stableID"


def _listed(type_: str) -> str:
    if CONDITION_TYPES[type_].bare is Shape.ANYTHING:
        return f"which operators {type_} takes is not documented: it is sent as written"
    operators = CONDITION_TYPES[type_].operators
    return f"known operators: {', '.join(operators)}" if operators else f"{type_} takes no operator: take it out"


def _stray_fields(condition: Tree, type_: str, at: tuple[str | int, ...]) -> Iterator[Problem]:
    for owner, field in _KIND_FIELDS.items():
        if condition.get(field) and owner != type_:
            yield warning(
                "CONDITION/stray",
                f"{field} means nothing in the condition {type_}",
                f"take it out, or use type: {owner}",
                *at,
                field,
            )


def _target_problems(target: Json, shape: Shape, what: str, at: tuple[str | int, ...]) -> Iterator[Problem]:
    here = (*at, "targetValue")
    empty = target in (None, "", [])
    if shape is Shape.ANYTHING:
        return
    if shape is Shape.NOTHING:
        if not empty:
            yield error("CONDITION/target", f"{what} takes no targetValue", "take targetValue out", *here)
    elif target in (None, ""):
        yield error(
            "CONDITION/target", f"{what} needs a targetValue", f"write targetValue: {shape}", *at, rests_on=(here,)
        )
    elif shape is Shape.LIST:
        if not isinstance(target, list):
            yield error("CONDITION/target", f"{what} takes a list", f"write targetValue: [{target}]", *here)
        elif not target:
            yield error("CONDITION/target", f"{what} of an empty list", "name at least one value", *here)
    elif shape in SCALARS:
        yield from _scalar_problems(target, shape, what, here)


def _scalar_problems(target: Json, shape: Shape, what: str, here: tuple[str | int, ...]) -> Iterator[Problem]:
    if isinstance(target, list):
        if len(target) != 1:
            yield error(
                "CONDITION/target",
                f"{what} takes one value, not {len(target)}",
                "write one condition (AND) or one rule (OR) for each value",
                *here,
            )
            return
        target = target[0]
    if shape is Shape.TEXT:
        return
    if _is_number(target):
        if shape is Shape.TIME and abs(float(target)) < _FIRST_MILLISECONDS:
            yield _seconds(target, here)
        return
    cure = "write a number"
    if shape is Shape.TIME:
        cure = "write epoch milliseconds" + (f": {milliseconds}" if (milliseconds := _epoch(str(target))) else "")
    yield error("CONDITION/target", f"{what} takes {shape}, not {target!r}", cure, *here)


def _seconds(time: Json, here: tuple[str | int, ...]) -> Problem:
    moment = datetime.fromtimestamp(float(time) / 1000, UTC)
    message = f"{time} is {moment:%Y-%m-%d}: are these seconds?"
    return warning("CONDITION/time", message, "write epoch milliseconds: three more digits", *here)


def _is_number(value: Json) -> bool:
    return DECIMAL.fullmatch(str(value)) is not None and not isinstance(value, bool)


def _epoch(date: str) -> int | None:
    try:
        moment = datetime.fromisoformat(date)
    except ValueError:
        return None
    zoned = moment if moment.tzinfo else datetime.fromisoformat(f"{moment.isoformat()}+00:00")
    return int(zoned.timestamp() * 1000)

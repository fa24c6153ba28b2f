"""Who gets something in production before a step, and who gets it after it: percentages of rules."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from reconciler.domain import Json, Step, Tree, objects
from reconciler.forms import number, parse_json5
from reconciler.kind import Kind
from reconciler.targeting.rollout import PENDING

USUAL_PRODUCTION = frozenset({"production"})
"""The environments that count as production where nobody says which do."""
_UNSAID = 100
"""The percentage of a new rule of a dynamic config that states none."""


@dataclass(frozen=True, slots=True)
class Moment:
    """An object before or after a step: its status ("" where there is none), its rules, and whether they count.

    `default`: what whoever no rule gives anything gets.
    """

    status: str
    rules: tuple[Tree, ...]
    on: bool
    default: Json = None

    def share(self, rule: Tree | None, production: Collection[str]) -> float:
        """The percentage of the units that a rule is about that get it in production."""
        if self.status == "launched":
            return 100
        if not self.on or rule is None or not in_force(rule, production):
            return 0
        return percentage(rule)

    def everyone(self, production: Collection[str]) -> float:
        """The percentage that every unit passes with in production, whoever it is: that of those who get least."""
        shares: list[float] = []
        for rule in self.rules:
            if in_force(rule, production):
                shares.append(self.share(rule, production))
                if is_public(rule):
                    return min(shares)
        return 100 if self.status == "launched" else 0


def before(step: Step, kind: Kind) -> Moment:
    """The object that the step was computed from."""
    if step.base is None:
        return Moment("", (), on=False)
    status = str(kind.view(step.base).get("status"))
    return Moment(status, _rules(step.base), status not in kind.off, value_of(step.base, "defaultValue"))


def after(step: Step, kind: Kind) -> Moment:
    """The object as the calls of the step leave it."""
    whole: Tree = dict(step.base or {})
    for call in step.calls:
        if call.method in {"POST", "PATCH"} and isinstance(call.body, dict):
            whole |= call.body
    said = next((change.desired for change in step.fields if change.path == ("status",)), None)
    status = str(said or ("on" if step.base is None else kind.view(step.base).get("status")))
    return Moment(status, _rules(whole), status not in kind.off, value_of(whole, "defaultValue"))


def _rules(tree: Tree) -> tuple[Tree, ...]:
    return tuple(objects(tree.get("rules")))


def percentage(rule: Tree) -> float:
    """How many percent a rule takes: all, where it says none or nothing that can be read."""
    return _percent(rule.get("passPercentage"))


def _percent(said: Json) -> float:
    found = number(said)
    return float(found) if isinstance(found, Decimal) and found.is_finite() else _UNSAID


def value_of(tree: Tree, name: str) -> Json:
    """A value, from its JSON5 text where that alone is known."""
    value = tree.get(name)
    return parse_json5(tree.get(f"{name}Json5"))[0] if value is None else value


def twin(rule: Tree, others: Collection[Tree]) -> Tree | None:
    """The same rule among the others: the id is carried over from live."""
    return next((other for other in others if rule.get("id") and other.get("id") == rule["id"]), None)


def scheduled(rule: Tree, same: Tree | None) -> Tree:
    """The rule with the highest percentage that a schedule leads it to which its twin does not have."""
    known = objects((same or {}).get(PENDING))
    ahead = [_percent(step.get("passPercent")) for step in objects(rule.get(PENDING)) if step not in known]
    return {**rule, "passPercentage": max(ahead)} if ahead else rule


def in_force(rule: Tree, production: Collection[str]) -> bool:
    """Whether a rule counts in production."""
    environments = rule.get("environments")
    if isinstance(environments, list) and environments and not any(str(name) in production for name in environments):
        return False
    return all(_leaves_in(condition, production) for condition in conditions(rule))


def _leaves_in(condition: Tree, production: Collection[str]) -> bool:
    """Whether the condition can hold in production, as far as the environment decides."""
    if condition.get("type") != "environment_tier":
        return True
    target = condition.get("targetValue")
    named = {str(name) for name in target} if isinstance(target, list) else {str(target)}
    match condition.get("operator"):
        case "any":
            return not named.isdisjoint(production)
        case "none":
            return not named.issuperset(production)
    return True


NOBODY_LEFT_OUT = frozenset({"public", "environment_tier"})
"""Conditions that hold for all units of an environment alike."""


def is_public(rule: Tree) -> bool:
    """Whether a rule is about everyone, where it counts."""
    return all(str(condition.get("type")) in NOBODY_LEFT_OUT for condition in conditions(rule))


def conditions(rule: Tree) -> list[Tree]:
    """The conditions of a rule."""
    return objects(rule.get("conditions"))

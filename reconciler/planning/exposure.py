"""Who gets something in production before a step, and who gets it after it: percentages of rules."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from reconciler.domain import Step, Tree
from reconciler.kind import Kind

_OFF = frozenset({"disabled", "archived", ""})


@dataclass(frozen=True, slots=True)
class Moment:
    """An object before or after a step: its status ("" where there is none), and its rules."""

    status: str
    rules: tuple[Tree, ...]

    def share(self, rule: Tree | None, production: Collection[str]) -> float:
        """The percentage of the units that a rule is about that get it in production."""
        if self.status == "launched":
            return 100
        if self.status in _OFF or rule is None or not in_force(rule, production):
            return 0
        return float(rule.get("passPercentage") or 0)

    def everyone(self, production: Collection[str]) -> float:
        """The percentage of all units that pass in production for certain."""
        first = next((rule for rule in self.rules if in_force(rule, production)), None)
        return self.share(first if first is not None and is_public(first) else None, production)


def before(step: Step, kind: Kind) -> Moment:
    """The object that the step was computed from."""
    if step.base is None:
        return Moment("", ())
    return Moment(str(kind.view(step.base).get("status")), _rules(step.base))


def after(step: Step, kind: Kind) -> Moment:
    """The object as the calls of the step leave it."""
    whole: Tree = dict(step.base or {})
    for call in step.calls:
        if call.method in {"POST", "PATCH"} and isinstance(call.body, dict):
            whole |= call.body
    said = next((change.desired for change in step.fields if change.path == ("status",)), None)
    on = "on" if step.base is None else str(kind.view(step.base).get("status"))
    return Moment(str(said or on), _rules(whole))


def _rules(tree: Tree) -> tuple[Tree, ...]:
    """The rules that have a percentage."""
    return tuple(rule for rule in tree.get("rules") or () if isinstance(rule, dict) and "passPercentage" in rule)


def twin(rule: Tree, others: Collection[Tree]) -> Tree | None:
    """The same rule among the others: the id is carried over from live."""
    return next((other for other in others if rule.get("id") and other.get("id") == rule["id"]), None)


def in_force(rule: Tree, production: Collection[str]) -> bool:
    """Whether a rule counts in production."""
    environments = rule.get("environments") or ()
    return not environments or any(name in production for name in environments)


def is_public(rule: Tree) -> bool:
    """Whether a rule is about everyone."""
    return all(condition.get("type") == "public" for condition in rule.get("conditions") or ())

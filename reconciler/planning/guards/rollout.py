"""How far a rollout may go in production in one run."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from reconciler.domain import Finding, Step, Tree
from reconciler.kind import Kind
from reconciler.planning.guards.contract import Guard, Guarded, leave
from reconciler.planning.order import REMOVALS

_OFF = frozenset({"disabled", "archived", ""})
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class _Moment:
    """An object before or after a step: its status ("" where there is none), and its rules."""

    status: str
    rules: tuple[Tree, ...]

    def share(self, rule: Tree | None, production: Collection[str]) -> float:
        """The percentage of the units that a rule is about that get it in production."""
        if self.status == "launched":
            return 100
        if self.status in _OFF or rule is None or not _in_force(rule, production):
            return 0
        return float(rule.get("passPercentage") or 0)

    def everyone(self, production: Collection[str]) -> float:
        """The percentage of all units that pass in production for certain."""
        first = next((rule for rule in self.rules if _in_force(rule, production)), None)
        return self.share(first if first is not None and _public(first) else None, production)


def _find(guarded: Guarded) -> Iterator[Finding]:
    rollout = guarded.safety.rollout
    if rollout is None:
        return
    production = guarded.production
    for step in guarded.plan.steps:
        kind = guarded.kinds.get(step.key.kind)
        if kind is None or step.verb in REMOVALS:
            continue
        for what, before, after in _rises(_before(step, kind), _after(step, kind), production):
            points = round(after - before, _DECIMALS)
            if points > rollout.max_increase:
                message = f"{what} goes from {before:g} % to {after:g} % in production, up by {points:g} points; "
                message += f"the limit of one run is {rollout.max_increase:g}"
                cure = leave(ROLLOUT.name, guarded.today, step.key, f"rollout: {{maxIncrease: {points:g}}}")
                yield Finding("GUARD/rollout", message, cure, step.where, step.key)


def _rises(before: _Moment, after: _Moment, production: Collection[str]) -> Iterator[tuple[str, float, float]]:
    """What is rolled out to more units: a name, and the percentages before and after."""
    if after.status == "launched":
        if before.status != "launched":
            yield "everyone: the gate is launched and", before.everyone(production), 100
        return
    for rule in after.rules:
        twin = _twin(rule, before.rules)
        widened = _public(rule) and not (twin and _public(twin))
        if twin or widened:
            shown = f"the{' public' if _public(rule) else ''} rule {rule.get('name')!r}"
            yield shown, before.share(None if widened else twin, production), after.share(rule, production)


def _before(step: Step, kind: Kind) -> _Moment:
    if step.base is None:
        return _Moment("", ())
    return _Moment(str(kind.view(step.base).get("status")), _rules(step.base))


def _after(step: Step, kind: Kind) -> _Moment:
    """The object as the calls of the step leave it."""
    whole: Tree = dict(step.base or {})
    for call in step.calls:
        if call.method in {"POST", "PATCH"} and isinstance(call.body, dict):
            whole |= call.body
    said = next((change.desired for change in step.fields if change.path == ("status",)), None)
    on = "on" if step.base is None else str(kind.view(step.base).get("status"))
    return _Moment(str(said or on), _rules(whole))


def _rules(tree: Tree) -> tuple[Tree, ...]:
    """The rules that have a percentage."""
    return tuple(rule for rule in tree.get("rules") or () if isinstance(rule, dict) and "passPercentage" in rule)


def _twin(rule: Tree, others: Collection[Tree]) -> Tree | None:
    """The same rule among the others: the id is carried over from live."""
    return next((other for other in others if rule.get("id") and other.get("id") == rule["id"]), None)


def _in_force(rule: Tree, production: Collection[str]) -> bool:
    environments = rule.get("environments") or ()
    return not environments or any(name in production for name in environments)


def _public(rule: Tree) -> bool:
    return all(condition.get("type") == "public" for condition in rule.get("conditions") or ())


ROLLOUT = Guard(
    name="rollout",
    what="""Percentages that go up in production: of a rule, of all rules of what is switched on, of a rule that comes
into force there, of a new rule for everyone, and of a gate that is launched.""",
    why="From 1 % to 100 % in one merge, a mistake meets everybody before anybody sees it in the metrics.",
    numbers="""`maxIncrease` points from before to after, for each rule by itself. A rule is in production if its
`environments` are null or name one that is; a new rule with conditions does not count. Which environments are
production is said by `production`, or by the service (`isProduction`), or else it is the one called production.""",
    example="safety: {rollout: {maxIncrease: 25}}",
    find=_find,
)

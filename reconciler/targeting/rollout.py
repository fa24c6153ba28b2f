"""Schedules in manifests: what a rule asks for today, given what its schedule has done so far.

    passPercentage: 10
    pendingAutomatedRollouts: [{time: Monday, passPercent: 50}, {time: Friday, passPercent: 100}]

On Wednesday this asks for 50 %, with Friday's step to come. A manifest never has to be edited because time went by, and
a step that the service took is never taken back.
"""

from __future__ import annotations

from reconciler.domain import Json, Path, Tree
from reconciler.forms import number

PENDING, COMPLETED = "pendingAutomatedRollouts", "completedAutomatedRollouts"

_ALL = 100
_SHARES = frozenset({"passPercentage", PENDING, COMPLETED})


def is_share(path: Path) -> bool:
    """Whether what stands there says how many units a rule or a variant takes, now or on a schedule.

    A value may have keys that are called the same.
    """
    match path:
        case ("rules", _, "variants", _, "passPercentage"):
            return True
        case ("rules", _, name, *_):
            return name in _SHARES
    return False


def is_split(rule: Json) -> bool:
    """Whether a rule gives something to a part of the units that it is about, which its id decides."""
    if not isinstance(rule, dict):
        return False
    share = rule.get("passPercentage")
    return (isinstance(share, int | float) and 0 < share < _ALL) or bool(rule.get("variants"))


def took_a_step(before: list[Tree], after: list[Tree]) -> bool:
    """Whether the schedule of a rule went on from one version of the rules to the next."""
    return any(_times(rule, COMPLETED) > _times(_twin(rule, before), COMPLETED) for rule in after)


def is_followed(rule: Tree) -> bool:
    """Whether the percentage of a live rule is where its schedule led: steps are to come, or the last one says it.

    Of a rule whose schedule is over, another percentage was set by hand. When its steps were is told by numbers.
    """
    steps = rule.get(COMPLETED) or []
    if rule.get(PENDING) or not all(isinstance(step.get("time"), int | float) for step in steps):
        return True
    last = max(steps, key=lambda step: float(step["time"]), default=None)
    return last is not None and number(last.get("passPercent")) == number(rule.get("passPercentage"))


def on_schedule(rules: list[Tree], live: list[Tree], now: int | None) -> list[Tree]:
    """The rules as they are wanted at `now` (epoch milliseconds; None: not known, so that only live tells)."""
    return [_today(rule, _twin(rule, live), now) if rule.get(PENDING) else rule for rule in rules]


def _today(rule: Tree, twin: Tree, now: int | None) -> Tree:
    """A step is over when it was taken, or when its time has come and it does not wait any more.

    Live says what was taken, unless the manifest does.
    """
    waiting, taken = _times(twin, PENDING), _times(rule if COMPLETED in rule else twin, COMPLETED)
    over = [step for step in rule[PENDING] if step["time"] in taken or _is_past(step, waiting, now)]
    if not over:
        return rule
    last = max(over, key=lambda step: float(step["time"]))
    rest = [step for step in rule[PENDING] if step not in over]
    return {**rule, "passPercentage": last["passPercent"], PENDING: rest}


def _is_past(step: Tree, waiting: set[float], now: int | None) -> bool:
    return now is not None and step["time"] <= now and step["time"] not in waiting


def _times(rule: Tree, name: str) -> set[float]:
    return {step["time"] for step in rule.get(name) or []}


def _twin(rule: Tree, live: list[Tree]) -> Tree:
    """The live rule that is meant: by its base id if the manifest states one, else by name."""
    key = "baseID" if rule.get("baseID") else "name"
    return next((other for other in live if other.get(key) == rule[key]), {})

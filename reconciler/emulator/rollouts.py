"""Automated rollouts: a rule's percentage follows its schedule, whoever looks.

Not in any document, decided here: a step is taken by the first request after its time, as at its time; its rule goes on
under a new revision of its id, as after any change of the percentage; the step moves to `completedAutomatedRollouts`.
Whoever changed the object last stays its last modifier, as no person did this; the version rises.
"""

from __future__ import annotations

from reconciler.domain import Tree
from reconciler.emulator.configs import CONFIGS
from reconciler.emulator.gates import GATES
from reconciler.emulator.request import Actor, Request
from reconciler.emulator.rules import kept_ids
from reconciler.emulator.writing import save

_PENDING, _COMPLETED = "pendingAutomatedRollouts", "completedAutomatedRollouts"


def take_due(request: Request) -> None:
    """Take the steps whose time has come."""
    for collection in (GATES, CONFIGS):
        for _, live in request.session.scheduled(collection):
            rules = [_stepped(rule, request.now) for rule in live.get("rules") or []]
            if rules != live.get("rules"):
                save(_as_last(request, live), collection, live, live | {"rules": rules})


def _stepped(rule: Tree, now: int) -> Tree:
    pending = sorted(rule.get(_PENDING) or [], key=lambda step: float(step["time"]))
    due = [step for step in pending if step["time"] <= now]
    if not due:
        return rule
    percentage = due[-1]["passPercent"]
    return rule | {
        "passPercentage": percentage,
        _PENDING: pending[len(due) :],
        _COMPLETED: [*(rule.get(_COMPLETED) or []), *due],
        **kept_ids(rule, percentage),
    }


def _as_last(request: Request, live: Tree) -> Request:
    who = Actor(live.get("lastModifierID") or "", live.get("lastModifierName") or "", live.get("lastModifierEmail"))
    return Request(request.session, who, request.now)

"""All statuses of the kinds that have one, as their specs list them, and a live object in each."""

from __future__ import annotations

from itertools import product
from typing import get_args

from reconciler.domain import Tree
from reconciler.kinds import KINDS

STATUSES: dict[str, tuple[str, ...]] = {
    kind.name: get_args(kind.spec.model_fields["status"].annotation)
    for kind in KINDS.values()
    if "status" in kind.spec.model_fields
}
PAIRS = [(kind, *pair) for kind, statuses in STATUSES.items() for pair in product(statuses, repeat=2)]
"""Kind, live status and desired status."""
BEGAN, BEGAN_TEXT = 1_790_000_000_000, "2026-09-21T14:13:20Z"
"""When experiments in these statuses began to run, if they did."""
GROUPS: list[Tree] = [
    {"name": "Control", "id": "g1", "size": 50, "parameterValues": {"n": 1}},
    {"name": "Test", "id": "g2", "size": 50, "parameterValues": {"n": 2}},
]


def in_status(kind: str, status: str) -> Tree:
    """A live object as the service has it."""
    if kind != "Experiment":
        return {"status": status.replace("_", " ").title(), "isEnabled": status in {"in_progress", "enabled"}}
    live: Tree = {"status": status, "groups": GROUPS, "controlGroupID": "g1", "decisionReason": ""}
    launched = {"launchedGroupID": "g2"} if status == "decision_made" else {}
    return {**live, "startTime": None if status == "setup" else BEGAN, **launched}


def wanted_status(kind: str, status: str) -> Tree:
    """A spec that asks for a status, with all that it takes to get there."""
    return {"status": status} | ({"launchedGroup": "Test"} if kind == "Experiment" else {})

"""Removals that a plan shows and no apply ever makes, and one that ignores what could not be read."""

from __future__ import annotations

import pytest

from reconciler.domain import Finding, Plan, ResourceKey, Snapshot, Status, Tree
from reconciler.kinds import KINDS
from reconciler.planning import Policy
from reconciler.planning.rollback import make_rollback
from tests.unit.applying.service import Service, applied, ends
from tests.unit.planning.making import key, plan_of, resource

A, B = key("Gate", "gate_a"), key("Gate", "gate_b")


def gate(id_: str, asks: str, status: str = "In Progress") -> Tree:
    conditions = [{"type": "passes_gate", "targetValue": asks}] if asks else []
    rule = {"name": "R", "id": "r", "baseID": "r", "passPercentage": 1, "conditions": conditions}
    return {"id": id_, "tags": ["git"], "status": status, "rules": [rule]}


def removed(live: dict[ResourceKey, Tree]) -> tuple[Plan, list[Status]]:
    """A plan that archives what is owned, and how its steps end when nothing has changed in the meantime."""
    plan = plan_of(live=live, policy=Policy(ownership_tag="git", prune="archive"))
    service = Service({f"/gates/{found.id}": tree for found, tree in live.items()})
    return plan, ends(applied(plan, service, live))


@pytest.mark.parametrize(
    "live",
    [
        {A: gate("gate_a", "gate_b", "Archived"), B: gate("gate_b", "")},
        {A: gate("gate_a", "gate_a")},
        {A: gate("gate_a", "gate_b"), B: gate("gate_b", "gate_a")},
    ],
    ids=["its user is in the archive already", "it refers to itself", "two refer to each other"],
)
def test_what_a_plan_removes_is_removed_when_nothing_changed(live: dict[ResourceKey, Tree]) -> None:
    plan, ended = removed(live)
    assert ended == [Status.DONE] * len(plan.steps)


def test_a_new_object_is_not_deleted_while_it_is_unknown_who_refers_to_it() -> None:
    plan = plan_of(resource("Gate", "{}"))
    unread = {"DynamicConfig": Finding("API/UNREAD", "the key may not read it", "")}
    live = Snapshot(objects={key("Gate"): {"id": "thing_one"}}, unread=unread)
    assert make_rollback(KINDS, plan, live).steps == ()

"""Removals that leave something dangling."""

from __future__ import annotations

import pytest

from reconciler.domain import ResourceKey, Status, Tree
from reconciler.planning import Policy
from tests.unit.applying.service import Service, applied
from tests.unit.planning.making import calls, key, plan_of, resource

GATE: Tree = {"tags": ["git"], "status": "In Progress", "rules": []}
FOUND = key("Gate", "gate_a")
ASKING: list[Tree] = [
    {"name": "R", "id": "r", "passPercentage": 1, "conditions": [{"type": "fails_gate", "targetValue": "gate_a"}]}
]


@pytest.mark.parametrize("prune", ["archive", "delete"])
@pytest.mark.parametrize(
    ("user", "tree"),
    [
        (
            key("Experiment", "running"),
            {"tags": ["git"], "status": "active", "targetingGateID": "gate_a", "groups": []},
        ),
        (key("Gate", "kept"), {**GATE, "tags": ["git", "git:protected"], "rules": ASKING}),
    ],
)
def test_what_an_owned_object_that_stays_refers_to_stays_too(prune: str, user: ResourceKey, tree: Tree) -> None:
    policy = Policy(ownership_tag="git", prune="archive" if prune == "archive" else "delete")
    assert calls(plan_of(live={FOUND: GATE, user: tree}, policy=policy)) == []


def test_a_chain_of_owned_objects_stays_when_its_end_is_used() -> None:
    middle: Tree = {**GATE, "rules": ASKING}
    end = [{**ASKING[0], "conditions": [{"type": "passes_gate", "targetValue": "gate_b"}]}]
    live = {FOUND: GATE, key("Gate", "gate_b"): middle, key("DynamicConfig", "by_hand"): {"rules": end}}
    assert calls(plan_of(live=live, policy=Policy(ownership_tag="git", prune="delete"))) == []


def test_the_reason_to_stay_is_the_whole_chain() -> None:
    end = [{**ASKING[0], "conditions": [{"type": "passes_gate", "targetValue": "gate_b"}]}]
    live = {
        FOUND: GATE,
        key("Gate", "gate_b"): {**GATE, "rules": ASKING},
        key("Gate", "gate_c"): {**GATE, "rules": end},
        key("Experiment", "test"): {"status": "active", "tags": ["git"], "targetingGateID": "gate_c", "groups": []},
    }
    plan = plan_of(live=live, policy=Policy(ownership_tag="git", prune="delete"))
    assert [finding.message for finding in plan.findings] == [
        "Experiment/test stays: it is running",
        "Gate/gate_a stays: Experiment/test -> Gate/gate_c -> Gate/gate_b -> Gate/gate_a",
        "Gate/gate_b stays: Experiment/test -> Gate/gate_c -> Gate/gate_b",
        "Gate/gate_c stays: Experiment/test -> Gate/gate_c",
    ]


def test_of_many_that_refer_to_an_object_some_are_told() -> None:
    users = {key("Gate", f"user_{number}"): {"rules": ASKING} for number in range(5)}
    (finding,) = plan_of(live={FOUND: GATE, **users}, policy=Policy(ownership_tag="git", prune="delete")).findings
    chains = [f"Gate/user_{number} -> Gate/gate_a" for number in range(3)]
    assert finding.message == f"Gate/gate_a stays: {'; '.join(chains)} and 2 more"


def test_an_object_is_not_removed_when_the_patch_that_frees_it_fails() -> None:
    """``fails_gate`` of a gate that is gone is true for everyone."""
    user = resource("Gate", "rules: []", id_="gate_b")
    live = {FOUND: {"id": "gate_a", **GATE}, user.key: {"id": "gate_b", **GATE, "rules": ASKING}}
    plan = plan_of(user, live=live, policy=Policy(ownership_tag="git", prune="delete"))
    service = Service({"/gates/gate_a": live[FOUND], "/gates/gate_b": live[user.key]})
    service.trouble("PATCH /gates/gate_b", "refused")
    failed, removal = applied(plan, service)
    assert failed.status is Status.FAILED
    assert removal.status is Status.SKIPPED
    assert "/gates/gate_a" in service.objects


def test_an_object_that_came_into_use_since_the_plan_was_made_is_not_removed() -> None:
    """A plan may be applied days after it was saved; its steps remember their own objects only."""
    tree: Tree = {"id": "gate_a", **GATE}
    user: Tree = {"id": "gate_b", "rules": ASKING}
    plan = plan_of(live={FOUND: tree}, policy=Policy(ownership_tag="git", prune="delete"))
    service = Service({"/gates/gate_a": tree, "/gates/gate_b": user})
    (outcome,) = applied(plan, service, {FOUND: tree, key("Gate", "gate_b"): user})
    assert outcome.status is Status.STALE
    assert service.writes == []

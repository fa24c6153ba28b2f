"""How much one run may remove or change: exactly as much as allowed passes, one more does not."""

from __future__ import annotations

import pytest

from reconciler.domain import Plan, ResourceKey, Severity, Tree
from tests.unit.guards.looking import PRUNING, seen
from tests.unit.planning.making import codes, key, plan_of, resource

GATE: Tree = {"tags": ["git"], "status": "In Progress", "isEnabled": True, "rules": []}


def gates(number: int, prefix: str = "gone") -> dict[ResourceKey, Tree]:
    return {key("Gate", f"{prefix}_{each}"): GATE for each in range(number)}


def removing(gone: int, stays: int = 0) -> Plan:
    """A plan that archives gates, among others that are as they should be."""
    kept = [resource("Gate", "tags: [git]", id_=found.id) for found in gates(stays, "kept")]
    return plan_of(*kept, live=gates(gone) | gates(stays, "kept"), policy=PRUNING)


def changing(number: int, stays: int = 0) -> Plan:
    """A plan that changes gates and adopts none."""
    live = gates(number, "thing") | gates(stays, "kept")
    wanted = [resource("Gate", "description: new", id_=found.id) for found in gates(number, "thing")]
    kept = [resource("Gate", "tags: [git]", id_=found.id) for found in gates(stays, "kept")]
    return plan_of(*wanted, *kept, live=live, policy=PRUNING)


@pytest.mark.parametrize(("count", "tripped"), [(3, []), (4, ["GUARD/removals"])])
def test_as_many_removals_as_are_allowed_pass(count: int, tripped: list[str]) -> None:
    assert codes(seen(removing(count), "removals: {max: 3}")) == tripped


@pytest.mark.parametrize(("count", "tripped"), [(10, []), (11, ["GUARD/removals"])])
def test_without_a_word_ten_objects_may_go(count: int, tripped: list[str]) -> None:
    assert codes(seen(removing(count), "prune: archive")) == tripped


def test_null_is_no_bound() -> None:
    assert seen(removing(30), "removals: {max: null}") == []


def test_a_guard_says_its_name_its_numbers_and_the_lines_that_let_the_plan_pass() -> None:
    (finding,) = seen(removing(2), "removals: {max: 1}")
    assert (finding.code, finding.severity) == ("GUARD/removals", Severity.ERROR)
    assert finding.message == "the plan removes 2 objects; the limit is 1"
    assert finding.cure == (
        "if that is meant, run with --allow removals=WHY, or write in reconciler.yaml: safety: {removals: {max: 2}} or "
        "safety: {allow: [{guard: removals, reason: WHY, until: 2026-12-08}]}"
    )


@pytest.mark.parametrize("most", [0, 1])
def test_the_proposed_limit_lets_the_plan_pass(most: int) -> None:
    (finding,) = seen(removing(2), f"removals: {{max: {most}}}")
    line = finding.cure.split("reconciler.yaml: safety: {")[1].split("} or ")[0]
    assert seen(removing(2), line) == []


@pytest.mark.parametrize(("count", "tripped"), [(2, []), (3, ["GUARD/removals"])])
def test_a_share_counts_all_managed_objects(count: int, tripped: list[str]) -> None:
    plan = removing(count, stays=20 - count)
    found = seen(plan, "removals: {max: null, maxPercent: 10}")
    assert codes(found) == tripped
    assert all("3 of 20 managed objects (15 %); the limit is 10 %" in each.message for each in found)


def test_the_proposed_share_lets_the_plan_pass() -> None:
    plan = removing(1, stays=11)
    (finding,) = seen(plan, "removals: {maxPercent: 8}")
    assert "maxPercent: 8.4" in finding.cure
    assert seen(plan, "removals: {maxPercent: 8.4}") == []


@pytest.mark.parametrize(("managed", "tripped"), [(9, []), (10, ["GUARD/removals"])])
def test_a_share_of_few_objects_says_nothing(managed: int, tripped: list[str]) -> None:
    assert codes(seen(removing(3, stays=managed - 3), "removals: {maxPercent: 10}")) == tripped


def test_a_kind_has_limits_of_its_own_besides_those_for_all() -> None:
    found = seen(removing(2), "removals: {max: 1, kinds: {Gate: {max: 0}, Experiment: {max: 0}}}")
    assert [each.message for each in found] == [
        "the plan removes 2 objects; the limit is 1",
        "the plan removes 2 Gate objects; the limit is 0",
    ]
    assert "safety: {removals: {kinds: {Gate: {max: 2}}}}" in found[1].cure


@pytest.mark.parametrize(("count", "tripped"), [(2, []), (3, ["GUARD/updates"])])
def test_updates_are_counted_by_themselves(count: int, tripped: list[str]) -> None:
    assert codes(seen(changing(count, stays=5), "updates: {max: 2}")) == tripped


def test_adopted_objects_are_changed_as_well() -> None:
    wanted = resource("Gate", "description: mine")
    plan = plan_of(wanted, live={wanted.key: {**GATE, "tags": []}}, policy=PRUNING)
    assert codes(seen(plan, "updates: {max: 0}")) == ["GUARD/updates"]


def test_what_is_created_is_no_update() -> None:
    assert seen(plan_of(resource("Gate", "{}")), "updates: {max: 0}") == []

"""What goes with a step that is left out, and what goes on."""

from __future__ import annotations

from reconciler.domain import Plan, ResourceKey
from reconciler.planning.leaving_out import leave_out
from tests.unit.planning.making import key, plan_of, resource

ASKING = "rules: [{{name: R, passPercentage: 1, conditions: [{{type: passes_gate, targetValue: {0}}}]}}]"


def chain() -> Plan:
    """far asks middle, which asks near; alone asks nothing, and both ends have tags that are not there."""
    return plan_of(
        resource("Gate", "tags: [lost]", id_="near"),
        resource("Gate", ASKING.format("near"), id_="middle"),
        resource("Gate", ASKING.format("middle"), id_="far"),
        resource("Gate", "tags: [kept]", id_="alone"),
        tags=frozenset(),
    )


def ids(keys: list[ResourceKey]) -> list[str]:
    return [each.id for each in keys]


def test_what_needs_it_is_left_out_too_however_far_away() -> None:
    plan = leave_out(chain(), {key("Gate", "near")})
    assert ids([step.key for step in plan.steps]) == ["kept", "alone"]
    assert ids([step.key for step in plan.pending]) == ["far", "middle", "near"]
    assert all(step.calls == () for step in plan.pending)
    assert [ids(sorted(step.needs)) for step in plan.pending] == [["middle"], ["near"], []]


def test_what_it_needs_goes_on() -> None:
    plan = leave_out(chain(), {key("Gate", "far")})
    assert {step.key.id for step in plan.steps} == {"kept", "lost", "near", "middle", "alone"}


def test_without_any_the_plan_stays_as_it_is() -> None:
    assert leave_out(chain(), ()) == chain()

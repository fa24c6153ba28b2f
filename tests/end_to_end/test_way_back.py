"""The way back that a reviewer reads in a plan is the one that a rollback goes, as long as nobody changed anything."""

from __future__ import annotations

from reconciler.domain import Call
from reconciler.kinds import KINDS
from reconciler.planning.rollback import make_rollback
from tests.end_to_end.world import World


def names(call: Call) -> set[str]:
    """The fields that a call writes."""
    return set(call.body) if isinstance(call.body, dict) else set()


def test_each_step_of_the_example_says_how_it_would_be_undone(world: World) -> None:
    world.example()
    planned = world.good_plan()
    assert {outcome.status for outcome in world.outcomes(planned)} == {"done"}
    live = world.plan().live
    back = {step.key: step for step in make_rollback(KINDS, planned.plan, live).steps}
    told = {step.key: step.back for step in planned.plan.steps if step.key.kind in KINDS}
    assert {key for key, way in told.items() if way.calls} == back.keys()
    for key, step in back.items():
        for foretold, computed in zip(told[key].calls, step.calls, strict=True):
            assert str(foretold) == str(computed)
            assert names(foretold) <= names(computed) <= names(foretold) | {"teamID"}, (
                "which the service adds to a team"
            )
    lasting = {str(key): way.kept for key, way in told.items() if not way.calls}
    assert all(lasting.values()), lasting

"""Objects that were seeded without what the service makes can be changed like others."""

from __future__ import annotations

from reconciler.domain import Tree
from tests.end_to_end.world import World, manifest


def test_a_variant_without_an_id_can_be_seeded_and_changed(world: World) -> None:
    variant = {"name": "all", "passPercentage": 100, "returnValue": {"most": 2}}
    rule: Tree = {"name": "Trial", "passPercentage": 10, "conditions": [], "returnValue": {"most": 1}}
    world.seed({"dynamic_configs": [{"id": "limits", "rules": [rule | {"variants": [variant]}]}]})
    changed = rule | {"variants": [variant | {"returnValue": {"most": 3}}]}
    world.manifests([manifest("DynamicConfig", "limits", {"rules": [changed]})])
    (end,) = world.outcomes(world.good_plan())
    assert end.reason == ""

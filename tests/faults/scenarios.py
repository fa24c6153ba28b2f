"""Small projects in which little changes: what is live, what the manifests say, and what a person may do meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reconciler.domain import Tree
from tests.end_to_end.world import manifest

TAG = "git"
GROUPS = [
    {"name": "Steps", "size": 50, "parameterValues": {"layout": "steps"}},
    {"name": "One page", "size": 50, "parameterValues": {"layout": "single"}},
]
LIVE_GROUPS = [{**group, "id": f"g{number}", "description": ""} for number, group in enumerate(GROUPS)]
SOURCE: Tree = {"idTypeMapping": [{"statsigUnitID": "userID", "column": "id"}]}


@dataclass(frozen=True, slots=True)
class Scenario:
    """One case. A person may change and delete the object `edited`, and make the one that is `created`."""

    live: Tree
    manifests: tuple[Tree, ...]
    edited: tuple[str, str]
    created: tuple[str, Tree]
    settings: Tree
    removed: str = ""
    """A gate that is to be removed, and to which the object refers that a person makes."""
    final: str = ""
    """The code of the finding that refuses to make the object `edited` anew, once a person has deleted it."""


def passes(*gates: str) -> Tree:
    """A rule for who passes these gates."""
    return {
        "name": "Those",
        "passPercentage": 100,
        "conditions": [{"type": "passes_gate", "targetValue": list(gates)}],
    }


def public(percentage: float) -> Tree:
    """A rule for so many of all."""
    return {"name": "All", "passPercentage": percentage, "conditions": [{"type": "public"}]}


def _case(live: Tree, *manifests: Tree, edited: tuple[str, str], **others: object) -> Scenario:
    created = others.pop("created", ("gates", {"id": "by_hand", "description": "by a person"}))
    settings = others.pop("settings", {})
    return Scenario(live, manifests, edited, created, settings, **others)  # type: ignore[arg-type]


_BYSTANDER = {"id": "bystander", "description": "nobody's business"}

SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {
        "create": _case(
            {"gates": [_BYSTANDER]},
            manifest("Gate", "checkout", {"description": "from Git", "rules": [public(10)]}),
            manifest("DynamicConfig", "limits", {"defaultValue": {"most": 1}}),
            edited=("gates", "bystander"),
            created=("gates", {"id": "checkout", "description": "by a person"}),
        ),
        "update": _case(
            {"gates": [{"id": "checkout", "description": "as it was", "rules": [public(5)]}, _BYSTANDER]},
            manifest("Gate", "checkout", {"description": "from Git", "rules": [public(10)]}),
            edited=("gates", "checkout"),
        ),
        "launch": _case(
            {"gates": [{"id": "checkout", "description": "as it was"}, _BYSTANDER]},
            manifest("Gate", "checkout", {"description": "from Git", "status": "launched"}),
            edited=("gates", "checkout"),
        ),
        "start": _case(
            {"experiments": [{"id": "layout", "groups": LIVE_GROUPS, "controlGroupID": "g0", "allocation": 40}]},
            manifest(
                "Experiment",
                "layout",
                {"status": "active", "allocation": 80, "groups": GROUPS, "description": "from Git"},
            ),
            edited=("experiments", "layout"),
            created=("experiments", {"id": "by_hand"}),
        ),
        "decision": _case(
            {
                "experiments": [
                    {"id": "layout", "groups": LIVE_GROUPS, "controlGroupID": "g0", "status": "active"}
                    | {"startTime": 1790000000000, "layerID": "statsig::layout_layer"}
                ]
            },
            manifest(
                "Experiment",
                "layout",
                {"status": "decision_made", "launchedGroup": "One page", "groups": GROUPS, "description": "from Git"},
                decision={"reason": "It won."},
            ),
            edited=("experiments", "layout"),
            created=("experiments", {"id": "by_hand"}),
            final="LIFECYCLE/create",
        ),
        "adopt": _case(
            {"gates": [{"id": "checkout", "description": "as it was", "tags": ["payments"]}]}
            | {"tags": [{"name": TAG}, {"name": "payments"}]},
            manifest("Gate", "checkout", {"description": "from Git", "tags": ["payments", "new tag"]}),
            edited=("gates", "checkout"),
            created=("tags", {"name": "new tag", "id": "new tag"}),
            settings={"ownership": {"tag": TAG}},
        ),
        "chain": _case(
            {"gates": [_BYSTANDER]},
            manifest("Gate", "first", {}),
            manifest("Gate", "second", {"rules": [passes("first")]}),
            manifest("Experiment", "layout", {"targetingGateID": "second"}),
            edited=("gates", "bystander"),
            created=("gates", {"id": "second", "description": "by a person"}),
        ),
        "removal": _case(
            {
                "tags": [{"name": TAG}],
                "gates": [
                    {"id": "base", "tags": [TAG]},
                    {"id": "top", "tags": [TAG], "rules": [passes("base")]},
                    {"id": "used", "tags": [TAG]},
                    {"id": "asked", "tags": [TAG]},
                    {"id": "kept", "tags": [TAG]},
                    {"id": "of_others"},
                ],
                "experiments": [{"id": "of_others", "targetingGateID": "used", "description": ""}],
                "segments": [{"id": "vip", "name": "vip", "rules": [passes("asked")]}],
            },
            manifest("Gate", "kept", {"description": "from Git"}),
            edited=("gates", "base"),
            created=("experiments", {"id": "by_hand", "targetingGateID": "base"}),
            settings={"ownership": {"tag": TAG}, "safety": {"prune": "delete", "archiveFirst": False}},
            removed="base",
        ),
        "source": _case(
            {"entity_properties": [{"name": "people", "description": "as it was", "sql": "SELECT id", **SOURCE}]},
            manifest(
                "EntityPropertySource", "people", {"sql": "SELECT id FROM users", "description": "from Git", **SOURCE}
            ),
            edited=("entity_properties", "people"),
            created=("entity_properties", {"name": "by hand", "sql": "SELECT 1", **SOURCE}),
        ),
        "two pages": _case(
            {
                "tags": [{"name": TAG}],
                "gates": [{"id": f"gate_{number:03}", "tags": [TAG] if number > 100 else []} for number in range(103)],
                "experiments": [{"id": "of_others", "targetingGateID": "gate_101"}],
            },
            manifest("Gate", "gate_000", {"description": "from Git"}),
            edited=("gates", "gate_000"),
            settings={"ownership": {"tag": TAG}, "safety": {"prune": "archive"}},
        ),
    }
)

"""A live project and manifests whose plan has a step of every sort."""

from __future__ import annotations

from reconciler.domain import Tree
from tests.end_to_end.filing import Filed, filed
from tests.end_to_end.world import World, manifest, seeded

OWNER = "git"


def rule(name: str, share: float = 10, *, asks: str = "", id_: str = "") -> Tree:
    """A rule of a gate; `asks` names a gate that must pass. With an `id_` it is as the service answers it."""
    conditions = [{"type": "passes_gate", "targetValue": [asks]}] if asks else [{"type": "public"}]
    made = {"id": id_, "baseID": id_, "environments": None} if id_ else {}
    return {"name": name, "passPercentage": share, "conditions": conditions, **made}


def groups(*sizes: float, ids: bool = True) -> list[Tree]:
    return [
        {"name": name, "size": size, "parameterValues": {"x": name}, **({"id": f"id-{name}"} if ids else {})}
        for name, size in zip("AB", sizes, strict=True)
    ]


SOURCE: Tree = {"sql": "SELECT id FROM t", "idTypeMapping": [{"statsigUnitID": "userID", "column": "id"}]}
WRITTEN_ONCE: Tree = {"isReadOnly": False, "team": None, "teamID": None, "timestampAsDay": False, "timestampColumn": ""}
"""What a full update of a source fills in."""
LIMITS: Tree = {"defaultValue": {"a": 1}, "defaultValueJson5": '{\n  "a": 1\n}', "rules": [], "isEnabled": True}
TAGS: Tree = {"tags": [OWNER]}
LIVE: Tree = seeded(
    gates=[
        {"id": "worded", "description": "Live words", "team": "A", "rules": [], "status": "Disabled", **TAGS},
        {"id": "ramped", "rules": [rule("One", id_="r1"), rule("Two", 20, id_="r2")], "status": "In Progress", **TAGS},
        {"id": "launching", "rules": [], "status": "In Progress", **TAGS},
        {"id": "retired", "rules": [], "status": "Disabled", "isEnabled": False, **TAGS},
        {"id": "by_hand", "rules": [rule("By hand", id_="h1")], "status": "In Progress"},
    ],
    dynamic_configs=[{"id": "limits", "status": "Enabled", **LIMITS, **TAGS}],
    experiments=[
        {"id": "starting", "status": "setup", "groups": groups(50, 50), "controlGroupID": "id-A", **TAGS},
        {"id": "ending", "status": "active", "groups": groups(50, 50), "controlGroupID": "id-A", **TAGS},
    ],
    entity_properties=[{"name": "people", "description": "Live words", **SOURCE, **WRITTEN_ONCE, **TAGS}],
)
MANIFESTS = [
    manifest("Gate", "worded", {"description": "Git's words"}),
    manifest("Gate", "ramped", {"rules": [rule("One", 55), rule("Two", 20)]}),
    manifest("Gate", "launching", {"status": "launched"}),
    manifest("Gate", "base_gate", {"status": "in_progress", "tags": ["peak"]}),
    manifest("Gate", "asking_gate", {"rules": [rule("Asks", asks="base_gate")]}),
    manifest("DynamicConfig", "limits", {"defaultValue": {"a": 2}}),
    manifest("Experiment", "starting", {"status": "active", "controlGroup": "B"}),
    manifest("Experiment", "ending", {"status": "abandoned"}, decision={"reason": "No effect"}),
    manifest("EntityPropertySource", "people", {**SOURCE, "sql": "SELECT id, 2 AS n FROM t"}),
]
EVERYTHING = [
    "Tag/peak",
    "EntityPropertySource/people",
    "Gate/base_gate",
    "Gate/asking_gate",
    "Gate/launching",
    "Gate/ramped",
    "Gate/worded",
    "DynamicConfig/limits",
    "Experiment/ending",
    "Experiment/starting",
    "Gate/retired",
]
"""The objects of the plan, whatever their order."""


def every_sort(world: World) -> Filed:
    """The plan in a file."""
    world.project(ownership={"tag": OWNER}, safety={"prune": "archive"})
    world.seed(LIVE)
    world.manifests(MANIFESTS)
    return filed(world)

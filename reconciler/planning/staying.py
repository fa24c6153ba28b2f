"""Why an object that lost its manifest stays: it is protected, in use or running, or held by something that stays."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from reconciler.domain import Finding, ResourceKey, Severity, Tree
from reconciler.planning.naming import Naming
from reconciler.planning.ownership import is_protected, protection
from reconciler.planning.review import open_review

_SHOWN = 3
"""So many of those that refer to an object are told."""


def staying(
    going: Mapping[ResourceKey, Tree], deleted: Collection[ResourceKey], users: Naming, tag: str
) -> dict[ResourceKey, Finding]:
    """Those of the objects in `going` that stay, with the reason. What one that stays refers to stays, too.

    Objects in `deleted` are no more after the plan, the others are in the archive, where they still refer to others.
    `users` tells who refers to an object after the plan.
    """
    stay: dict[ResourceKey, Finding] = {}
    chains: dict[ResourceKey, str] = {}
    while True:
        leaving = going.keys() - stay.keys()
        gone = leaving & set(deleted)
        holders = {key: _holders(key, going[key], users, gone if key in gone else leaving) for key in leaving}
        held = {key: [f"{chains.get(each, each)} -> {key}" for each in holders[key]] for key in leaving}
        found = {key: why for key in leaving if (why := _reason(key, going[key], held[key], tag))}
        if not found:
            return stay
        chains |= {key: held[key][0] if held[key] else str(key) for key in found}
        stay |= found


def stays(code: str, key: ResourceKey, why: str, cure: str) -> Finding:
    """What is said about an object that is not removed."""
    return Finding(code, f"{key} stays: {why}", cure, key=key, severity=Severity.WARNING)


def _holders(key: ResourceKey, live: Tree, users: Naming, leaving: Collection[ResourceKey]) -> list[ResourceKey]:
    """Who still refers to the object, but for what is `leaving` with it."""
    holdouts = {ResourceKey("Holdout", str(id_)) for id_ in live.get("holdoutIDs") or []}
    return sorted((users.get(key, frozenset()) | holdouts).difference(leaving, {key}))


def _reason(key: ResourceKey, live: Tree, held: Sequence[str], tag: str) -> Finding | None:
    """`held`: the chains of references that hold the object."""
    if is_protected(tag, live):
        cure = f"bring its manifest back, or take the tag {protection(tag)} off it"
        return stays("PRUNE/protected", key, "it is protected", cure)
    if held:
        more = f" and {len(held) - _SHOWN} more" if len(held) > _SHOWN else ""
        cure = "take the reference out first: each arrow leads from what refers to what is referred to"
        return stays("PRUNE/in-use", key, f"{'; '.join(held[:_SHOWN])}{more}", cure)
    if live.get("status") == "active":
        return stays("PRUNE/running", key, "it is running", "conclude it first")
    if review := open_review(live):
        return stays("PRUNE/review", key, str(review), "decide it in the console first")
    if checks := live.get("checksPerHour"):
        cure = "take it out of the code first, or archive it in the console"
        return stays("PRUNE/checked", key, f"it was checked {checks} times in the last hour", cure)
    return None

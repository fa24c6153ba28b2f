"""What a rollback keeps, since something else needs it or nobody knows whether it does."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from reconciler.domain import KEPT, Finding, ResourceKey, Severity, Snapshot, Step, Verb
from reconciler.domain.listing import few
from reconciler.kind import Kind
from reconciler.planning.naming import Naming, users
from reconciler.rules.references import exists


def kept_finding(key: ResourceKey, why: str, cure: str) -> Finding:
    """What is said of an object that is left as it is."""
    return Finding(KEPT, f"{key}: {why}", cure, None, key, Severity.WARNING)


def without_targets(
    kinds: Mapping[str, Kind], after: Naming, before: Naming, live: Snapshot, steps: Mapping[ResourceKey, Step]
) -> dict[ResourceKey, Finding]:
    """Objects that would refer again to what is gone, or in the archive, from where none of the `steps` takes it."""
    named = frozenset[ResourceKey]().union(*after.values())
    amiss = {target: why for target in named if (why := _lost(kinds, target, live, steps.get(target)))}
    again = {key: sorted((targets - before.get(key, frozenset())) & amiss.keys()) for key, targets in after.items()}
    lost = {key: [f"{target}, {amiss[target]}" for target in targets] for key, targets in again.items()}
    cure = "bring the manifests of both back from Git"
    return {key: kept_finding(key, f"it would refer to {few(found)}", cure) for key, found in lost.items() if found}


def _lost(kinds: Mapping[str, Kind], target: ResourceKey, live: Snapshot, step: Step | None) -> str | None:
    if not exists(target, live):
        return "gone"
    tree = live.objects.get(target)
    if target.kind not in kinds or tree is None:
        return None
    moved = any(change.path == ("status",) for change in step.fields) if step else False
    return "in the archive" if not moved and kinds[target.kind].is_archived(tree) else None


def still_used(
    steps: Mapping[ResourceKey, Step], before: Naming, after: Naming, left: Collection[ResourceKey]
) -> dict[ResourceKey, Finding]:
    """Objects that would be deleted although something else refers to them then. Those in `left` stay as they are."""
    kept: dict[ResourceKey, Finding] = {}
    while True:
        going = {key: step for key, step in steps.items() if key not in kept and key not in left}
        deleted = {key for key, step in going.items() if step.verb is Verb.DELETE}
        then = {**before, **{key: targets for key, targets in after.items() if key in going}}
        named_by = users({key: targets for key, targets in then.items() if key not in deleted})
        found = {
            key: kept_finding(key, f"{few(map(str, sorted(others)))} refers to it", "take the reference out first")
            for key in deleted
            if (others := named_by.get(key, frozenset()) - {key})
        }
        if not found:
            return kept
        kept |= found


def blind(steps: Mapping[ResourceKey, Step], unlisted: list[str]) -> dict[ResourceKey, Finding]:
    """Nothing is deleted while it is not known what refers to it."""
    why = f"objects of kind {', '.join(unlisted)} could not be listed, and one may refer to it"
    return {
        key: kept_finding(key, why, "let the key read them") for key, step in steps.items() if step.verb is Verb.DELETE
    }

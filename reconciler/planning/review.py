"""What waits for people: objects under review, and what needs them to be as they are to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reconciler.domain import ResourceKey, Review, Snapshot, Step, Tree
from reconciler.kind import Kind
from reconciler.planning.draft import Draft
from reconciler.planning.naming import naming_after


def open_review(live: Tree | None) -> Review | None:
    """The review that is open on a live object. Dynamic configs and sources do not show theirs (OpenAPI document)."""
    found = (live or {}).get("activeReview")
    if not found:
        return None
    tree = found if isinstance(found, dict) else {}
    return Review(*(str(tree.get(name) or "") for name in ("reviewID", "reviewStatus", "description")))


def pending(kinds: Mapping[str, Kind], drafts: Iterable[Draft], live: Snapshot) -> dict[ResourceKey, Step]:
    """The steps that wait, without calls: of objects under review, and of all that would refer to such an object."""
    drafted = [(item, replace(item.step, calls=(), base=None)) for item in drafts if item.step]
    steps = {step.key: step for _, step in drafted}
    refers = naming_after(kinds, {}, ((step.key, item.after) for item, step in drafted))
    waiting = {
        key: replace(step, review=review)
        for key, step in steps.items()
        if (review := open_review(live.objects.get(key)))
    }
    while found := {
        key: replace(step, needs=needs)
        for key, step in steps.items()
        if key not in waiting and (needs := refers[key] & waiting.keys())
    }:
        waiting |= found
    return waiting

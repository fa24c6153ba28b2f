"""Ids that clash although their kinds differ."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.domain import Finding, ResourceKey
from reconciler.rules.contract import Checked, Rule


def _find(checked: Checked) -> Iterator[Finding]:
    taken: dict[tuple[str, str], list[ResourceKey]] = {}
    live = checked.live.objects if checked.live else {}
    for key in sorted({resource.key for resource in checked.all} | live.keys()):
        taken.setdefault((checked.kinds[key.kind].namespace, key.id), []).append(key)
    for resource in checked.selected:
        keys = taken[checked.kinds[resource.key.kind].namespace, resource.key.id]
        for other in keys:
            if other != resource.key:
                where = "in the project" if other in live else "in another manifest"
                yield Finding(
                    NAMESPACES.code,
                    f"the id {resource.key.id!r} is taken by the {other.kind} {where}",
                    NAMESPACES.cure,
                    resource.place.at("metadata", "id"),
                    resource.key,
                )


NAMESPACES = Rule(
    code="REF/namespace",
    why="Dynamic configs and experiments share one map of ids; the service answers 'Name is already in use'.",
    cure="Give one of them another id.",
    find=_find,
)

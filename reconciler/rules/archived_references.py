"""Names of other objects that lead into the archive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.domain import Finding, ResourceKey, Severity, Tree
from reconciler.rules.contract import Checked, Rule
from reconciler.rules.references import new_references


def _find(checked: Checked) -> Iterator[Finding]:
    selected = {resource.key: resource.tree() for resource in checked.selected}
    for resource, reference in new_references(checked):
        if _is_archived(reference.target, checked, selected):
            message = f"{reference.target} is in the archive, where a gate passes for nobody"
            where = resource.where(*reference.at)
            yield Finding(
                ARCHIVED_REFERENCES.code, message, ARCHIVED_REFERENCES.cure, where, resource.key, Severity.WARNING
            )


def _is_archived(target: ResourceKey, checked: Checked, selected: Mapping[ResourceKey, Tree]) -> bool:
    """Whether the target is in the archive after this run."""
    wanted = selected.get(target, {}).get("status")
    live = checked.live.objects.get(target) if checked.live else None
    return wanted == "archived" or (
        wanted is None and live is not None and checked.kinds[target.kind].is_archived(live)
    )


ARCHIVED_REFERENCES = Rule(
    code="REF/archived",
    why="A rule that asks for a gate in the archive is false for everyone, and its opposite true for everyone.",
    cure="Name another one, or take it out of the archive.",
    find=_find,
    offline=False,
)

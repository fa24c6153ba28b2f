"""Names of other objects that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.domain import Finding, ResourceKey, Severity, Snapshot
from reconciler.kind import REFERENCE_ONLY, Reference
from reconciler.manifests.resource import Described
from reconciler.rules.contract import Checked, Rule
from reconciler.shape import references, shape_of
from reconciler.suggest import did_you_mean

_WARNED = frozenset({"Environment", "UnitIdType", "TargetApp"})
"""Whether the service refuses an unknown one of these is not documented."""

_SHOWN = 12

_MADE = frozenset({"Tag"})
"""Made by the plan where they are missing."""

_BUILT_IN = frozenset({ResourceKey("UnitIdType", "userID"), ResourceKey("UnitIdType", "stableID")})
"""The list of unit id types may hold the custom ones only (its example in the OpenAPI document does)."""


def new_references(checked: Checked) -> Iterator[tuple[Described, Reference]]:
    """What the selected manifests refer to and their live objects do not yet; nothing offline."""
    if checked.live is None:
        return
    for resource in checked.selected:
        shape = shape_of(checked.kinds[resource.key.kind].spec)
        already = {found.target for found in references(shape, checked.live.objects.get(resource.key, {}))}
        yield from ((resource, each) for each in references(shape, resource.tree()) if each.target not in already)


def _find(checked: Checked) -> Iterator[Finding]:
    selected = {resource.key for resource in checked.selected}
    described = {resource.key for resource in checked.all}
    for resource, reference in new_references(checked):
        if reference.target in selected or reference.target.kind in _MADE:
            continue
        if checked.live and not exists(reference.target, checked.live):
            yield _finding(resource, reference, described, checked.live)


def exists(target: ResourceKey, live: Snapshot) -> bool:
    """Whether the target is live, or may be: what could not be read is given the benefit of the doubt."""
    if target in live.objects or target.kind in live.unread:
        return True
    if target in _BUILT_IN:
        return True
    collection = REFERENCE_ONLY.get(target.kind)
    if collection is None:
        return False
    names = live.names.get(collection)
    return names is None or target.id in names


def _finding(resource: Described, reference: Reference, described: set[ResourceKey], live: Snapshot) -> Finding:
    target = reference.target
    where = resource.where(*reference.at)
    severity = Severity.WARNING if target.kind in _WARNED else Severity.ERROR
    message = f"there is no {target.kind} {target.id!r}"
    if target in described:
        cure = f"it is in a manifest that is not selected, and not live: select {target.kind} {target.id} as well"
        return Finding(REFERENCES.code, message, cure, where, resource.key, severity)
    known = {key.id for key in described | live.objects.keys() if key.kind == target.kind}
    known |= live.names.get(REFERENCE_ONLY.get(target.kind, "")) or frozenset()
    cure = did_you_mean(target.id, known) or _known(target, known)
    return Finding(REFERENCES.code, message, cure, where, resource.key, severity)


def _known(target: ResourceKey, known: set[str]) -> str:
    if target.kind not in REFERENCE_ONLY:
        return REFERENCES.cure
    listed = f"known are {', '.join(sorted(known)[:_SHOWN])}; " if known else ""
    return f"{listed}make it in the console, or mend the name"


REFERENCES = Rule(
    code="REF/unknown",
    why="A rule that asks for a gate that does not exist is false for everyone, and its opposite true for everyone.",
    cure="Write a manifest for it, or mend the name.",
    find=_find,
    offline=False,
)

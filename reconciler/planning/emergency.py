"""Objects that are off live although their manifests say on: somebody pulled the plug, which no plan undoes unasked.

A merge that has nothing to do with such an object must not switch it on again. Its manifest has to change first, or the
object has to be named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reconciler.domain import Finding, Place, ResourceKey, Severity, Snapshot, Tree
from reconciler.kind import Kind
from reconciler.manifests.resource import Resource

CODE = "GUARD/emergency-off"


def switched_off(kinds: Mapping[str, Kind], resources: Iterable[Resource], live: Snapshot) -> Iterator[Resource]:
    """The manifests that would switch something on."""
    for resource in resources:
        found = live.objects.get(resource.key)
        if found is not None and is_off(kinds[resource.key.kind], resource.spec.tree(), found):
            yield resource


def is_off(kind: Kind, desired: Tree, live: Tree) -> bool:
    """Whether the object is off live, and is to be on."""
    wanted = desired.get("status")
    return wanted is not None and wanted not in kind.off and kind.view(live).get("status") in kind.off


def stays_off(key: ResourceKey, live: str, desired: str, why: str, where: Place | None) -> Finding:
    """What to say, loudly, of an object that is left off; `why`: its manifest is no wish to change that."""
    message = f"{key} is {live} and stays off, although its manifest says {desired}: {why}"
    cure = f"to switch it on, change its spec, or run with --switch-on {key}; to keep it off, write status: {live}"
    return Finding(CODE, message, cure, where.at("spec", "status") if where else None, key, Severity.WARNING)

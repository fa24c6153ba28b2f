"""Plans that leave running experiments alone where nobody asks for a change of them just now.

Somebody raised an allocation in the console, and the manifest, as it has been for weeks, would lower it again: that
step is left out, and a merge about something else goes on. Where the manifest did change, its author asks for what
taints, and the plan is refused as a whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from reconciler.domain import Allowance, Plan, ResourceKey, Severity
from reconciler.planning.guards import covered
from reconciler.planning.leaving_out import leave_out
from reconciler.planning.taint import CODE, left_out
from reconciler.workflow.history import unchanged
from reconciler.workflow.loaded import Loaded

_NO_MANIFEST = "no manifest of it can acknowledge that"


def without_taints(made: Plan, loaded: Loaded, since: str | None, leave: Collection[Allowance]) -> Plan:
    """The plan without steps that taint, unless their manifests changed since that commit, or `leave` covers them."""
    tainting = {
        finding: finding.key
        for finding in made.findings
        if finding.code == CODE and finding.severity is Severity.ERROR and finding.key and not covered(finding, leave)
    }
    if not tainting:
        return made
    why = _unasked(frozenset(tainting.values()), loaded, since)
    told = {finding: left_out(finding, why[key]) for finding, key in tainting.items() if key in why}
    return replace(leave_out(made, why), findings=tuple(told.get(finding, finding) for finding in made.findings))


def _unasked(keys: Collection[ResourceKey], loaded: Loaded, since: str | None) -> Mapping[ResourceKey, str]:
    """Those of the objects whose manifests do not ask for a change just now, each with the reason."""
    resources = [each for each in loaded.selected if each.key in keys]
    gone = dict.fromkeys(set(keys) - {each.key for each in resources}, _NO_MANIFEST)
    return {**unchanged(resources, loaded.usable, loaded.root, since), **gone}

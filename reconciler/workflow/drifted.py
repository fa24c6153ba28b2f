"""How live differs from the manifests, in three classes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reconciler.console import Console, History
from reconciler.domain import Drift, Plan, ResourceKey, Step, Verb
from reconciler.kinds import KINDS
from reconciler.planning.drift_digest import drift_digest
from reconciler.planning.order import REMOVALS
from reconciler.planning.policy import Policy
from reconciler.workflow.attributed import Known, attributed, resalted
from reconciler.workflow.loaded import Loaded
from reconciler.workflow.planned import Asked, plan

_ABOUT_ACTING = frozenset({"GUARD", "LIFECYCLE", "PRUNE"})
"""The areas of codes that say what a plan may do, or what comes of it. Drift does nothing.

Each is said of a difference that drift shows anyway, or of a removal.
"""
_OF_CHANGES = frozenset(
    {"PLAN/create-only", "PLAN/id-type", "PLAN/new-ids", "PLAN/renamed", "PLAN/swapped", "VALUE/no-default"}
)
"""The other codes that do. What stays tells what was not compared (a rollout, metric tags), is not live (a stated id),
or could not be read."""


def drift(loaded: Loaded, console: Console, now: int | None = None, salts_since: int | None = None) -> Drift:
    """How live differs from the manifests, and who made it so.

    An object that lacks nothing but the ownership tag has not drifted. `now`: as in `Asked`. `salts_since`: from when
    on other salts are looked for (epoch milliseconds); None not to look.
    """
    planned = plan(loaded, console, Asked(acting=False, now=now))
    tag = loaded.usable.ownership.tag if loaded.usable.ownership else None
    manifests = {resource.key: resource for resource in loaded.selected}
    known = Known(manifests, planned.live.objects, Policy(ownership_tag=tag, now=now))
    history = History(console)
    found = attributed(_differing(loaded, planned.plan), known, history)
    whole = found if salts_since is None else resalted(found, known, history, salts_since)
    return replace(whole, digest=drift_digest(whole, KINDS))


def _differing(loaded: Loaded, made: Plan) -> Drift:
    described = [step for step in (*made.steps, *made.held, *made.pending) if step.where]
    removed = [(step.key, step.modified) for step in made.steps if step.verb in REMOVALS]
    differing = _merged(step for step in described if step.verb is not Verb.CREATE)
    changed = tuple(step for step in differing if not _only_unowned(step, loaded))
    return Drift(
        changed=changed,
        gone=tuple(_merged(step for step in described if step.verb is Verb.CREATE)),
        unmanaged=tuple(sorted((*made.unmanaged, *removed))),
        same=len(made.unchanged) + len(differing) - len(changed),
        findings=tuple(finding for finding in made.findings if not _is_about_acting(finding.code)),
    )


def _is_about_acting(code: str) -> bool:
    return code in _OF_CHANGES or code.partition("/")[0] in _ABOUT_ACTING


def _only_unowned(step: Step, loaded: Loaded) -> bool:
    """Whether nothing but tags of ownership is to be added."""
    tag = loaded.usable.ownership.tag if loaded.usable.ownership else None
    if tag is None or [change.path for change in step.fields] != [("tags",)]:
        return False
    (change,) = step.fields
    live, desired = set(change.live or []), set(change.desired or [])
    return live < desired and all(name == tag or name.startswith(f"{tag}:") for name in desired - live)


def _merged(steps: Iterable[Step]) -> list[Step]:
    """One step without calls for each object, with all its differences."""
    by_key: dict[ResourceKey, Step] = {}
    for step in steps:
        known = by_key.get(step.key)
        fields = (*known.fields, *step.fields) if known else step.fields
        by_key[step.key] = replace(step, calls=(), fields=fields)
    return [by_key[key] for key in sorted(by_key)]

"""How live differs from the manifests, in three classes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reconciler.console import Console
from reconciler.domain import Drift, ResourceKey, Step, Verb
from reconciler.workflow.loaded import Loaded
from reconciler.workflow.planned import plan


def drift(loaded: Loaded, console: Console) -> Drift:
    """How live differs from the manifests."""
    made = plan(loaded, console).plan
    described = [step for step in (*made.steps, *made.held) if step.where]
    removed = [(step.key, step.modified) for step in made.steps if step.verb in {Verb.ARCHIVE, Verb.DELETE}]
    return Drift(
        changed=tuple(_merged(step for step in described if step.verb is not Verb.CREATE)),
        gone=tuple((step.key, step.where) for step in described if step.verb is Verb.CREATE),
        unmanaged=tuple(sorted((*made.unmanaged, *removed))),
        same=len(made.unchanged),
        findings=made.findings,
    )


def _merged(steps: Iterable[Step]) -> list[Step]:
    """One step without calls for each object, with all its differences."""
    by_key: dict[ResourceKey, Step] = {}
    for step in steps:
        known = by_key.get(step.key)
        fields = (*known.fields, *step.fields) if known else step.fields
        by_key[step.key] = replace(step, calls=(), fields=tuple(dict.fromkeys(fields)) if known else fields)
    return [by_key[key] for key in sorted(by_key)]

"""Guards held against plans that are made of manifests and live objects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from reconciler.domain import Finding, Plan, ResourceKey, Tree
from reconciler.kinds import KINDS
from reconciler.manifests import Project, Resource, Safety, read_project
from reconciler.planning import Policy
from reconciler.planning.guards import Guarded, tripped
from tests.unit.planning.making import plan_of

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
"""A Tuesday."""
PRUNING = Policy(ownership_tag="git", prune="archive")
PRODUCTION = frozenset({"production"})


def safety(text: str) -> Safety:
    """The part of a project file, as it is written there."""
    read = read_project(f"apiVersion: reconciler/v1\nkind: Project\nsafety:\n  {text}\n".encode())
    assert isinstance(read, Project), read
    return read.safety


def seen(
    plan: Plan,
    text: str,
    *,
    now: datetime = NOON,
    acting: bool = True,
    production: frozenset[str] = PRODUCTION,
) -> list[Finding]:
    """What guards find, set as `text` says."""
    return list(tripped(Guarded(KINDS, plan, safety(text), production, now, acting)))


def found(
    *resources: Resource, live: Mapping[ResourceKey, Tree] | None = None, text: str, policy: Policy = PRUNING
) -> list[Finding]:
    """What guards find about the plan that turns `live` into what the manifests say."""
    return seen(plan_of(*resources, live=live, policy=policy), text)

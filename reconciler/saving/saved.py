"""A plan, and the project it was made for."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.domain import Plan
from reconciler.planning.exposure import USUAL_PRODUCTION


@dataclass(frozen=True, slots=True)
class Target:
    """Where a plan applies: base URL of the API, id of the project (None: not known), version of the tool.

    `production`: which environments count as production there.
    """

    url: str
    project_id: str | None
    tool: str
    production: frozenset[str] = USUAL_PRODUCTION


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """What a plan file holds."""

    plan: Plan
    target: Target
    fingerprint: str

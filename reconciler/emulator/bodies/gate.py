"""Bodies of ``/gates``."""

# ruff: noqa: N815 - field names are those of the API
from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from reconciler.emulator.bodies.base import ABSENT, Body, Description, Metric, Name, OneOrMoreTexts
from reconciler.emulator.bodies.rule import Rule


class ReviewSettings(Body):
    """Whether changes need a review."""

    requiredReview: bool


class GateUpdate(Body):
    """What may be changed of a gate."""

    name: Name = ABSENT
    isEnabled: bool = ABSENT
    description: Description = ABSENT
    rules: list[Rule] = ABSENT
    tags: list[str] = ABSENT
    type: Literal["PERMANENT", "TEMPORARY"] = ABSENT
    idType: str = ABSENT
    targetApps: OneOrMoreTexts = ABSENT
    creatorID: str | None = ABSENT
    creatorEmail: str | None = ABSENT
    team: str | None = ABSENT
    teamID: str | None = ABSENT
    measureMetricLifts: bool = ABSENT
    monitoringMetrics: list[Metric] = ABSENT
    reviewSettings: ReviewSettings = ABSENT
    releasePipelineID: str | None = ABSENT


class GateCreate(GateUpdate):
    """What a gate is made from."""

    id: Annotated[str, Field(min_length=3, max_length=100, pattern=r"^[a-zA-Z0-9_\-.]*$")] = ABSENT
    isTemplate: bool = ABSENT

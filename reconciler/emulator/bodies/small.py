"""Bodies of lifecycle actions, tags and settings."""

# ruff: noqa: N815 - field names are those of the API
from __future__ import annotations

from typing import Annotated

from pydantic import Field

from reconciler.emulator.bodies.base import ABSENT, Body, Description
from reconciler.emulator.bodies.experiment import ExperimentName


class Archive(Body):
    """Archive a gate or a config."""

    forceArchive: bool = ABSENT
    archiveReason: str = ABSENT


class Unarchive(Body):
    """Take a gate or a config out of the archive."""

    unarchiveReason: str = ABSENT


class ExperimentArchive(Body):
    """Archive an experiment."""

    archiveReason: str = ABSENT


class Abandon(Body):
    """End an experiment without shipping a group."""

    decisionReason: str


class Decide(Body):
    """Ship the group with this id."""

    id: str
    decisionReason: str
    removeTargeting: bool = ABSENT


class Start(Body):
    """Start an experiment."""

    analysisStartTime: str = ABSENT
    analysisEndTime: str = ABSENT


class ScheduleStart(Body):
    """Start an experiment at a time (epoch milliseconds)."""

    scheduledTime: float


class RestartAsNew(Body):
    """Copy an experiment."""

    name: ExperimentName


class GroupNames(Body):
    """Groups of an experiment."""

    group_names: list[str]


class TagBody(Body):
    """A tag."""

    name: Annotated[str, Field(min_length=1, max_length=100)] = ABSENT
    description: Description = ABSENT
    isCore: bool = ABSENT


class ResolveAlert(Body):
    """Resolve an alert."""

    reasoning: str = ABSENT


class ReviewsBody(Body):
    """Which changes need a review."""

    is_config_review_required: bool
    is_metric_review_required: bool
    is_metric_review_required_on_verified_only: bool
    is_whn_analysis_only_review_required: bool = ABSENT
    is_whn_source_review_required: bool = ABSENT

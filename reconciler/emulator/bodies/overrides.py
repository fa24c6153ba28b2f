"""Bodies of ``/gates/{id}/overrides`` and ``/experiments/{id}/overrides``."""

# ruff: noqa: N815 - field names are those of the API
from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from reconciler.emulator.bodies.base import ABSENT, Body, NonEmpty

Ids: TypeAlias = Annotated[list[NonEmpty], Field(max_length=2000)]


class EnvironmentOverride(Body):
    """Ids that pass or fail in one environment; no environment means all of them."""

    unitID: str | None
    passingIDs: list[str]
    failingIDs: list[str]
    environment: str | None = ABSENT


class GateOverrides(Body):
    """Ids that pass or fail whatever the rules say."""

    passingUserIDs: Ids = ABSENT
    failingUserIDs: Ids = ABSENT
    passingCustomIDs: Ids = ABSENT
    failingCustomIDs: Ids = ABSENT
    environmentOverrides: list[EnvironmentOverride] = ABSENT


class ConditionalOverride(Body):
    """Units that pass a gate or are in a segment get a group."""

    type: Literal["gate", "segment"]
    id: str
    groupID: str
    environment: str | None = ABSENT


class UnitOverride(Body):
    """These units get a group."""

    groupID: str
    ids: Annotated[list[str], Field(max_length=1000)]
    environment: str | None = ABSENT
    unitType: str | None = ABSENT


class ExperimentOverrides(Body):
    """Who gets which group whatever the assignment says."""

    overrides: Annotated[list[ConditionalOverride], Field(max_length=1000)]
    userIDOverrides: list[UnitOverride]

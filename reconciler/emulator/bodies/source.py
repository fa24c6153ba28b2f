"""Bodies of entity property sources. One form serves all writes: what differs is which keys are required."""

# ruff: noqa: N815 - field names are those of the API
from __future__ import annotations

from reconciler.emulator.bodies.base import ABSENT, Body


class IdTypeMapping(Body):
    """Which column holds which unit id."""

    statsigUnitID: str
    column: str


class SourceBody(Body):
    """An entity property source."""

    name: str = ABSENT
    description: str = ABSENT
    tags: list[str] = ABSENT
    sql: str = ABSENT
    timestampColumn: str = ABSENT
    timestampAsDay: bool = ABSENT
    idTypeMapping: list[IdTypeMapping] = ABSENT
    isReadOnly: bool = ABSENT
    team: str | None = ABSENT
    teamID: str | None = ABSENT
    dryRun: bool = ABSENT

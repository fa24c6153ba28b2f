"""Bodies of ``/dynamic_configs``."""

# ruff: noqa: N815 - field names are those of the API
from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from reconciler.emulator.bodies.base import ABSENT, Body, Description, Name, OneOrMoreTexts
from reconciler.emulator.bodies.rule import ConfigRule


class Owner(Body):
    """Who owns a config."""

    ownerID: str = ABSENT
    ownerType: str = ABSENT
    ownerName: str = ABSENT
    ownerEmail: str = ABSENT


class ConfigUpdate(Body):
    """What may be changed of a dynamic config."""

    name: Name = ABSENT
    isEnabled: bool = ABSENT
    description: Description = ABSENT
    rules: list[ConfigRule] = ABSENT
    defaultValue: dict[str, Any] = ABSENT
    defaultValueJson5: str = ABSENT
    idType: str = ABSENT
    tags: list[str] = ABSENT
    creatorID: str | None = ABSENT
    owner: Owner | None = ABSENT
    creatorEmail: str | None = ABSENT
    schema_: Annotated[str | None, Field(alias="schema")] = ABSENT
    schemaJson5: str | None = ABSENT
    targetApps: OneOrMoreTexts = ABSENT
    team: str | None = ABSENT
    teamID: str | None = ABSENT
    releasePipelineID: str | None = ABSENT


class ConfigCreate(ConfigUpdate):
    """What a dynamic config is made from."""

    id: Annotated[str, Field(min_length=3, max_length=100, pattern=r"^[a-zA-Z0-9_\-.]*$")] = ABSENT
    isTemplate: bool = ABSENT

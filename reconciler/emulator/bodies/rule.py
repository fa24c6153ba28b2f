"""Rules and conditions."""

# ruff: noqa: N815 - field names are those of the API
from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator

from reconciler.domain import Json
from reconciler.emulator.bodies.base import ABSENT, Body, Percentage

ConditionType: TypeAlias = Literal[
    "app_version", "browser_name", "browser_version", "country", "custom_field", "email", "environment_tier",
    "fails_gate", "fails_segment", "ip_address", "locale", "os_name", "os_version", "passes_gate", "passes_segment",
    "public", "time", "unit_id", "user_id", "url", "javascript", "device_model", "target_app",
]  # fmt: skip


def _target(value: Json) -> Json:
    """A text, a number, a list of texts or a list of numbers: neither booleans nor mixed lists."""
    items = value if isinstance(value, list) else [value]
    texts = all(isinstance(item, str) for item in items)
    numbers = all(isinstance(item, (int, float)) and not isinstance(item, bool) for item in items)
    if not (value is None or texts or numbers):
        raise ValueError("not one of the four forms")
    return value


class Condition(Body):
    """One condition."""

    type: ConditionType
    operator: str = ABSENT
    targetValue: Annotated[Any, AfterValidator(_target)] = ABSENT
    field: str | None = ABSENT
    customID: str | None = ABSENT


class Rollout(Body):
    """One step of an automated rollout."""

    time: float
    passPercent: float


class RulePart(Body):
    """Fields of a rule that is there already."""

    name: str = ABSENT
    passPercentage: Percentage = ABSENT
    conditions: list[Condition] = ABSENT
    environments: list[str] | None = ABSENT
    id: str = ABSENT
    baseID: str = ABSENT
    returnValue: dict[str, Any] = ABSENT
    completedAutomatedRollouts: list[Rollout] = ABSENT
    pendingAutomatedRollouts: list[Rollout] = ABSENT


class Rule(RulePart):
    """A whole rule of a gate."""

    name: str
    passPercentage: Percentage
    conditions: list[Condition]


class Rules(Body):
    """Rules to add to a gate."""

    rules: list[Rule]


class RulesPart(Body):
    """Changes of rules of a gate."""

    rules: list[RulePart]


class Variant(Body):
    """One share of the units of a config rule."""

    name: str
    passPercentage: Percentage
    id: str = ABSENT
    returnValue: dict[str, Any] = ABSENT
    returnValueJson5: str = ABSENT


class ConfigRulePart(RulePart):
    """Fields of a config rule that is there already."""

    returnValueJson5: str = ABSENT
    variants: list[Variant] = ABSENT


class ConfigRule(ConfigRulePart):
    """A whole rule of a dynamic config. The percentage is optional here."""

    name: str
    conditions: list[Condition]

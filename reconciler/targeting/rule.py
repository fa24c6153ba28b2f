"""Rules: tried from top to bottom, the first whose conditions hold decides."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from reconciler.forms import names
from reconciler.meaning import LEFT_OUT, DrivenBy, EmptyIsNull, Form, KeyedBy, Number, Refers, Spec, Text
from reconciler.targeting.condition import Condition
from reconciler.targeting.rollout import COMPLETED, PENDING, is_followed

_STEP = Decimal("0.01")


def _hundredths(value: float) -> float:
    if Decimal(str(value)) % _STEP:
        raise PydanticCustomError(
            "SCHEMA/bounds", "{value} has more than two decimals", {"value": value, "cure": "use steps of 0.01"}
        )
    return value


Percentage = Annotated[
    Number,
    Field(ge=0, le=100),
    AfterValidator(_hundredths),
]
"""0 to 100, in steps of 0.01. The JSON Schema keeps silent on the steps: editors divide floats, and warn about 12.5."""


class Rollout(Spec):
    """One step of an automated rollout."""

    time: Number
    """When, in epoch milliseconds."""
    passPercent: Annotated[Number, Field(ge=0, le=100)]
    """The percentage from then on."""


class Rule(Spec):
    """What every rule has."""

    name: Annotated[Text, Field(min_length=1)]
    """Unique within the object; the rule is matched with its live twin by it."""
    conditions: Annotated[
        list[Condition],
        KeyedBy(
            ("type", "operator", "field", "customID"),
            ordered=False,
            named=False,
            loosely=("type", "field", "customID"),
        ),
    ]
    """All must hold. An empty list holds for everyone."""
    environments: Annotated[list[Text] | None, Form(names), EmptyIsNull(), Refers("Environment")] = LEFT_OUT
    """The environments in which the rule counts, by name; null for all."""
    id: Text = LEFT_OUT
    """Normally left out: the live id is carried over. States which live rule is meant."""
    baseID: Text = LEFT_OUT
    """Normally left out: pins the rule to a live one whatever its name."""
    completedAutomatedRollouts: Annotated[list[Rollout], KeyedBy(("time",), named=False)] = LEFT_OUT
    """Rollout steps that have happened."""
    pendingAutomatedRollouts: Annotated[list[Rollout], KeyedBy(("time",), named=False)] = LEFT_OUT
    """The schedule: passPercentage holds until its first step. Steps stay here when they are over. [] is no schedule;
    while the manifest is silent, the schedule in the console drives passPercentage."""


SCHEDULES = DrivenBy((PENDING, COMPLETED), is_followed)


class GateRule(Rule):
    """A rule of a gate: units that meet the conditions and fall into the percentage pass, the others of them fail."""

    passPercentage: Annotated[Percentage, SCHEDULES]
    """How many of the units that meet the conditions pass."""

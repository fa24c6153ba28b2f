"""One sentence about a step, why a reviewer should look at it first, and what is said of several kinds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from reconciler.domain import FieldChange
from reconciler.reports.values import flow


class Danger(StrEnum):
    """Why a reviewer should look at a step first, the worst above."""

    REMOVAL = "removal"
    GUARD = "guard"
    LIFECYCLE = "experiment lifecycle"
    TAINT = "mixes results"
    SWITCH = "switched in production"
    ROLLOUT = "rollout in production"
    VALUE = "value in production"
    ONE_WAY = "no way back"


WORST = {danger: number for number, danger in enumerate(Danger)}
"""The rank of each danger, from 0 for the worst."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One sentence. `danger`: None for what a reviewer need not look at first."""

    words: str
    danger: Danger | None = None


def dangers(told_of: Iterable[Effect]) -> tuple[Danger, ...]:
    """Each danger once, the worst first."""
    return tuple(sorted({effect.danger for effect in told_of if effect.danger}, key=WORST.__getitem__))


def other_apps(change: FieldChange) -> str:
    """What is said where other apps get an object."""
    return f"Other apps get it: {flow(change.live)} → {flow(change.desired)}."


def other_unit(change: FieldChange) -> str:
    """What is said, without a full stop, where another id tells units apart."""
    return f"Units are told apart by {flow(change.desired)} and no more by {flow(change.live)}"

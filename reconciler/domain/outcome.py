"""What came of a step, and whether live equals the manifests afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from reconciler.domain.identity import ResourceKey
from reconciler.domain.plan import Action, Conflict, FieldChange, Step


class Status(StrEnum):
    """How a step ended.

    `STALE`: the live object moved since the plan was made, and nothing was done. `UNKNOWN`: a call was sent, its answer
    was lost or did not show the object, and a re-read did not settle it. `PENDING_REVIEW`: people decide first, and no
    further call was made.
    """

    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    STALE = "stale"
    UNKNOWN = "unknown"
    PENDING_REVIEW = "pending_review"

    @property
    def went_wrong(self) -> bool:
        """Whether somebody has to look at it, and not merely at what it needed."""
        return self in {Status.FAILED, Status.STALE, Status.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one step: how many of its calls were made, why it went no further, and what moved if it is stale."""

    step: Step
    status: Status
    calls_made: int = 0
    reason: str = ""
    conflicts: tuple[Conflict, ...] = ()


STILL_THERE = (FieldChange((), Action.REMOVE, "there", "absent"),)
"""The difference of an object that should be gone."""


@dataclass(frozen=True, slots=True)
class Convergence:
    """One object after an apply: no `differences` means that live equals what its manifest says.

    `left_alone` are differences that no plan acts on, such as an experiment that people concluded. `pending` says what
    the differences wait for, if they wait for people.
    """

    key: ResourceKey
    differences: tuple[FieldChange, ...] = ()
    gone: bool = False
    left_alone: tuple[FieldChange, ...] = ()
    pending: str = ""

    @property
    def holds(self) -> bool:
        """Whether live equals the manifest."""
        return not self.differences and not self.gone

    @property
    def amiss(self) -> bool:
        """Whether it differs, and for no people to wait for."""
        return not self.holds and not self.pending


def waiting(outcomes: Iterable[Outcome]) -> dict[ResourceKey, str]:
    """Objects whose steps wait for people, or were skipped for nothing but such a step, with the reason."""
    done: set[ResourceKey] = set()
    found: dict[ResourceKey, str] = {}
    for outcome in outcomes:
        key, missing = outcome.step.key, outcome.step.needs - done
        if outcome.status is Status.DONE:
            done.add(key)
        elif outcome.status is Status.PENDING_REVIEW or (
            outcome.status is Status.SKIPPED and missing and missing <= found.keys()
        ):
            found[key] = outcome.reason
    return found


def told_apart(looked: Iterable[Convergence], later: Mapping[ResourceKey, str]) -> tuple[Convergence, ...]:
    """The same, with the reason for what differs and waits for a review that the object itself does not show."""
    return tuple(
        each if each.holds or each.pending else replace(each, pending=later.get(each.key, "")) for each in looked
    )

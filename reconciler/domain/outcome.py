"""What came of a step, and whether live equals the manifests afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reconciler.domain.identity import ResourceKey
from reconciler.domain.plan import Conflict, FieldChange, Step


class Status(StrEnum):
    """How a step ended.

    `STALE`: the live object moved since the plan was made, and nothing was done. `UNKNOWN`: a call was sent, its answer
    was lost, and a re-read did not settle it.
    """

    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    STALE = "stale"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one step: how many of its calls were made, why it went no further, and what moved if it is stale."""

    step: Step
    status: Status
    calls_made: int = 0
    reason: str = ""
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Convergence:
    """One object after an apply: no `differences` means that live equals what its manifest says.

    `left_alone` are differences that no plan acts on, such as an experiment that people concluded.
    """

    key: ResourceKey
    differences: tuple[FieldChange, ...] = ()
    gone: bool = False
    left_alone: tuple[FieldChange, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether live equals the manifest."""
        return not self.differences and not self.gone

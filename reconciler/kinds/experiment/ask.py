"""One question of an experiment's lifecycle: from which status to which, and the two answers that lead nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.domain import Action, FieldChange, Json, Tree
from reconciler.kind import Transition, Wanted, error, warning


def set_to(field: str, live: Json, desired: Json) -> FieldChange:
    """A field that gets another value."""
    return FieldChange((field,), Action.SET, live, desired)


@dataclass(frozen=True, slots=True)
class Ask:
    """From which status to which, and what the manifest says about it. `experiment` is the live one."""

    wanted: Wanted
    live: str
    desired: str
    experiment: Tree

    @property
    def change(self) -> FieldChange:
        """The change of the status."""
        return set_to("status", self.live, self.desired)

    @property
    def reason(self) -> str | None:
        """Why it is concluded."""
        reason: str | None = self.wanted.desired.get("decisionReason") or self.wanted.decision.reason
        return reason

    def refused(self, message: str, cure: str) -> Transition:
        """There is no such way: the manifest must change."""
        return Transition(problems=(error("LIFECYCLE/transition", message, cure, "status"),), held=(self.change,))

    def held(self, message: str, cure: str) -> Transition:
        """The difference is told and left alone."""
        return Transition(problems=(warning("LIFECYCLE/held", message, cure, "status"),), held=(self.change,))

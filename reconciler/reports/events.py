"""The events of ``--events FILE``: a plan begins, each step ends, live is read again, and the run ends."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field
from typing_extensions import TypedDict

from reconciler.reports.forms import (
    VERSION,
    ConvergenceForm,
    Count,
    ExitCode,
    FindingForm,
    OutcomeForm,
    StepForm,
    Version,
    documented,
)
from reconciler.reports.json_parts import finding_forms, step_form
from reconciler.reports.json_report import convergence_forms, outcome_form
from reconciler.reports.told import Told


@documented
class PlanEvent(TypedDict):
    """A plan is about to be carried out."""

    event: Literal["plan"]
    version: Version
    command: str
    """``apply`` or ``rollback``."""
    fingerprint: str | None
    """That of the plan."""
    steps: list[StepForm]
    """What is to be done, in order."""


@documented
class OutcomeEvent(TypedDict):
    """A step ended."""

    event: Literal["outcome"]
    number: Count
    """How many steps have ended by now."""
    outcome: OutcomeForm
    """How it ended."""


@documented
class ConvergenceEvent(TypedDict):
    """Everything was read again."""

    event: Literal["convergence"]
    objects: list[ConvergenceForm]
    """Each object, and whether live is as it was to be."""


@documented
class EndEvent(TypedDict):
    """The run ended. A file without this was cut off."""

    event: Literal["end"]
    exitCode: ExitCode
    findings: list[FindingForm]
    """What is to be mended, and what to know."""


EventForm: TypeAlias = Annotated[PlanEvent | OutcomeEvent | ConvergenceEvent | EndEvent, Field(discriminator="event")]


def plan_event(told: Told) -> PlanEvent:
    """The beginning."""
    return {
        "event": "plan",
        "version": VERSION,
        "command": told.command,
        "fingerprint": told.fingerprint,
        "steps": [step_form(step) for step in told.plan.steps],
    }


def outcome_event(told: Told) -> OutcomeEvent:
    """The end of the step that ended last."""
    return {"event": "outcome", "number": len(told.outcomes), "outcome": outcome_form(told.outcomes[-1])}


def convergence_event(told: Told) -> ConvergenceEvent:
    """Live, read again."""
    return {"event": "convergence", "objects": convergence_forms(told.convergence)}


def end_event(told: Told) -> EndEvent:
    """The end."""
    return {"event": "end", "exitCode": told.exit_code, "findings": finding_forms(told.all_findings)}

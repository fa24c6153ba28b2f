"""The JSON form of the reports, version 1: what a program may rely on.

Fields are added within a version, and never renamed or removed. Lists keep the order in which things happen, or are
sorted where order means nothing, so that the same state gives the same text.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from reconciler.domain import Action, Json, Severity, Standing, Status, Verb

VERSION: Literal[1] = 1
"""The version of all forms in here."""

documented = with_config(ConfigDict(use_attribute_docstrings=True))
"""Makes descriptions in the schema of what stands below the fields."""

# Fields that several forms inherit: an attribute's docstring stays behind in the class that states it.
Count: TypeAlias = Annotated[int, Field(ge=0)]
KindName: TypeAlias = Annotated[str, Field(description="Its kind, such as Gate.")]
Id: TypeAlias = Annotated[str, Field(description="What identifies it: metadata.id of its manifest.")]
Errors: TypeAlias = Annotated[Count, Field(description="Findings that stop the run.")]
Warnings: TypeAlias = Annotated[Count, Field(description="Findings that do not stop it.")]
Version: TypeAlias = Annotated[Literal[1], Field(description="The version of this form.")]
ExitCode: TypeAlias = Annotated[
    int,
    Field(
        ge=0,
        le=130,
        description="The exit code of the command: 0 nothing to do or done, 1 failed or invalid, 2 changes or drift "
        "pending, 3 a bug of the reconciler, 130 interrupted.",
    ),
]


class ObjectForm(TypedDict):
    """An object of the project."""

    kind: KindName
    id: Id


@documented
class PlaceForm(TypedDict):
    """Somewhere in a manifest."""

    path: str
    """The file, as it is reached from the folder in which the command ran."""
    line: int | None
    """The line, from 1; null if it is not known."""
    column: int | None
    """The column, from 1; null if it is not known."""
    document: Count
    """The document in the file, from 0."""
    keys: list[str | int]
    """The keys that lead to the place from the top of the document."""


@documented
class AllowanceForm(TypedDict):
    """Why a guard may trip."""

    guard: str
    """Its name."""
    reason: str
    """The reason that was given."""
    until: str | None
    """The last day on which that holds (2027-01-31); null for ever."""
    where: PlaceForm | None
    """Where it is written; null for the command line."""


@documented
class FindingForm(TypedDict):
    """One thing to mend, or to know."""

    code: str
    """Stable name of what was found, such as REF/missing."""
    severity: Severity
    """An error stops the run."""
    message: str
    """What is wrong."""
    cure: str
    """What to do about it."""
    where: PlaceForm | None
    """Where to mend it; null where it is not about a place in a file."""
    object: ObjectForm | None
    """Which object it is about, if it is about one."""
    allowed: AllowanceForm | None
    """Why it does not stop the run, if it is a guard's and was allowed."""


@documented
class FieldForm(TypedDict):
    """One difference between live and manifest."""

    path: str
    """The field as a reader writes it: rules["Beta"].passPercentage."""
    keys: list[str | int]
    """The same as a list; an item of a list is told by its name or by its position, from 0."""
    action: Action
    """What has to be done to live. rename: both values are names; move: both are positions, from 1."""
    live: Json
    """The value that is live; null where there is none."""
    desired: Json
    """The value that the manifest asks for; null where there is none."""


@documented
class CallForm(TypedDict):
    """One request to the Console API."""

    method: str
    """The HTTP method."""
    path: str
    """The path below the base URL, percent-encoded."""
    body: Json
    """The JSON body, or null for none. {"$idOf": {"list": ..., "name": ...}} stands for the id of the item with this
    name in this list of the object; only the service knows it, and it is filled in right before the call."""


@documented
class ModifiedForm(TypedDict):
    """The last change of a live object."""

    by: str | None
    """Who made it, if the service says."""
    at: str | None
    """When, in UTC (2026-11-20T14:03:05Z), if the service says."""


@documented
class ReviewForm(TypedDict):
    """A review that is open on an object: what the service says of it, empty where it says nothing."""

    id: str
    """Its id."""
    status: str
    """Its status, in the service's words."""
    description: str
    """What it is about."""


@documented
class WayBackForm(TypedDict):
    """How a step could be undone if nobody changed the object since."""

    calls: list[CallForm]
    """What would be sent, in this order."""
    kept: list[str]
    """What that cannot undo, and why."""


class StepForm(ObjectForm):
    """What is done to one object."""

    verb: Annotated[
        Verb, Field(description="What is done. adopt: an update that also takes the object into ownership.")
    ]
    where: Annotated[PlaceForm | None, Field(description="The manifest of the object; null if it has none.")]
    owner: Annotated[str | None, Field(description="Who owns it: by the labels of the manifest, else as live has it.")]
    modified: Annotated[ModifiedForm, Field(description="The last change of the live object.")]
    needs: Annotated[list[ObjectForm], Field(description="Objects whose steps must succeed before this one starts.")]
    fields: Annotated[list[FieldForm], Field(description="What differs.")]
    calls: Annotated[list[CallForm], Field(description="What is sent, in this order.")]
    review: Annotated[
        ReviewForm | None,
        Field(description="The review that is open on the object. Until it is decided, nothing is done to the object."),
    ]
    taints: Annotated[list[ObjectForm], Field(description="Running experiments whose results it mixes.")]
    back: Annotated[WayBackForm, Field(description="How it could be undone.")]


@documented
class UnmanagedForm(ObjectForm):
    """A live object that no manifest describes."""

    modified: ModifiedForm
    """Its last change."""


@documented
class ConflictForm(TypedDict):
    """A field of the live object that moved between plan and apply."""

    field: str
    """Name of the field; empty where the object itself came or went."""
    base: Json
    """The value that the plan was made from."""
    live: Json
    """The value that is live now."""
    desired: Json
    """The value that the plan wanted."""
    touched: bool
    """Whether the plan writes the field; where it does not, desired equals base."""


@documented
class OutcomeForm(TypedDict):
    """How one step ended."""

    step: StepForm
    """The step, as it was planned."""
    status: Status
    """How it ended. stale: the object changed after the plan was made, and was left alone. unknown: the answer to a
    call was lost, and reading the object did not settle whether it happened. pending_review: people decide first, since
    a review is open on the object, or since the service accepted a call and the object did not change."""
    callsMade: Count
    """How many of the step's calls were made."""
    reason: str
    """Why it went no further; empty for done."""
    conflicts: list[ConflictForm]
    """What moved, if the step is stale."""


@documented
class ConvergenceForm(ObjectForm):
    """One object, read again afterwards."""

    holds: bool
    """Whether live is as it was to be: as the manifest says, or as the saved plan or the way back says."""
    gone: bool
    """Whether the object is not there although it should be."""
    differences: list[FieldForm]
    """What differs still; an empty path is the object itself, which is there although it should not be."""
    leftAlone: list[FieldForm]
    """What differs and is never acted on."""
    pending: str
    """What the differences wait for, if they wait for people; else empty."""


class FindingCounts(TypedDict):
    """How many findings there are."""

    errors: Errors
    warnings: Warnings


@documented
class ValidateSummary(FindingCounts):
    """The sum of a validation."""

    manifests: Count
    """Manifests that were looked at."""


@documented
class PlanSummary(FindingCounts):
    """The sum of a plan."""

    create: Count
    """Objects to create."""
    update: Count
    """Objects to change."""
    adopt: Count
    """Objects to take into ownership."""
    archive: Count
    """Objects to archive."""
    delete: Count
    """Objects to delete."""
    unchanged: Count
    """Objects that are as their manifests say."""
    held: Count
    """Objects that differ and are left alone."""
    pending: Count
    """Objects that wait for people."""
    unmanaged: Count
    """Live objects that no manifest describes."""


@documented
class ApplySummary(FindingCounts):
    """The sum of an apply or a rollback."""

    steps: Count
    """Steps of the plan."""
    done: Count
    """Steps whose calls all succeeded."""
    failed: Count
    """Steps of which a call was refused."""
    skipped: Count
    """Steps that were not begun, since what they need did not succeed."""
    stale: Count
    """Steps that were not begun, since their object changed after the plan was made."""
    unknown: Count
    """Steps of which nobody knows how they ended."""
    pendingReview: Count
    """Steps that wait until a review is decided."""
    unreached: Count
    """Steps that were not come to, since the run ended early."""
    converged: Count
    """Objects that are as they were to be, when they were read last."""
    differing: Count
    """Objects that are not, and wait for nobody."""
    waiting: Count
    """Objects that are not, and wait for people."""


class Report(TypedDict):
    """What every report has."""

    version: Version
    command: Annotated[str, Field(description="The command that reports.")]
    exitCode: ExitCode
    findings: Annotated[list[FindingForm], Field(description="What to mend and what to know, by file and line.")]


@documented
class ValidateReport(Report):
    """Whether the manifests are sound by themselves."""

    summary: ValidateSummary
    """All of it in numbers."""


@documented
class PlanReport(Report):
    """What would be done to the live project, and by which calls."""

    fingerprint: str | None
    """SHA-256 over the calls, for apply --expect-fingerprint: equal for plans that do the same. null without a plan."""
    summary: PlanSummary
    """All of it in numbers."""
    steps: list[StepForm]
    """What would be done, in the order in which it would be done."""
    held: list[StepForm]
    """Objects that differ and are left alone; their steps have no calls."""
    pending: list[StepForm]
    """Objects that wait for people: a review is open, or the step would taint a running experiment, or one in needs
    waits; their steps have no calls."""
    unchanged: list[ObjectForm]
    """Objects that are as their manifests say."""
    unmanaged: list[UnmanagedForm]
    """Live objects that no manifest describes."""


@documented
class ApplyReport(Report):
    """What was done to the live project, and what is live afterwards."""

    summary: ApplySummary
    """All of it in numbers."""
    pending: list[StepForm]
    """Objects that were no part of it, since they wait for people; their steps have no calls."""
    outcomes: list[OutcomeForm]
    """How each step ended, in the order in which they ran."""
    convergence: list[ConvergenceForm]
    """Each object, as it was read last: after the steps, or for the plan if that has none. Empty if live could not be
    read after the steps, and for a file without steps."""


@documented
class RollbackReport(Report):
    """The way back from a saved plan, and what came of it."""

    summary: ApplySummary
    """All of it in numbers."""
    steps: list[StepForm]
    """The way back: what would be done, in the order in which it would be done."""
    kept: list[ObjectForm]
    """Objects that are left as the plan made them, at least in part; the findings ROLLBACK/kept say why."""
    outcomes: list[OutcomeForm]
    """How each step ended, in the order in which they ran; empty if nothing was done."""
    convergence: list[ConvergenceForm]
    """Each object of the way back, read again afterwards; empty if nothing was done or live could not be read."""


@documented
class ActForm(TypedDict):
    """One act of the demo."""

    title: str
    """What it shows."""
    command: list[str]
    """The command that was run."""
    exitCode: int
    """The exit code that it ended with."""
    expected: int
    """The exit code that it must end with."""


@documented
class DemoReport(Report):
    """The main job, played on this machine."""

    acts: list[ActForm]
    """The commands, in the order in which they were run."""


@documented
class GraphSummary(FindingCounts):
    """The sum of a graph."""

    objects: Count
    """Objects in it."""
    references: Count
    """References among them."""


@documented
class NodeForm(ObjectForm):
    """One object of the graph."""

    standing: Standing
    """manifest: a manifest describes it. live: none does, and it is live. named: none does, it is named by others, and
    live was not asked. missing: it is named by others, and neither live nor in a manifest."""


ReferenceForm = TypedDict("ReferenceForm", {"from": ObjectForm, "to": ObjectForm})
"""One object names another."""


@documented
class AffectedForm(ObjectForm):
    """One object that a change would affect."""

    chain: list[ObjectForm]
    """The shortest way from it to what is changed, both included; each names the next."""


@documented
class GraphReport(Report):
    """Which objects refer to which."""

    summary: GraphSummary
    """All of it in numbers."""
    around: ObjectForm | None
    """The object around which it is; null for the whole graph."""
    objects: list[NodeForm]
    """All objects."""
    references: list[ReferenceForm]
    """All references."""
    affected: list[AffectedForm]
    """What a change of the object around which it is would affect, the nearest first."""

"""The JSON form of the drift report, version 1, under the promise of `reconciler.reports.forms`."""

from __future__ import annotations

from typing_extensions import TypedDict

from reconciler.domain import Key, Sort, Source
from reconciler.reports.forms import (
    Count,
    FindingCounts,
    ObjectForm,
    PlaceForm,
    Report,
    StepForm,
    UnmanagedForm,
    documented,
)


@documented
class WriterForm(TypedDict):
    """Somebody who wrote, as the service names them; null where it does not say."""

    name: str | None
    """Display name."""
    email: str | None
    """E-mail address; project keys have none."""
    id: str | None
    """User id, which may tell one project key from another."""
    key: Key
    """With what they wrote: a project key, or as a person, in the console or with a personal key."""


@documented
class TraceForm(TypedDict):
    """Where a live value comes from."""

    source: Source
    """What told it: versions (past versions of the object), audit_log, last_modifier (of the object, who need not have
    changed this field), or nothing."""
    writers: list[WriterForm]
    """Who set it; several if it was one of them, none if nobody knows."""
    at: str | None
    """When, in UTC, if it is known."""
    certain: bool
    """Whether it is sure that it was they."""
    note: str
    """What is not known, and why; else empty."""
    objectVersion: int | None
    """The version of the object that had the value first, if versions told it."""


@documented
class EndingForm(TypedDict):
    """How an experiment was concluded; null where live does not say."""

    group: str | None
    """The name of the group that it was decided for."""
    reason: str | None
    """Why."""


@documented
class DriftedForm(StepForm):
    """An object of which live differs from its manifest."""

    sort: Sort
    """What it is about, the most urgent of its fields: emergency_off (it is off and should be on),
    experiment_lifecycle, other (a launch, too), rollout_step (percentages alone), cosmetic (name, description, tags,
    owner alone)."""
    traces: list[TraceForm]
    """Where the live values come from, one for each of fields, in the same order."""
    ending: EndingForm | None
    """How it was concluded, though its manifest may not say; null for what is no experiment in another stage of its
    life, and where live tells nothing of it."""


@documented
class SaltForm(TypedDict):
    """Somebody spread the units of an object anew, which nothing in the object shows."""

    objects: list[ObjectForm]
    """The object; several where the name in the audit log can be that of any of them."""
    action: str
    """What the audit log calls it."""
    entry: str
    """The id of the entry in the audit log."""
    writer: WriterForm
    """Who did it."""
    at: str | None
    """When, in UTC, if it is known."""


@documented
class GoneForm(ObjectForm):
    """An object that a manifest describes and that is not live."""

    where: PlaceForm | None
    """Its manifest."""
    owner: str | None
    """Who owns it, by the labels of the manifest."""
    trace: TraceForm | None
    """Who deleted it."""


@documented
class SortCounts(TypedDict):
    """A number for each sort."""

    emergency_off: Count
    """Off, and should be on."""
    experiment_lifecycle: Count
    """Experiments in another stage of their life."""
    other: Count
    """None of the others."""
    rollout_step: Count
    """Percentages alone."""
    cosmetic: Count
    """Names, descriptions, tags and owners alone."""


@documented
class DriftSummary(FindingCounts):
    """The sum of a drift check."""

    changed: Count
    """Objects of which live differs from the manifest."""
    gone: Count
    """Objects that are not live."""
    same: Count
    """Objects that are equal."""
    unmanaged: Count
    """Live objects that no manifest describes."""
    salts: Count
    """Times that units of an object were spread anew."""
    sorts: SortCounts
    """How many of the changed objects are of which sort."""


@documented
class DriftReport(Report):
    """How live differs from the manifests."""

    digest: str | None
    """SHA-256 over what differs and how, whoever did it and when: another one just when something else differs. null
    without drift."""
    summary: DriftSummary
    """All of it in numbers."""
    changed: list[DriftedForm]
    """Objects of which live differs; a field's live value is what was made of it. Their steps have no calls."""
    gone: list[GoneForm]
    """Objects that are in a manifest and not live."""
    salts: list[SaltForm]
    """Objects of manifests whose units were spread anew (--log-since), the latest first."""
    unmanaged: list[UnmanagedForm]
    """Live objects that no manifest describes. They are no drift."""

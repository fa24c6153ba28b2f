"""The part of the project file that says what a run may do: limits, demands, closed hours, policies, exceptions."""

from __future__ import annotations

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from reconciler.kinds import KINDS
from reconciler.manifests.moments import TimeZone, Until, WallTime, YearlySpan
from reconciler.manifests.part import Part, refused
from reconciler.manifests.wording import one_of, shown
from reconciler.meaning import Text
from reconciler.shape import shape_of


def _known_kind(name: str) -> str:
    if name in KINDS:
        return name
    raise refused(f"there is no kind {name!r}", one_of(name, KINDS))


def _said(text: str) -> str:
    if text.strip():
        return text
    raise refused("there is nothing in it", "write a sentence that a reader understands in a year")


KindName = Annotated[Text, AfterValidator(_known_kind)]
Reason = Annotated[Text, AfterValidator(_said)]
Percent = Annotated[float, Field(ge=0, le=100)]


Prune: TypeAlias = Literal["off", "archive", "delete"]
"""What happens to an owned object whose manifest is gone."""

_PRUNED = ("default", *KINDS)


def _known_kinds(prune: dict[str, Prune]) -> dict[str, Prune]:
    for name in prune:
        if name not in _PRUNED:
            context = {"message": f"there is no kind {shown(name)}", "cure": one_of(name, _PRUNED), "at": (name,)}
            raise PydanticCustomError("SCHEMA/enum", "{message}", context)
    return prune


PruneByKind: TypeAlias = Annotated[
    dict[Text, Prune],
    AfterValidator(_known_kinds),
    Field(json_schema_extra={"propertyNames": {"enum": list(_PRUNED)}}),
]
"""The same for each kind, and as ``default`` for those that are not named."""


class Limit(Part):
    """How many objects one run may touch."""

    max: Annotated[int, Field(ge=0)] | None = None
    """The largest number; null for no bound."""
    max_percent: Percent | None = None
    """The largest share of the managed objects (live ones with a manifest or with the ownership tag), in percent."""
    percent_from: Annotated[int, Field(ge=1)] = 10
    """Shares are looked at where at least so many objects are managed: one of three objects is a third of them."""


class Limits(Limit):
    """Limits for all kinds together, and for single kinds besides."""

    kinds: dict[KindName, Limit] = Field(default_factory=dict)
    """Limits of one kind, such as ``{Gate: {max: 1}}``. They hold besides those for all."""


class Removals(Limits):
    """How many objects one run may archive or delete."""

    max: Annotated[int, Field(ge=0)] | None = 10
    """The largest number; null for no bound."""


class Rollout(Part):
    """How far a rollout may go in one run."""

    max_increase: Percent
    """The largest rise of a percentage in production, in points: from 1 % to 26 % it is 25."""
    production: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    """The environments that are production. Left out: those that the service marks, or else the one of that name."""


class Requirement(Part):
    """What manifests must say."""

    kinds: Annotated[tuple[KindName, ...], Field(strict=False)] = ()
    """The kinds that it is about; all if left out."""
    where: dict[Text, Text] = Field(default_factory=dict)
    """Values that the spec must have for it to count, such as ``{type: TEMPORARY}``."""
    labels: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    """Labels that must be there."""
    fields: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    """Fields of the spec that must be there and not empty, for the kinds that have them."""
    expiry: Text | None = None
    """A label that must hold the day on which the object is to be gone, such as ``2027-01-31``."""
    when_expired: Literal["warn", "stop"] = "warn"
    """Whether an object that outlives its day is a warning, or stops every run."""

    @model_validator(mode="after")
    def _fields_exist(self) -> Self:
        known = {name for kind in self.kinds or KINDS for name in shape_of(KINDS[kind].spec).fields}
        for name in (*self.fields, *self.where):
            if name not in known:
                raise refused(f"no kind that it is about has a field {name!r}", one_of(name, known))
        return self


class Closed(Part):
    """Hours in which nothing is applied: on some days of the week, or on some dates, from one time to another."""

    name: Text = ""
    """What it is called."""
    days: Annotated[
        tuple[Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], ...],
        Field(strict=False),
    ] = ()
    """Days of the week."""
    dates: Annotated[tuple[YearlySpan, ...], Field(strict=False)] = ()
    """Days of the calendar: ``2026-12-24``, ``2026-12-24..2027-01-02``, or every year ``12-24..01-02``."""
    start: Annotated[WallTime, Field(alias="from")] = "00:00"
    """When it begins."""
    to: WallTime = "24:00"
    """When it ends; on the next day, if that is not after its beginning."""

    @model_validator(mode="after")
    def _some_day(self) -> Self:
        if not self.days and not self.dates:
            raise refused("it is closed on no day", "write days: [friday], or dates: [12-24..12-26]")
        return self


class Windows(Part):
    """When nothing is applied."""

    time_zone: TimeZone
    """The time zone of its days and times, such as ``Europe/Berlin``."""
    closed: Annotated[tuple[Closed, ...], Field(strict=False)]
    """The hours."""


class CustomPolicy(Part):
    """A guard of your own, as an expression of the Common Expression Language."""

    name: Annotated[Text, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=60)]
    """What it is called; its findings have the code ``GUARD/<name>``."""
    deny: Annotated[Text, Field(min_length=1, max_length=2000)]
    """Looked at for each step: where it is true, or cannot be told, the plan is stopped."""
    message: Text = ""
    """What a reader is told."""


class Leave(Part):
    """Leave for a guard to trip."""

    guard: Text
    """The name of the guard: what follows ``GUARD/`` in the code of its finding."""
    reason: Reason
    """Why; it goes into every report."""
    until: Until | None = None
    """The last day on which it holds; for ever if left out."""
    objects: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    """Patterns of the objects that it is about, such as ``Gate/legacy_*``; all if left out."""


class Safety(Part):
    """What a run may do."""

    prune: Prune | PruneByKind = "off"
    """What happens to an owned object whose manifest is gone; for some kinds ``{default: archive, Gate: delete}``."""
    archive_first: bool = True
    """Whether what can be archived goes to the archive in one run before a later run deletes it."""
    keep_off: bool = True
    """Whether what is off live, although its manifest says on, stays off until its spec changes in Git."""
    removals: Removals = Removals()
    """How many objects one run may archive or delete."""
    updates: Limits = Limits()
    """How many live objects one run may change (adopted ones included)."""
    rollout: Rollout | None = None
    """How far a rollout may go in one run; without it, as far as the manifests say."""
    require: Annotated[tuple[Requirement, ...], Field(strict=False)] = ()
    """What manifests must say besides what the service needs."""
    windows: Windows | None = None
    """When nothing is applied."""
    policies: Annotated[tuple[CustomPolicy, ...], Field(strict=False, max_length=50)] = ()
    """Guards of your own."""
    allow: Annotated[tuple[Leave, ...], Field(strict=False)] = ()
    """Guards that may trip, with a reason."""

    def prune_of(self, kind: str) -> Prune:
        """What happens to an owned object of this kind whose manifest is gone."""
        if isinstance(self.prune, str):
            return self.prune
        return self.prune.get(kind, self.prune.get("default", "off"))

    @property
    def asks_for_production(self) -> bool:
        """Whether it matters which environments the service says are production."""
        return bool(self.policies) or (self.rollout is not None and not self.rollout.production)

"""One object that a manifest describes, decoded and checked by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from reconciler.domain import Place, ResourceKey, Tree
from reconciler.kind import Decision, Permission
from reconciler.manifests.part import Part
from reconciler.manifests.rest import Rest
from reconciler.meaning import Spec, Text


class DecisionNote(Part):
    """Why an experiment is concluded or an object archived."""

    reason: Text | None = None
    """Sent with the call that concludes or archives."""
    remove_targeting: bool = False
    """Whether the targeting of the experiment ends with it."""


Acknowledged: TypeAlias = Annotated[Text, Field(pattern=r"^Experiment/.+")]


Run: TypeAlias = Annotated[Text, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]


class Permit(Part):
    """What may be lost. A permission names what it is about, so that one that is left in the file is used once."""

    reset: Run | None = None
    """When the experiment's run began that is thrown away, as the plan shows it: "2026-10-01T09:00:00Z"."""
    rewrite: Run | None = None
    """When the concluded experiment's run began whose groups, unit, targeting or allocation may be written anew."""
    archive_while_checked: bool = False
    """Whether the gate may be archived although it was checked in the last hour."""


class Metadata(Part):
    """Our part of a manifest. Nothing of it but the id is a field of the object."""

    id: Text
    """What identifies the object, for ever; the name, for kinds that have no id."""
    labels: dict[Text, str] = Field(default_factory=dict)
    """Ours, to select by and to hold guards against; never sent. A date may stand without quotes."""
    on_remove: Literal["off", "archive", "delete"] | None = None
    """What happens to the object when its manifest goes; ``safety.prune`` where this is left out. Kept as a tag.

    An experiment that ever ran is deleted only where this says so.
    """
    protected: bool = False
    """Whether the object is never removed, whatever else is said. Kept as a tag."""
    acknowledge: tuple[Acknowledged, ...] = Field(default=(), strict=False)
    """Running experiments, such as Experiment/checkout_layout, whose results this manifest's change may taint."""
    decision: DecisionNote | None = None
    """Why the object is concluded or archived."""
    permit: Permit | None = None
    """What may be lost on the way to the status that the manifest asks for."""


@dataclass(frozen=True, slots=True)
class Resource:
    """An object as a manifest wants it, and the place of its document."""

    key: ResourceKey
    metadata: Metadata
    spec: Spec
    place: Place

    @property
    def decision(self) -> Decision:
        """What the lifecycle of the kind reads of ``metadata.decision``."""
        note = self.metadata.decision
        return Decision(note.reason, note.remove_targeting) if note else Decision()

    @property
    def permission(self) -> Permission:
        """What the lifecycle of the kind reads of ``metadata.permit``."""
        permit = self.metadata.permit
        return Permission(permit.reset, permit.rewrite, permit.archive_while_checked) if permit else Permission()

    @property
    def labels(self) -> Mapping[str, str]:
        """What the manifest can be selected by."""
        return self.metadata.labels

    def partial(self) -> Partial:
        """The same, where something outside of it makes that it must not be planned."""
        return Partial(self.key, self.labels, Rest(self.spec.tree()), self.place)

    def tree(self) -> Tree:
        """Just what the spec says."""
        return self.spec.tree()

    def where(self, *at: str | int) -> Place:
        """The place of what stands at the keys `at` of the tree."""
        return self.place.at("spec", *at)


@dataclass(frozen=True, slots=True)
class Partial:
    """An object that a manifest describes, as far as it can be read: checked with all others, and never planned.

    `labels` are None where they cannot be read. `rest` is what is left of the spec.
    """

    key: ResourceKey
    labels: Mapping[str, str] | None
    rest: Rest
    place: Place

    def tree(self) -> Tree:
        """What of the spec can be read."""
        return self.rest.tree

    def where(self, *at: str | int) -> Place:
        """The place of what stands at the keys `at` of the tree."""
        return self.place.at("spec", *self.rest.written(at))


Described: TypeAlias = Resource | Partial
"""What a manifest says about an object, whole or not."""

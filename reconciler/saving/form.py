"""The form of a plan file, version 1, and its JSON Schema."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from reconciler.domain import Action, Severity, Tree, Verb


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class KeyForm(_Form):
    """Which object."""

    kind: str
    """Its kind, such as Gate."""
    id: str
    """Its id."""


class RelianceForm(KeyForm):
    """An object that another comes to refer to, which must be at apply as it was when the plan was made."""

    status: str
    """Its status in the words of manifests; empty where it has none."""


class ItemForm(_Form):
    """A step of a path into a list whose items have names."""

    item: str
    """The name of the item."""


class FieldForm(_Form):
    """One difference."""

    path: list[str | int | ItemForm]
    """Field names, positions (from 0) and items, from the top of the object."""
    action: Action
    """What happens to it."""
    live: Any
    """As it was live."""
    desired: Any
    """As the manifest asks for."""


class CallForm(_Form):
    """One request."""

    method: Literal["POST", "PATCH", "PUT", "DELETE"]
    """The HTTP method."""
    path: Annotated[str, Field(pattern=r"^(/[^/?#]+)+$")]
    """The path below the base URL, percent-encoded."""
    body: Any
    """The JSON body; ``{"$idOf": {"list": ..., "name": ...}}`` stands for an id that only the service knows, and
    ``$$idOf`` for a key that is really called so."""


class PlaceForm(_Form):
    """Where the manifest stands."""

    path: str
    """The file, as it was reached from the folder in which the plan was made."""
    document: int
    """Which document of the file, from 0."""
    pointer: list[str | int]
    """The way within the document: names of fields, and positions from 0."""
    line: int | None
    """From 1."""
    column: int | None
    """From 1."""


class UnmanagedForm(KeyForm):
    """A live object without a manifest."""

    modifiedBy: str | None  # noqa: N815 - the form's own name
    """Who changed it last."""
    modifiedAt: int | None  # noqa: N815 - the form's own name
    """When, in epoch milliseconds."""


class AskedForm(KeyForm):
    """An object that others refer to."""

    by: list[KeyForm]
    """Who does."""


class ReviewForm(_Form):
    """A review that is open."""

    id: str
    """Its id."""
    status: str
    """Its status, in the service's words."""
    description: str
    """What it is about."""


class WayBackForm(_Form):
    """How a step could be undone if nobody changed the object since. A rollback computes its calls anew."""

    calls: list[CallForm]
    """The requests, in order."""
    kept: list[str]
    """What they cannot undo, and why."""


class StepForm(KeyForm):
    """What is done to one object."""

    verb: Verb
    """What is done."""
    where: PlaceForm | None
    """The manifest."""
    needs: list[KeyForm]
    """Objects whose steps must succeed first."""
    fields: list[FieldForm]
    """The differences that a reviewer reads."""
    calls: list[CallForm]
    """The requests, in order."""
    digest: str | None
    """SHA-256 of `base`; null where there was no object."""
    base: dict[str, Any] | None
    """The live object that the step was computed from, without what changes by itself."""
    modifiedBy: str | None  # noqa: N815 - the form's own name
    """Who changed the live object last."""
    modifiedAt: int | None  # noqa: N815 - the form's own name
    """When, in epoch milliseconds."""
    review: ReviewForm | None
    """The review that is open on the object."""
    taints: list[KeyForm]
    """Running experiments whose results it mixes, or would mix if it is pending."""
    relies: list[RelianceForm]
    """What the object comes to refer to."""
    back: WayBackForm
    """How it could be undone."""
    labels: dict[str, str]
    """The labels of the manifest."""


class AllowanceForm(_Form):
    """Why a guard may trip."""

    guard: str
    """Its name."""
    reason: str
    """The reason that was given."""
    until: date | None
    """The last day on which that holds."""
    objects: list[str]
    """Patterns of the objects that it is about; none for all."""
    where: PlaceForm | None
    """Where it is written; null for the command line."""


class FindingForm(_Form):
    """What a reviewer should know."""

    code: str
    """Its code."""
    severity: Severity
    """How much it matters."""
    message: str
    """What it says."""
    cure: str
    """What to do."""
    where: PlaceForm | None
    """Where."""
    object: KeyForm | None
    """About which object."""
    allowed: AllowanceForm | None
    """Why it does not stop the run, if it is a guard's."""


class PlanFile(_Form):
    """A saved plan."""

    version: Literal[1]
    """The version of this form."""
    tool: str
    """The version of statsig-reconciler that made it; another one refuses it."""
    url: str
    """Base URL of the API that it was made against; it is applied nowhere else."""
    project: str | None
    """Id of the project that it was made for."""
    production: list[str]
    """The environments that count as production there."""
    fingerprint: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Equal for plans that would do the same."""
    steps: list[StepForm]
    """In the order in which they run."""
    held: list[StepForm]
    """Objects that differ and are left alone."""
    pending: list[StepForm]
    """Objects that wait for people: for a review, for a word about a running experiment, or for another such object."""
    unchanged: list[KeyForm]
    """Objects that are as their manifests say."""
    unmanaged: list[UnmanagedForm]
    """Live objects without a manifest."""
    findings: list[FindingForm]
    """What a reviewer should know besides."""
    managed: dict[str, Annotated[int, Field(ge=0)]]
    """How many live objects of each kind are managed."""
    askedBy: list[AskedForm]  # noqa: N815 - the form's own name
    """By whom the objects of the steps are referred to, and those who do."""
    checksum: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 over all the rest."""


MARKER = "$idOf"
"""The key of an object that stands for an id. A value of somebody's own under this key gets one more dollar sign."""


def escaped_marker(name: str) -> str:
    """A key of a value as the file has it: ``$$idOf`` for ``$idOf``."""
    return f"${name}" if name.startswith("$") and name.lstrip("$") == "idOf" else name


def plain_marker(name: str) -> str:
    """The same the other way round."""
    return name[1:] if name.startswith("$$") and name.lstrip("$") == "idOf" else name


def digest(tree: Tree) -> str:
    """SHA-256 (hexadecimal) of a tree, whatever the order of its keys."""
    text = json.dumps(tree, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def plan_file_schema() -> Tree:
    """The JSON Schema of plan files."""
    return PlanFile.model_json_schema()

"""Feature gates: ``/gates``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from reconciler.domain import Action, FieldChange, Problem, Tree
from reconciler.kind import Kind, Transition, Wanted, error
from reconciler.kinds.shared import (
    AUTHORSHIP,
    LOGGED,
    OFF,
    TOGGLE_PERMITS,
    Metric,
    Tags,
    TargetApps,
    actions,
    created_as,
    in_manifests,
    today,
    toggle,
)
from reconciler.meaning import (
    LEFT_OUT,
    QUOTED,
    BlankText,
    CreateOnly,
    Directed,
    Flag,
    KeyedBy,
    Refers,
    Spec,
    Text,
    WriteOnce,
)
from reconciler.targeting import GateRule, rule_problems


class ReviewSettings(Spec):
    """Whether changes in the console need a review."""

    read_only = frozenset({"allowedReviewers"})

    requiredReview: Flag
    """Whether a review is required."""


class GateSpec(Spec):
    """A feature gate. Only the fields that are written here are managed."""

    name: Annotated[str, Field(min_length=3, max_length=100, pattern=r"^[a-zA-Z0-9_\-. ]*$"), QUOTED] = LEFT_OUT
    """Display name; the id if left out when the gate is created."""
    status: Annotated[Literal["in_progress", "launched", "disabled", "archived"], Directed()] = LEFT_OUT
    """in_progress: the rules apply. launched: true for all. disabled and archived: false for all."""
    description: Annotated[BlankText, Field(max_length=1000)] = LEFT_OUT
    """What the gate is for."""
    rules: Annotated[list[GateRule], KeyedBy(("name",), carry=("id", "baseID"), telling=("conditions",))] = LEFT_OUT
    """Tried from top to bottom; the first whose conditions hold decides."""
    tags: Tags = LEFT_OUT
    """Names of tags."""
    type: Literal["PERMANENT", "TEMPORARY"] = LEFT_OUT
    """Whether the gate is meant to be removed one day."""
    idType: Annotated[Text, Refers("UnitIdType")] = LEFT_OUT
    """The unit that is gated, such as userID or stableID. Changing it overwrites past results."""
    targetApps: TargetApps = LEFT_OUT
    """Names of the target apps."""
    team: BlankText | None = LEFT_OUT
    """The owning team, by name."""
    teamID: BlankText | None = LEFT_OUT
    """The owning team, by id."""
    measureMetricLifts: bool = LEFT_OUT
    """Whether metric lifts are computed."""
    monitoringMetrics: Annotated[list[Metric], KeyedBy(("name", "type"), ordered=False, named=False)] = LEFT_OUT
    """Metrics that are watched during the rollout."""
    reviewSettings: ReviewSettings = LEFT_OUT
    """Review settings of this gate."""
    releasePipelineID: BlankText | None = LEFT_OUT
    """The release pipeline that rolls changes out."""
    isTemplate: Annotated[Flag, CreateOnly()] = LEFT_OUT
    """Whether the gate is a template; set when it is created."""
    creatorID: Annotated[BlankText, WriteOnce()] | None = LEFT_OUT
    """Sent when the gate is created and not compared afterwards."""
    creatorEmail: Annotated[BlankText, WriteOnce()] | None = LEFT_OUT
    """Sent when the gate is created and not compared afterwards."""


_CALLS = {"in_progress": "enable", "launched": "launch", "disabled": "disable"}
_STATUS = in_manifests(
    {"In Progress": "in_progress", "Launched": "launched", "Disabled": "disabled", "Archived": "archived"}
)


def view(live: Tree) -> Tree:
    """A live gate with `status` in manifest vocabulary, and a `type` that can be written.

    STALE is what the service makes of a TEMPORARY gate that nobody changes, TEMPLATE of one that is a template.
    """
    status = _STATUS.get(str(live.get("status")), "in_progress" if live.get("isEnabled") else "disabled")
    kept = "PERMANENT" if live.get("type") == "PERMANENT" else "TEMPORARY"
    template = {"isTemplate": True} if live.get("type") == "TEMPLATE" else {}
    return {**live, **template, "status": status, "type": kept if "type" in live else None}


def create(id_: str, desired: Tree) -> Tree:
    """The body that creates the gate."""
    return created_as(id_, desired, on="in_progress")


def transition(wanted: Wanted) -> Transition:
    """launch, enable, disable, archive and unarchive: any status can be reached from any other."""
    return toggle(wanted, on="in_progress", calls=_CALLS)


def taints(change: FieldChange) -> bool:
    """Whether the change may give units another answer. A rule under another name is the same rule."""
    return change.path[0] in {"rules", "status", "idType"} and change.action is not Action.RENAME


def check(spec: Tree) -> Iterator[Problem]:
    """What is wrong beyond the types of the fields."""
    yield from rule_problems(spec.get("rules", []))
    if spec.get("isTemplate") and spec.get("type") == "PERMANENT":
        yield error("RULE/template", "the service says TEMPLATE for the type of a template", "take type out", "type")


_LOGGED = replace(
    LOGGED,
    about="^(config_|update_config_|gate_|update_gate_)",
    fields={
        **LOGGED.fields,
        "config_monitoring_metrics_update": frozenset({"monitoringMetrics"}),
        "update_gate_display_name": frozenset({"name"}),
        "update_gate_is_permanent": frozenset({"type"}),
        "update_gate_analytics_enabled": frozenset({"measureMetricLifts"}),
        "gate_update_owners": frozenset({"team", "teamID"}),
        "gate_overrides_update": frozenset(),
    },
    made=frozenset({"gate_create", "gate_template_create"}),
)

KIND = Kind(
    name="Gate",
    spec=GateSpec,
    collection="/gates",
    item_root="/gates",
    seed_key="gates",
    namespace="gates",
    id_pattern=r"[a-zA-Z0-9_\-.]*",
    read_only=AUTHORSHIP | {"version", "checksPerHour", "holdoutIDs", "owner", "typeReason", "activeReview"},
    instead={
        "isEnabled": "write status: in_progress, launched, disabled or archived",
        "id": "the id is metadata.id",
        "returnValue": "rules of a gate return true or false; values belong to a DynamicConfig",
    },
    actions=actions(_CALLS),
    off=OFF,
    missing="false",
    view=view,
    today=today,
    create=create,
    transition=transition,
    taints=taints,
    permits=TOGGLE_PERMITS,
    check=check,
    has_versions=True,
    logged=_LOGGED,
)

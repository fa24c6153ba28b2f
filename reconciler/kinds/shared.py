"""Fields and steps that several kinds have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, TypeAlias

from pydantic import Field

from reconciler.domain import Action, Call, FieldChange, Problem, Tree
from reconciler.forms import names
from reconciler.kind import Logged, Transition, Wanted, error, warning
from reconciler.meaning import Form, Refers, Spec, Text
from reconciler.targeting import on_schedule

TagName: TypeAlias = Annotated[Text, Field(min_length=1, max_length=100)]
Tags: TypeAlias = Annotated[list[TagName], Form(names), Refers("Tag")]
TargetApps: TypeAlias = Annotated[Text | list[Text], Form(names), Refers("TargetApp")]

ROUNDING = Decimal("0.1")
"""Shares may miss 100 by this much: three times 33.3 is meant as a whole."""

AUTHORSHIP = frozenset(
    {"lastModifierID", "lastModifiedTime", "lastModifierEmail", "lastModifierName", "createdTime", "creatorName"}
)
"""Who made and changed an object: written by the service."""

OFF = frozenset({"disabled", "archived"})
"""Statuses in which all units get the same: false, or the default value."""


LOGGED = Logged(
    about="^(config_|update_config_)",
    fields={
        "config_conditions_update": frozenset({"rules"}),
        "config_environments_update": frozenset({"rules"}),
        "config_state_toggle": frozenset({"status"}),
        "config_description_update": frozenset({"description"}),
        "config_display_name_update": frozenset({"name"}),
        "config_add_tag": frozenset({"tags"}),
        "config_remove_tag": frozenset({"tags"}),
        "config_edit_tags": frozenset({"tags"}),
        "config_edit_target_apps": frozenset({"targetApps"}),
        "config_id_type_update": frozenset({"idType"}),
        "config_update_owners": frozenset({"team", "teamID", "owner"}),
        "update_config_release_pipeline": frozenset({"releasePipelineID"}),
        "config_resalt": frozenset(),
    },
    gone=frozenset({"config_delete"}),
    salted=frozenset({"config_resalt"}),
)
"""What the audit log says of gates and of dynamic configs, in the same words."""


class Metric(Spec):
    """A metric, by name and type."""

    name: Annotated[Text, Field(min_length=1)]
    """Name of the metric."""
    type: Annotated[Text, Field(min_length=1)]
    """Type of the metric, such as user, sum or event_count_custom."""


TOGGLE_PERMITS = frozenset({"archiveWhileChecked"})
"""What `toggle` asks ``metadata.permit`` for."""


def toggle(wanted: Wanted, *, on: str, calls: Mapping[str, str]) -> Transition:
    """The lifecycle of gates and configs: `calls` leads from a status to the endpoint that reaches it.

    Switching off comes before the patch of the fields, switching on after it, so that no unit sees a half-made change.
    An archived object is taken out of the archive first, since it may be read-only there.
    """
    if problems := _checked(wanted):
        live, desired = (wanted.live or {}).get("status"), wanted.desired["status"]
        return Transition(held=(FieldChange(("status",), Action.SET, live, desired),), problems=problems)
    status = _status(wanted, on, calls)
    return replace(status, problems=_new_unit(wanted))


def _checked(wanted: Wanted) -> tuple[Problem, ...]:
    """A gate that is asked for is not archived: the service may refuse that, and whoever asks gets false."""
    live = wanted.live or {}
    checks, archives = live.get("checksPerHour"), wanted.desired.get("status") == "archived" != live.get("status")
    if not (checks and archives) or wanted.permission.archive_checked:
        return ()
    message = f"it was checked {checks} times in the last hour, and would be false for all who ask"
    cure = "take it out of the code first, or write metadata: {permit: {archiveWhileChecked: true}}"
    return (error("LIFECYCLE/checked", message, cure, "status"),)


def _new_unit(wanted: Wanted) -> tuple[Problem, ...]:
    if not any(change.path[0] == "idType" for change in wanted.changed):
        return ()
    message = "another unit (idType) overwrites the results so far, and spreads everybody anew"
    return (warning("PLAN/id-type", message, "make a new object, if the results matter", "idType"),)


def _status(wanted: Wanted, on: str, calls: Mapping[str, str]) -> Transition:
    desired = wanted.desired.get("status")
    if desired is None:
        return Transition()

    def put(action: str) -> Call:
        return Call("PUT", f"{wanted.item}/{action}", {} if action in {"archive", "unarchive"} else None)

    def archive() -> Call:
        reason = {"archiveReason": wanted.decision.reason} if wanted.decision.reason else {}
        forced = {"forceArchive": True} if (wanted.live or {}).get("checksPerHour") else {}
        return Call("PUT", f"{wanted.item}/archive", {**reason, **forced})

    if wanted.live is None:
        first = {"archived": (archive(),), on: (), "disabled": ()}.get(desired)
        return Transition(after=(put(calls[desired]),) if first is None else first)
    live = wanted.live["status"]
    if live == desired:
        return Transition()
    fields = (FieldChange(("status",), Action.SET, live, desired),)
    if desired == "archived":
        hidden = (put("disable"),) if wanted.changed and live != "disabled" else ()
        return Transition(hidden, (archive(),), fields)
    before = (put("unarchive"),) if live == "archived" else ()
    if desired == "disabled":
        return Transition((*before, put("disable")), (), fields)
    return Transition(before, (put(calls[desired]),), fields)


def in_manifests(statuses: Mapping[str, str]) -> dict[str, str]:
    """The service's words for a status to ours, and ours to themselves: the view of a view is the same view."""
    return {**statuses, **{word: word for word in statuses.values()}}


def today(desired: Tree, live: Tree, now: int | None) -> Tree:
    """The desired spec with its rules as their schedules have them by now."""
    if not desired.get("rules"):
        return desired
    return {**desired, "rules": on_schedule(desired["rules"], live.get("rules") or [], now)}


def actions(calls: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    """The statuses that the endpoints of `calls` lead to. Which one comes after the archive is not documented."""
    reached = {action: frozenset({status}) for status, action in calls.items()}
    return {**reached, "archive": frozenset({"archived"}), "unarchive": frozenset(calls)}


def created_as(id_: str, desired: Tree, *, on: str) -> Tree:
    """The body that creates a gate or a config. What is not to be switched on starts disabled, which nobody sees."""
    body = {"id": id_, "name": id_, **desired}
    status = body.pop("status", on)
    return {**body, "isEnabled": status == on}

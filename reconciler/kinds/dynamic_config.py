"""Dynamic configs: ``/dynamic_configs``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field

from reconciler.domain import Problem, Tree
from reconciler.forms import json_object, json_text
from reconciler.kind import Kind, Transition, Wanted
from reconciler.kinds.shared import (
    AUTHORSHIP,
    LOGGED,
    OFF,
    TOGGLE_PERMITS,
    Tags,
    TargetApps,
    actions,
    created_as,
    in_manifests,
    today,
    toggle,
)
from reconciler.kinds.values import disagreements, new_value_problems, value_problems
from reconciler.meaning import (
    LEFT_OUT,
    QUOTED,
    BlankText,
    CreateOnly,
    Directed,
    EmptyIsNull,
    Flag,
    Form,
    KeyedBy,
    Refers,
    Spec,
    Text,
    Twin,
    WriteOnce,
)
from reconciler.targeting import Rule, rule_problems
from reconciler.targeting.rule import SCHEDULES, Percentage

JsonObject = Annotated[dict[str, Any], Form(json_object)]
Json5Text = Annotated[Text, Form(json_text)]


class Variant(Spec):
    """One share of the units of a rule, with a value of its own."""

    name: Annotated[Text, Field(min_length=1)]
    """Unique within the rule; the variant is matched with its live twin by it."""
    passPercentage: Percentage
    """The share of the units."""
    returnValue: Annotated[JsonObject, Twin("returnValueJson5")] = LEFT_OUT
    """What these units get: an object without nulls."""
    returnValueJson5: Json5Text = LEFT_OUT
    """The same with comments, as JSON5 text. Compared by its value: another comment alone is no difference."""
    id: Text = LEFT_OUT
    """Normally left out: the live id is carried over."""


class ConfigRule(Rule):
    """A rule of a config: units that meet the conditions and fall into the percentage get its value."""

    passPercentage: Annotated[Percentage, SCHEDULES] = LEFT_OUT
    """How many of the units that meet the conditions get the value; 100 if left out when the rule is created."""
    returnValue: Annotated[JsonObject, Twin("returnValueJson5")] = LEFT_OUT
    """What these units get: an object without nulls."""
    returnValueJson5: Json5Text = LEFT_OUT
    """The same with comments, as JSON5 text. Compared by its value: another comment alone is no difference."""
    variants: Annotated[list[Variant], KeyedBy(("name",), carry=("id",), telling=("returnValue",), ordered=False)] = (
        LEFT_OUT
    )
    """Shares of the rule's units with values of their own."""


class OwnerRef(Spec):
    """Who owns the config."""

    ownerID: Text = LEFT_OUT
    """Id of the owner."""
    ownerType: Text = LEFT_OUT
    """Type of the owner, such as USER or SDK_KEY."""
    ownerName: Text = LEFT_OUT
    """Name of the owner."""
    ownerEmail: Text = LEFT_OUT
    """E-mail of the owner."""


class DynamicConfigSpec(Spec):
    """A dynamic config. Only the fields that are written here are managed."""

    name: Annotated[str, Field(min_length=3, max_length=100, pattern=r"^[a-zA-Z0-9_\-. ]*$"), QUOTED] = LEFT_OUT
    """Display name; the id if left out when the config is created."""
    status: Annotated[Literal["enabled", "disabled", "archived"], Directed()] = LEFT_OUT
    """enabled: the rules apply. disabled and archived: the default value for all."""
    description: Annotated[BlankText, Field(max_length=1000)] = LEFT_OUT
    """What the config is for."""
    rules: Annotated[list[ConfigRule], KeyedBy(("name",), carry=("id", "baseID"), telling=("conditions",))] = LEFT_OUT
    """Tried from top to bottom; the first whose conditions hold decides."""
    defaultValue: Annotated[JsonObject, Twin("defaultValueJson5")] = LEFT_OUT
    """What units get that no rule decides for: an object without nulls."""
    defaultValueJson5: Json5Text = LEFT_OUT
    """The same with comments, as JSON5 text. Compared by its value: another comment alone is no difference."""
    schema_: Annotated[
        Text | None,
        Form(json_text),
        EmptyIsNull(),
        Twin("schemaJson5"),
        Field(alias="schema", examples=['\'{"type": "object"}\'']),
    ] = LEFT_OUT
    """Text of a JSON Schema (2020-12) that every value of this config must satisfy; null for none."""
    schemaJson5: Annotated[Json5Text | None, EmptyIsNull()] = LEFT_OUT
    """The same with comments, as JSON5 text. Compared by its value: another comment alone is no difference."""
    idType: Annotated[Text, Refers("UnitIdType")] = LEFT_OUT
    """The unit that is bucketed, such as userID or stableID. Changing it overwrites past results."""
    tags: Tags = LEFT_OUT
    """Names of tags."""
    targetApps: TargetApps = LEFT_OUT
    """Names of the target apps."""
    team: BlankText | None = LEFT_OUT
    """The owning team, by name."""
    teamID: BlankText | None = LEFT_OUT
    """The owning team, by id."""
    releasePipelineID: BlankText | None = LEFT_OUT
    """The release pipeline that rolls changes out."""
    isTemplate: Annotated[Flag, CreateOnly()] = LEFT_OUT
    """Whether the config is a template; set when it is created."""
    owner: Annotated[OwnerRef, WriteOnce()] | None = LEFT_OUT
    """Sent when the config is created and not compared afterwards."""
    creatorID: Annotated[BlankText, WriteOnce()] | None = LEFT_OUT
    """Sent when the config is created and not compared afterwards."""
    creatorEmail: Annotated[BlankText, WriteOnce()] | None = LEFT_OUT
    """Sent when the config is created and not compared afterwards."""


_CALLS = {"enabled": "enable", "disabled": "disable"}
_STATUS = in_manifests({"Enabled": "enabled", "Disabled": "disabled", "Archived": "archived"})


def view(live: Tree) -> Tree:
    """A live config with `status` in manifest vocabulary."""
    status = _STATUS.get(str(live.get("status")), "enabled" if live.get("isEnabled") else "disabled")
    return {**live, "status": status}


def create(id_: str, desired: Tree) -> Tree:
    """The body that creates the config."""
    return created_as(id_, desired, on="enabled")


def transition(wanted: Wanted) -> Transition:
    """enable, disable, archive and unarchive: any status can be reached from any other."""
    return toggle(wanted, on="enabled", calls=_CALLS)


def check(spec: Tree) -> Iterator[Problem]:
    """What is wrong beyond the types of the fields."""
    yield from rule_problems(spec.get("rules", []))
    yield from value_problems(spec)


_LOGGED = replace(
    LOGGED,
    about="^(config_|update_config_|dynamic_config_)",
    fields={
        **LOGGED.fields,
        "config_default_value_update": frozenset({"defaultValue", "schema"}),
        "dynamic_config_update_owners": frozenset({"team", "teamID", "owner"}),
    },
    made=frozenset({"dynamic_config_create", "dynamic_config_template_create"}),
)

KIND = Kind(
    name="DynamicConfig",
    spec=DynamicConfigSpec,
    collection="/dynamic_configs",
    item_root="/dynamic_configs",
    seed_key="dynamic_configs",
    namespace="configs",
    id_pattern=r"[a-zA-Z0-9_\-.]*",
    read_only=AUTHORSHIP | {"version", "holdoutIDs"},
    instead={
        "isEnabled": "write status: enabled, disabled or archived",
        "id": "the id is metadata.id",
    },
    actions=actions(_CALLS),
    off=OFF,
    missing="an empty value",
    view=view,
    today=today,
    create=create,
    transition=transition,
    permits=TOGGLE_PERMITS,
    check=check,
    check_new=new_value_problems,
    check_whole=disagreements,
    has_versions=True,
    logged=_LOGGED,
)

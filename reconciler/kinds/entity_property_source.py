"""Entity property sources of warehouse-native projects: ``/experiments/entity_properties``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from reconciler.domain import Problem, Tree
from reconciler.forms import sql
from reconciler.kind import Kind, Logged, error
from reconciler.kinds.shared import Tags
from reconciler.meaning import LEFT_OUT, BlankText, Flag, Form, KeyedBy, Refers, Spec, Text


class IdTypeMapping(Spec):
    """Which column holds which unit id."""

    statsigUnitID: Annotated[Text, Field(min_length=1), Refers("UnitIdType")]
    """The unit id type, such as userID."""
    column: Annotated[Text, Field(min_length=1)]
    """The column of the query that holds it."""


class EntityPropertySourceSpec(Spec):
    """A query that gives properties of units, named by ``metadata.id``. Only what is written is managed."""

    sql: Annotated[Text, Form(sql), Field(min_length=1)]
    """The query."""
    idTypeMapping: Annotated[
        list[IdTypeMapping], KeyedBy(("statsigUnitID",), ordered=False, named=False, labelled=True), Field(min_length=1)
    ]
    """Which columns of the query hold unit ids; one entry for each unit id type."""
    description: BlankText = LEFT_OUT
    """What the source is for."""
    tags: Tags = LEFT_OUT
    """Names of tags."""
    timestampColumn: BlankText = LEFT_OUT
    """The column of the query that holds the time; "" for none."""
    timestampAsDay: Flag = LEFT_OUT
    """Whether the time is a day."""
    isReadOnly: Flag = LEFT_OUT
    """Whether the source can be edited through the Console API only."""
    team: BlankText | None = LEFT_OUT
    """The owning team, by name."""
    teamID: BlankText | None = LEFT_OUT
    """The owning team, by id."""


def create(id_: str, desired: Tree) -> Tree:
    """The body that creates the source."""
    return {"name": id_, **desired}


def check(spec: Tree) -> Iterator[Problem]:
    """One mapping for each unit id type."""
    seen: set[str] = set()
    for index, mapping in enumerate(spec.get("idTypeMapping", [])):
        unit = mapping["statsigUnitID"]
        if unit in seen:
            yield error(
                "SOURCE/duplicate-unit",
                f"{unit} is mapped twice",
                "keep one column for each unit id type",
                "idTypeMapping",
                index,
                "statsigUnitID",
            )
        seen.add(unit)


KIND = Kind(
    name="EntityPropertySource",
    spec=EntityPropertySourceSpec,
    collection="/experiments/entity_properties",
    item_root="/experiments/entity_property",
    seed_key="entity_properties",
    namespace="entity properties",
    id_pattern=r"(?!\.{1,2}$)\S(.*\S)?",
    identity="name",
    id_length=(1, 200),
    read_only=frozenset({"owner"}),
    instead={
        "name": "the name of a source is metadata.id",
        "dryRun": "take it out: plan --server-validate makes the dry run",
    },
    whole_update=frozenset({"sql"}),
    whole_fields=(
        "description",
        "tags",
        "sql",
        "timestampColumn",
        "timestampAsDay",
        "idTypeMapping",
        "isReadOnly",
        "team",
        "teamID",
    ),
    can_archive=False,
    has_dry_run=True,
    create=create,
    check=check,
    logged=Logged(
        about="echidna_(entity_property_source|source)",
        fields={"update_echidna_source_owner": frozenset()},
        made=frozenset({"create_echidna_entity_property_source"}),
        gone=frozenset({"delete_echidna_entity_property_source"}),
    ),
)

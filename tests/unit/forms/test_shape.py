"""The meaning of a spec model, read once from its annotations."""

from __future__ import annotations

from typing import Annotated, Any

import pytest

from reconciler.domain import ResourceKey, Tree, path_text
from reconciler.kinds import KINDS
from reconciler.meaning import LEFT_OUT, CreateOnly, Form, KeyedBy, Refers, Spec, Text, WriteOnce
from reconciler.shape import references, shape_of, targets_of
from reconciler.suggest import did_you_mean, nearest


class Wheel(Spec):
    name: Text
    id: Text = LEFT_OUT
    maker: Annotated[Text, Refers("Team")] = LEFT_OUT


class Cart(Spec):
    colour: Annotated[Text, Form(str.casefold)] | None = LEFT_OUT
    wheels: Annotated[list[Wheel], KeyedBy(("name",), carry=("id",))] = LEFT_OUT
    spare: Wheel | None = LEFT_OUT
    maker: Annotated[Text, CreateOnly(), Refers("Team")] | None = LEFT_OUT
    free: Annotated[dict[str, Any], WriteOnce()] = LEFT_OUT


def test_annotations_are_found_inside_of_unions() -> None:
    fields = shape_of(Cart).fields
    assert fields["colour"].form("RED") == "red"
    assert fields["maker"].create_only
    assert fields["maker"].refers == "Team"
    assert fields["free"].write_once


def test_nested_models_are_found_in_lists_and_unions_and_not_in_free_objects() -> None:
    fields = shape_of(Cart).fields
    assert fields["wheels"].item is shape_of(Wheel)
    assert fields["spare"].item is shape_of(Wheel)
    assert fields["free"].item is None


def test_fields_are_known_by_the_name_that_manifests_use() -> None:
    fields = shape_of(KINDS["DynamicConfig"].spec).fields
    assert "schema" in fields
    assert "schema_" not in fields
    assert shape_of(KINDS["DynamicConfig"].spec).twins == {
        "schemaJson5": "schema", "defaultValueJson5": "defaultValue"}  # fmt: skip


def test_references_are_found_at_every_depth_with_the_way_that_leads_there() -> None:
    tree: Tree = {
        "maker": "a",
        "spare": {"name": "x", "maker": "b"},
        "wheels": [{"name": "y"}, {"name": "z", "maker": "c"}],
    }
    found = {path_text(reference.at): reference.target for reference in references(shape_of(Cart), tree)}
    assert found == {
        "maker": ResourceKey("Team", "a"),
        "spare.maker": ResourceKey("Team", "b"),
        "wheels[1].maker": ResourceKey("Team", "c"),
    }


@pytest.mark.parametrize("nothing", [None, "", []])
def test_nothing_refers_to_nothing(nothing: object) -> None:
    assert list(references(shape_of(Cart), {"maker": nothing, "wheels": nothing})) == []


def test_a_kind_knows_which_kinds_it_can_refer_to() -> None:
    assert targets_of(shape_of(KINDS["EntityPropertySource"].spec)) == {"Tag", "UnitIdType"}
    assert targets_of(shape_of(KINDS["Gate"].spec)) >= {
        "Gate",
        "Segment",
        "Environment",
        "UnitIdType",
        "Tag",
        "TargetApp",
    }
    assert targets_of(shape_of(KINDS["Experiment"].spec)) == {
        "Gate", "Layer", "EntityPropertySource", "UnitIdType", "Tag", "TargetApp"}  # fmt: skip


@pytest.mark.parametrize(
    ("word", "known", "found"),
    [
        ("descripton", ["description", "rules"], "description"),
        ("ANY", ["any"], "any"),
        ("zzz", ["any"], None),
        ("x", [], None),
    ],
)
def test_the_near_miss_that_was_probably_meant(word: str, known: list[str], found: str | None) -> None:
    assert nearest(word, known) == found
    assert did_you_mean(word, known) == (f"did you mean {found}?" if found else "")

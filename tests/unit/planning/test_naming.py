"""Who refers to whom, as far as only a text of the console tells."""

from __future__ import annotations

import json

import pytest

from reconciler.domain import Json, ResourceKey, Snapshot, Tree
from reconciler.kinds import KINDS
from reconciler.planning.graph import graph_of
from reconciler.planning.naming import live_naming, naming_after

LAYOUT = ResourceKey("Experiment", "layout")
AUDIENCE = ResourceKey("Gate", "audience")


def live(inline: Json) -> Snapshot:
    objects: dict[ResourceKey, Tree] = {
        LAYOUT: {"id": "layout", "status": "setup", "inlineTargetingRulesJSON": inline},
        AUDIENCE: {"id": "audience"},
    }
    return Snapshot(objects=objects, segments={"staff": {"id": "staff"}})


@pytest.mark.parametrize("inline", ["{}", "", None, [], json.dumps([{"type": "country", "targetValue": ["DE"]}])])
def test_inline_targeting_invents_no_objects(inline: Json) -> None:
    assert graph_of(KINDS, (), live(inline)).nodes.keys() == {LAYOUT, AUDIENCE, ResourceKey("Segment", "staff")}


@pytest.mark.parametrize("inline", ['[{"targetValue": "audience"}]', "passes audience", [{"gate": "audience"}]])
def test_inline_targeting_may_ask_for_whatever_it_names(inline: Json) -> None:
    before = live_naming(KINDS, live(inline))
    assert before[LAYOUT] == {AUDIENCE}
    after = naming_after(KINDS, before, [(LAYOUT, live('"staff"').objects[LAYOUT])])
    assert after[LAYOUT] == {ResourceKey("Segment", "staff")}

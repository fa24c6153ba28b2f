"""A real project: taken over into manifests without a difference, and changed one thing at a time."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from reconciler.domain import Json, Tree
from reconciler.kinds import KINDS
from reconciler.manifests import from_wire
from tests.end_to_end.world import (
    STAMP,
    Change,
    World,
    changes_of,
    differing,
    fields_differing,
    members,
    place_of,
    steps_of,
)
from tests.shared_files import REAL_PROJECT, needs

pytestmark = needs(REAL_PROJECT)

LIVE: Tree = json.loads(REAL_PROJECT.read_text("utf-8")) if REAL_PROJECT.is_file() else {}
KEYS = [(kind.name, live[kind.identity]) for kind in KINDS.values() for live in LIVE.get(kind.seed_key, [])]


@pytest.fixture
def real(world: World) -> World:
    """The real project, and a repository with a manifest for each of its objects."""
    world.seed(LIVE)
    return world


def taken_over(world: World) -> dict[str, Tree]:
    return {id_: from_wire(KINDS[kind], world.live(kind, id_)) for kind, id_ in KEYS}


@pytest.mark.parametrize(("kind", "id_"), KEYS)
def test_an_object_that_is_taken_over_into_a_manifest_needs_no_change(real: World, kind: str, id_: str) -> None:
    real.manifests([from_wire(KINDS[kind], real.live(kind, id_))])
    planned = real.plan()
    assert planned.plan.findings == ()
    assert (changes_of(planned), planned.plan.held) == ({}, ())
    assert [str(key) for key in planned.plan.unchanged] == [f"{kind}/{id_}"]
    assert len(planned.plan.unmanaged) == len(KEYS) - 1


def test_the_whole_project_taken_over_needs_no_change_and_applying_does_nothing(real: World) -> None:
    before = real.dump()
    real.manifests(taken_over(real).values())
    assert real.apply() == []
    assert len(real.plan().plan.unchanged) == len(KEYS) == 15
    assert differing(before, real.dump()) == set()


# ---- one edit --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Edit:
    """What somebody changes in one manifest, and what a person expects to see and to happen.

    `fields` are the top-level fields of the live object that may differ afterwards; `other` the steps besides.
    """

    kind: str
    id_: str
    change: Callable[[Tree], object]
    expected: list[Change]
    fields: frozenset[str]
    ids: dict[str, str] = field(default_factory=dict)
    metadata: Tree = field(default_factory=dict)
    other: tuple[str, ...] = ()


def put(**values: Json) -> Callable[[Tree], object]:
    return lambda spec: spec.update(values)


def in_rule(at: int, **values: Json) -> Callable[[Tree], object]:
    return lambda spec: spec["rules"][at].update(values)


NEW = {
    "name": "Staff",
    "passPercentage": 100,
    "conditions": [{"type": "email", "operator": "any", "targetValue": ["a@b"]}],
}
STARTED = frozenset({"status", "startTime", "layerID"})
ENDED = frozenset({"status", "endTime", "decisionTime", "decisionReason"})
RULES = frozenset({"rules"})

EDITS = {
    "a percentage": Edit(
        "Gate",
        "partial_gate",
        in_rule(0, passPercentage=75),
        [('rules["Rule 59nkHd"].passPercentage', "set", 50, 75)],
        RULES,
        {"59nkHdlmIytrqNG9iT7gkd": "59nkHdlmIytrqNG9iT7gkd:75.00:11"},
    ),
    "a percentage for the first time": Edit(
        "Gate",
        "nested_gate_b",
        in_rule(0, passPercentage=0.25),
        [('rules["Rule 2mCqBq"].passPercentage', "set", 50, 0.25)],
        RULES,
        {"2mCqBq3xjKqKxPDJzrcrkq": "2mCqBq3xjKqKxPDJzrcrkq:0.25:1"},
    ),
    "a rule put in the middle": Edit(
        "Gate",
        "third_gate",
        lambda spec: spec["rules"].insert(1, NEW),
        [('rules["Staff"]', "add", None, NEW)],
        RULES,
    ),
    "a rule taken out": Edit(
        "Gate",
        "big_gate",
        lambda spec: spec["rules"].pop(2),
        [('rules["Rule 3Ozepu"]', "remove", LIVE["gates"][5]["rules"][2] if LIVE else None, None)],
        RULES,
    ),
    "a rule renamed": Edit(
        "Gate",
        "big_gate",
        in_rule(1, name="Chrome users"),
        [('rules["Chrome users"]', "rename", "Rule 3Ozepr", "Chrome users")],
        RULES,
    ),
    "a rule moved to the top": Edit(
        "Gate",
        "big_gate",
        lambda spec: spec["rules"].insert(0, spec["rules"].pop()),
        [('rules["Rule 3OzepB"]', "move", 5, 1)],
        RULES,
    ),
    "a value of a condition": Edit(
        "Gate",
        "third_gate",
        lambda spec: spec["rules"][0]["conditions"][0]["targetValue"].append("6"),
        [
            (
                'rules["Rule 2XsjGY"].conditions[0].targetValue',
                "set",
                ["1", "2", "3", "4", "5"],
                ["1", "2", "3", "4", "5", "6"],
            )
        ],
        RULES,
    ),
    "an environment": Edit(
        "Gate",
        "test_public",
        in_rule(0, environments=["production"]),
        [('rules["Rule QeYZ08"].environments', "set", None, ["production"])],
        RULES,
    ),
    "a description": Edit(
        "Gate",
        "a_gate",
        put(description="The first gate."),
        [("description", "set", "", "The first gate.")],
        frozenset({"description"}),
    ),
    "a tag that is new": Edit(
        "Gate",
        "nested_gate_a",
        put(tags=["growth"]),
        [("tags", "set", [], ["growth"])],
        frozenset({"tags"}),
        other=("Tag/growth",),
    ),
    "the status of a gate": Edit(
        "Gate",
        "test_public",
        put(status="launched"),
        [("status", "set", "in_progress", "launched")],
        frozenset({"status", "isEnabled"}),
    ),
    "a member of a value": Edit(
        "DynamicConfig",
        "a_dynamic_config",
        lambda spec: spec["defaultValue"].update(red="#EE0000"),
        [("defaultValue.red", "set", "#FF0000", "#EE0000")],
        frozenset({"defaultValue", "defaultValueJson5"}),
    ),
    "the sizes of the groups of a draft": Edit(
        "Experiment",
        "three_groups",
        lambda spec: [group.update(size=size) for group, size in zip(spec["groups"], (60, 40), strict=True)],
        [('groups["Control"].size', "set", 50, 60), ('groups["Test"].size', "set", 50, 40)],
        frozenset({"groups"}),
    ),
    "a draft that is to run": Edit(
        "Experiment",
        "three_groups",
        put(status="active"),
        [("status", "set", "setup", "active")],
        STARTED,
        other=("implicit layer",),
    ),
    "a running experiment that is decided": Edit(
        "Experiment",
        "another_experiment",
        put(status="decision_made", launchedGroup="Test Two"),
        [
            ("status", "set", "active", "decision_made"),
            ("launchedGroup", "set", None, "Test Two"),
            ("decisionReason", "set", "", "Test Two won."),
        ],
        ENDED | {"launchedGroupID"},
        metadata={"decision": {"reason": "Test Two won."}},
    ),
    "a running experiment that is abandoned": Edit(
        "Experiment",
        "an_experiment",
        put(status="abandoned", decisionReason="It broke."),
        [("status", "set", "active", "abandoned"), ("decisionReason", "set", "", "It broke.")],
        ENDED,
    ),
    "a parameter of a draft": Edit(
        "Experiment",
        "a_experiment",
        lambda spec: [group["parameterValues"].update(n=at) for at, group in enumerate(spec["groups"])],
        [('groups["Control"].parameterValues.n', "add", None, 0), ('groups["Test"].parameterValues.n', "add", None, 1)],
        frozenset({"groups"}),
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_one_edit_is_one_change_and_leaves_all_else_to_the_letter(real: World, name: str) -> None:
    edit = EDITS[name]
    documents = taken_over(real)
    edit.change(documents[edit.id_]["spec"])
    documents[edit.id_]["metadata"].update(edit.metadata)
    real.manifests(documents.values())
    planned = real.good_plan()
    key, tags = f"{edit.kind}/{edit.id_}", [key for key in edit.other if key.startswith("Tag/")]
    assert list(steps_of(planned)) == [*tags, key]
    assert changes_of(planned)[key] == edit.expected
    before = real.dump()
    real.apply()
    after = real.dump()
    place = place_of(steps_of(planned)[key].key)
    beside = differing(before, after) - {place}
    assert len(beside) == len(edit.other), beside
    assert all(item.startswith(("tags/", "layers/statsig::")) for item in beside)
    collection = KINDS[edit.kind].seed_key
    live, now = before[collection][edit.id_], after[collection][edit.id_]
    assert fields_differing(live, now) - STAMP == edit.fields
    check_items(edit, live, now)


def check_items(edit: Edit, live: Tree, now: Tree) -> None:
    """Rules and groups that the change does not name are what they were, and all keep their ids."""
    for name, id_ in (("rules", "baseID"), ("groups", "id")):
        before = {item[id_]: item for item in live.get(name, [])}
        for item in now.get(name, []):
            if item[id_] not in before:
                continue
            old = before[item[id_]]
            assert item["id"] == edit.ids.get(item[id_], old["id"])
            if not any(f'["{item["name"]}"]' in path for path, *_ in edit.expected):
                assert members(item) == members(old)
        gone = before.keys() - {item[id_] for item in now.get(name, [])}
        assert len(gone) == sum(path.startswith(name) and action == "remove" for path, action, *_ in edit.expected)

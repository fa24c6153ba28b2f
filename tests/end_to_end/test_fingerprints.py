"""A fingerprint stays the same however manifests are laid out, and differs when anything that is sent differs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from reconciler.domain import Call, IdOf, Json, Plan, ResourceKey, Step, Tree, Verb
from reconciler.manifests import parse
from reconciler.planning.fingerprint import fingerprint
from tests.end_to_end.world import World, manifest, seeded

RULE: Tree = {
    "name": "EU ramp",
    "passPercentage": 12.5,
    "environments": ["production"],
    "conditions": [
        {"type": "country", "operator": "any", "targetValue": ["DE", "FR"]},
        {"type": "passes_gate", "targetValue": "base_gate"},
    ],
}
OTHER: Tree = {"name": "Staff", "passPercentage": 100, "conditions": [{"type": "public"}]}
GROUPS = [{"name": name, "size": 50, "parameterValues": {"x": name}} for name in "AB"]
SOURCE: Tree = {"sql": "SELECT id FROM t", "idTypeMapping": [{"statsigUnitID": "userID", "column": "id"}]}
LIVE: Tree = seeded(
    gates=[
        {"id": "worded", "description": "Live words", "status": "In Progress", "rules": [], "version": 4},
        {"id": "retired", "rules": [], "status": "Disabled", "tags": ["git"]},
    ],
    experiments=[{"id": "draft", "status": "setup", "groups": GROUPS}],
)
MANIFESTS = [
    manifest("Gate", "base_gate", {"status": "in_progress"}),
    manifest("Gate", "worded", {"description": "Git's words", "rules": [RULE, OTHER]}, labels={"team": "payments"}),
    manifest("DynamicConfig", "limits", {"defaultValue": {"a": 1, "b": [2, 3]}, "schema": '{"type": "object"}'}),
    manifest("Experiment", "draft", {"status": "active", "allocation": 60, "controlGroup": "B"}),
    manifest("EntityPropertySource", "people", SOURCE),
]
"""Changes of every kind: what they are about is at these positions."""
BASE, WORDED, LIMITS, DRAFT, PEOPLE = range(5)

Layout = Callable[[World, list[Tree]], None]


@pytest.fixture
def asked(world: World) -> World:
    world.project(ownership={"tag": "git"}, safety={"prune": "archive"})
    world.seed(LIVE)
    world.manifests(MANIFESTS)
    return world


def copied(value: Json) -> Json:
    return json.loads(json.dumps(value))


def known_by(world: World) -> str:
    """The fingerprint of the plan, which has errors nowhere and changes everywhere."""
    plan = world.good_plan().plan
    assert {step.key.kind for step in plan.steps} >= {"Gate", "DynamicConfig", "Experiment", "EntityPropertySource"}
    return fingerprint(plan)


# ---- the same --------------------------------------------------------------------------------------------------------


def turned(value: Json) -> Json:
    """The same with the keys of every mapping the other way round."""
    if isinstance(value, dict):
        return {name: turned(item) for name, item in reversed(value.items())}
    return [turned(item) for item in value] if isinstance(value, list) else value


def block_style(world: World, documents: list[Tree]) -> None:
    """One file of block YAML, with remarks."""
    yaml = YAML()
    with (world.folder / "manifests" / "all.yaml").open("w", encoding="utf-8") as file:
        for document in documents:
            file.write("# What follows was reviewed.\n---\n")
            yaml.dump(document, file)


def deep_folders(world: World, documents: list[Tree]) -> None:
    for number, document in enumerate(documents):
        world.write(f"manifests/a/b{number}/c/d.yaml", json.dumps(document, indent=4))


def other_order(world: World, documents: list[Tree]) -> None:
    world.manifests(reversed(documents))


def other_keys(world: World, documents: list[Tree]) -> None:
    world.manifests(turned(documents))


def other_labels(world: World, documents: list[Tree]) -> None:
    labelled = [
        {**each, "metadata": {**each["metadata"], "labels": {"squad": "growth", "tier": "1"}}} for each in documents
    ]
    world.manifests(labelled)


def other_numbers(world: World, documents: list[Tree]) -> None:
    """60.0 for 60, and 12.50 for 12.5."""
    for number, document in enumerate(documents):
        text = json.dumps(document).replace('"allocation": 60', '"allocation": 60.0').replace("12.5", "12.50")
        world.write(f"manifests/{number}.yaml", text)


LAYOUTS = [block_style, deep_folders, other_order, other_keys, other_labels, other_numbers]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda each: each.__name__)
def test_how_manifests_are_written_makes_no_difference(asked: World, layout: Layout) -> None:
    before = known_by(asked)
    asked.manifests([])
    (asked.folder / "manifests").mkdir(exist_ok=True)
    layout(asked, copied(MANIFESTS))
    assert known_by(asked) == before


def test_where_the_repository_is_makes_no_difference(asked: World, tmp_path: Path) -> None:
    before = known_by(asked)
    (tmp_path / "manifests").rename(tmp_path / "resources")
    asked.project(ownership={"tag": "git"}, safety={"prune": "archive"}, manifests=["resources/*.yaml"])
    assert known_by(asked) == before


def test_what_makes_no_difference_live_makes_none_here(asked: World) -> None:
    before = known_by(asked)
    asked.service.clock.ms += 1_000_000
    asked.edit(
        "Gate", "worded", {"version": 9, "typeReason": "STALE_NO_RULES", "team": "Of somebody"}, by="Console user"
    )
    assert known_by(asked) == before


def test_of_what_is_removed_everything_makes_a_difference(asked: World) -> None:
    before = known_by(asked)
    asked.edit("Gate", "retired", {"description": "Do not remove: still asked for"}, by="Console user")
    assert known_by(asked) != before


def test_a_set_may_hold_an_id_that_is_not_known_yet() -> None:
    id_ = IdOf("groups", "A")
    one, other, less = (
        Plan((Step(ResourceKey("Gate", "a_gate"), Verb.UPDATE, (Call("PATCH", "/gates/a_gate", {"tags": tags}),)),))
        for tags in ([id_, "b"], ["b", id_], ["b"])
    )
    assert fingerprint(one) == fingerprint(other) != fingerprint(less)


def test_the_order_of_members_makes_no_difference(world: World) -> None:
    world.project()
    prints = set()
    for tags, countries in ((["a", "b"], ["SE", "DK"]), (["b", "a"], ["DK", "SE", "DK"])):
        condition = {"type": "country", "operator": "any", "targetValue": countries}
        everyone = {"name": "R", "passPercentage": 1, "conditions": [condition]}
        world.manifests([manifest("Gate", "new_gate", {"tags": tags, "rules": [everyone]})])
        prints.add(fingerprint(world.good_plan().plan))
    assert len(prints) == 1


def test_of_what_is_switched_everything_makes_a_difference(world: World) -> None:
    world.project(safety={"keepOff": False})
    off = {"id": "risky", "status": "Disabled", "isEnabled": False}
    world.seed(seeded(gates=[{**off, "rules": [rule("Everyone", 1)]}]))
    world.manifests([manifest("Gate", "risky", {"status": "in_progress"})])
    before = fingerprint(world.good_plan().plan)
    world.edit("Gate", "risky", {"rules": [rule("Everyone", 100)]})
    assert fingerprint(world.good_plan().plan) != before


def rule(name: str, percentage: int) -> Tree:
    return {"name": name, "id": name, "baseID": name, "passPercentage": percentage, "conditions": [{"type": "public"}]}


def test_an_object_that_needs_nothing_has_no_part_in_it(asked: World) -> None:
    asked.manifests([*MANIFESTS, manifest("Gate", "retired", {})])
    before = known_by(asked)
    asked.manifests([*MANIFESTS, manifest("Gate", "retired", {"status": "disabled", "rules": []})])
    assert known_by(asked) == before


# ---- another one -----------------------------------------------------------------------------------------------------


def at(number: int, *keys: str | int, value: Json) -> Callable[[list[Tree]], None]:
    """An edit of one value of one spec."""

    def edit(documents: list[Tree]) -> None:
        holder: Json = documents[number]["spec"]
        for key in keys[:-1]:
            holder = holder[key]
        holder[keys[-1]] = value

    return edit


EDITS: dict[str, Callable[[list[Tree]], None]] = {
    "a description": at(WORDED, "description", value="Git's word"),
    "a percentage": at(WORDED, "rules", 0, "passPercentage", value=12.6),
    "the name of a rule": at(WORDED, "rules", 0, "name", value="EU Ramp"),
    "the order of rules": at(WORDED, "rules", value=[OTHER, RULE]),
    "a rule less": at(WORDED, "rules", value=[RULE]),
    "a value of a condition": at(WORDED, "rules", 0, "conditions", 0, "targetValue", value=["DE", "IT"]),
    "an operator": at(WORDED, "rules", 0, "conditions", 0, "operator", value="none"),
    "the gate that must pass": at(WORDED, "rules", 0, "conditions", 1, "targetValue", value="retired"),
    "an environment": at(WORDED, "rules", 0, "environments", value=["staging"]),
    "no environment": at(WORDED, "rules", 0, "environments", value=None),
    "a status": at(BASE, "status", value="disabled"),
    "a further field": at(BASE, "description", value="New"),
    "a tag": at(BASE, "tags", value=["★ Core"]),
    "a value": at(LIMITS, "defaultValue", "a", value=2),
    "a value that is text": at(LIMITS, "defaultValue", "a", value="1"),
    "a value that is true": at(LIMITS, "defaultValue", "a", value=True),
    "the order of values": at(LIMITS, "defaultValue", "b", value=[3, 2]),
    "a schema": at(LIMITS, "schema", value='{"type": "object", "required": ["a"]}'),
    "an allocation": at(DRAFT, "allocation", value=61),
    "a control group": at(DRAFT, "controlGroup", value="A"),
    "an experiment that is not started": at(DRAFT, "status", value="setup"),
    "a query": at(PEOPLE, "sql", value="SELECT id FROM u"),
    "a column": at(PEOPLE, "idTypeMapping", 0, "column", value="user_id"),
    "an object more": lambda documents: documents.append(manifest("Gate", "one_more", {})),
    "a renamed object": lambda documents: documents[LIMITS]["metadata"].update(id="limits_v2"),
    "a protected object": lambda documents: documents[LIMITS]["metadata"].update(protected=True),
    "what becomes of an object": lambda documents: documents[LIMITS]["metadata"].update(onRemove="delete"),
    "an object that stays": lambda documents: documents.append(manifest("Gate", "retired", {})),
}


@pytest.mark.parametrize("name", EDITS)
def test_every_edit_that_changes_what_is_sent_is_another_plan(asked: World, name: str) -> None:
    before = known_by(asked)
    documents = copied(MANIFESTS)
    EDITS[name](documents)
    asked.manifests(documents)
    assert known_by(asked) != before


def test_every_edit_is_another_plan_than_every_other(asked: World) -> None:
    prints = {}
    for name, edit in EDITS.items():
        documents = copied(MANIFESTS)
        edit(documents)
        asked.manifests(documents)
        prints[name] = known_by(asked)
    assert len(set(prints.values())) == len(prints)


def test_another_live_state_that_changes_what_is_sent_is_another_plan(asked: World) -> None:
    before = known_by(asked)
    asked.edit("Gate", "worded", {"description": "Git's words"})
    assert known_by(asked) != before


def test_reading_and_dumping_a_manifest_is_no_edit() -> None:
    """The layouts above say the same as the manifests; else the first half of this file would show nothing."""
    for document in MANIFESTS:
        (parsed,) = parse(json.dumps(turned(document)).encode(), "m.yaml").documents
        assert parsed.tree == document


@pytest.mark.parametrize("name", ["tags", "environments", "targetApps", "targetValue"])
def test_the_order_within_the_value_of_a_config_makes_a_difference(world: World, name: str) -> None:
    """There it is what users get, whatever the member is called."""
    world.project()
    prints = set()
    for value in (["a", "b"], ["b", "a"]):
        world.manifests([manifest("DynamicConfig", "new_config", {"defaultValue": {name: value}})])
        prints.add(fingerprint(world.good_plan().plan))
    assert len(prints) == 2

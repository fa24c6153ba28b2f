"""The way back from a plan with a step of every sort: done whole or in part, and with people's work done since."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.domain import Json
from reconciler.kinds import KINDS
from tests.end_to_end.every_sort import EVERYTHING, every_sort, rule
from tests.end_to_end.filing import Filed, call, ends, filed, item, settled
from tests.end_to_end.world import World

# ---- all of it -------------------------------------------------------------------------------------------------------


@pytest.fixture
def whole(world: World) -> Filed:
    """A saved plan with a step of every sort."""
    return every_sort(world)


NO_WAY_BACK = ["Experiment/ending", "Experiment/starting", "Tag/peak"]


def differing(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))


def test_everything_but_lives_of_experiments_and_tags_comes_back(whole: Filed) -> None:
    before = settled(whole.world.dump())
    whole.applied()
    assert whole.rollback() == (1, NO_WAY_BACK)
    assert differing(before, settled(whole.world.dump())) == ["Experiment/ending", "Experiment/starting"]
    assert whole.world.live("Experiment", "ending")["status"] == "abandoned"


def as_the_service_spells_it(world: World) -> None:
    """Let the service write all rules and teams once: the example has them in every spelling that may be read."""
    dump = world.dump()
    for kind in ("Gate", "DynamicConfig"):
        for id_, live in dump[KINDS[kind].seed_key].items():
            call(world, "PATCH", item(kind, id_), {"rules": live["rules"]})
    for id_, live in dump["entity_properties"].items():
        call(world, "PATCH", item("EntityPropertySource", id_), {"team": live["team"]} if live.get("team") else {})


def test_the_example_comes_back_but_for_what_has_no_way_back(world: World) -> None:
    world.example()
    as_the_service_spells_it(world)
    plan = filed(world)
    before = settled(world.dump(), ids=False)
    plan.applied()
    _, left = plan.rollback()
    experiments = ["Experiment/delivery_fee_threshold", "Experiment/delivery_slot_copy"]
    assert left == [*experiments, "Tag/peak-2026"]
    assert differing(before, settled(world.dump(), ids=False)) == experiments


def test_after_a_rollback_the_same_plan_is_made_again(whole: Filed) -> None:
    whole.applied()
    whole.rollback()
    again = filed(whole.world, "again")
    done = {f"{step['kind']}/{step['id']}" for step in again.tree["steps"]}
    assert done == set(EVERYTHING) - {"Tag/peak", "Experiment/ending", "Experiment/starting"}


# ---- half of it ------------------------------------------------------------------------------------------------------

Somebody = Callable[[World], None]
IN_THE_WAY: dict[str, tuple[Somebody, set[str]]] = {
    "a gate was edited": (lambda world: world.edit("Gate", "worded", {"description": "Theirs"}), {"Gate/worded"}),
    "a gate was made": (
        lambda world: call(world, "POST", "/gates", {"id": "base_gate"}),
        {"Gate/base_gate", "Gate/asking_gate"},
    ),
    "a gate was deleted": (lambda world: call(world, "DELETE", item("Gate", "ramped")), {"Gate/ramped"}),
    "a source was edited": (
        lambda world: world.edit("EntityPropertySource", "people", {"description": "Theirs"}),
        {"EntityPropertySource/people"},
    ),
}


@pytest.mark.parametrize("name", IN_THE_WAY)
def test_a_plan_that_was_applied_in_part_is_undone_in_part(whole: Filed, name: str) -> None:
    somebody, undone = IN_THE_WAY[name]
    somebody(whole.world)
    before = settled(whole.world.dump())
    ended = whole.apply()
    assert {key for key, end in ended.items() if end != "done"} == undone
    _, left = whole.rollback()
    assert set(left) - set(NO_WAY_BACK) <= undone
    assert differing(before, settled(whole.world.dump())) == ["Experiment/ending", "Experiment/starting"]


def test_a_plan_that_was_refused_as_a_whole_is_not_undone(whole: Filed) -> None:
    whole.world.edit("Gate", "worded", {"description": "Theirs"})
    whole.apply("--all-or-nothing")
    before = whole.world.service.store.dump()
    _, report = whole.run("rollback")
    assert (ends(report), whole.world.service.store.dump()) == ({}, before)


def test_a_tag_that_was_never_made_is_nothing_to_tell(whole: Filed) -> None:
    assert whole.rollback() == (0, [])


# ---- people's work ---------------------------------------------------------------------------------------------------


def edits(kind: str, id_: str, **changes: Json) -> Somebody:
    return lambda world: world.edit(kind, id_, changes)


def moves_a_percentage(world: World) -> None:
    first, *rest = world.live("Gate", "ramped")["rules"]
    world.edit("Gate", "ramped", {"rules": [{**first, "passPercentage": 77}, *rest]})


def adds_a_rule(world: World) -> None:
    world.edit("Gate", "ramped", {"rules": [*world.live("Gate", "ramped")["rules"], rule("Theirs", id_="r9")]})


def switches_off(world: World) -> None:
    call(world, "PUT", f"{item('Gate', 'launching')}/disable", {})


def targets_a_segment(world: World) -> None:
    world.seed({"segments": [{"id": "vip", "name": "vip", "rules": [rule("Theirs", asks="asking_gate")]}]})


def deletes(world: World) -> None:
    call(world, "DELETE", item("Gate", "worded"))


THEIRS = [rule("Theirs", id_="r9")]
ASKING = [rule("Theirs", asks="asking_gate", id_="h1")]
SINCE: dict[str, tuple[Somebody, str]] = {
    "a text that the plan wrote": (edits("Gate", "worded", description="Theirs"), "Gate/worded"),
    "a percentage that the plan wrote": (moves_a_percentage, "Gate/ramped"),
    "a rule beside the one that the plan wrote": (adds_a_rule, "Gate/ramped"),
    "a status that the plan brought about": (switches_off, "Gate/launching"),
    "a gate that the plan made": (edits("Gate", "asking_gate", description="Theirs"), "Gate/asking_gate"),
    "rules of a gate that the plan made without any": (edits("Gate", "base_gate", rules=THEIRS), "Gate/base_gate"),
    "a reference to a gate that the plan made": (edits("Gate", "by_hand", rules=ASKING), "Gate/asking_gate"),
    "a segment that refers to a gate that the plan made": (targets_a_segment, "Gate/asking_gate"),
    "a gate that is gone": (deletes, "Gate/worded"),
    "a value of a config": (edits("DynamicConfig", "limits", defaultValue={"a": 9}), "DynamicConfig/limits"),
    "a query": (edits("EntityPropertySource", "people", sql="SELECT 9 AS id"), "EntityPropertySource/people"),
}


@pytest.mark.parametrize("name", SINCE)
def test_what_people_did_since_is_kept_and_told_and_the_rest_comes_back(whole: Filed, name: str) -> None:
    somebody, theirs = SINCE[name]
    before = settled(whole.world.dump())
    whole.applied()
    somebody(whole.world)
    left_by_people = settled(whole.world.dump())
    left = {theirs} | ({"Gate/base_gate"} if theirs == "Gate/asking_gate" else set())  # which refers to it
    assert whole.rollback() == (1, sorted({*NO_WAY_BACK, *left}))
    now = settled(whole.world.dump())
    assert {key: now.get(key) for key in left} == {key: left_by_people.get(key) for key in left}
    others = {*before, *now} - left - {*NO_WAY_BACK, "Gate/by_hand"}
    assert {key: now.get(key) for key in others} == {key: before.get(key) for key in others}


def test_a_field_that_the_plan_did_not_write_keeps_what_people_wrote(whole: Filed) -> None:
    whole.applied()
    whole.world.edit("Gate", "worded", {"team": "Theirs"})
    _, left = whole.rollback()
    assert left == NO_WAY_BACK
    live = whole.world.live("Gate", "worded")
    assert (live["description"], live["team"]) == ("Live words", "Theirs")

"""Steps that cannot be made: the others go on, what needs them is skipped, and the end says what is not so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

import httpx
import pytest

from reconciler import workflow
from reconciler.console import ApiKey, Console, Turns
from reconciler.domain import Outcome, Status, Tree
from tests.end_to_end.world import KEY, World, differing, manifest, place_of, steps_of


def passes(gate: str) -> Tree:
    return {"name": gate, "passPercentage": 100, "conditions": [{"type": "passes_gate", "targetValue": gate}]}


def in_segment(segment: str) -> Tree:
    return {"name": segment, "passPercentage": 100, "conditions": [{"type": "passes_segment", "targetValue": segment}]}


def ends(outcomes: list[Outcome]) -> dict[str, Status]:
    return {str(end.step.key): end.status for end in outcomes}


def reasons(outcomes: list[Outcome]) -> dict[str, str]:
    return {str(end.step.key): end.reason for end in outcomes}


def not_so(world: World) -> set[str]:
    return {str(item.key) for item in world.verify() if not item.holds}


# ---- refused by the service ------------------------------------------------------------------------------------------


@pytest.fixture
def chain(world: World) -> World:
    """Three gates that build on each other, an experiment on the last, and two objects that need nobody.

    The service refuses the second gate, because somebody deletes its segment while the plan is carried out.
    """
    world.seed({"segments": [{"id": "staff", "name": "staff"}]})
    world.manifests(
        [
            manifest("Gate", "first", {}),
            manifest("Gate", "second", {"rules": [passes("first"), in_segment("staff")]}),
            manifest("Gate", "third", {"rules": [passes("second")]}),
            manifest("Gate", "alone", {}),
            manifest("DynamicConfig", "limits", {"defaultValue": {"most": 1}}),
            manifest("Experiment", "layout", {"targetingGateID": "third"}),
        ]
    )
    return world


def refused(chain: World) -> list[Outcome]:
    planned = chain.good_plan()
    running = workflow.apply(planned, chain.console)
    first = next(running)
    chain.seed({"segments": []})
    outcomes = [first, *running]
    assert [end.step for end in outcomes] == list(planned.plan.steps)
    return outcomes


def test_a_refused_step_stops_what_needs_it_and_nothing_else(chain: World) -> None:
    assert ends(refused(chain)) == {
        "Gate/alone": Status.DONE,
        "Gate/first": Status.DONE,
        "Gate/second": Status.FAILED,
        "Gate/third": Status.SKIPPED,
        "DynamicConfig/limits": Status.DONE,
        "Experiment/layout": Status.SKIPPED,
    }


def test_the_reasons_say_what_the_service_said_and_what_was_missing(chain: World) -> None:
    told = reasons(refused(chain))
    assert told["Gate/second"] == "POST /gates answered 400: The following Segment IDs could not be found: [staff]"
    assert told["Gate/third"] == "it needs Gate/second, which did not succeed"
    assert told["Experiment/layout"] == "it needs Gate/third, which did not succeed"
    assert told["Gate/first"] == ""


def test_what_is_not_so_afterwards_is_named(chain: World) -> None:
    refused(chain)
    chain.seed({"segments": [{"id": "staff", "name": "staff"}]})
    assert not_so(chain) == {"Gate/second", "Gate/third", "Experiment/layout"}


def test_the_next_run_does_what_is_left(chain: World) -> None:
    refused(chain)
    chain.seed({"segments": [{"id": "staff", "name": "staff"}]})
    again = steps_of(chain.good_plan())
    assert list(again) == ["Gate/second", "Gate/third", "Experiment/layout"]
    chain.apply()
    assert not_so(chain) == set()


def test_an_id_that_an_object_of_another_kind_took_fails_just_that_object(world: World) -> None:
    world.manifests([manifest("Experiment", "layout", {}), manifest("Gate", "layout", {})])
    planned = world.good_plan()
    world.seed({"dynamic_configs": [{"id": "layout"}]})
    outcomes = world.outcomes(planned)
    assert ends(outcomes) == {"Gate/layout": Status.DONE, "Experiment/layout": Status.FAILED}
    assert reasons(outcomes)["Experiment/layout"] == "POST /experiments answered 400: Name is already in use"
    assert not_so(world) == {"Experiment/layout"}


def test_a_step_that_fails_half_way_says_how_many_calls_were_made(world: World) -> None:
    world.seed({"gates": [{"id": "busy"}]})
    world.manifests([manifest("Gate", "busy", {"description": "from Git", "status": "archived"})])
    planned = world.good_plan()
    world.seed({"gates": [{"id": "busy", "checksPerHour": 7}]})
    (end,) = world.outcomes(planned)
    assert (end.status, end.calls_made, len(end.step.calls)) == (Status.FAILED, 2, 3)
    assert "checks in the last hour" in end.reason
    (left,) = world.verify()
    assert [str(change.path[0]) for change in left.left_alone] == ["status"]


# ---- moved by somebody else ------------------------------------------------------------------------------------------


def test_an_object_that_somebody_changed_after_the_plan_is_left_out_and_the_others_go_on(world: World) -> None:
    world.seed({"gates": [{"id": "moved"}, {"id": "quiet"}]})
    documents = [manifest("Gate", id_, {"description": "from Git"}) for id_ in ("moved", "quiet")]
    world.manifests([*documents, manifest("Experiment", "layout", {"targetingGateID": "moved"})])
    planned = world.good_plan()
    world.edit("Gate", "moved", {"description": "by hand"})
    before = world.dump()
    outcomes = world.outcomes(planned)
    assert ends(outcomes) == {
        "Gate/moved": Status.STALE,
        "Gate/quiet": Status.DONE,
        "Experiment/layout": Status.SKIPPED,
    }
    assert differing(before, world.dump()) == {"gates/quiet"}
    assert not_so(world) == {"Gate/moved", "Experiment/layout"}


def test_an_object_that_somebody_made_or_removed_after_the_plan_is_left_out(world: World) -> None:
    world.seed({"gates": [{"id": "going"}, {"id": "staying"}]})
    world.manifests([manifest("Gate", id_, {"description": "from Git"}) for id_ in ("going", "staying", "coming")])
    planned = world.good_plan()
    world.seed({"gates": [{"id": "staying"}, {"id": "coming", "description": "by hand"}]})
    before = world.dump()
    outcomes = world.outcomes(planned)
    assert ends(outcomes) == {
        "Gate/going": Status.STALE,
        "Gate/staying": Status.DONE,
        "Gate/coming": Status.STALE,
    }
    assert differing(before, world.dump()) == {place_of(planned.plan.steps[-1].key)}
    assert {str(item.key): item.gone for item in world.verify() if not item.holds} == {
        "Gate/going": True,
        "Gate/coming": False,
    }


@contextmanager
def slow(world: World, meanwhile: Callable[[], None], *, then_blind: bool = False) -> Iterator[Console]:
    """A client that takes ten seconds for whatever it does, while somebody does something after the first write.

    `then_blind`: from then on its key may list nothing.
    """
    clock = count(0, 10)

    class Meanwhile(httpx.HTTPTransport):
        wrote = False

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if self.wrote and then_blind and "limit" in request.url.params:
                return httpx.Response(403, json={"message": "no"})
            answer = super().handle_request(request)
            if request.method != "GET" and not self.wrote:
                self.wrote = True
                meanwhile()
            return answer

    turns = Turns((), clock=lambda: float(next(clock)))
    with Console(world.service.url, ApiKey(KEY), turns=turns, transport=Meanwhile()) as console:
        yield console


def test_in_a_long_run_an_object_is_read_again_before_it_is_written(world: World) -> None:
    world.seed({"gates": [{"id": "one"}, {"id": "two"}]})
    world.manifests([manifest("Gate", id_, {"description": "from Git"}) for id_ in ("one", "two")])
    planned = world.good_plan()
    with slow(world, lambda: world.edit("Gate", "two", {"description": "by hand"})) as console:
        assert ends(list(workflow.apply(planned, console))) == {"Gate/one": Status.DONE, "Gate/two": Status.STALE}
    assert world.live("Gate", "two")["description"] == "by hand"


@pytest.mark.parametrize("prune", ["archive", "delete"])
def test_in_a_long_run_nothing_goes_that_came_into_use_meanwhile(world: World, prune: str) -> None:
    world.project(ownership={"tag": "git"}, safety={"prune": prune, "archiveFirst": False})
    world.seed({"gates": [{"id": "gone", "tags": ["git"]}, {"id": "kept"}, {"id": "other"}]})
    world.manifests([manifest("Gate", "kept", {"description": "from Git"})])
    planned = world.good_plan()
    asks = {"name": "R", "passPercentage": 1, "conditions": [{"type": "passes_gate", "targetValue": "gone"}]}
    with slow(world, lambda: world.edit("Gate", "other", {"rules": [asks]})) as console:
        found = ends(list(workflow.apply(planned, console)))
    assert found["Gate/gone"] is Status.STALE
    assert world.live("Gate", "gone")["status"] == "In Progress"


def test_in_a_long_run_nothing_goes_while_it_cannot_be_read_what_refers_to_it(world: World) -> None:
    world.project(ownership={"tag": "git"}, safety={"prune": "delete", "archiveFirst": False})
    user = {"id": "user", "tags": ["git"], "rules": [passes("base")]}
    world.seed({"gates": [{"id": "base", "tags": ["git"]}, {"id": "kept"}, user]})
    world.manifests([manifest("Gate", "kept", {"description": "from Git"})])
    planned = world.good_plan()
    with slow(world, lambda: None, then_blind=True) as console:
        found = ends(list(workflow.apply(planned, console)))
    assert found == {"Gate/kept": Status.DONE, "Gate/user": Status.FAILED, "Gate/base": Status.SKIPPED}


@pytest.mark.parametrize("prune", ["archive", "delete"])
def test_a_removal_that_was_left_out_is_no_convergence(world: World, prune: str) -> None:
    world.project(ownership={"tag": "git"}, safety={"prune": prune, "archiveFirst": False})
    world.seed({"gates": [{"id": id_, "tags": ["git"]} for id_ in ("gone", "kept", "moved")]})
    world.manifests([manifest("Gate", "kept", {})])
    planned = world.good_plan()
    world.edit("Gate", "moved", {"description": "by hand"})
    assert ends(world.outcomes(planned)) == {"Gate/gone": Status.DONE, "Gate/moved": Status.STALE}
    assert {str(item.key): item.holds for item in world.verify()} == {"Gate/kept": True, "Gate/moved": False}


def test_a_tag_that_somebody_made_in_the_meantime_is_as_good_as_ours(world: World) -> None:
    world.manifests([manifest("Gate", "tagged", {"tags": ["new tag"]})])
    planned = world.good_plan()
    world.seed({"tags": [{"name": "new tag"}]})
    assert set(ends(world.outcomes(planned)).values()) == {Status.DONE}
    assert not_so(world) == set()

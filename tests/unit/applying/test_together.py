"""Steps that run at the same time: what needs nothing runs together, what is needed runs before, removals run last."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import httpx
import pytest

from reconciler.applying import execute
from reconciler.console import ApiKey, Console, Turns
from reconciler.domain import Call, Outcome, Plan, ResourceKey, Snapshot, Status, Step, Verb
from reconciler.kinds import KINDS

WORKERS = 4


def gate(name: str) -> ResourceKey:
    return ResourceKey("Gate", name)


def step(name: str, *needs: str, verb: Verb = Verb.CREATE, calls: int = 1) -> Step:
    call = Call("DELETE", f"/gates/{name}") if verb is Verb.DELETE else Call("POST", "/gates", {"id": name})
    base = {"id": name} if verb is Verb.DELETE else None
    return Step(gate(name), verb, (call,) * calls, needs=frozenset(map(gate, needs)), base=base)


class Counter:
    """A service that remembers what began and ended, and holds requests up until a test lets them go."""

    def __init__(self, hold: Callable[[str], object] = lambda _: None) -> None:
        self.events: list[str] = []
        self.most = self.under_way = 0
        self._hold, self._lock = hold, threading.Lock()
        self.refuse: set[str] = set()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(404, json={"message": "Not Found."})
        name = request.url.path.rsplit("/", 1)[-1] if request.method == "DELETE" else str(_body(request)["id"])
        self._note(f"+{name}", 1)
        self._hold(name)
        self._note(f"-{name}", -1)
        return httpx.Response(400 if name in self.refuse else 200, json={"data": {"id": name}})

    def _note(self, event: str, change: int) -> None:
        with self._lock:
            self.events.append(event)
            self.under_way += change
            self.most = max(self.most, self.under_way)

    def at(self, event: str) -> int:
        return self.events.index(event)


def _body(request: httpx.Request) -> dict[str, object]:
    found: dict[str, object] = json.loads(request.content)
    return found


def run(service: Counter, *steps: Step, workers: int = WORKERS, turns: Turns | None = None) -> list[Outcome]:
    plan = Plan(steps=steps)
    live = Snapshot(objects={each.key: each.base for each in steps if each.base})
    with Console(
        "http://127.0.0.1:9", ApiKey("console-a"), turns=turns, transport=httpx.MockTransport(service)
    ) as console:
        return list(execute(plan, live, console, KINDS, workers=workers))


def test_as_many_steps_run_at_once_as_there_are_workers() -> None:
    meeting = threading.Barrier(WORKERS)
    service = Counter(lambda _: meeting.wait(30))
    outcomes = run(service, *(step(f"gate_{number}") for number in range(2 * WORKERS)))
    assert [outcome.status for outcome in outcomes] == [Status.DONE] * 2 * WORKERS
    assert service.most == WORKERS


def test_one_worker_works_in_the_order_of_the_plan() -> None:
    service = Counter()
    outcomes = run(service, *(step(name) for name in "cab"), workers=1)
    assert service.events == ["+c", "-c", "+a", "-a", "+b", "-b"]
    assert [outcome.step.key.id for outcome in outcomes] == ["c", "a", "b"]


def test_what_is_needed_has_ended_before_its_users_begin() -> None:
    service = Counter()
    run(service, step("a"), step("b", "a"), step("c", "a", "b"), step("d"), step("e", "d"))
    for used, user in [("a", "b"), ("a", "c"), ("b", "c"), ("d", "e")]:
        assert service.at(f"-{used}") < service.at(f"+{user}")


def test_removals_run_one_by_one_in_their_order_after_all_writes() -> None:
    service = Counter()
    removals = [step(name, verb=Verb.DELETE) for name in "zyx"]
    run(service, *(step(f"gate_{number}") for number in range(6)), *removals)
    assert service.events[-6:] == ["+z", "-z", "+y", "-y", "+x", "-x"]


def test_what_needs_a_failed_step_is_skipped_while_others_run() -> None:
    service = Counter()
    service.refuse = {"a"}
    outcomes = {end.step.key.id: end for end in run(service, step("a"), step("b", "a"), step("c"), step("d", "c"))}
    assert {name: end.status for name, end in outcomes.items()} == {
        "a": Status.FAILED, "b": Status.SKIPPED, "c": Status.DONE, "d": Status.DONE,
    }  # fmt: skip
    assert outcomes["b"].reason == "it needs Gate/a, which did not succeed"
    assert "+b" not in service.events


def test_an_end_is_told_while_others_are_still_under_way() -> None:
    slow = threading.Event()
    service = Counter(lambda name: name == "slow" and slow.wait(30))
    plan = Plan(steps=(step("slow"), step("quick")))
    with Console("http://127.0.0.1:9", ApiKey("console-a"), transport=httpx.MockTransport(service)) as console:
        outcomes = execute(plan, Snapshot(), console, KINDS, workers=2)
        assert next(outcomes).step.key.id == "quick"
        slow.set()
        assert next(outcomes).step.key.id == "slow"


def test_a_stop_lets_the_calls_under_way_end_and_begins_no_other() -> None:
    turns = Turns(())
    service = Counter(lambda _: turns.stop())
    (outcome,) = run(service, step("a"), step("b"), step("c"), workers=1, turns=turns)
    assert (outcome.step.key.id, outcome.status) == ("a", Status.DONE)
    assert service.events == ["+a", "-a"]


def test_a_step_that_is_stopped_between_its_calls_says_how_far_it_came() -> None:
    turns = Turns(())
    service = Counter(lambda _: turns.stop())
    (outcome,) = run(service, step("a", calls=2), turns=turns)
    assert (outcome.status, outcome.calls_made) == (Status.FAILED, 1)
    assert "since the run was stopped" in outcome.reason


def test_what_goes_wrong_in_a_thread_is_raised_where_outcomes_are_awaited() -> None:
    def broken(_: str) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(Counter(broken), step("a"))


def test_needs_that_form_a_circle_hold_nobody_up() -> None:
    """No plan of ours has one; a file that somebody made may."""
    service = Counter()
    outcomes = run(service, step("a", "b"), step("b", "a"))
    assert [outcome.status for outcome in outcomes] == [Status.SKIPPED, Status.SKIPPED]
    assert service.events == []

"""One pace for all threads, held against a service that counts."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from reconciler.console import ApiKey, Console, Patience, RateLimited, Stopped, Turns, Window
from reconciler.domain import Call
from reconciler.emulator import Store, create_app, running
from reconciler.emulator.errors import ApiError
from reconciler.emulator.limits import Limiter
from tests.clockwork import Clockwork

from .service import KEY, URL, Service, says

CALL = Call("PATCH", "/tags/core", {"description": "x"})
DONE = says({"message": "ok", "data": {"name": "core"}})


class Counting:
    """A service that admits as many writes as the emulator does, and is not shaped by who asks."""

    def __init__(self, clock: Clockwork) -> None:
        self.clock, self.limiter = clock, Limiter()
        self.statuses: list[int] = []

    def __call__(self, _: httpx.Request) -> httpx.Response:
        try:
            self.limiter.admit(int(self.clock() * 1000))
        except ApiError as error:
            self.statuses.append(error.status)
            return httpx.Response(error.status, json=error.body, headers=error.headers)
        self.statuses.append(200)
        return httpx.Response(200, json={"message": "ok", "data": {}})


def test_two_thousand_writes_are_never_refused_and_hardly_take_longer_than_they_must() -> None:
    clock = Clockwork()
    service = Counting(clock)
    with Console(URL, ApiKey(KEY), turns=clock.turns(), transport=httpx.MockTransport(service)) as console:
        for _ in range(2000):
            console.write(CALL)
    assert service.statuses == [200] * 2000
    assert clock.now <= 1.02 * 1810


def test_the_emulator_with_the_same_clock_refuses_nothing() -> None:
    clock = Clockwork()
    with (
        Store.open(clock=lambda: int(clock() * 1000)) as store,
        running(create_app(store, rate_limit=True)) as url,
        Console(url, ApiKey(KEY), turns=clock.turns(), patience=Patience(attempts=1)) as console,
    ):
        console.write(Call("POST", "/tags", {"name": "core", "description": ""}))
        for _ in range(249):
            console.write(CALL)
    assert clock.now == pytest.approx(20.0, abs=0.1)


def test_threads_share_the_windows() -> None:
    """Real time, and so little of it that nobody waits for long: in all, four windows are needed."""
    turns, moments = Turns([Window(10, 0.05)]), []
    lock = threading.Lock()

    def write(_: int) -> None:
        began = turns.take()
        assert began is not None
        with lock:
            moments.append(turns.now())
        turns.give_back(began)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    moments.sort()
    assert all(later - sooner >= 0.05 for sooner, later in zip(moments, moments[10:], strict=False))


def test_a_refused_write_waits_as_long_as_it_is_asked_to_and_slows_all_others_down() -> None:
    clock = Clockwork()
    service = Service(says({}, 429, retry_after="7"), DONE)
    with Console(URL, ApiKey(KEY), turns=clock.turns(), transport=httpx.MockTransport(service)) as console:
        console.write(CALL)
        assert 7.0 <= clock.now <= 8.0
        before = clock.now
        for _ in range(69):
            console.write(CALL)
        assert clock.now - before > 1.0
    assert len(service.requests) == 71


def test_a_pause_that_a_read_is_asked_for_holds_writes_up_too() -> None:
    clock = Clockwork()
    service = Service(says({}, 429, retry_after="9"), DONE)
    with Console(URL, ApiKey(KEY), turns=clock.turns(), transport=httpx.MockTransport(service)) as console:
        console.read("/tags/core")
        assert clock.now == 0.0
        console.write(CALL)
        assert clock.now == pytest.approx(9.0)


@pytest.mark.parametrize(
    ("patience", "requests"),
    [(Patience(attempts=3), 3), (Patience(total_seconds=20.0), 3), (Patience(longest_pause_seconds=5.0), 1)],
)
def test_patience_with_the_limits_ends(patience: Patience, requests: int) -> None:
    clock = Clockwork()
    service = Service(says({}, 429, retry_after="7"))
    transport = httpx.MockTransport(service)
    with (
        Console(URL, ApiKey(KEY), turns=clock.turns(), limits_patience=patience, transport=transport) as console,
        pytest.raises(RateLimited),
    ):
        console.write(CALL)
    assert len(service.requests) == requests


def test_who_waits_for_a_turn_is_told_when_there_is_none_any_more() -> None:
    turns = Turns([Window(1, 3600.0)])
    service = Service(DONE)
    with Console(URL, ApiKey(KEY), turns=turns, transport=httpx.MockTransport(service)) as console:
        console.write(CALL)
        threading.Timer(0.05, turns.stop).start()
        with pytest.raises(Stopped, match="not sent"):
            console.write(CALL)
        with pytest.raises(Stopped):
            console.write(CALL)
    assert len(service.requests) == 1


def test_a_write_that_finds_no_connection_is_not_tried_again_after_a_stop() -> None:
    turns = Turns()

    def unreachable(request: httpx.Request) -> httpx.Response:
        turns.stop()
        raise httpx.ConnectError("refused", request=request)

    with (
        Console(URL, ApiKey(KEY), turns=turns, transport=httpx.MockTransport(unreachable)) as console,
        pytest.raises(Stopped),
    ):
        console.write(CALL)


def test_a_forecast_learns_how_long_answers_take() -> None:
    clock = Clockwork()

    def slow(_: httpx.Request) -> httpx.Response:
        clock.now += 2.0
        return httpx.Response(200, json={})

    with Console(URL, ApiKey(KEY), turns=clock.turns(), transport=httpx.MockTransport(slow)) as console:
        assert console.turns.forecast(10, 1).seconds == pytest.approx(2.0)
        for _ in range(40):
            console.write(CALL)
        assert console.turns.forecast(10, 1).seconds > 15.0
        assert console.turns.forecast(10, 1).published
        assert not clock.turns((Window(5, 10.0),)).forecast(10, 1).published

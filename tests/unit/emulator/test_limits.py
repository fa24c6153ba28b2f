from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from reconciler.emulator import Store, create_app, running
from reconciler.emulator.errors import ApiError
from reconciler.emulator.limits import Limiter

SECOND = 1000


class Clock:
    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now


@contextmanager
def limited(clock: Clock) -> Iterator[httpx.Client]:
    with (
        Store.open() as store,
        running(create_app(store, rate_limit=True, clock=clock)) as url,
        httpx.Client(base_url=url, headers={"STATSIG-API-KEY": "console-a"}) as api,
    ):
        yield api


def write(api: httpx.Client, key: str = "console-a") -> httpx.Response:
    return api.patch("/tags/★ Core", json={}, headers={"STATSIG-API-KEY": key})


def test_the_hundred_and_first_mutation_in_ten_seconds_is_told_how_long_to_wait() -> None:
    clock = Clock()
    with limited(clock) as api:
        assert {write(api).status_code for _ in range(100)} == {200}
        clock.now = 500
        answer = write(api)
        assert answer.status_code == 429
        assert answer.json() == {"status": 429, "message": "Too Many Requests"}
        assert answer.headers["retry-after"] == "10"
        clock.now += 10 * SECOND
        assert write(api).status_code == 200


def test_reads_and_refused_keys_are_not_counted() -> None:
    with limited(Clock()) as api:
        assert {write(api).status_code for _ in range(99)} == {200}
        assert api.get("/tags").status_code == 200
        assert write(api, "other").status_code == 401
        assert [write(api).status_code for _ in range(2)] == [200, 429]


def test_all_keys_of_a_project_share_its_limits() -> None:
    with limited(Clock()) as api:
        assert {write(api, f"console-{number}").status_code for number in range(100)} == {200}
        assert write(api, "console-another").status_code == 429


def test_mutations_that_are_refused_count_too() -> None:
    with limited(Clock()) as api:
        assert {api.post("/gates", json={}).status_code for _ in range(100)} == {400}
        assert write(api).status_code == 429


def test_without_the_limit_nobody_waits(api: httpx.Client) -> None:
    assert {write(api).status_code for _ in range(101)} == {200}


def test_nine_hundred_mutations_in_a_quarter_of_an_hour_are_enough() -> None:
    limiter = Limiter()
    for number in range(900):
        limiter.admit(number * 200)
    with pytest.raises(ApiError) as refusal:
        limiter.admit(300 * SECOND)
    assert refusal.value.headers == {"Retry-After": "600"}
    limiter.admit(900 * SECOND)


def test_windows_slide() -> None:
    limiter = Limiter()
    for number in range(100):
        limiter.admit(number * 100)
    limiter.admit(10 * SECOND)
    with pytest.raises(ApiError) as refusal:
        limiter.admit(10 * SECOND)
    assert refusal.value.headers == {"Retry-After": "1"}

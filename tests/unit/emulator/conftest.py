"""A project that is empty before each test, served over loopback HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest

from reconciler.emulator import Store, create_app, running
from reconciler.emulator.inventory import LISTS, MAPS
from reconciler.emulator.seeding import NEW_PROJECT

START = 1_790_000_000_000


@dataclass
class Now:
    """A clock that stands still until it is told otherwise (epoch milliseconds)."""

    ms: int = START

    def __call__(self) -> int:
        return self.ms

    def later(self, ms: int) -> None:
        self.ms += ms


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[Store, httpx.Client, Now]]:
    now = Now()
    with (
        Store.open(clock=now) as store,
        running(create_app(store)) as url,
        httpx.Client(base_url=url, headers={"STATSIG-API-KEY": "console-test"}) as client,
    ):
        yield store, client, now


@pytest.fixture
def store(served: tuple[Store, httpx.Client, Now]) -> Store:
    store, _, now = served
    now.ms = START
    store.seed({name: [] for name in LISTS} | {name: {} for name in MAPS} | NEW_PROJECT)
    return store


@pytest.fixture
def api(served: tuple[Store, httpx.Client, Now], store: Store) -> httpx.Client:
    assert store is served[0]
    return served[1]


@pytest.fixture
def later(served: tuple[Store, httpx.Client, Now]) -> Callable[[int], None]:
    """Moves the clock by so many milliseconds."""
    return served[2].later

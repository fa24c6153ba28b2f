"""The bench that all runs share, and how many runs there are to be."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import stamina

from tests.faults.bench import Bench, bench, quick_console
from tests.faults.strikes import TRIES

Tally = Callable[[str, str, int], None]
"""Counts so many runs that ended in this way, for the fault of a table's column."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--whole", action="store_true", help="every fault at every request, not a few hundred of them")


@pytest.fixture(scope="session")
def whole(pytestconfig: pytest.Config) -> bool:
    return bool(pytestconfig.getoption("--whole"))


@pytest.fixture(scope="session", autouse=True)
def _no_pauses() -> Iterator[None]:
    """Retries as ever, without pauses between them."""
    with pytest.MonkeyPatch.context() as patch, stamina.set_testing(True, attempts=TRIES, cap=True):
        patch.setattr("reconciler.cli.project.open_console", quick_console)
        yield


@pytest.fixture(scope="session")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench(tmp_path_factory.mktemp("faults")) as made:
        yield made

"""Each fault at each request of each scenario."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from tests.faults.bench import Bench
from tests.faults.scenarios import SCENARIOS
from tests.faults.strikes import BY_PEOPLE, LENGTHS, WITHOUT_PEOPLE
from tests.faults.sweep import Tally, meddle, numbers, strike, undisturbed

STRIKES = [
    (kind, length)
    for kind, length in product(WITHOUT_PEOPLE, LENGTHS)
    if (kind, length) != ("delay", "until it is given up")  # as "and on", and takes as long
]
Record = Callable[[str, object], None]


def tell(record_property: Record, scenario: str, fault: str, tally: Tally) -> None:
    """Write down what the table needs, and fail if a law was broken."""
    record_property("scenario", scenario)
    record_property("fault", fault)
    for end, runs in tally.ends.items():
        record_property(f"runs {end}", runs)
    assert tally.broken == [], "\n".join(tally.broken[:5])


@pytest.mark.parametrize("fault", STRIKES, ids=" ".join)
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_fault(table: Bench, record_property: Record, name: str, fault: tuple[str, str], *, whole: bool) -> None:
    kind, length = fault
    at = numbers(undisturbed(table, name), name + kind + length, whole=whole)
    if fault == ("delay", "and on") and not whole:
        pytest.skip("a client that waits in vain at each request takes seconds: `make faults` has these runs")
    tell(record_property, name, kind, strike(table, name, kind, at, length))


@pytest.mark.parametrize("kind", BY_PEOPLE)
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_person_in_between(table: Bench, record_property: Record, name: str, kind: str, *, whole: bool) -> None:
    at = numbers(undisturbed(table, name), name + kind, whole=whole)
    tell(record_property, name, kind, meddle(table, name, kind, at))

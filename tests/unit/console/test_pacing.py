"""The schedule of writes: as fast as the windows allow, never faster, and slower where the service is stricter."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.console.pacing import PUBLISHED, Schedule, Window
from tools.reliability.pacing import shortest

WINDOWS = st.lists(st.builds(Window, st.integers(1, 6), st.floats(0.1, 50.0)), min_size=1, max_size=3)
STEPS = st.lists(st.tuples(st.floats(0.0, 5.0), st.floats(0.0, 30.0)), min_size=1, max_size=60)


def begins(schedule: Schedule, writes: int) -> list[float]:
    """When so many writes begin that are answered at once, one after the other."""
    now, found = 0.0, []
    for _ in range(writes):
        now += schedule.wait(now)
        schedule.begin()
        schedule.end(now)
        found.append(now)
    return found


def most_within(moments: list[float], seconds: float) -> int:
    """The largest number of moments in any half-open span of this length."""
    return max(sum(1 for other in moments if moment <= other < moment + seconds) for moment in moments)


def test_two_thousand_writes_take_hardly_longer_than_the_windows_ask_for() -> None:
    assert shortest(2000) == 1810.0
    assert begins(Schedule.of(PUBLISHED), 2000)[-1] <= 1.02 * shortest(2000)


def test_the_first_hundred_go_at_once_and_the_next_when_the_window_has_passed() -> None:
    found = begins(Schedule.of(PUBLISHED), 101)
    assert found[:100] == [0.0] * 100
    assert found[100] == pytest.approx(10.0, abs=0.1)


@given(WINDOWS, STEPS)
def test_no_window_is_ever_broken_whenever_the_service_counts(
    windows: list[Window], steps: list[tuple[float, float]]
) -> None:
    """The service may count a write at its begin or at its end; each write lasts, and several are under way."""
    schedule, now = Schedule.of(windows), 0.0
    writes: list[tuple[float, float]] = []
    open_ends: list[float] = []
    for idle, lasts in steps:
        now += idle
        while (seconds := schedule.wait(now)) or any(end <= now for end in open_ends):
            due = min(open_ends, default=math.inf)
            now = max(now, min(due, now + seconds)) if due > now else now
            for end in sorted(end for end in open_ends if end <= now):
                open_ends.remove(end)
                schedule.end(now)
        schedule.begin()
        writes.append((now, now + lasts))
        open_ends.append(now + lasts)
    for window in windows:
        assert most_within(sorted(begin for begin, _ in writes), window.seconds) <= window.most
        assert most_within(sorted(end for _, end in writes), window.seconds) <= window.most


@given(WINDOWS, st.integers(1, 40))
def test_a_schedule_never_waits_longer_than_it_must(windows: list[Window], writes: int) -> None:
    found = begins(Schedule.of(windows), writes)
    for number, moment in enumerate(found):
        forced = [found[number - window.most] + window.seconds for window in windows if number >= window.most]
        assert moment <= max([0.0, *found[:number][-1:], *forced]) + 0.1


def test_a_write_under_way_holds_its_place_until_it_ends() -> None:
    schedule = Schedule.of([Window(1, 10.0)])
    schedule.begin()
    assert schedule.wait(1000.0) == math.inf
    schedule.end(1000.0)
    assert schedule.wait(1000.0) == pytest.approx(10.0, abs=0.1)


# ---- a service that is stricter ------------------------------------------------------------------------------------


def refused(schedule: Schedule, now: float, asked: float | None = None) -> None:
    schedule.begin()
    schedule.refused(now, now, asked)
    schedule.end(now)


def pace(schedule: Schedule, now: float) -> int:
    """How many writes go at once when nothing was written for long."""
    count = 0
    while not schedule.wait(now):
        schedule.begin()
        schedule.end(now)
        count += 1
    return count


def test_all_writes_pause_for_as_long_as_the_service_asks() -> None:
    schedule = Schedule.of(PUBLISHED)
    refused(schedule, 5.0, asked=7.0)
    assert schedule.wait(5.0) == 7.0
    assert schedule.wait(12.0) == 0.0


def test_without_a_wish_the_pause_doubles_up_to_a_minute_and_begins_anew_after_a_success() -> None:
    schedule, now, pauses = Schedule.of(PUBLISHED), 0.0, []
    for _ in range(8):
        refused(schedule, now)
        pauses.append(schedule.wait(now))
        now += pauses[-1]
    assert pauses == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]
    schedule.accepted(now)
    refused(schedule, now)
    assert schedule.wait(now) == 1.0


def test_the_window_that_the_pause_points_at_is_trusted_less() -> None:
    schedule = Schedule.of(PUBLISHED)
    refused(schedule, 0.0, asked=5.0)
    assert pace(schedule, 5000.0) == 70
    schedule = Schedule.of(PUBLISHED)
    refused(schedule, 0.0, asked=600.0)
    assert pace(schedule, 5000.0) == 100
    assert len(schedule.ended) == 101
    assert schedule.limits[1].most == 630


def test_several_writes_that_are_refused_together_count_once() -> None:
    schedule = Schedule.of(PUBLISHED)
    for _ in range(4):
        schedule.begin()
    for number in range(4):
        schedule.refused(0.0, 0.1 + number / 10, None)
        schedule.end(0.1 + number / 10)
    assert schedule.limits[0].most == pytest.approx(70)
    assert schedule.refusals == 1


def test_what_was_given_up_comes_back_little_by_little() -> None:
    schedule, found = Schedule.of(PUBLISHED), []
    refused(schedule, 0.0, asked=1.0)
    for now in range(0, 60, 5):
        schedule.accepted(float(now))
        found.append(round(schedule.limits[0].most))
    assert found == [70, 70, 80, 80, 90, 90, 100, 100, 100, 100, 100, 100]
    assert all(later - sooner <= 10 for sooner, later in pairwise(found))


def test_there_is_always_room_for_one_write() -> None:
    schedule = Schedule.of(PUBLISHED)
    for number in range(50):
        refused(schedule, number * 100.0, asked=1.0)
    assert pace(schedule, 10_000.0) == 1


# ---- how long it will take -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("writes", "workers", "seconds"),
    [(0, 4, 0.0), (1, 4, 0.2), (100, 4, 5.0), (130, 4, 11.8), (130, 1, 26.0), (2000, 4, 1815.0)],
)
def test_a_forecast_counts_windows_workers_and_answers(writes: int, workers: int, seconds: float) -> None:
    assert Schedule.of(PUBLISHED).forecast(0.0, writes, workers, 0.2) == pytest.approx(seconds, rel=0.01)


def test_a_forecast_knows_what_was_written_already_and_changes_nothing() -> None:
    schedule = Schedule.of(PUBLISHED)
    begins(schedule, 100)
    assert schedule.forecast(0.0, 100, 4, 0.0) == pytest.approx(10.0, abs=0.1)
    assert len(schedule.ended) == 100
    assert schedule.wait(0.0) == pytest.approx(10.0, abs=0.1)

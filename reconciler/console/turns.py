"""One schedule for all threads that write: each waits for its turn, and any of them can be told to stop waiting."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reconciler.console.pacing import PUBLISHED, Schedule, Window

_LONGEST_NAP = 1.0
"""Seconds. After each the schedule is asked again, since an answer to another thread may have changed it."""
_USUAL_ANSWER = 0.2
"""Seconds that a write is taken to last before one has been seen."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """How long so many writes take, in `seconds`, and whether that is by the `published` limits."""

    writes: int
    seconds: float
    published: bool


class Turns:
    """The turns of writes, in a schedule that threads share. `wait` sleeps, and says whether it is time to stop."""

    def __init__(
        self,
        windows: Iterable[Window] = PUBLISHED,
        *,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], bool] | None = None,
    ) -> None:
        self._windows = tuple(windows)
        self._schedule = Schedule.of(self._windows)
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._clock = clock
        self._wait = wait or self._stopping.wait
        self._answer = _USUAL_ANSWER

    @property
    def stopped(self) -> bool:
        """Whether no turn is given any more."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """Give no turn any more. Who waits for one is told at once."""
        self._stopping.set()

    def now(self) -> float:
        """The clock of the schedule."""
        return self._clock()

    def take(self) -> float | None:
        """Wait for a turn: when it began, or None if there is none any more. `give_back` ends it."""
        while not self._stopping.is_set():
            with self._lock:
                now = self._clock()
                seconds = self._schedule.wait(now)
                if not seconds:
                    self._schedule.begin()
                    return now
            if self._wait(min(seconds, _LONGEST_NAP)):
                break
        return None

    def give_back(self, began: float) -> None:
        """The write of this turn ended, whatever became of it."""
        with self._lock:
            now = self._clock()
            self._schedule.end(now)
            self._answer += (now - began - self._answer) / 10

    def accepted(self) -> None:
        """The service did not mind the pace of a write."""
        with self._lock:
            self._schedule.accepted(self._clock())

    def refused(self, began: float, asked: float | None) -> None:
        """The service minded the pace of a write that `began` then: everybody pauses, and goes on more slowly."""
        # Up to a second more, so that clients that were refused together do not return together.
        spread = random.random()  # noqa: S311 - spreads load, guards no secret
        with self._lock:
            self._schedule.refused(began, self._clock(), asked, spread)

    def pause(self, seconds: float) -> None:
        """Nobody writes for so many seconds."""
        with self._lock:
            self._schedule.pause(self._clock(), seconds)

    def forecast(self, writes: int, workers: int) -> Forecast:
        """How long so many more writes take with so many workers."""
        with self._lock:
            seconds = self._schedule.forecast(self._clock(), writes, workers, self._answer)
        return Forecast(writes, seconds, self._windows == PUBLISHED)

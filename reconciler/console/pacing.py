"""When the next write may be sent: as soon as the limits allow it, and never sooner.

    writes     |||||||...||||        |||||||...||||
    10 s       <- at most 100 ->
    15 min     <----------------- at most 900 ----------------->

The windows are taken for sliding ones: who keeps those also keeps fixed ones of the same length, wherever they begin. A
write occupies its place from before it is sent until a window's length after its answer came, since the service may
have counted it at any moment between.

This is our own because pyrate-limiter (4.5), the library for several windows at once, sleeps by the real clock, counts
a call when it is sent and not when it is answered, and neither pauses nor slows down when the service asks for that.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from heapq import heapify, heapreplace


@dataclass(frozen=True, slots=True)
class Window:
    """At most so many writes in so many seconds."""

    most: int
    seconds: float


PUBLISHED = (Window(100, 10.0), Window(900, 900.0))
"""The limits of a project, from the introduction of the Console API's documentation."""

_MARGIN = 0.02
"""Seconds that each window is taken longer, since the service's clock ticks otherwise than ours."""
_EASED = 0.7
"""What is left of a window that turned out to be stricter than published."""
_REGAINED = 0.1
"""How much of a window comes back after each of its lengths without a refusal."""
_LONGEST_GUESS = 60.0
"""The longest pause, in seconds, when the service refuses and does not say for how long."""


@dataclass(slots=True)
class _Limit:
    """A window, and how many writes it is trusted to hold since it was last `changed`."""

    window: Window
    most: float
    changed: float = -math.inf

    def ease(self, now: float) -> None:
        self.most, self.changed = max(1.0, self.most * _EASED), now

    def regain(self, now: float) -> None:
        if self.most < self.window.most and now - self.changed >= self.window.seconds:
            self.most = min(self.window.most, self.most + self.window.most * _REGAINED)
            self.changed = now


@dataclass(slots=True)
class Schedule:
    """The writes of one run. It has no clock: `now` is any count of seconds that only grows."""

    limits: list[_Limit]
    ended: deque[float]
    under_way: int = 0
    not_before: float = -math.inf
    refusals: int = 0
    lowered: float = -math.inf

    @classmethod
    def of(cls, windows: Iterable[Window]) -> Schedule:
        """A schedule without any write so far."""
        limits = [_Limit(window, window.most) for window in sorted(windows, key=lambda window: window.seconds)]
        return cls(limits, deque(maxlen=max((limit.window.most for limit in limits), default=1)))

    def wait(self, now: float) -> float:
        """Seconds until a write may begin; infinite if one of those under way has to end first."""
        return max(0.0, self.not_before - now, *(self._free_at(limit) - now for limit in self.limits))

    def begin(self) -> None:
        """A write begins."""
        self.under_way += 1

    def end(self, now: float) -> None:
        """A write ended, however it ended."""
        self.under_way -= 1
        self.ended.append(now)

    def accepted(self, now: float) -> None:
        """A write was not refused for its pace: some of what was given up is tried again."""
        self.refusals = 0
        for limit in self.limits:
            limit.regain(now)

    def refused(self, began: float, now: float, asked: float | None, spread: float = 0.0) -> None:
        """A write that `began` then was refused although the windows were kept. Nothing is sent during the pause.

        The window that the pause points at is trusted less from now on, once for all writes that were under way
        together. `asked`: the seconds that the service wants; without them the pause doubles from refusal to refusal.
        """
        if began >= self.lowered:
            self.refusals += 1
            self.lowered = now
            self._ease(self._pause(asked), now)
        self.pause(now, self._pause(asked) + spread)

    def pause(self, now: float, seconds: float) -> None:
        """No write begins for so many seconds."""
        self.not_before = max(self.not_before, now + seconds)

    def _pause(self, asked: float | None) -> float:
        return min(_LONGEST_GUESS, 2.0 ** max(0, self.refusals - 1)) if asked is None else asked

    def _ease(self, pause: float, now: float) -> None:
        meant = next((limit for limit in self.limits if limit.window.seconds >= pause), None)
        for limit in [meant] if meant else self.limits[-1:]:
            limit.ease(now)

    def _free_at(self, limit: _Limit) -> float:
        """When the window has room for one more."""
        room = int(limit.most) - self.under_way
        if room <= 0:
            return math.inf
        return self.ended[-room] + limit.window.seconds + _MARGIN if len(self.ended) >= room else -math.inf

    def forecast(self, now: float, writes: int, workers: int, seconds_each: float) -> float:
        """How many seconds from `now` so many more writes take, if each takes so long and none is refused."""
        coming = replace(self, ended=self.ended.copy(), under_way=0)
        free = [now] * max(1, min(workers, writes))
        heapify(free)
        end = now
        for _ in range(writes):
            start = free[0] + coming.wait(free[0])
            end = start + seconds_each
            heapreplace(free, end)
            coming.ended.append(end)
        return end - now

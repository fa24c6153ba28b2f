"""The published limits on mutations: about 100 in 10 seconds and about 900 in 15 minutes, for a project."""

from __future__ import annotations

from reconciler.emulator.errors import ApiError

WINDOWS = ((100, 10_000), (900, 900_000))
"""How many mutations in how many milliseconds. Whether the service's windows slide is unknown; these do."""


class Limiter:
    """Remembers the mutations of a project, whatever their keys, as long as a window needs them."""

    def __init__(self) -> None:
        """Nobody has written anything yet."""
        self._times: list[int] = []

    def admit(self, now: int) -> None:
        """Count a mutation at `now` (epoch milliseconds), or refuse it with 429 and the seconds to wait."""
        longest = max(span for _, span in WINDOWS)
        times = [then for then in self._times if then > now - longest]
        self._times = times
        waits = [times[-most] + span - now for most, span in WINDOWS if len(times) >= most]
        wait = max(waits, default=0)
        if wait > 0:
            raise ApiError(429, "Too Many Requests", headers={"Retry-After": str(-(-wait // 1000))})
        times.append(now)

"""Time that passes only when somebody waits."""

from __future__ import annotations

from reconciler.console import Turns, Window
from reconciler.console.pacing import PUBLISHED


class Clockwork:
    """A clock (seconds) and the way to wait by it."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now
        self.naps: list[float] = []

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> bool:
        """Let so many seconds pass; nobody asks to stop."""
        self.naps.append(seconds)
        self.now += seconds
        return False

    def turns(self, windows: tuple[Window, ...] = PUBLISHED) -> Turns:
        """Turns by this clock."""
        return Turns(windows, clock=self, wait=self.wait)

"""Which failed calls are made again, and how long to wait first.

    read     NotSent, AnswerLost, RateLimited, ServerError    a read changes nothing
    write    NotSent, RateLimited                             certain that nothing happened

A write that the service refused for its pace waits for its next turn (`reconciler.console.turns`).

After any other failure of a write, only a read of the object tells what happened; that is for the caller.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import stamina

from reconciler.console.errors import (
    AnswerLost,
    AnswerTooLarge,
    ApiError,
    ConsoleError,
    KeyEchoed,
    NotSent,
    RateLimited,
    ServerError,
    Unsendable,
)

T = TypeVar("T")

Errors: TypeAlias = tuple[type[ConsoleError], ...]

ON_READ: Errors = (NotSent, AnswerLost, RateLimited, ServerError)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a call is tried, and for how long.

    After `total_seconds` no further attempt is made. A service that asks for a pause above `longest_pause_seconds`
    is not asked again: the error, with its `retry_after`, goes to the caller. So a call ends within the sum of both,
    and the time of one attempt.
    """

    attempts: int = 5
    total_seconds: float = 90.0
    longest_pause_seconds: float = 60.0

    def keep_trying(self, on: Errors, attempt: Callable[[], T]) -> T:
        """What `attempt` returns, tried again after the errors `on`; the last error if it never succeeds."""
        caller = stamina.RetryingCaller(
            attempts=self.attempts,
            timeout=self.total_seconds,
            wait_initial=1.0,
            wait_max=10.0,
            wait_jitter=1.0,
        )
        return caller(lambda error: self.pause_after(error, on), attempt)

    def lasts(self, attempts: int, seconds_left: float, asked: float | None) -> bool:
        """Whether another attempt is to be made after so many, when the service asks for so long a pause."""
        pause = asked or 0.0
        return attempts < self.attempts and pause <= min(self.longest_pause_seconds, seconds_left)

    def pause_after(self, error: Exception, on: Errors) -> bool | float:
        """False: give up. True: try again after a growing pause. A number: try again after so many seconds."""
        if not isinstance(error, on) or isinstance(error, AnswerTooLarge | KeyEchoed | Unsendable):
            return False
        asked = error.retry_after if isinstance(error, ApiError) else None
        if asked is None:
            return True
        if asked > self.longest_pause_seconds:
            return False
        # Up to a second more, so that clients that were refused together do not return together.
        return asked + random.random()  # noqa: S311 - spreads load, guards no secret

"""What the exit code of every command says."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of all commands."""

    OK = 0
    """Nothing to do, or done."""
    FAILED = 1
    """It failed, or what was given is invalid."""
    PENDING = 2
    """There are changes to apply, changes wait for people, or there is drift."""
    BUG = 3
    """A bug of ours."""
    INTERRUPTED = 130
    """Stopped from the keyboard."""

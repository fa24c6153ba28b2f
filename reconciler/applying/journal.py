"""What is written down while a plan is carried out, so that a run that was cut off can be told afterwards.

    run       begins: which plan, for which project, and its steps
    call      is about to be made, with the mark of the object before it
    answer    what came of the call
    outcome   how a step ended
    end       the run came to its end

One JSON document on each line, on the disk before anything else happens. The API key is never among them.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from reconciler.domain import Call, Json, Outcome, ResourceKey, Step

_MOST_BYTES = 16 * 1024 * 1024
"""A larger journal is put aside when a run begins; the one that was put aside before goes."""


class JournalError(Exception):
    """The journal cannot be written; the message says why. No call may be made without it."""


class Journal(Protocol):
    """Where calls are noted."""

    def begin(self, steps: Sequence[Step]) -> None:
        """A run with these steps begins. Raises JournalError."""

    def calls(self, key: ResourceKey, call: Call, before: str | None) -> None:
        """A call is about to be made, on an object with the mark `before`. Raises JournalError."""

    def answered(self, key: ResourceKey, end: str, stamp: Json = None) -> None:
        """The last call about this object ended: ``done``, ``refused`` or ``lost``.

        `stamp`: when the object was made and changed, as the answer says; None if it does not.
        """

    def ended(self, outcome: Outcome) -> None:
        """A step ended."""

    def end(self) -> None:
        """The run came to its end: every call that was begun has ended."""


class NoJournal:
    """For runs that nobody will ask about."""

    def begin(self, steps: Sequence[Step]) -> None:
        """Forget it."""

    def calls(self, key: ResourceKey, call: Call, before: str | None) -> None:
        """Forget it."""

    def answered(self, key: ResourceKey, end: str, stamp: Json = None) -> None:
        """Forget it."""

    def ended(self, outcome: Outcome) -> None:
        """Forget it."""

    def end(self) -> None:
        """Forget it."""


def put_aside(path: Path) -> Path:
    """Where the journal goes when it is too large."""
    return path.with_name(f"{path.name}.before")


class FileJournal:
    """A journal in a file, which only grows. Threads can share it. OSError if it cannot be opened.

    `about` says which run it is: command, at (epoch milliseconds), fingerprint, url and project. `broken` says why
    nothing can be written any more, `finished` whether the run came to its end.
    """

    def __init__(self, path: Path, about: Mapping[str, Json]) -> None:
        if path.exists() and path.stat().st_size > _MOST_BYTES:
            path.replace(put_aside(path))
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        self._lock = threading.Lock()
        self._about = about
        self.broken = ""
        self.finished = False

    def close(self) -> None:
        """Give the file back."""
        os.close(self._file)

    def begin(self, steps: Sequence[Step]) -> None:
        """A run begins. Raises JournalError."""
        # The line before may have been cut off.
        self._write({"event": "run", **self._about, "steps": [_key(step.key) for step in steps]}, start="\n")

    def calls(self, key: ResourceKey, call: Call, before: str | None) -> None:
        """A call is about to be made. Raises JournalError."""
        asked = {"method": call.method, "path": call.path, "body": call.body}
        self._write({"event": "call", **_key(key), **asked, "before": before})

    def answered(self, key: ResourceKey, end: str, stamp: Json = None) -> None:
        """A call ended."""
        self._try({"event": "answer", **_key(key), "end": end, "stamp": stamp})

    def ended(self, outcome: Outcome) -> None:
        """A step ended."""
        told = {"status": str(outcome.status), "callsMade": outcome.calls_made, "reason": outcome.reason}
        self._try({"event": "outcome", **_key(outcome.step.key), **told})

    def end(self) -> None:
        """The run came to its end."""
        self._try({"event": "end"})
        self.finished = True

    def _try(self, event: Mapping[str, Json]) -> None:
        """Note what has happened. If that fails, `broken` says why, and no further call is noted or made."""
        with contextlib.suppress(JournalError):
            self._write(event)

    def _write(self, event: Mapping[str, Json], start: str = "") -> None:
        line = f"{start}{json.dumps(event, separators=(',', ':'))}\n".encode("ascii")
        with self._lock:
            try:
                self._put(line)
            except OSError as error:
                self.broken = str(error.strerror)
                raise JournalError(self.broken) from None

    def _put(self, line: bytes) -> None:
        if self.broken:
            raise OSError(errno.EIO, self.broken)
        if os.write(self._file, line) < len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(self._file)


def _key(key: ResourceKey) -> dict[str, Json]:
    return {"kind": key.kind, "id": key.id}

"""Where text goes: a terminal, a pipe or a file, that may be closed, full or unable to show a letter."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TextIO

_PLAINER = str.maketrans({"→": "->", "…": "...", "✗": "x", "⇥": "\\t"})


class Sink:
    """A stream that never stops a command: when it fails, `failure` says why, and what follows is dropped.

    An apply whose output goes through ``| head`` must come to its end all the same.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self.stream = stream
        self.failure: OSError | ValueError | None = None

    @property
    def is_terminal(self) -> bool:
        """Whether a person sees it right away."""
        try:
            return self.stream is not None and self.stream.isatty()
        except ValueError:
            return False

    def write(self, text: str) -> None:
        """Write, and hand over at once."""
        if self.stream is None or self.failure:
            return
        try:
            self.stream.write(self._encodable(text))
            self.stream.flush()
        except (OSError, ValueError) as failure:
            self.failure = failure
            self._divert()

    @property
    def lost(self) -> OSError | ValueError | None:
        """Why text was lost, unless nobody wanted it: a reader that closed its end has read enough."""
        return None if isinstance(self.failure, BrokenPipeError) else self.failure

    def _encodable(self, text: str) -> str:
        encoding = getattr(self.stream, "encoding", None) or "utf-8"
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            return text.translate(_PLAINER).encode(encoding, "backslashreplace").decode(encoding)
        return text

    def _divert(self) -> None:
        """Let what is still in the buffer go nowhere, or Python complains about it on its way out."""
        with suppress(OSError, ValueError, AttributeError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.stream.fileno())  # type: ignore[union-attr]  # None has no fileno: suppressed
            os.close(nowhere)

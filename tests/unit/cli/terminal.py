"""Streams that the command line can be given in place of a terminal."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from reconciler.cli import run_arguments
from reconciler.cli.screen import Screen
from reconciler.cli.sink import Sink


class Stream(io.StringIO):
    """Text that is kept; a terminal or not."""

    def __init__(self, text: str = "", *, terminal: bool = False) -> None:
        super().__init__(text)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


class Failing(Stream):
    """A stream that raises `error` when `writes` have gone well: from then on, or `once`."""

    def __init__(self, error: BaseException, writes: int = 0, *, once: bool = False) -> None:
        super().__init__()
        self.error, self.writes, self.once = error, writes, once

    def write(self, text: str) -> int:
        self.writes -= 1
        if self.writes == -1 or (self.writes < 0 and not self.once):
            raise self.error
        return super().write(text)


@dataclass
class Desk:
    """One person or one pipeline at the command line. `environ` is what commands read of the environment."""

    stdin: Stream = field(default_factory=Stream)
    out: Stream = field(default_factory=Stream)
    err: Stream = field(default_factory=Stream)
    environ: dict[str, str] = field(default_factory=lambda: {"STATSIG_CONSOLE_KEY": "console-of-a-test"})

    def run(self, arguments: Sequence[str]) -> int:
        """The exit code of ``reconciler <arguments>``."""
        return run_arguments(arguments, Screen(self.stdin, Sink(self.out), Sink(self.err), self.environ))

    @property
    def said(self) -> str:
        """Standard output."""
        return self.out.getvalue()

    @property
    def complained(self) -> str:
        """Standard error."""
        return self.err.getvalue()


def person(answer: str = "") -> Desk:
    """Somebody at a terminal, who will type `answer`."""
    return Desk(Stream(answer, terminal=True), Stream(terminal=True), Stream(terminal=True))

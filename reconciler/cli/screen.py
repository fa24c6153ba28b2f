"""The only place that prints: results on standard output, progress, questions and failures on standard error."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self, TextIO

from reconciler.cli.sink import Sink

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from reconciler.reports.text import Line
    from reconciler.reports.told import Told


_COMMANDS = re.compile(r"^\s*::|##\[")


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Screen:
    """Standard input, output and error of one run. Colour is for terminals, and never with NO_COLOR.

    `environ` and `clock` are what commands know of the process: its environment, and what time it is (in UTC).
    """

    stdin: TextIO | None
    out: Sink
    err: Sink
    environ: Mapping[str, str] = field(default_factory=dict)
    debug: bool = False
    clock: Callable[[], datetime] = _now
    told: Told | None = None
    """What the run came to, for reports."""
    _shown: tuple[Progress, TaskID] | None = None

    @classmethod
    def standard(cls) -> Self:
        """The streams of this process."""
        return cls(sys.stdin, Sink(sys.stdout), Sink(sys.stderr), os.environ)

    def show(self, lines: Iterable[Line]) -> None:
        """Lines of a result."""
        with self._paused():
            self._print(self.out, lines)

    def complain(self, lines: Iterable[Line]) -> None:
        """Lines of a failure."""
        with self._paused():
            self._print(self.err, lines)

    def document(self, text: str) -> None:
        """A result as it is, such as a JSON document."""
        self.out.write(text)

    @contextmanager
    def working(self, words: str, total: int | None = None) -> Iterator[None]:
        """Show on a terminal that something is going on, and of a `total` how much is done.

        `now` changes the words, and `advance` counts.
        """
        if not self.err.is_terminal:
            yield
            return
        display = _display(self._console(self.err), total)
        self._shown = display, display.add_task(words, total=total)
        with display:
            try:
                yield
            finally:
                self._shown = None

    def now(self, words: str) -> None:
        """What is going on now."""
        if self._shown:
            display, task = self._shown
            display.update(task, description=words, refresh=True)

    def advance(self) -> None:
        """One more of the total is done."""
        if self._shown:
            display, task = self._shown
            display.update(task, advance=1, refresh=True)

    @property
    def milliseconds(self) -> int:
        """What time it is, in epoch milliseconds."""
        return int(self.clock().timestamp() * 1000)

    @property
    def can_ask(self) -> bool:
        """Whether a person is there to answer."""
        return self.stdin is not None and self.stdin.isatty() and self.err.is_terminal

    def ask(self, question: str) -> bool:
        """Yes or no; anything but yes is no."""
        self.err.write(f"{question} [y/N] ")
        answer = self.stdin.readline() if self.stdin else ""
        if not answer.endswith("\n"):
            self.err.write("\n")
        return answer.strip().lower() in {"y", "yes"}

    def _print(self, sink: Sink, lines: Iterable[Line]) -> None:
        if not sink.is_terminal:
            in_a_job = self.environ.get("GITHUB_ACTIONS") == "true"
            for line in lines:
                sink.write(f"{without_commands(str(line)) if in_a_job else line}\n")
            return
        console = self._console(sink)
        for line in lines:
            with console.capture() as captured:
                console.print(line)
            sink.write(captured.get())

    def _console(self, sink: Sink) -> Console:
        from rich.console import Console  # noqa: PLC0415 - help and version answer without it

        return Console(
            file=sink.stream,
            color_system=None if self.environ.get("NO_COLOR") else "auto",
            highlight=False,
            markup=False,
            emoji=False,
        )

    @contextmanager
    def _paused(self) -> Iterator[None]:
        shown = self._shown
        if shown:
            shown[0].stop()
        yield
        if shown:
            shown[0].start()


def without_commands(line: str) -> str:
    """A line of a log that the runner of GitHub obeys no more than any other text: it reads ``::`` and ``##[``.

    Source: https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
    """
    return _COMMANDS.sub(lambda found: f"{found[0][:-1]}\u200b{found[0][-1]}", line)


def _display(console: Console, total: int | None) -> Progress:
    """Something that moves beside the words; with a total a bar, and how many of how many.

    How long the rest takes is in the words: writes go in bursts, from which rich would guess wrong.
    """
    from rich import progress  # noqa: PLC0415 - for terminals alone

    words = progress.TextColumn("{task.description}", markup=False)
    counted = [progress.BarColumn(), progress.MofNCompleteColumn()]
    columns = [progress.SpinnerColumn(), words, *(counted if total else ())]
    return progress.Progress(*columns, console=console, transient=True, disable=console.is_dumb_terminal)

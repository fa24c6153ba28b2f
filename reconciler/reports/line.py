"""Lines of a report: styled text with an indent, that a terminal wraps and a pipe gets whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from reconciler.reports.visible import visible

Part: TypeAlias = str | tuple[str, str]
"""Text, or text and a style of rich (``"bold red"``)."""

INDENT = 4
"""Columns between a header and what stands below it."""

_NARROWEST = 24


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `text` after `indent` columns; where it is wrapped, it goes on `hang` columns further in.

    `note` follows the text. Where both do not fit, it begins a line of its own.
    """

    text: Text
    indent: int = 0
    hang: int = INDENT
    note: Text | None = None

    def __str__(self) -> str:
        note = f"  {self.note.plain}" if self.note else ""
        return f"{' ' * self.indent}{self.text.plain}{note}" if self.text else ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The line wrapped to the width of the terminal."""
        first, rest = " " * self.indent, " " * (self.indent + self.hang)
        for number, piece in enumerate(self._pieces(console, options.max_width)):
            yield Text(rest if number else first).append_text(piece)

    def _pieces(self, console: Console, width: int) -> Iterator[Text]:
        room = max(width - self.indent - self.hang, _NARROWEST)
        if self.note is None:
            yield from self.text.wrap(console, room)
            return
        whole = Text("  ").join([self.text, self.note])
        if whole.cell_len + self.indent <= width:
            yield whole
            return
        yield from self.text.wrap(console, room)
        yield from self.note.wrap(console, room)


def line(*parts: Part, indent: int = 0, hang: int = INDENT, note: Iterable[Part] = ()) -> Line:
    """A line of `parts`. What they hold is shown as it is written: no markup, no escapes, no line breaks."""
    return Line(_text(parts), indent, hang, _text(note) or None)


def _text(parts: Iterable[Part]) -> Text:
    text = Text()
    for part in parts:
        words, style = part if isinstance(part, tuple) else (part, "")
        text.append(visible(words), style or None)
    return text


EMPTY = line()
"""The line between two blocks."""


def plain(lines: Iterable[Line]) -> str:
    """The lines as text without styles, each with its line break."""
    return "".join(f"{each}\n" for each in lines)

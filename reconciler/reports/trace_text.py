"""Who made live differ, in words: ``by anna@northwind.example, 2026-11-20 14:03 UTC``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.domain import Key, Resalt, Trace, Writer
from reconciler.reports.line import INDENT, Line, Part, line
from reconciler.reports.moments import utc
from reconciler.reports.step_text import name
from reconciler.reports.values import shortened

_LONGEST = 60


def trace_line(trace: Trace, indent: int = INDENT) -> Line:
    """Who, when, and what is not known."""
    note = f"; {trace.note}" if trace.note and trace.writers else ""
    if not trace.writers:
        return line(("nobody knows who it was: ", "dim"), (trace.note, "dim"), indent=indent)
    return line((f"by {_any_of(trace.writers)}{_when(trace.at)}{note}", "cyan"), indent=indent)


def one_for_all(traces: Sequence[Trace]) -> Trace | None:
    """The trace that all differences of an object have, if they have the same."""
    return traces[0] if traces and len(set(traces)) == 1 else None


def salt_line(salt: Resalt) -> Line:
    """An object whose units were spread anew, by whom and when."""
    note: list[Part] = [(salted_by(salt), "cyan")]
    return line(("~ ", "yellow"), *_names(salt), ("  spread anew", "bold"), f" ({salt.entry.action})  ", *note)


def salted_by(salt: Resalt) -> str:
    """``by Anna <anna@northwind.example>, 2026-11-20 14:03 UTC``."""
    return f"by {_writer(salt.entry.writer)}{_when(salt.entry.at)}"


def _names(salt: Resalt) -> Iterator[Part]:
    for number, key in enumerate(salt.keys):
        yield " or " if number else ""
        yield from name(key)


def _any_of(writers: Sequence[Writer]) -> str:
    return " or ".join(map(_writer, writers))


def _writer(writer: Writer) -> str:
    shown = str(writer) or "somebody whom the service does not name"
    shown = shown if len(shown) <= _LONGEST else shortened(shown, _LONGEST)
    if writer.key is not Key.PROJECT:
        return shown
    return f"{shown} (a project key{f' of user {writer.id}' if writer.id else ''})"


def _when(at: int | None) -> str:
    return "" if at is None else f", {utc(at)}"

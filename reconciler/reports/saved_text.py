"""Saved plans: what was written, what is about to be applied, and the way back."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.domain import KEPT, Plan, ResourceKey, Verb
from reconciler.reports.line import EMPTY, INDENT, Line, Part, line
from reconciler.reports.plan_text import body_lines, failed, summary
from reconciler.reports.step_text import name
from reconciler.reports.values import counted


def written_lines(file: str, fingerprint: str, command: str) -> Iterator[Line]:
    """Where the plan is, what it is known by, and the command that applies it ("" where there is nothing to apply)."""
    yield EMPTY
    yield line(("Saved: ", "bold green"), file)
    yield fingerprint_line(fingerprint)
    if command:
        yield line(("→ ", "green"), command, indent=INDENT, hang=2)


def fingerprint_line(fingerprint: str) -> Line:
    """``Fingerprint: 5d41402abc4b...``."""
    return line(("Fingerprint: ", "bold"), fingerprint)


def opened_lines(plan: Plan, file: str, fingerprint: str, *, show_calls: bool) -> Iterator[Line]:
    """A saved plan that is about to be applied. It says nothing about live state, which has moved on since."""
    yield line(("Saved plan: ", "bold"), file)
    yield fingerprint_line(fingerprint)
    yield EMPTY
    yield from body_lines(plan, show_calls=show_calls)
    empty = line(("No steps.", "bold green"), " This plan has nothing to do.")
    yield summary(plan) if plan.steps or plan.pending or failed(plan) else empty


def way_back_lines(plan: Plan, file: str, fingerprint: str, *, show_calls: bool) -> Iterator[Line]:
    """The way back from the saved plan in `file`: what would be put back and deleted, what cannot be undone and why."""
    yield line(("Way back from: ", "bold"), file)
    yield fingerprint_line(fingerprint)
    yield EMPTY
    yield from body_lines(plan, show_calls=show_calls)
    yield _way_back(plan)


def kept_lines(plan: Plan) -> Iterator[Line]:
    """What was not undone, once more, after the calls were made."""
    keys = kept(plan)
    if keys:
        yield line(("Not undone: ", "bold yellow"), *_names(keys), ", for the reasons above.")


def kept(plan: Plan) -> list[ResourceKey]:
    """The objects that the way back leaves, at least in part, as the plan had made them."""
    return sorted({finding.key for finding in plan.findings if finding.code == KEPT and finding.key})


def _way_back(plan: Plan) -> Line:
    left = kept(plan)
    if plan.steps:
        deleted = sum(1 for _ in plan.of(Verb.DELETE))
        rest = len(set(plan.unchanged).difference(left))
        counts = (
            f"{len(plan.steps) - deleted} to put back, {deleted} to delete; {len(left)} not undone, {rest} untouched."
        )
        return line(("Way back: ", "bold"), counts)
    if left:
        return line(("Nothing can be undone: ", "bold yellow"), f"{counted(len(left), 'object')} left as found.")
    return line(("Nothing to undo.", "bold green"), " Live is as it was before the plan.")


def _names(keys: list[ResourceKey]) -> Iterator[Part]:
    for number, key in enumerate(keys):
        yield ", " if number else ""
        yield from name(key)

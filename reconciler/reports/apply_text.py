"""How an apply goes, step by step, and whether live equals the manifests afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.domain import Convergence, Outcome, Status
from reconciler.reports.changes import change_lines
from reconciler.reports.line import EMPTY, INDENT, Line, line
from reconciler.reports.step_text import name
from reconciler.reports.values import counted

_STYLES = {Status.DONE: "green", Status.FAILED: "bold red", Status.SKIPPED: "yellow", Status.UNKNOWN: "bold magenta"}


def outcome_lines(outcome: Outcome, number: int, steps: int) -> Iterator[Line]:
    """``[ 3/12] done: update Gate checkout_v2 (1 call)``; what did not go well has its reason below it."""
    width = len(str(steps))
    head = (f"[{number:>{width}}/{steps}] ", "dim")
    verdict = (f"{outcome.status}: ", _STYLES[outcome.status])
    yield line(head, verdict, f"{outcome.step.verb} ", *name(outcome.step.key), (f" ({_calls(outcome)})", "dim"))
    if outcome.reason:
        yield line(("→ ", "red"), outcome.reason, indent=INDENT, hang=2)


def _calls(outcome: Outcome) -> str:
    planned = len(outcome.step.calls)
    if outcome.status is Status.DONE:
        return counted(planned, "call")
    return f"{outcome.calls_made} of {counted(planned, 'call')} made"


def applied_lines(outcomes: Iterable[Outcome], steps: int) -> Iterator[Line]:
    """How many of the plan's `steps` ended how."""
    ended = [outcome.status for outcome in outcomes]
    counts = ", ".join(f"{ended.count(status)} {status}" for status in Status if ended.count(status) or status is Status.DONE)
    unreached = f", {steps - len(ended)} not reached" if len(ended) < steps else ""
    good = ended.count(Status.DONE) == steps
    yield EMPTY
    yield line(("Applied: ", "bold green" if good else "bold red"), f"{counts}{unreached}.")


def convergence_lines(convergence: Iterable[Convergence]) -> Iterator[Line]:
    """The objects of which live does not equal the manifest, and the proof for all others as a number."""
    looked = list(convergence)
    apart = [each for each in looked if not each.holds]
    for each in apart:
        yield line(("✗ ", "bold red"), *name(each.key), ": not there" if each.gone else ": live differs from the manifest")
        yield from change_lines(() if each.gone else each.differences)
    if apart:
        yield line(("Not converged: ", "bold red"), f"{len(apart)} of {counted(len(looked), 'object')} are not as the manifests say.")
    else:
        yield line(("Converged: ", "bold green"), f"live was read again and equals the manifests ({counted(len(looked), 'object')}).")

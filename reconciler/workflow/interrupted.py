"""What is said of a run that was cut off: what it did, what is unknown and how that was settled, what is left."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.applying import Fate, Unfinished, settled
from reconciler.console import Console
from reconciler.domain import Finding, ResourceKey, Severity, Status
from reconciler.kinds import KINDS
from reconciler.reports.moments import utc
from reconciler.workflow.loaded import Loaded

_FATES = {
    Fate.HAPPENED: "live shows that it happened",
    Fate.DID_NOT: "live shows that it did not happen",
    Fate.UNKNOWN: "live shows neither what was before it nor what it was to bring about, so that is not known",
}
_SAFE = "go on: a plan is made from what is live, so that nothing is done twice"


def told(found: Unfinished, loaded: Loaded, console: Console) -> tuple[Finding, ...]:
    """The findings about the run. Objects are read where a call has an unknown end; nothing is written."""
    summary = Finding("JOURNAL/unfinished", _summary(found), _SAFE, severity=Severity.WARNING)
    if found.url != loaded.usable.api.url:
        message = f"{len(found.under_way)} of its steps were under way, and nobody looked what became of them"
        return (summary, Finding("JOURNAL/elsewhere", message, f"plan against {found.url}", severity=Severity.WARNING))
    return (summary, *_settled(found, console), *_damaged(found))


def _summary(found: Unfinished) -> str:
    done = sum(status is Status.DONE for status in found.ended.values())
    counts = [f"{done} of {len(found.steps)} steps done", f"{len(found.under_way)} under way"]
    if other := len(found.ended) - done:
        counts.append(f"{other} ended otherwise")
    counts.append(f"{len(found.left)} not begun")
    return f"{found.command} was cut off (begun {utc(found.at)}, {found.url}): {', '.join(counts)}"


def _settled(found: Unfinished, console: Console) -> Iterator[Finding]:
    fates = dict(settled(found, console, KINDS))
    for key, step in found.under_way.items():
        done = f"{key} was under way, with {step.calls_done} of its calls done"
        if step.unknown is None:
            yield _note(key, done)
        else:
            yield _note(key, f"{done}; of {step.unknown} no answer was noted, and {_FATES[fates[key]]}")


def _note(key: ResourceKey, message: str) -> Finding:
    return Finding("JOURNAL/settled", message, "the plan says what is left to do", key=key, severity=Severity.NOTE)


def _damaged(found: Unfinished) -> Iterator[Finding]:
    if found.unreadable:
        message = f"{found.unreadable} lines of the journal cannot be read, so that this may not be all"
        yield Finding("JOURNAL/damaged", message, _SAFE, severity=Severity.WARNING)

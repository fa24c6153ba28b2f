"""What a live experiment tells of its runs."""

from __future__ import annotations

from reconciler.domain import Tree
from reconciler.domain.moments import iso

SEALED = "archived"
"""The status in which an experiment is read-only."""
CONCLUDED = frozenset({"decision_made", "abandoned", "experiment_stopped", "assignment_stopped"})

_BEGAN_OR_ENDED = ("startTime", "endTime", "decisionTime")
TIMES = frozenset(_BEGAN_OR_ENDED)
"""What tells that an experiment ran: empty again in a draft that gave its run up."""


def ran(live: Tree) -> bool:
    """Whether the experiment ever ran, as far as live still tells: what it measured is lost with it."""
    if any(live.get(name) is not None for name in TIMES):
        return True
    return live.get("status") != "setup" and not (live.get("status") == SEALED and "startTime" in live)


def results(live: Tree) -> str | None:
    """The run whose results the experiment holds; None if it never ran."""
    return (began(live) or "a time that is not known") if ran(live) else None


def began(live: Tree) -> str | None:
    """When the last run began, or else ended; None where the service does not say. It tells one run from the next."""
    at = next((live[name] for name in _BEGAN_OR_ENDED if isinstance(live.get(name), (int, float))), None)
    return None if at is None else iso(int(at))

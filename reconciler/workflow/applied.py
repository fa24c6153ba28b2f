"""The plan carried out, and live read again to see whether it holds."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.applying import execute
from reconciler.console import Console
from reconciler.domain import Convergence, Outcome, Verb
from reconciler.kinds import KINDS
from reconciler.workflow.loaded import Loaded
from reconciler.workflow.planned import Planned, plan
from reconciler.workflow.reviewed import touched


def apply(planned: Planned, console: Console, *, all_or_nothing: bool = False) -> Iterator[Outcome]:
    """Read again what the plan touches, and make its calls where nothing moved. Raises ConsoleError if that fails."""
    live = touched(planned.plan, console)
    return execute(planned.plan, live, console, KINDS, all_or_nothing=all_or_nothing)


def verify(loaded: Loaded, console: Console) -> tuple[Convergence, ...]:
    """Read live state again and say of each selected manifest whether live now equals it."""
    again = plan(loaded, console).plan
    differing = {step.key: step for step in (*again.held, *again.steps)}
    return tuple(
        Convergence(
            key, step.fields if (step := differing.get(key)) else (), gone=bool(step and step.verb is Verb.CREATE)
        )
        for key in sorted(resource.key for resource in loaded.selected)
    )

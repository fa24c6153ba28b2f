"""The plan carried out, and live read again to see whether it holds."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.applying import Journal, execute
from reconciler.console import Console
from reconciler.domain import Convergence, Outcome, Plan, Verb
from reconciler.kinds import KINDS
from reconciler.workflow.loaded import Loaded
from reconciler.workflow.planned import NOTHING_ASKED, Asked, Planned, plan
from reconciler.workflow.reviewed import touched


def apply(
    planned: Planned,
    console: Console,
    *,
    all_or_nothing: bool = False,
    workers: int = 1,
    journal: Journal | None = None,
) -> Iterator[Outcome]:
    """Read again what the plan touches, and make its calls where nothing moved. Raises ConsoleError if that fails."""
    live = touched(planned.plan, console)
    return execute(planned.plan, live, console, KINDS, all_or_nothing=all_or_nothing, workers=workers, journal=journal)


def verify(loaded: Loaded, console: Console, asked: Asked = NOTHING_ASKED) -> tuple[Convergence, ...]:
    """Read live state again and say of each selected manifest whether live now equals it."""
    return convergence(loaded, plan(loaded, console, asked).plan)


def convergence(loaded: Loaded, made: Plan) -> tuple[Convergence, ...]:
    """What a plan that was just made says of each selected manifest: whether live equals it."""
    steps = {step.key: step for step in (*made.steps, *made.pending)}
    pending = {step.key: step.awaits for step in made.pending}
    held = {step.key: step.fields for step in made.held}
    return tuple(
        Convergence(
            key,
            steps[key].fields if key in steps else (),
            gone=key in steps and steps[key].verb is Verb.CREATE,
            left_alone=held.get(key, ()),
            pending=pending.get(key, ""),
        )
        for key in sorted(resource.key for resource in loaded.selected)
    )

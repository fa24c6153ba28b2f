"""The plan carried out, and live read again to see whether it holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial

from reconciler.applying import Journal, execute
from reconciler.console import Console
from reconciler.domain import STILL_THERE, Convergence, Outcome, Plan, ResourceKey, Verb
from reconciler.kinds import KINDS
from reconciler.planning.order import REMOVALS
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
    look = partial(touched, planned.plan, console)
    return execute(
        planned.plan,
        live,
        console,
        KINDS,
        all_or_nothing=all_or_nothing,
        workers=workers,
        journal=journal,
        look=look,
    )


def verify(
    loaded: Loaded, console: Console, asked: Asked = NOTHING_ASKED, done: Collection[ResourceKey] = ()
) -> tuple[Convergence, ...]:
    """Read live state again and say what `convergence` says."""
    return convergence(loaded, plan(loaded, console, asked).plan, done)


def convergence(loaded: Loaded, made: Plan, done: Collection[ResourceKey] = ()) -> tuple[Convergence, ...]:
    """What a plan that was just made says: whether live equals each selected manifest, and what should be gone.

    Objects in `done` went as far as they can go in one run.
    """
    steps = {step.key: step for step in (*made.steps, *made.pending)}
    pending = {step.key: step.awaits for step in made.pending}
    held = {step.key: step.fields for step in made.held}
    left = (step.key for step in made.steps if step.verb in REMOVALS and step.key not in done)
    looked = (
        Convergence(
            key,
            steps[key].fields if key in steps else (),
            gone=key in steps and steps[key].verb is Verb.CREATE,
            left_alone=held.get(key, ()),
            pending=pending.get(key, ""),
        )
        for key in (resource.key for resource in loaded.selected)
    )
    there = (Convergence(key, STILL_THERE) for key in left)
    return tuple(sorted((*looked, *there), key=lambda each: each.key))

"""Plans that were saved: for the project they were made for, to be applied as they are, or to be undone."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler import __version__
from reconciler.console import Console, read_snapshot
from reconciler.domain import Convergence, Finding, Plan, Snapshot, Step, Verb
from reconciler.kind import REFERENCE_ONLY
from reconciler.kinds import KINDS
from reconciler.planning.effect import missing
from reconciler.planning.rollback import make_rollback
from reconciler.saving import SavedPlan, Target, read, write
from reconciler.workflow.loaded import Loaded
from reconciler.workflow.planned import Planned


def save(loaded: Loaded, planned: Planned) -> str:
    """The text of the plan file."""
    return write(planned.plan, Target(loaded.usable.api.url, planned.live.project_id, __version__))


def open_plan(data: bytes, path: str) -> SavedPlan | Finding:
    """The plan in the file `path` with the bytes `data`, or why it cannot be trusted."""
    return read(data, path, KINDS)


def touched(plan: Plan, console: Console) -> Snapshot:
    """Live state of the kinds that the plan touches, with as few list calls as possible. Raises ConsoleError.

    A removal touches all kinds: any object may have come to refer to what is to go.
    """
    names = {step.key.kind for step in plan.steps}
    removes = any(step.verb in {Verb.ARCHIVE, Verb.DELETE} for step in plan.steps)
    kinds = [kind for kind in KINDS.values() if removes or kind.name in names]
    collections = frozenset(REFERENCE_ONLY[kind] for kind in names if kind in REFERENCE_ONLY)
    return read_snapshot(console, kinds, needed=frozenset(names), references=collections)


def not_for(saved: SavedPlan, loaded: Loaded, live: Snapshot) -> tuple[Finding, ...]:
    """Why the plan is for another API or another project than the one at hand."""
    cure = "make the plan again for this project, or use its project file and key"
    at_hand = loaded.usable.api.url
    found = []
    if saved.target.url != at_hand:
        found.append(f"the plan was made against {saved.target.url}, and this is {at_hand}")
    if saved.target.project_id != live.project_id:
        found.append(f"the plan was made for project {saved.target.project_id}, and the key is for {live.project_id}")
    return tuple(Finding("PLANFILE/other-project", message, cure) for message in found)


def rollback(saved: SavedPlan, console: Console) -> Planned:
    """The plan that undoes a saved plan, from live state as it is now. Raises ConsoleError."""
    live = read_snapshot(console, KINDS.values(), needed=frozenset(), references=frozenset())
    return Planned(make_rollback(KINDS, saved.plan, live), live)


def in_effect(steps: Iterable[Step], live: Snapshot) -> tuple[Convergence, ...]:
    """For each step whether what it was to bring about is live."""
    found = []
    for step in steps:
        kind = KINDS.get(step.key.kind)
        differences = missing(step, kind, live.objects.get(step.key)) if kind else ()
        found.append(Convergence(step.key, differences or (), gone=differences is None))
    return tuple(found)

"""Plans that were saved: for the project they were made for, to be applied as they are, or to be undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from reconciler import __version__
from reconciler.applying import is_another
from reconciler.console import Console, read_snapshot
from reconciler.domain import (
    STILL_THERE,
    Convergence,
    Finding,
    Json,
    Place,
    Plan,
    ResourceKey,
    Severity,
    Snapshot,
    Step,
    Verb,
)
from reconciler.kind import REFERENCE_ONLY
from reconciler.kinds import KINDS
from reconciler.manifests import Catalog
from reconciler.planning.effect import missing
from reconciler.planning.naming import DECIDING, NAMING_OTHERS
from reconciler.planning.order import REMOVALS
from reconciler.planning.review import open_review
from reconciler.planning.rollback import make_rollback
from reconciler.saving import SavedPlan, Target, read, write
from reconciler.workflow.loaded import Loaded, located, project_at
from reconciler.workflow.occasion import Occasion, permitted
from reconciler.workflow.planned import Planned


def project_alone(path: Path, occasion: Occasion | None = None) -> Loaded:
    """The project file without its manifests, which a saved plan does not need and which may be broken by now.

    Without an `occasion` no guard is asked.
    """
    project, nothing = project_at(path), Catalog(complete=False)
    if isinstance(project, tuple):
        return Loaded(None, path.parent, nothing, (), located(project, path.parent))
    if occasion is None:
        return Loaded(project, path.parent, nothing, (), ())
    allowances, wrong = permitted(project.safety, Place(path.name), occasion)
    return Loaded(project, path.parent, nothing, (), located(wrong, path.parent), allowances=allowances)


def save(loaded: Loaded, planned: Planned) -> str:
    """The text of the plan file."""
    target = Target(loaded.usable.api.url, planned.live.project_id, __version__, planned.production)
    return write(planned.plan, target)


def open_plan(data: bytes, path: str) -> SavedPlan | Finding:
    """The plan in the file `path` with the bytes `data`, or why it cannot be trusted."""
    return read(data, path, KINDS)


def touched(plan: Plan, console: Console) -> Snapshot:
    """Live state of the kinds that the plan touches, with as few list calls as possible. Raises ConsoleError.

    A removal touches all kinds: any object may have come to refer to what is to go. What an experiment may depend on
    touches experiments, and what leads there: one may have been started since. What an object comes to refer to may be
    gone since, or have another status.
    """
    written = {step.key.kind for step in plan.steps}
    removes = any(step.verb in REMOVALS for step in plan.steps)
    decides = any(kind.taints for kind in KINDS.values() if kind.name in written)
    named = written | {target.kind for step in plan.steps for target in step.relies}
    kinds = [kind for kind in KINDS.values() if removes or kind.name in named or (decides and kind.taints)]
    others = NAMING_OTHERS if removes else DECIDING if decides else frozenset()
    return read_snapshot(console, kinds, needed=frozenset(written), references=_without_manifests(named) | others)


def _without_manifests(kinds: Iterable[str]) -> frozenset[str]:
    """The collections of those of the kinds that have no manifests."""
    return frozenset(REFERENCE_ONLY[kind] for kind in kinds if kind in REFERENCE_ONLY)


def at_hand(console: Console, *, production: bool = False) -> Snapshot:
    """Which project the key is for, and which of its environments are `production` if that is asked; no object of it.

    Raises ConsoleError.
    """
    references = frozenset({"environments"} if production else ())
    return read_snapshot(console, (), needed=frozenset(), references=references)


def not_for(saved: SavedPlan, loaded: Loaded, live: Snapshot) -> tuple[Finding, ...]:
    """Why the plan is for another API or another project than the one at hand; a warning where that is not known."""
    url, pinned = loaded.usable.api.url, loaded.usable.api.project_id
    made_for, key_for = saved.target.project_id, live.project_id
    found = []
    if saved.target.url != url:
        found.append(f"the plan was made against {saved.target.url}, and this is {url}")
    if made_for != key_for:
        found.append(f"the plan was made for {_project(made_for)}, and the key is for {_project(key_for)}")
    elif pinned not in (None, key_for):
        found.append(f"the plan was made for {_project(made_for)}, and the project file is about project {pinned}")
    cure = "make the plan again for this project, or use its project file and key"
    errors = tuple(Finding("PLANFILE/other-project", message, cure) for message in found)
    return errors or (() if key_for else (_UNKNOWN_PROJECT,))


def _project(id_: str | None) -> str:
    return "a project that it does not name" if id_ is None else f"project {id_}"


_UNKNOWN_PROJECT = Finding(
    "PLANFILE/unknown-project",
    "nobody can tell whether this is the project that the plan was made for: the key may not ask which one it is",
    "let the key read /project, or be sure",
    severity=Severity.WARNING,
)


def rollback(saved: SavedPlan, console: Console, begun: Mapping[ResourceKey, Json] | None = None) -> Planned:
    """The plan that undoes a saved plan, from live state as it is now. Raises ConsoleError.

    `begun`: the objects that the plan may have changed, each with its last stamp; None where nobody can tell, so that
    live alone says what it did.
    """
    collections = NAMING_OTHERS | _without_manifests(step.key.kind for step in saved.plan.steps)
    live = read_snapshot(console, KINDS.values(), needed=frozenset(), references=collections)
    steps = saved.plan.steps
    done = steps if begun is None else tuple(step for step in steps if step.key in begun)
    edited = {key for key, known in (begun or {}).items() if is_another(known, live.objects.get(key))}
    back = make_rollback(KINDS, replace(saved.plan, steps=done), live, edited)
    idle = () if begun is None else tuple(step.key for step in steps if step.key not in begun)
    doubts = [_NO_RECORD] if begun is None and steps else map(_not_done, idle)
    return Planned(replace(back, unchanged=(*back.unchanged, *idle)), live).noting(doubts)


_NO_RECORD = Finding(
    "ROLLBACK/no-record",
    "nothing here tells whether this plan was applied: what is live as the plan wanted it is taken for its doing",
    "look at each step: where the plan was not applied, it undoes what somebody else did",
    severity=Severity.WARNING,
)


def _not_done(key: ResourceKey) -> Finding:
    message = f"{key}: the journal knows of no call that the plan made about it, so that there is nothing to undo"
    return Finding("ROLLBACK/not-done", message, "", key=key, severity=Severity.NOTE)


def look_again(plan: Plan, console: Console) -> tuple[Convergence, ...]:
    """What the plan touches read again: for each step whether it is in effect. Raises ConsoleError."""
    return in_effect(plan.steps, touched(plan, console))


def in_effect(steps: Iterable[Step], live: Snapshot) -> tuple[Convergence, ...]:
    """For each step whether what it was to bring about is live. What should be gone and is not differs as a whole."""
    return tuple(_effect(step, live) for step in steps)


def _effect(step: Step, live: Snapshot) -> Convergence:
    kind, found = KINDS.get(step.key.kind), live.objects.get(step.key)
    if kind is None:
        names = live.names.get(REFERENCE_ONLY[step.key.kind])
        return Convergence(step.key, gone=names is not None and step.key.id not in names)
    pending = str(open_review(found) or "")
    if step.verb is Verb.DELETE and found is not None:
        return Convergence(step.key, STILL_THERE, pending=pending)
    differences = missing(step, kind, found)
    return Convergence(step.key, differences or (), differences is None, pending="" if differences == () else pending)

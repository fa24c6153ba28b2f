"""The way of an experiment from its live status to the desired one.

Going back (reset) drops the meaning of what was measured, and concluding by hand is a decision of people: neither is
undone without a permission for just that.
"""

from __future__ import annotations

from dataclasses import replace

from reconciler.domain import Action, Call, FieldChange, Json, Tree
from reconciler.kind import Transition, Wanted, error, warning
from reconciler.kinds.experiment.groups import control
from reconciler.kinds.experiment.runs import CONCLUDED, SEALED, began, ran
from reconciler.kinds.experiment.status import status

_TELLING = frozenset({"description"})
"""Members of a group that just tell people about it."""


def transition(wanted: Wanted) -> Transition:
    """The calls for status, control group and launched group, or the findings that say why there are none."""
    if wanted.live is None:
        return _after_creation(wanted)
    found = status(wanted, wanted.live)
    if wanted.live.get("status") == SEALED and not found.before:
        return _in_the_archive(wanted, found)
    over = Transition() if found.before else _concluded(wanted, wanted.live, found.absorbs)
    chosen = control(wanted, among_live="groups" in over.absorbs)
    return replace(
        found,
        after=(*chosen.after, *found.after),
        fields=(*chosen.fields, *found.fields),
        held=(*chosen.held, *found.held, *over.held),
        absorbs=found.absorbs | over.absorbs,
        problems=(*chosen.problems, *found.problems, *over.problems),
    )


def _concluded(wanted: Wanted, live: Tree, settled: frozenset[str]) -> Transition:
    """What an experiment was about stays as it is when it is over: the decision rests on it, and users may get it."""
    about = [change for change in wanted.changed if taints(change) or change.path == ("allocation",)]
    fields = dict.fromkeys(name for name in (str(change.path[0]) for change in about) if name not in settled)
    run = began(live)
    if live.get("status") not in CONCLUDED or not fields:
        return Transition()
    if run and wanted.permission.rewrite == run:
        message = (
            f"it is over ({live['status']}), and {', '.join(fields)} is written anew: its results say something else"
        )
        cure = "take metadata.permit.rewrite out to keep it"
        return Transition(problems=(warning("LIFECYCLE/rewrite", message, cure, *list(fields)[:1]),))
    message = f"it is over ({live['status']}), and what it was about stays: {', '.join(fields)} is left alone"
    cure = "write what is live, or copy it to a new experiment"
    if run:
        cure = f'{cure}, or change it all the same: metadata: {{permit: {{rewrite: "{run}"}}}}'
    problem = warning("LIFECYCLE/concluded", message, cure, *list(fields)[:1])
    held = tuple(change for change in wanted.changed if change.path[0] in fields)
    return Transition(held=held, absorbs=frozenset(fields), problems=(problem,))


def _in_the_archive(wanted: Wanted, found: Transition) -> Transition:
    """Where it is read-only: what a manifest asks for is held, together with the status if that is held."""
    if not wanted.changed:
        return found
    absorbs = frozenset(str(change.path[0]) for change in wanted.changed)
    whole = replace(found, held=(*found.held, *wanted.changed), absorbs=absorbs)
    if found.held:
        return whole
    message = "an archived experiment cannot be changed: what differs is left alone"
    cure = f"write what is live, or {_out_of_the_archive(wanted.live or {})} to take it out of the archive"
    return replace(whole, problems=(*found.problems, warning("LIFECYCLE/archived", message, cure)))


def _out_of_the_archive(live: Tree) -> str:
    """What to write in the manifest of an archived experiment."""
    if not ran(live):
        return "status: setup"
    run = began(live)
    permit = f'metadata: {{permit: {{reset: "{run}"}}}}' if run else "go to the console: it ran, and nobody says when"
    return f"status: setup and {permit}"


def _after_creation(wanted: Wanted) -> Transition:
    desired, chosen = wanted.desired.get("status", "setup"), control(wanted)
    if chosen.problems or desired == "setup":
        return Transition(after=chosen.after, problems=chosen.problems)
    if desired == "active":
        return Transition(after=(*chosen.after, Call("PUT", f"{wanted.item}/start", {})))
    problem = error(
        "LIFECYCLE/create",
        f"a new experiment cannot begin as {desired}",
        "write status: setup or active, and conclude it later",
        "status",
    )
    return Transition(problems=(problem,))


def _is_at_most(live: Json, desired: Json) -> bool:
    """Whether a share is surely no larger; of a value of unknown form nobody knows. A way back desires what is live."""
    return isinstance(live, int | float) and isinstance(desired, int | float) and live <= desired


def taints(change: FieldChange) -> bool:
    """Whether a running experiment does not survive the change: its results would mix two experiments."""
    match change.path:
        case ("groups",):
            return True
        case ("groups", _):
            return change.action in {Action.ADD, Action.REMOVE, Action.MOVE}
        case ("groups", _, field, *_):
            return field not in _TELLING
        case ("idType" | "secondaryIDType" | "targetingGateID", *_):
            return True
        case ("allocation",):
            return change.live is not None and not _is_at_most(change.live, change.desired)
    return False

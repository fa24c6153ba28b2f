"""The groups that a manifest names: the control group, and the one that is launched."""

from __future__ import annotations

from reconciler.domain import Action, Call, IdOf, Json, Problem
from reconciler.domain.listing import few
from reconciler.kind import Transition, Wanted, error
from reconciler.kinds.experiment.ask import set_to
from reconciler.suggest import did_you_mean

_MADE_BY_THE_SERVICE = ["Control", "Test"]
"""The groups of an experiment that is created without any."""


def control(wanted: Wanted, *, among_live: bool = False) -> Transition:
    """The call that makes another group the control group. `among_live`: the groups of the manifest are not written."""
    desired = wanted.desired.get("controlGroup")
    live = wanted.live.get("controlGroup") if wanted.live else None
    if desired is None or desired == live or renamed(wanted, live, desired):
        return Transition()
    if among_live and desired not in _live_names(wanted):
        return Transition(held=(set_to("controlGroup", live, desired),))
    if problems := group_problems(wanted, "controlGroup"):
        return Transition(problems=problems)
    call = Call("PATCH", wanted.item, {"controlGroupID": IdOf("groups", desired)})
    return Transition(after=(call,), fields=(set_to("controlGroup", live, desired),))


def renamed(wanted: Wanted, live: Json, desired: Json) -> bool:
    """Whether the group has just another name after the patch."""
    return any(
        change.action is Action.RENAME and (change.path[0], change.live, change.desired) == ("groups", live, desired)
        for change in wanted.changed
    )


def group_problems(wanted: Wanted, field: str) -> tuple[Problem, ...]:
    """The group must be among those of the manifest, or among live ones where the manifest names none."""
    if "groups" in wanted.desired:
        return ()
    names = _live_names(wanted) if wanted.live else _MADE_BY_THE_SERVICE
    name = wanted.desired[field]
    if name in names:
        return ()
    cure = did_you_mean(name, names) or f"one of {few(names)}"
    return (error("REF/group", f"there is no group {name!r}", cure, field),)


def _live_names(wanted: Wanted) -> list[str]:
    return [str(group["name"]) for group in (wanted.live or {}).get("groups") or []]

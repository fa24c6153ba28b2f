"""What a step lets its object refer to that it did not refer to before, and whether that is still in use at apply.

Between plan and apply somebody may delete or archive it; a rule that asks for it would then pass for nobody. What was
not there, or in the archive already, when the plan was made is for reviewers to judge, and is not asked for again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum

from reconciler.domain import ResourceKey, Snapshot, Step
from reconciler.kind import REFERENCE_ONLY, Kind
from reconciler.planning.naming import written
from reconciler.shape import references, shape_of


def with_reliance(kinds: Mapping[str, Kind], steps: Iterable[Step], live: Snapshot) -> tuple[Step, ...]:
    """The steps, each with what it newly refers to and is in use."""
    return tuple(replace(step, relies=_relied_on(kinds, step, live)) for step in steps)


def _relied_on(kinds: Mapping[str, Kind], step: Step, live: Snapshot) -> frozenset[ResourceKey]:
    kind = kinds.get(step.key.kind)
    already = {found.target for found in references(shape_of(kind.spec), step.base or {})} if kind else set()
    named = written(kinds, step) - already
    return frozenset(target for target in named if _state(kinds, target, live) is _State.IN_USE)


def let_down(kinds: Mapping[str, Kind], steps: Iterable[Step], live: Snapshot) -> dict[ResourceKey, str]:
    """The steps that rely on something which is not in use any more, each with the reason."""
    found = {step.key: [(target, _state(kinds, target, live)) for target in sorted(step.relies)] for step in steps}
    lost = {key: [each for each in states if each[1] in _LOST] for key, states in found.items()}
    return {key: f"{'; '.join(_told(*each) for each in states)}: plan again" for key, states in lost.items() if states}


class _State(StrEnum):
    """How an object is for those that refer to it."""

    IN_USE = "is in use"
    GONE = "is gone"
    ARCHIVED = "went to the archive"
    UNKNOWN = "could not be read"


_LOST = frozenset({_State.GONE, _State.ARCHIVED})


def _state(kinds: Mapping[str, Kind], target: ResourceKey, live: Snapshot) -> _State:
    collection = REFERENCE_ONLY.get(target.kind)
    if collection:
        names = live.names.get(collection)
        return _State.UNKNOWN if names is None else _State.IN_USE if target.id in names else _State.GONE
    tree = live.objects.get(target)
    if tree is None:
        return _State.UNKNOWN if target.kind in live.unread else _State.GONE
    return _State.ARCHIVED if kinds[target.kind].view(tree).get("status") == "archived" else _State.IN_USE


def _told(target: ResourceKey, state: _State) -> str:
    return f"{target}, to which it was to refer, {state} since the plan was made"

"""What a step lets its object refer to, and whether that is still as it was reviewed when the plan is applied.

Between plan and apply somebody may delete, archive, switch off or launch it; a rule that asks for it would then pass
for others than a reviewer read. Its own rules may be edited at any time, and are not asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from reconciler.domain import ResourceKey, Snapshot, Step, Tree
from reconciler.kind import REFERENCE_ONLY, Kind
from reconciler.shape import references, shape_of


def with_reliance(kinds: Mapping[str, Kind], steps: Iterable[Step], live: Snapshot) -> tuple[Step, ...]:
    """The steps, each with what it relies on: the status of each object, "" where there is none.

    What has a step of its own is in its hands. What is not there is for reviewers to judge.
    """
    listed = list(steps)
    own = {step.key for step in listed}
    return tuple(replace(step, relies=dict(_relied_on(kinds, step, own, live))) for step in listed)


def _relied_on(
    kinds: Mapping[str, Kind], step: Step, own: set[ResourceKey], live: Snapshot
) -> Iterator[tuple[ResourceKey, str]]:
    for target in sorted(_named(kinds.get(step.key.kind), step) - own):
        status = _status(kinds, target, live)
        if status is not None:
            yield target, status


def _named(kind: Kind | None, step: Step) -> set[ResourceKey]:
    """What the step makes count: references that it adds, and all of an object that it switches on.

    Whatever moved, it is no reason to let an object run on that is to be switched off.
    """
    if kind is None or kind.turns_off(step):
        return set()
    bodies = [call.body for call in step.calls if isinstance(call.body, dict)]
    base = step.base or {}
    after: Tree = base
    for body in bodies:
        after = {**after, **body}
    before, named = _referred(kind, base), _referred(kind, after)
    asked = {target for target in named if target.kind != "Tag"} if kind.turns_on(step) else set()
    return (named - before) | asked


def _referred(kind: Kind, tree: Tree) -> set[ResourceKey]:
    return {found.target for found in references(shape_of(kind.spec), tree)}


def let_down(kinds: Mapping[str, Kind], steps: Iterable[Step], live: Snapshot) -> dict[ResourceKey, str]:
    """The steps that rely on what is not as it was, or could not be read, each with the reason."""
    found = {step.key: list(_moved(kinds, step, live)) for step in steps}
    return {
        key: f"what it comes to refer to is not as it was when the plan was made: {'; '.join(moved)}: plan again"
        for key, moved in found.items()
        if moved
    }


def _moved(kinds: Mapping[str, Kind], step: Step, live: Snapshot) -> Iterator[str]:
    for target, planned in sorted(step.relies.items()):
        now = _status(kinds, target, live)
        if now is None:
            yield f"{target} could not be read" if _is_unread(target, live) else f"{target} is gone"
        elif now != planned:
            yield f"{target} is {now}, and was {planned}"


def _status(kinds: Mapping[str, Kind], target: ResourceKey, live: Snapshot) -> str | None:
    """The status of a live object in the words of manifests, "" where it has none; None where there is no object."""
    if target.kind in REFERENCE_ONLY:
        return "" if target.id in (live.names.get(REFERENCE_ONLY[target.kind]) or ()) else None
    tree = live.objects.get(target)
    return None if tree is None else str(kinds[target.kind].view(tree).get("status") or "")


def _is_unread(target: ResourceKey, live: Snapshot) -> bool:
    if target.kind in REFERENCE_ONLY:
        return live.names.get(REFERENCE_ONLY[target.kind]) is None
    return target.kind in live.unread

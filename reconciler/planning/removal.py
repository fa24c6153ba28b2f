"""Live objects that are ours and in no manifest any more: what pruning does with them, and why it may not.

What can be archived is archived before it is deleted: the first run takes it out of use, where everything can still be
put back, and a later one deletes it. An experiment that ever ran is deleted only if its last manifest said so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reconciler.domain import Action, Call, FieldChange, Finding, ResourceKey, Severity, Step, Tree, Verb
from reconciler.kind import Kind
from reconciler.planning.draft import modified
from reconciler.planning.naming import Naming
from reconciler.planning.ownership import is_owned, on_remove
from reconciler.planning.policy import Policy
from reconciler.planning.precondition import quiet
from reconciler.planning.staying import staying, stays


@dataclass(frozen=True, slots=True)
class Removals:
    """The steps that remove, and what is said about objects that stay."""

    steps: tuple[Step, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Way:
    """What becomes of one object: a step, or none where it stays as it is, and what is said about that.

    `later`: whether a later run deletes what this one archives.
    """

    step: Step | None = None
    findings: tuple[Finding, ...] = ()
    later: bool = False


def removals(
    kinds: Mapping[str, Kind],
    orphans: Mapping[ResourceKey, Tree],
    users: Naming,
    policy: Policy,
) -> Removals:
    """Steps for the `orphans` that carry the ownership tag. `users` tells who refers to an object after the plan."""
    tag = policy.ownership_tag
    if tag is None:
        return Removals()
    owned = {key: live for key, live in orphans.items() if is_owned(tag, live)}
    ways = {key: _way(kinds[key.kind], key, owned[key], tag, policy) for key in sorted(owned)}
    going = {key: owned[key] for key, way in ways.items() if way.step}
    if policy.unknown:
        return Removals(findings=_stopped(policy.unknown, len(going)))
    deleted = {key for key, way in ways.items() if way.step and way.step.verb is Verb.DELETE}
    stay = staying(going, deleted, users, tag)
    gone = {key: way for key, way in ways.items() if key not in stay}
    steps = tuple(way.step for way in gone.values() if way.step)
    said = [finding for way in gone.values() for finding in way.findings]
    later = _later([key for key, way in gone.items() if way.later])
    return Removals(steps, (*(stay[key] for key in sorted(stay)), *said, *later))


def _way(kind: Kind, key: ResourceKey, live: Tree, tag: str, policy: Policy) -> _Way:
    action = on_remove(tag, live, policy.prune_of(key.kind))
    if action == "off":
        return _Way()
    lasting = action == "delete" and kind.results(live) is not None and on_remove(tag, live, "") != "delete"
    said = (_has_results(key),) if lasting else ()
    archived = kind.is_archived(live)
    if action == "delete" and not lasting and (archived or not (kind.can_archive and policy.archive_first)):
        step = Step(key, Verb.DELETE, (Call("DELETE", kind.item(key.id)),), modified=modified(live), base=quiet(live))
        return _Way(step)
    if not kind.can_archive:
        return _Way(findings=(_no_archive(key),))
    later = action == "delete" and not lasting
    return _Way(findings=said) if archived else _Way(_archive(kind, key, live), said, later)


def _archive(kind: Kind, key: ResourceKey, live: Tree) -> Step:
    change = FieldChange(("status",), Action.SET, kind.view(live).get("status"), "archived")
    call = Call("PUT", f"{kind.item(key.id)}/archive", {})
    return Step(key, Verb.ARCHIVE, (call,), (change,), modified=modified(live), base=quiet(live))


def _no_archive(key: ResourceKey) -> Finding:
    cure = "write prune: delete, or metadata.onRemove: delete in its last manifest, or delete it in the console"
    return stays("PRUNE/no-archive", key, "there is no archive for objects of its kind", cure)


def _has_results(key: ResourceKey) -> Finding:
    message = f"{key} goes to the archive and no further: it ran, and its results would be lost with it"
    cure = "delete it in the console; the last manifest of the next one may say metadata.onRemove: delete"
    return Finding("PRUNE/results", message, cure, key=key, severity=Severity.NOTE)


def _later(keys: Sequence[ResourceKey]) -> Iterable[Finding]:
    if keys:
        message = f"archived now, and deleted by a later run: {', '.join(map(str, keys))}"
        cure = "write safety: {archiveFirst: false} to have such objects deleted at once"
        yield Finding("PRUNE/archive-first", message, cure, severity=Severity.NOTE)


def _stopped(reasons: tuple[str, ...], removable: int) -> tuple[Finding, ...]:
    if not removable:
        return ()
    message = f"nothing is removed in this run (owned objects without a manifest: {removable}): {'; '.join(reasons)}"
    cure = "run again without --select, and when everything can be read"
    return (Finding("PRUNE/stopped", message, cure, severity=Severity.NOTE),)

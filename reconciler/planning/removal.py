"""Live objects that are ours and in no manifest any more: what pruning does with them, and why it may not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from reconciler.domain import Action, Call, FieldChange, Finding, ResourceKey, Severity, Step, Tree, Verb
from reconciler.kind import Kind
from reconciler.planning.draft import modified
from reconciler.planning.naming import Naming
from reconciler.planning.ownership import is_owned, is_protected, on_remove
from reconciler.planning.policy import Policy
from reconciler.planning.precondition import quiet
from reconciler.planning.review import open_review

_TOO_MANY = "GUARD/max-removals"


@dataclass(frozen=True, slots=True)
class Removals:
    """The steps that remove, and what is said about objects that stay."""

    steps: tuple[Step, ...] = ()
    findings: tuple[Finding, ...] = ()


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
    actions = {key: on_remove(tag, live, policy.prune) for key, live in owned.items()}
    owned = {key: live for key, live in owned.items() if actions[key] != "off"}
    if policy.unknown:
        return Removals(findings=_stopped(policy.unknown, len(owned)))
    steps = {key: _step(kinds[key.kind], key, live, actions[key]) for key, live in owned.items()}
    going = {key: owned[key] for key, step in steps.items() if step}
    stay = _staying(going, users, tag)
    done = tuple(step for key in sorted(going.keys() - stay.keys()) if (step := steps[key]))
    kept = [_no_archive(key) for key in sorted(owned) if not kinds[key.kind].can_archive and key not in going]
    return Removals(done, (*(stay[key] for key in sorted(stay)), *kept, *_too_many(len(done), policy)))


def is_about_removal(finding: Finding) -> bool:
    """Whether a finding is about what a plan removes or does not remove, and about nothing else."""
    return finding.code.partition("/")[0] == "PRUNE" or finding.code == _TOO_MANY


def _no_archive(key: ResourceKey) -> Finding:
    cure = "write prune: delete, or metadata.onRemove: delete in its last manifest, or delete it in the console"
    return _stays("PRUNE/no-archive", key, f"a {key.kind} cannot be archived", cure)


def _staying(owned: Mapping[ResourceKey, Tree], users: Naming, tag: str) -> dict[ResourceKey, Finding]:
    """Owned objects that stay, with the reason. What one that stays refers to stays, too."""
    stay: dict[ResourceKey, Finding] = {}
    while True:
        leaving = owned.keys() - stay.keys()
        found = {key: reason for key in leaving if (reason := _reason_to_stay(key, owned[key], users, leaving, tag))}
        if not found:
            return stay
        stay |= found


def _stopped(reasons: tuple[str, ...], owned: int) -> tuple[Finding, ...]:
    if not owned:
        return ()
    message = f"nothing is removed in this run (owned objects without a manifest: {owned}): {'; '.join(reasons)}"
    return (
        Finding(
            "PRUNE/stopped",
            message,
            "run again without --select, and when everything can be read",
            severity=Severity.NOTE,
        ),
    )


def _reason_to_stay(
    key: ResourceKey, live: Tree, users: Naming, leaving: Collection[ResourceKey], tag: str
) -> Finding | None:
    if is_protected(tag, live):
        cure = f"bring its manifest back, or take the tag {tag}:protected off it"
        return _stays("PRUNE/protected", key, "it is protected", cure)
    still = sorted(users.get(key, frozenset()).difference(leaving, {key}))
    if still:
        why = f"{', '.join(map(str, still))} still refers to it"
        return _stays("PRUNE/in-use", key, why, "take the reference out first")
    if holdouts := live.get("holdoutIDs"):
        return _stays(
            "PRUNE/in-use", key, f"holdouts hold it: {', '.join(map(str, holdouts))}", "take it out of them first"
        )
    if live.get("status") == "active":
        return _stays("PRUNE/running", key, "it is running", "conclude it first")
    if review := open_review(live):
        return _stays("PRUNE/review", key, str(review), "decide it in the console first")
    return None


def _stays(code: str, key: ResourceKey, why: str, cure: str) -> Finding:
    return Finding(code, f"{key} stays: {why}", cure, key=key, severity=Severity.WARNING)


def _step(kind: Kind, key: ResourceKey, live: Tree, prune: str) -> Step | None:
    status = kind.view(live).get("status")
    if prune == "delete":
        return Step(key, Verb.DELETE, (Call("DELETE", kind.item(key.id)),), modified=modified(live), base=quiet(live))
    if not kind.can_archive or status == "archived":
        return None
    change = FieldChange(("status",), Action.SET, status, "archived")
    call = Call("PUT", f"{kind.item(key.id)}/archive", {})
    return Step(key, Verb.ARCHIVE, (call,), (change,), modified=modified(live), base=quiet(live))


def _too_many(count: int, policy: Policy) -> Iterable[Finding]:
    if count > policy.max_removals:
        yield Finding(
            _TOO_MANY,
            f"the plan removes {count} objects, and {policy.max_removals} are allowed",
            f"if that is meant, write in reconciler.yaml: safety: {{maxRemovals: {count}}}",
        )

"""One object: what its manifest says held against live, and the calls that settle it."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, replace

from reconciler.domain import (
    Action,
    Call,
    FieldChange,
    Finding,
    Json,
    Modified,
    Place,
    Problem,
    ResourceKey,
    Step,
    Tree,
    Verb,
    path_text,
)
from reconciler.kind import Decision, Kind, Permission, Wanted, error
from reconciler.manifests.resource import Resource
from reconciler.planning.compare import Difference, compare, for_service
from reconciler.planning.emergency import is_off, stays_off
from reconciler.planning.growth import idle_tags
from reconciler.planning.ownership import is_owned, tags_kept, tags_with_ownership
from reconciler.planning.policy import Policy
from reconciler.planning.precondition import quiet
from reconciler.shape import Shape, references, shape_of


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of one object: fields in manifest vocabulary, where that is written, and why."""

    key: ResourceKey
    desired: Tree
    place: Place | None = None
    decision: Decision = field(default_factory=Decision)
    permission: Permission = field(default_factory=Permission)


@dataclass(frozen=True, slots=True)
class Draft:
    """What became of one wish: a step, or none when live says the same.

    `after` is the object as it is to be. `held` are differences that are reported and not acted on. `tags` are the tags
    that the calls need.
    """

    wish: Wish
    after: Tree
    step: Step | None = None
    held: tuple[FieldChange, ...] = ()
    findings: tuple[Finding, ...] = ()
    tags: frozenset[str] = frozenset()


def draft(resource: Resource, kind: Kind, live: Tree | None, policy: Policy) -> Draft:
    """Compare one manifest with its live object (None: there is none)."""
    desired, tag = kind.today(resource.spec.tree(), live or {}, policy.now), policy.ownership_tag
    if tag:
        present = (live or {}).get("tags") or []
        if not _is_sealed(kind, desired, live):
            desired["tags"] = tags_with_ownership(tag, resource.metadata, desired.get("tags"), present)
        elif "tags" in desired:
            desired["tags"] = tags_kept(tag, desired["tags"], present)
    wish = Wish(resource.key, desired, resource.place, resource.decision, resource.permission)
    if live is None:
        return _creation(wish, kind)
    why = policy.kept_off.get(wish.key)
    drafted = _off(wish, kind, live, why) if why and is_off(kind, desired, live) else changed(wish, kind, live)
    adopted = tag is not None and not is_owned(tag, live)
    return replace(drafted, step=replace(drafted.step, verb=Verb.ADOPT)) if drafted.step and adopted else drafted


def _is_sealed(kind: Kind, desired: Tree, live: Tree | None) -> bool:
    """Whether the object takes no tag: it is read-only as it is, and stays so."""
    if kind.sealed is None or live is None:
        return False
    return bool(kind.view(live).get("status") == kind.sealed == desired.get("status", kind.sealed))


def _off(wish: Wish, kind: Kind, live: Tree, why: str) -> Draft:
    """All differences but the status. Of an archived object nothing is written: it may be read-only there."""
    status, wanted = kind.view(live)["status"], wish.desired["status"]
    rest = {name: value for name, value in wish.desired.items() if name != "status"}
    drafted = changed(replace(wish, desired=rest), kind, live)
    held = (FieldChange(("status",), Action.SET, status, wanted), *drafted.held)
    if status == "archived" and drafted.step:
        held = (*held, *drafted.step.fields)
        drafted = Draft(wish, kind.view(live))
    findings = (stays_off(wish.key, status, wanted, why, wish.place), *drafted.findings)
    return replace(drafted, wish=wish, held=held, findings=findings)


def _creation(wish: Wish, kind: Kind) -> Draft:
    shape = shape_of(kind.spec)
    transition = kind.transition(Wanted(kind.item(wish.key.id), wish.desired, None, (), wish.decision))
    body = kind.create(wish.key.id, for_service(shape, wish.desired))
    fields = tuple(FieldChange((name,), Action.ADD, None, value) for name, value in wish.desired.items())
    calls = (*transition.before, Call("POST", kind.collection, body), *transition.after)
    step = Step(wish.key, Verb.CREATE, calls, fields, wish.place)
    problems = (*transition.problems, *kind.check_new(wish.desired))
    return Draft(wish, wish.desired, step, (), _found(wish, problems), _tags(shape, wish.desired))


def changed(wish: Wish, kind: Kind, live: Tree) -> Draft:
    """Compare one wish with the live object."""
    shape = shape_of(kind.spec)
    view = kind.view(live)
    difference = compare(shape, wish.desired, view)
    fixed = tuple(change for change in difference.changes if shape.fields[str(change.path[0])].create_only)
    changes = tuple(change for change in difference.changes if change not in fixed)
    item = kind.item(wish.key.id)
    transition = kind.transition(Wanted(item, wish.desired, view, changes, wish.decision, wish.permission))
    changes = tuple(change for change in changes if change.path[0] not in transition.absorbs)
    findings = (
        *_found(wish, transition.problems),
        *_fixed_findings(wish, fixed),
        *_found(wish, difference.problems),
        *_found(wish, tuple(idle_tags(shape, wish.desired, view))),
        *_found(wish, tuple(kind.check_whole(difference.merged, frozenset(str(change.path[0]) for change in changes)))),
    )
    held = (*transition.held, *fixed)
    body = _body(kind, wish, changes, difference, live)
    calls = (*transition.before, *_write(kind, item, body), *transition.after)
    after = _after(difference.merged, view, held, transition.clears)
    if not calls:
        return Draft(wish, after, None, held, findings)
    fields = (*transition.fields, *changes)
    step = Step(wish.key, Verb.UPDATE, calls, fields, wish.place, modified=modified(live), base=quiet(live))
    return Draft(wish, after, step, held, findings, _tags(shape, body))


def _after(merged: Tree, view: Tree, held: tuple[FieldChange, ...], clears: frozenset[str]) -> Tree:
    """The object as the calls leave it: what is held stays as it is live, and may still refer to others."""
    stays = {str(change.path[0]) for change in held}
    kept = {name: value for name, value in view.items() if name in stays}
    return {name: value for name, value in merged.items() if name not in clears | stays} | kept


def _body(kind: Kind, wish: Wish, changes: tuple[FieldChange, ...], difference: Difference, live: Tree) -> Tree:
    """Just the changed fields, each with its JSON5 twin; or all fields, where only a full update can change one."""
    names = dict.fromkeys(str(change.path[0]) for change in changes)
    merged: Tree = difference.merged
    if kind.whole_update & set(names):
        return {
            name: merged[name] for name in kind.whole_fields if name in merged and _is_kept(kind, wish, merged, name)
        }
    fields = shape_of(kind.spec).fields
    twins = [fields[name].twin for name in names]
    names |= dict.fromkeys(twin for twin in twins if twin and merged.get(twin) != live.get(twin))
    return {name: merged[name] for name in names}


def _is_kept(kind: Kind, wish: Wish, merged: Tree, name: str) -> bool:
    """Whether a full update carries the field: as the manifest says, or as live has it and nothing contradicts."""
    if name in wish.desired:
        return True
    contradicted = name in kind.alternatives and any(other in wish.desired for other in kind.alternatives)
    return merged.get(name) is not None and not contradicted


def _tags(shape: Shape, body: Tree) -> frozenset[str]:
    """The tags that a body names."""
    return frozenset(found.target.id for found in references(shape, body) if found.target.kind == "Tag")


def _write(kind: Kind, item: str, body: Tree) -> tuple[Call, ...]:
    if not body:
        return ()
    return (Call("POST" if kind.whole_update & body.keys() else "PATCH", item, body),)


def _found(wish: Wish, problems: tuple[Problem, ...]) -> tuple[Finding, ...]:
    return tuple(problem.found(wish.place.at("spec") if wish.place else None, wish.key) for problem in problems)


def _fixed_findings(wish: Wish, fixed: tuple[FieldChange, ...]) -> tuple[Finding, ...]:
    return _found(
        wish,
        tuple(
            error(
                "PLAN/create-only",
                f"{path_text(change.path)} cannot change after creation (live: {json.dumps(change.live)})",
                "write what is live, leave the field out, or make a new object under another id",
                str(change.path[0]),
            )
            for change in fixed
        ),
    )


def modified(live: Tree) -> Modified:
    """Who changed a live object last, and when."""
    by = live.get("lastModifierEmail") or live.get("lastModifierName")
    return Modified(by if isinstance(by, str) else None, whole(live.get("lastModifiedTime")))


def whole(value: Json) -> int | None:
    """The whole part of a number; None for what is none, or has no end."""
    return int(value) if isinstance(value, int | float) and math.isfinite(value) else None

"""The way back from an applied plan: each object as it was, unless somebody changed it since.

Only the fields that the plan changed are put back. What cannot be undone (a deleted object, a started or concluded
experiment, a made tag) is named and left as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from reconciler.domain import (
    KEPT,
    NEW_IDS,
    Action,
    Call,
    FieldChange,
    Finding,
    Json,
    Plan,
    ResourceKey,
    Severity,
    Snapshot,
    Step,
    Tree,
    Verb,
    WayBack,
    path_text,
)
from reconciler.domain.listing import few
from reconciler.forms import names, text
from reconciler.kind import Kind
from reconciler.planning.compare import PIN, compare
from reconciler.planning.draft import Draft, Wish, changed, modified
from reconciler.planning.effect import missing
from reconciler.planning.kept import blind, kept_finding, still_used, without_targets
from reconciler.planning.naming import live_naming, naming_after, unseen, users_of
from reconciler.planning.order import order, urgent
from reconciler.planning.ownership import protecting
from reconciler.planning.precondition import moved, quiet
from reconciler.planning.reliance import with_reliance
from reconciler.planning.review import open_review
from reconciler.planning.taint import tainted, with_taints
from reconciler.shape import shape_of
from reconciler.targeting.rollout import is_split

_EDITED = ("it was changed after the plan had made it", "look at it, and delete it by hand")
_PROTECTED = "it is protected"
_RUNS = "it is a running experiment"
_LIFE = "see the life of an experiment in the documentation"
_ANEW = "gets a new id when it comes back: its users are then others, and its results begin again"
_ALL_THE_SAME = "conclude the experiment first, or go on: a rollback is made all the same"


@dataclass(frozen=True, slots=True)
class _Back:
    """The way back of one step: a step, or the reasons why there is none. Neither: there is nothing to undo.

    `after`: the object as the step leaves it, None if it does away with it.
    """

    step: Step | None = None
    findings: tuple[Finding, ...] = ()
    after: Tree | None = None


def make_rollback(kinds: Mapping[str, Kind], plan: Plan, live: Snapshot, edited: Collection[ResourceKey] = ()) -> Plan:
    """The plan that undoes `plan`, from live state as it is now: first what is put back, then what is deleted.

    `edited`: objects that are known to be others than the plan left behind.
    """
    before = live_naming(kinds, live)
    ways = {step.key: _way_now(step, kinds.get(step.key.kind), live, edited) for step in plan.steps}
    steps = {key: way.step for key, way in ways.items() if way.step}
    restored = {key: way.after for key, way in ways.items() if way.after is not None}
    after = {key: targets for key, targets in naming_after(kinds, before, restored.items()).items() if key in restored}
    unlisted = unseen(kinds, live)
    left = without_targets(kinds, after, before, live, steps)
    left |= blind(steps, unlisted) if unlisted else {}
    left |= still_used(steps, before, after, left)
    going = [step for key, step in steps.items() if key not in left]
    ordered = order(going, before, {**before, **after}, dict.fromkeys(kinds, 0), urgent(going, kinds))
    ordered = with_reliance(kinds, with_taints(kinds, ordered, live, before), live)
    tainting = [
        replace(found, severity=Severity.WARNING, cure=_ALL_THE_SAME)
        for found in tainted(kinds, ordered, live, before, {})
    ]
    findings = [*(found for way in ways.values() for found in way.findings), *left.values(), *tainting]
    unchanged = tuple(step.key for step in plan.steps if step.key not in steps or step.key in left)
    asked_by = users_of({**before, **after}, (step.key for step in ordered if step.key.kind in kinds))
    return Plan(steps=ordered, unchanged=unchanged, findings=tuple(findings), asked_by=asked_by)


def way_back(step: Step, kind: Kind, after: Tree) -> WayBack:
    """How the step could be undone; `after` is the object as the step is to leave it, in manifest vocabulary."""
    directed = {str(change.path[0]): change.desired for change in step.fields if _is_directed(kind, change)}
    if step.verb is Verb.CREATE:
        runs = after.get("status") in kind.running
        if runs or protecting(after):
            return WayBack(kept=(_RUNS if runs else _PROTECTED,))
        return WayBack((Call("DELETE", kind.item(step.key.id)),))
    way = _way(step, kind, None if step.verb is Verb.DELETE else {**after, **directed})
    kept = tuple(found.message.removeprefix(f"{step.key}: ") for found in way.findings if found.code in {KEPT, NEW_IDS})
    return WayBack(way.step.calls if way.step else (), kept)


def _is_directed(kind: Kind, change: FieldChange) -> bool:
    return shape_of(kind.spec).fields[str(change.path[0])].directed


def _way_now(step: Step, kind: Kind | None, snapshot: Snapshot, edited: Collection[ResourceKey]) -> _Back:
    if kind is None:
        return _untag(step, snapshot.names.get("tags"))
    if unread := snapshot.unread.get(kind.name):
        return _left(step.key, unread.message, unread.cure)
    live = snapshot.objects.get(step.key)
    if review := open_review(live):
        return _left(step.key, str(review), "decide it in the console, and run rollback again")
    if step.verb is Verb.CREATE and step.key in edited:
        return _left(step.key, *_EDITED)
    return _way(step, kind, live)


def _way(step: Step, kind: Kind, live: Tree | None) -> _Back:
    match step.verb:
        case Verb.CREATE:
            return _uncreate(step, kind, live)
        case Verb.DELETE:
            cure = "bring its manifest back from Git; its history and ids are lost"
            return _left(step.key, "a deleted object does not come back", cure)
    if live is None:
        return _left(step.key, "it is gone from live", "bring its manifest back from Git")
    return _restore(step, kind, live)


def _untag(step: Step, tags: frozenset[str] | None) -> _Back:
    if tags is not None and step.key.id not in tags:
        return _Back()
    return _left(step.key, "a tag that the plan made is kept: others may use it by now", "delete it in the console")


def _left(key: ResourceKey, why: str, cure: str) -> _Back:
    return _Back(findings=(kept_finding(key, why, cure),))


def _uncreate(step: Step, kind: Kind, live: Tree | None) -> _Back:
    if live is None:
        return _Back()
    if tag := protecting(live):
        return _left(step.key, _PROTECTED, f"take the tag {tag} off it, and delete it in the console")
    made = {change.path[0]: change.desired for change in step.fields if len(change.path) == 1}
    wish = Wish(step.key, {str(name): value for name, value in made.items()})
    again = changed(wish, kind, live)
    edited = isinstance(live.get("version"), int) and live["version"] > len(step.calls)
    if again.step or again.held or edited or _built_on(kind, wish.desired, live):
        return _left(step.key, *_EDITED)
    if live.get("status") == "active":
        return _left(step.key, _RUNS, "conclude it first")
    if checks := live.get("checksPerHour"):
        return _left(step.key, f"it was checked {checks} times in the last hour", "take it out of the code first")
    call = Call("DELETE", kind.item(step.key.id))
    return _Back(Step(step.key, Verb.DELETE, (call,), (), step.where, modified=modified(live), base=quiet(live)))


def _built_on(kind: Kind, made: Tree, live: Tree) -> bool:
    """Whether an object that does not say when it was changed has texts and lists that it was not made with."""
    fields = shape_of(kind.spec).fields
    return (
        "lastModifiedTime" not in live
        and not (kind.has_versions or kind.running)
        and any(
            live.get(name) and isinstance(live[name], str | list) and name not in made and not field.required
            for name, field in fields.items()
        )
    )


def _restore(step: Step, kind: Kind, live: Tree) -> _Back:
    base = kind.view(step.base or {})
    wish = Wish(step.key, dict(_as_it_was(step, kind, base)))
    way = changed(wish, kind, live)
    unset = _unset(step, kind, way.after, base)
    if not moved(step, live) or not (way.step or way.held or unset):
        return _Back()  # never applied, or undone already
    if obstacle := _obstacle(step, kind, live, way):
        return _left(step.key, *obstacle)
    said = (found for found in way.findings if found.code != PIN)
    return _Back(way.step, (*unset, *_under_new_ids(kind, way), *said), way.after)


def _as_it_was(step: Step, kind: Kind, base: Tree) -> Iterator[tuple[str, Json]]:
    """The fields that the step changed, as they were. What was not there is cleared where there is a word for it."""
    fields = shape_of(kind.spec).fields
    for name in _touched(step, kind):
        if base.get(name) is not None:
            yield name, base[name]
        elif fields[name].form is text:
            yield name, ""
        elif fields[name].form is names and not fields[name].empty_is_null:
            yield name, []
        elif fields[name].empty_is_null:
            yield name, None


def _obstacle(step: Step, kind: Kind, live: Tree, way: Draft) -> tuple[str, str] | None:
    """Why the object cannot be as it was, and the cure."""
    base = kind.view(step.base or {})
    anew = "createdTime" in base and live.get("createdTime") != base["createdTime"]
    if step.base and (results := kind.results(step.base)) not in (None, kind.results(live)):
        return f"the run that began at {results} is given up", "copy it to a new experiment"
    since = _changed_since(step, kind, base, live)
    if anew or since:
        why = f"{since} changed" if since else "it was made anew"
        return f"{why} after the plan was applied", "look at it, and change it in a manifest"
    if twice := _twice(step, kind, base):
        return f"{twice}, which the API refuses to write", "put it back in the console"
    if way.held or any(found.severity is Severity.ERROR for found in way.findings):
        what = [path_text(change.path) for change in way.held or step.fields]
        return f"{few(what)} cannot be undone{_nor_the_rest(step, what)}", _LIFE
    if kind.view(live).get("status") in kind.running and (taint := _taint(kind, way.step)):
        why = f"{few(taint)} cannot be undone while the experiment runs"
        return f"{why}{_nor_the_rest(step, taint)}", "conclude it first"
    return None


def _twice(step: Step, kind: Kind, base: Tree) -> str:
    """A list that had two items of one name, as only the console can make it."""
    fields = shape_of(kind.spec).fields
    for name in _touched(step, kind):
        if (keyed := fields[name].keyed) and keyed.named:
            called = [item.get(keyed.fields[0]) for item in base.get(name) or []]
            if found := next((each for each in called if called.count(each) > 1), None):
                return f"{name} had two items called {found!r}"
    return ""


def _nor_the_rest(step: Step, what: Collection[str]) -> str:
    """The other fields of a step that is undone as a whole or not at all."""
    told = set(what)
    rest = few(text for change in step.fields if (text := path_text(change.path)) not in told)
    return f"; not undone with it: {rest}" if rest else ""


def _taint(kind: Kind, step: Step | None) -> list[str]:
    """The fields of the step that would taint the results of its own object."""
    fields = step.fields if step and kind.taints else ()
    return [path_text(change.path) for change in fields if kind.taints and kind.taints(change)]


def _changed_since(step: Step, kind: Kind, base: Tree, live: Tree) -> str:
    """Fields that are neither as the plan wanted them nor as they were before."""
    wanted = {str(change.path[0]) for change in missing(step, kind, live) or ()}
    shape, view = shape_of(kind.spec), kind.view(live)
    return few(
        name
        for name in sorted(wanted)
        if (view.get(name) != base.get(name))
        and (shape.fields[name].directed or compare(shape, {name: base.get(name)}, view).changes)
    )


def _unset(step: Step, kind: Kind, after: Tree, base: Tree) -> tuple[Finding, ...]:
    """What was not there before the plan, and stays: there is no word for its absence."""
    shape = shape_of(kind.spec)
    kept = {name: after.get(name) for name in _touched(step, kind) if not shape.fields[name].directed}
    return tuple(
        kept_finding(step.key, f"{path_text(change.path)} was not set before, and is kept", "clear it in a manifest")
        for change in compare(shape, kept, base).changes
        if change.path != ("decisionReason",)
    )


def _under_new_ids(kind: Kind, way: Draft) -> Iterator[Finding]:
    """Rules that come back and give something to a part of their users: to others than before."""
    fields = shape_of(kind.spec).fields
    for change in way.step.fields if way.step else ():
        keyed = fields[str(change.path[0])].keyed
        if keyed and keyed.carry and change.action is Action.ADD and is_split(change.desired):
            message = f"{way.wish.key}: {path_text(change.path)} {_ANEW}"
            cure = "nothing gives a rule its old id again"
            yield Finding(NEW_IDS, message, cure, None, way.wish.key, Severity.WARNING)


def _touched(step: Step, kind: Kind) -> list[str]:
    """The fields that the step changed, with their JSON5 twins."""
    shown = {str(change.path[0]) for change in step.fields}
    shape = shape_of(kind.spec)
    twins = {
        twin for twin, name in shape.twins.items() if name in shown and any(_has(call, twin) for call in step.calls)
    }
    return sorted(shown | twins)


def _has(call: Call, name: str) -> bool:
    return isinstance(call.body, dict) and name in call.body

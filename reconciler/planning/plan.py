"""Manifests and a snapshot of live become a plan. Pure: the same values give the same plan, in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from reconciler.domain import (
    Call,
    FieldChange,
    Finding,
    Plan,
    ResourceKey,
    Severity,
    Snapshot,
    Step,
    Tree,
    Verb,
)
from reconciler.domain.plan import Action
from reconciler.kind import Kind
from reconciler.manifests.resource import Described, Resource
from reconciler.planning.draft import Draft, draft, modified
from reconciler.planning.naming import Naming, either, live_naming, naming_after, users, users_of
from reconciler.planning.order import order, urgent
from reconciler.planning.ownership import is_owned
from reconciler.planning.policy import Policy
from reconciler.planning.precondition import quiet
from reconciler.planning.reliance import with_reliance
from reconciler.planning.removal import removals
from reconciler.planning.review import open_review, pending
from reconciler.planning.rollback import way_back
from reconciler.planning.taint import tainted, with_taints
from reconciler.rules.references import exists
from reconciler.shape import references, shape_of


@dataclass(frozen=True, slots=True)
class Desired:
    """All manifests, also those that can be read in part only, and the whole ones among them that this run is about."""

    all: tuple[Described, ...]
    selected: tuple[Resource, ...]


def make_plan(kinds: Mapping[str, Kind], desired: Desired, live: Snapshot, policy: Policy) -> Plan:
    """Compare every selected manifest with live state, and order what is to be done.

    Live objects that no manifest describes are listed as unmanaged, or removed where `policy` says so.
    """
    drafts = [
        draft(resource, kinds[resource.key.kind], live.objects.get(resource.key), policy)
        for resource in sorted(desired.selected, key=lambda resource: resource.key)
    ]
    waiting = pending(kinds, drafts, live)
    going = [item for item in drafts if item.wish.key not in waiting]
    described = {resource.key for resource in desired.all}
    orphans = {key: tree for key, tree in live.objects.items() if key not in described}
    before = live_naming(kinds, live)
    after = naming_after(kinds, before, ((item.wish.key, item.after) for item in going))
    removed = removals(kinds, orphans, users(after), policy)
    tags = _tag_steps(going, live.names.get("tags"))
    writes = [_needing_tags(item, tags) for item in going if item.step]
    first = urgent(writes, kinds)
    steps = order([*tags.values(), *writes, *removed.steps], before, _with_tags(after, writes), _ranks(kinds), first)
    gone = {step.key for step in removed.steps}
    known = {**live.objects, **{item.wish.key: item.after for item in drafts}}
    labelled = partial(_labelled, {resource.key: resource.metadata.labels for resource in desired.selected})
    both = either(before, after)
    undoable = (_with_way_back(step, kinds, known) for step in steps)
    finished = with_reliance(kinds, with_taints(kinds, undoable, live, both), live)
    return Plan(
        steps=labelled(finished),
        unchanged=tuple(item.wish.key for item in drafts if not item.step and not item.held),
        held=labelled(_held(item, live) for item in drafts if item.held),
        pending=labelled(waiting[key] for key in sorted(waiting)),
        unmanaged=tuple((key, modified(orphans[key])) for key in sorted(orphans) if key not in gone),
        findings=(
            *chain.from_iterable(item.findings for item in drafts),
            *chain.from_iterable(_dangling(item, kinds, live, described) for item in going),
            *removed.findings,
            *tainted(kinds, steps, live, both, _acknowledged(desired.selected)),
        ),
        managed=_managed(live, described, policy.ownership_tag),
        asked_by=users_of(_asking(kinds, after, known), (step.key for step in finished if step.key.kind in kinds)),
    )


def _managed(live: Snapshot, described: Collection[ResourceKey], tag: str | None) -> dict[str, int]:
    """How many live objects of each kind have a manifest, or carry the ownership tag."""
    return dict(
        Counter(key.kind for key, tree in live.objects.items() if key in described or (tag and is_owned(tag, tree)))
    )


def _with_way_back(step: Step, kinds: Mapping[str, Kind], after: Mapping[ResourceKey, Tree]) -> Step:
    kind = kinds.get(step.key.kind)
    return replace(step, back=way_back(step, kind, after[step.key])) if kind else step


def _acknowledged(resources: Iterable[Resource]) -> dict[ResourceKey, frozenset[str]]:
    return {each.key: frozenset(each.metadata.acknowledge) for each in resources if each.metadata.acknowledge}


def _asking(kinds: Mapping[str, Kind], naming: Naming, objects: Mapping[ResourceKey, Tree]) -> Naming:
    """What each object asks for once the plan is applied: what is off or over asks for nothing, nor do holdouts."""

    def asks(key: ResourceKey) -> bool:
        kind, tree = kinds.get(key.kind), objects.get(key)
        if kind is None or tree is None:
            return key.kind != "Holdout"
        return kind.view(tree).get("status") not in kind.off | _DECIDED

    return {key: targets for key, targets in naming.items() if asks(key)}


_DECIDED = frozenset({"launched", "abandoned", "archived"})
"""Statuses in which what an object refers to decides nothing."""


def _labelled(labels: Mapping[ResourceKey, Mapping[str, str]], steps: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(replace(step, labels=labels.get(step.key, {})) for step in steps)


def _held(item: Draft, live: Snapshot) -> Step:
    found = Step(item.wish.key, Verb.UPDATE, (), item.held, item.wish.place)
    tree = live.objects.get(item.wish.key)
    return replace(found, modified=modified(tree), base=quiet(tree), review=open_review(tree)) if tree else found


def _dangling(
    item: Draft, kinds: Mapping[str, Kind], live: Snapshot, described: Collection[ResourceKey]
) -> Iterator[Finding]:
    """What an update sends again although it leads nowhere: live has it already, and the service may refuse it now."""
    kind = kinds[item.wish.key.kind]
    if not item.step or item.step.verb is Verb.CREATE:
        return
    there = {found.target for found in references(shape_of(kind.spec), live.objects[item.wish.key])}
    for call in item.step.calls:
        for target in {found.target for found in references(shape_of(kind.spec), call.body or {})} & there:
            if target.kind != "Tag" and target not in described and not exists(target, live):
                message = f"there is no {target.kind} {target.id!r}; live refers to it already, and it is sent again"
                cure = "take it out, or bring it back: the service may refuse it"
                where = item.wish.place.at("spec") if item.wish.place else None
                yield Finding("REF/unknown", message, cure, where, item.wish.key, Severity.WARNING)


def _ranks(kinds: Mapping[str, Kind]) -> dict[str, int]:
    return {name: position for position, name in enumerate(kinds)}


def _tag_steps(drafts: Iterable[Draft], known: frozenset[str] | None) -> dict[str, Step]:
    """A step for each tag that is needed and not there: the service refuses objects with tags that do not exist."""
    if known is None:
        return {}
    missing = sorted(set(chain.from_iterable(item.tags for item in drafts)) - known)
    return {name: _tag_step(name) for name in missing}


def _tag_step(name: str) -> Step:
    body = {"name": name, "description": "Made by statsig-reconciler"}
    field = FieldChange(("name",), Action.ADD, None, name)
    return Step(ResourceKey("Tag", name), Verb.CREATE, (Call("POST", "/tags", body),), (field,))


def _needing_tags(item: Draft, tags: Mapping[str, Step]) -> Step:
    if item.step is None:
        raise TypeError(item.wish.key)
    return replace(item.step, needs=frozenset(tags[name].key for name in item.tags if name in tags))


def _with_tags(refers: Naming, writes: Iterable[Step]) -> Naming:
    return {**refers, **{step.key: refers.get(step.key, frozenset()) | step.needs for step in writes}}

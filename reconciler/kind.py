"""The contract of a resource kind: its spec model, and the facts about its endpoints, identity and lifecycle.

Adding a kind means adding one file in `reconciler.kinds`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import quote

from reconciler.domain import Call, Ending, FieldChange, Path, Problem, ResourceKey, Severity, Step, Tree
from reconciler.meaning import Spec


@dataclass(frozen=True, slots=True)
class Reference:
    """`target` is named at the keys `at` of a spec. `blocking` references must exist before the object is written."""

    target: ResourceKey
    at: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """Why something is concluded or archived, and whether targeting goes with it (``metadata.decision``)."""

    reason: str | None = None
    remove_targeting: bool = False


@dataclass(frozen=True, slots=True)
class Permission:
    """What a manifest allows to be lost (``metadata.permit``).

    `reset`: when the run began whose results may be given up. `rewrite`: when the run began that is over, and whose
    setup may change all the same. `archive_checked`: a gate that is still asked for.
    """

    reset: str | None = None
    rewrite: str | None = None
    archive_checked: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """The way from the live status to the desired one.

    `before` and `after` are the calls around the patch of the fields. `absorbs` names fields whose difference these
    calls settle. `held` are differences that are reported and never acted on. `fields` are the differences the calls
    settle. `clears` names what the service empties with them.
    """

    before: tuple[Call, ...] = ()
    after: tuple[Call, ...] = ()
    fields: tuple[FieldChange, ...] = ()
    held: tuple[FieldChange, ...] = ()
    absorbs: frozenset[str] = frozenset()
    clears: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a lifecycle decides on: `desired` and `live` in manifest vocabulary (`live` None: to be created).

    `changed` are the differences of the other fields, `item` is the path of the object.
    """

    item: str
    desired: Tree
    live: Tree | None
    changed: tuple[FieldChange, ...] = ()
    decision: Decision = Decision()
    permission: Permission = Permission()


def no_transition(_: Wanted) -> Transition:
    """For kinds without a lifecycle."""
    return Transition()


def no_problems(_: Tree) -> Iterable[Problem]:
    """For kinds whose model says everything."""
    return ()


def nothing_whole(_: Tree, __: frozenset[str]) -> Iterable[Problem]:
    """For kinds whose fields do not depend on each other."""
    return ()


def nothing_measured(_: Tree) -> str | None:
    """For kinds whose objects have no results that could be lost."""
    return None


def not_concluded(_: Tree) -> Ending | None:
    """For kinds whose objects are not concluded."""
    return None


def nothing_named(_: Tree) -> Iterable[ResourceKey]:
    """For kinds whose objects refer to others in the fields of a manifest alone."""
    return ()


def as_written(desired: Tree, _: Tree, __: int | None) -> Tree:
    """For kinds whose manifests ask for the same at all times."""
    return desired


def same(tree: Tree) -> Tree:
    """For kinds whose manifests use the API's fields only."""
    return tree


@dataclass(frozen=True, slots=True)
class Logged:
    """What the audit log calls what is done to objects of a kind.

    `about`: how the names of actions on them look (a regular expression), also of those that are not named here.
    `fields`: actions, each with the fields at the top of a manifest that it changes, none for what no manifest says; an
    action that is not named can be about any field. `made` and `gone`: actions that create and delete. `salted`:
    actions after which units are spread anew, though the object looks as before.
    """

    about: str = "$^"
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)
    made: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    salted: frozenset[str] = frozenset()

    def can_be(self, action: str) -> bool:
        """Whether the action can be one on an object of this kind."""
        return re.search(self.about, action) is not None


@dataclass(frozen=True, slots=True)
class Kind:
    """All facts about one resource kind.

    `collection` lists and creates; `item_root` plus the percent-encoded id is the object (paths below the base URL).
    `seed_key` is the kind's key in a document of live state. `namespace`: ids must not clash within it. `identity` is
    the field of a live object that holds its id. `whole_update` names fields that only a full POST of the object can
    change, and `whole_fields` what such a POST must carry (live values where the manifest is silent). `alternatives`
    are fields that say the same in two ways.

    `actions` are the last segments of lifecycle calls, with the statuses that each may lead to; `off` are the statuses
    in which no unit gets what the rules say, `running` those in which results are collected;
    `taints` tells whether a change mixes two experiments in the results of one that depends on the object.
    `missing`: what whoever asks for an object gets when there is none; "" where nobody asks for it.
    `permits` are the names below ``metadata.permit`` that its lifecycle reads.

    `view` adds the manifest's own fields (`status`...) to a live object; `today` makes of the desired spec what it asks
    for at a moment (epoch milliseconds, if it is known), given the live object ({} if there is none); `create` makes
    the body that creates an object from the desired spec. `check` tells what is wrong with a desired spec, also
    when parts of it cannot be read: nothing at its top is sure to be there, and what it concludes from other places
    than that of the problem is what the problem rests on. `check_new` does so with one that is to be created, and
    `check_whole` with an object as it is to be, given the names of the fields that change. `results`: what tells the
    results of a live object from others, None where it has none; `ending` how it was concluded, None where it was not
    or where live does not tell. `sealed`: the status in which the service takes no
    change of a field. `also_names`: what a live object refers to, or may, in fields that no manifest has.
    """

    name: str
    spec: type[Spec]
    collection: str
    item_root: str
    seed_key: str
    namespace: str
    id_pattern: str
    identity: str = "id"
    id_length: tuple[int, int] = (3, 100)
    read_only: frozenset[str] = frozenset()
    instead: Mapping[str, str] = field(default_factory=dict)
    whole_update: frozenset[str] = frozenset()
    whole_fields: tuple[str, ...] = ()
    alternatives: tuple[str, str] = ("team", "teamID")
    actions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    can_archive: bool = True
    sealed: str | None = None
    off: frozenset[str] = frozenset()
    has_dry_run: bool = False
    has_versions: bool = False
    logged: Logged = Logged()
    view: Callable[[Tree], Tree] = same
    today: Callable[[Tree, Tree, int | None], Tree] = as_written
    create: Callable[[str, Tree], Tree] = lambda id_, desired: {"id": id_, "name": id_, **desired}
    transition: Callable[[Wanted], Transition] = no_transition
    running: frozenset[str] = frozenset()
    taints: Callable[[FieldChange], bool] | None = None
    permits: frozenset[str] = frozenset()
    missing: str = ""
    check: Callable[[Tree], Iterable[Problem]] = no_problems
    check_new: Callable[[Tree], Iterable[Problem]] = no_problems
    check_whole: Callable[[Tree, frozenset[str]], Iterable[Problem]] = nothing_whole
    results: Callable[[Tree], str | None] = nothing_measured
    ending: Callable[[Tree], Ending | None] = not_concluded
    also_names: Callable[[Tree], Iterable[ResourceKey]] = nothing_named

    def item(self, id_: str) -> str:
        """The path of one object, below the base URL, percent-encoded."""
        return f"{self.item_root}/{quote(id_, safe='')}"

    def is_archived(self, live: Tree) -> bool:
        """Whether the live object is in the archive."""
        return self.view(live).get("status") == "archived"

    def turns_on(self, step: Step) -> bool:
        """Whether the step lets users get what the object says, which they did not get before."""
        return any(
            change.path == ("status",) and (change.desired in self.running or self._leaves_off(change))
            for change in step.fields
        )

    def _leaves_off(self, change: FieldChange) -> bool:
        return change.live in self.off and change.desired not in self.off

    def turns_off(self, step: Step) -> bool:
        """Whether the step takes from users what they get now."""
        return any(
            change.path == ("status",) and change.desired in self.off and change.live not in {None, *self.off}
            for change in step.fields
        )

    def key(self, live: Tree) -> ResourceKey:
        """The key of a live object."""
        return ResourceKey(self.name, str(live[self.identity]))

    def id_problems(self, id_: str) -> Iterable[Problem]:
        """What is wrong with an id of this kind, if anything."""
        low, high = self.id_length
        if not low <= len(id_) <= high:
            yield Problem("SCHEMA/bounds", f"the id has {len(id_)} characters", f"use {low} to {high} characters")
        if not re.fullmatch(self.id_pattern, id_):
            yield Problem(
                "SCHEMA/pattern",
                f"{id_!r} cannot be the id of an object of kind {self.name}",
                f"ids of this kind match {self.id_pattern}",
            )


REFERENCE_ONLY: Mapping[str, str] = MappingProxyType(
    {
        "Segment": "segments",
        "Layer": "layers",
        "Tag": "tags",
        "Environment": "environments",
        "UnitIdType": "unit_id_types",
        "TargetApp": "target_app",
    }
)
"""Kinds that manifests refer to and do not describe, with the live collection that holds their names."""


def warning(code: str, message: str, cure: str, *at: str | int, rests_on: tuple[Path, ...] = ()) -> Problem:
    """A problem that does not stop a run."""
    return Problem(code, message, cure, at, Severity.WARNING, rests_on)


def error(code: str, message: str, cure: str, *at: str | int, rests_on: tuple[Path, ...] = ()) -> Problem:
    """A problem that stops a run."""
    return Problem(code, message, cure, at, rests_on=rests_on)

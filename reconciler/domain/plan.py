"""A plan: what would be done to the live project, and by which calls.

`plan` shows it and `apply` runs it; both read the same value, so that what was shown is what is done.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from reconciler.domain.finding import Finding
from reconciler.domain.identity import Place, ResourceKey
from reconciler.domain.review import Review
from reconciler.domain.tree import Json, Tree


class ItemName(str):
    """A step of a path into a list whose items are known by name: ``rules["Beta"]``."""

    __slots__ = ()


Path: TypeAlias = tuple[str | int, ...]
"""Field names from the top of an object, with an `ItemName` or a position (from 0) for each item of a list."""

_PLAIN = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]*")


def path_text(path: Path) -> str:
    """A path as a reader writes it: ``rules["Beta"].conditions[0].targetValue``."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif isinstance(step, ItemName):
            text += f'["{step}"]'
        elif _PLAIN.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f'["{step}"]'
    return text


class Action(StrEnum):
    """What happens to one field or to one item of a list."""

    SET = "set"
    ADD = "add"
    REMOVE = "remove"
    RENAME = "rename"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One difference: the value that is live and the value that a manifest asks for.

    For RENAME both values are names; for MOVE both are positions, counted from 1.
    """

    path: Path
    action: Action
    live: Json
    desired: Json


@dataclass(frozen=True, slots=True)
class IdOf:
    """A value that only the service knows: the id of the item called `name` in the object's list `field`."""

    field: str
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """One request: method, path below the base URL (percent-encoded), and JSON body if any.

    A body may hold `IdOf` in place of a value; it is filled in from the object as it is right before the call.
    """

    method: str
    path: str
    body: Json = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class Verb(StrEnum):
    """What a step does to its object."""

    CREATE = "create"
    UPDATE = "update"
    ADOPT = "adopt"
    ARCHIVE = "archive"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Modified:
    """Who changed a live object last (display name or e-mail, if the service says), and when (epoch milliseconds)."""

    by: str | None = None
    at: int | None = None


WAITS = "whose change waits for people"
"""What is said of an object that others need."""


@dataclass(frozen=True, slots=True)
class WayBack:
    """The calls that would undo a step if nobody changed the object since; `kept`: what they cannot undo, and why."""

    calls: tuple[Call, ...] = ()
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What is done to one object: the differences a reviewer reads, and the calls that are made for them, in order.

    `needs` names the objects whose steps must have succeeded before this one may start. `base` is the live object that
    the step was computed from, without what changes by itself; None if there was none. `back` is for reviewers: a
    rollback is computed anew, from live as it is by then. `taints` are running experiments whose results the step
    mixes, which was allowed unless it is pending. `relies`: what the object comes to refer to, with the status that it
    had when the plan was made. `review` is open on the object. `labels` are those of the manifest.
    """

    key: ResourceKey
    verb: Verb
    calls: tuple[Call, ...]
    fields: tuple[FieldChange, ...] = ()
    where: Place | None = None
    needs: frozenset[ResourceKey] = frozenset()
    modified: Modified = Modified()
    base: Tree | None = None
    back: WayBack = WayBack()
    taints: frozenset[ResourceKey] = frozenset()
    relies: Mapping[ResourceKey, str] = field(default_factory=dict)
    review: Review | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def awaits(self) -> str:
        """What a pending step waits for."""
        if self.review:
            return str(self.review)
        if self.needs:
            return f"it needs {_names(self.needs)}, {WAITS}"
        return f"it would taint the results of {_names(self.taints)}"


def _names(keys: Iterable[ResourceKey]) -> str:
    return ", ".join(map(str, sorted(keys)))


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that moved between plan and apply: as it was planned from, as it is now, and as the plan wanted it.

    `field` is "" where the object itself came or went. `touched`: whether the plan writes the field; where it does not,
    `desired` is what it was planned from.
    """

    field: str
    base: Json
    live: Json
    desired: Json
    touched: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps in the order in which they run, what stays as it is, and what a reviewer should know besides.

    `held` are objects with differences that are reported and never acted on, `pending` those that wait for people:
    to decide a review, to say a word about a running experiment that would be tainted, or to do so for an object in
    `needs` (the steps of both have no calls). `unmanaged` are live objects of the managed kinds that no manifest
    describes. `managed`: how many live objects of each kind have a manifest or carry the ownership tag. `asked_by`: by
    whom each object of `steps` is referred to, and each of those who do. A plan with an error among its findings must
    not be applied.
    """

    steps: tuple[Step, ...] = ()
    unchanged: tuple[ResourceKey, ...] = ()
    held: tuple[Step, ...] = ()
    unmanaged: tuple[tuple[ResourceKey, Modified], ...] = ()
    findings: tuple[Finding, ...] = ()
    pending: tuple[Step, ...] = ()
    managed: Mapping[str, int] = field(default_factory=dict)
    asked_by: Mapping[ResourceKey, frozenset[ResourceKey]] = field(default_factory=dict)

    def of(self, verb: Verb) -> Iterator[Step]:
        """The steps with this verb."""
        return (step for step in self.steps if step.verb is verb)

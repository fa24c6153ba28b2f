"""A request as the handlers see it: the stored state, who asks, when, and what."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from starlette.datastructures import QueryParams

from reconciler.domain import Json, Tree
from reconciler.emulator.errors import not_found
from reconciler.emulator.session import Session

Clock: TypeAlias = Callable[[], int]
"""Says what time it is, in epoch milliseconds."""


def system_clock() -> int:
    """The time of this machine."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Actor:
    """Who writes. A project key is "CONSOLE API" without an e-mail address; a person has both."""

    id: str
    name: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `params` are the decoded parts of the path; `body` is the JSON that was sent, {} for nothing."""

    session: Session
    actor: Actor
    now: int
    params: Mapping[str, str] = field(default_factory=dict)
    query: QueryParams = field(default_factory=QueryParams)
    body: Json = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The id of the object that the path names."""
        return self.params["id"]

    def find(self, collection: str, id_: str | None = None) -> Tree:
        """The object with this id, or the one that the path names; 404 if there is none."""
        found = self.session.get(collection, self.id if id_ is None else id_)
        if found is None:
            raise not_found()
        return found

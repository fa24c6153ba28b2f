"""What a rule is, and what it looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from reconciler.domain import Finding, Snapshot
from reconciler.kind import Kind
from reconciler.manifests.resource import Described


@dataclass(frozen=True, slots=True)
class Checked:
    """What rules look at.

    `all` manifests (also those that can be read in part only) and the `selected` ones this run is about; `live` is None
    offline; `dialect` is that of the SQL.
    """

    kinds: Mapping[str, Kind]
    all: tuple[Described, ...]
    selected: tuple[Described, ...]
    live: Snapshot | None = None
    dialect: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `offline`: it also speaks when there is no live state to look at."""

    code: str
    why: str
    cure: str
    find: Callable[[Checked], Iterator[Finding]]
    offline: bool = True

"""Which request is struck by which faults."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from reconciler.domain import Tree
from reconciler.fault_script import FAULT, Fault


@dataclass(frozen=True, slots=True)
class Struck:
    """A request that was struck: its number, its method and path, by what, and why not if it could not be done."""

    number: int
    request: str
    do: str
    problem: str = ""

    def __str__(self) -> str:
        told = f"request {self.number}, {self.request}: {self.do}"
        return f"{told} could not be done: {self.problem}" if self.problem else told


@dataclass(slots=True)
class _Armed:
    """A fault and how many requests matched it so far."""

    fault: Fault
    matched: int = 0

    def strikes(self, number: int, method: str, path: str) -> bool:
        """Whether it strikes this request, which is counted if it matches."""
        fault = self.fault
        if fault.request not in {None, number} or fault.method not in {None, method}:
            return False
        if fault.path is not None and not _pattern(fault.path).fullmatch(path):
            return False
        self.matched += 1
        late = self.matched - fault.nth
        return late >= 0 and (fault.times == "always" or late < fault.times)


class Faults:
    """The faults of one emulator. They can be added while it serves."""

    def __init__(self, *faults: Fault, tell: Callable[[Struck], None] | None = None) -> None:
        """These faults. `tell` is told of each strike as it happens."""
        self.requests = 0
        """How many requests have come so far."""
        self.struck: list[Struck] = []
        """What has happened so far."""
        self._armed = [_Armed(fault) for fault in faults]
        self._tell = tell

    def add(self, *faults: Tree) -> None:
        """Add faults, each in the words of a script. pydantic's ValidationError for one that says nothing sensible."""
        self._armed += [_Armed(FAULT.validate_python(fault)) for fault in faults]

    def clear(self) -> None:
        """Begin anew: no faults, nothing that happened, and the next request is the first."""
        self.requests = 0
        self._armed.clear()
        self.struck.clear()

    def strike(self, method: str, path: str) -> list[Fault]:
        """Count a request, and give the faults that strike it, in the order in which they were added."""
        self.requests += 1
        return [armed.fault for armed in self._armed if armed.strikes(self.requests, method, path)]

    def record(self, struck: Struck) -> None:
        """Remember a strike, and tell of it."""
        self.struck.append(struck)
        if self._tell:
            self._tell(struck)


def _pattern(path: str) -> re.Pattern[str]:
    wild = {"**": ".*", "*": "[^/]*"}
    return re.compile("".join(wild.get(part, re.escape(part)) for part in re.split(r"(\*\*|\*)", path)))

"""What a user can mend, with a place, a code and a cure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reconciler.domain.identity import Place, ResourceKey

KEPT = "ROLLBACK/kept"
"""The code of what a rollback cannot undo."""
NEW_IDS = "ROLLBACK/new-ids"
"""The code of what a rollback makes anew."""


class Severity(StrEnum):
    """How much a finding matters: an error stops the run, a warning is shown, a note explains."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Allowance:
    """Somebody's word that a guard may trip, with the `reason`.

    `until`: the last day on which it holds; None for ever. `objects`: patterns of the objects that it is about
    (``Gate/legacy_*``); none for all that the guard is about. `where` it is written; None for the command line.
    """

    guard: str
    reason: str
    until: date | None = None
    objects: tuple[str, ...] = ()
    where: Place | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. `message` says what is wrong, `cure` what to write instead.

    `allowed`: why what a guard found does not stop the run.
    """

    code: str
    message: str
    cure: str
    where: Place | None = None
    key: ResourceKey | None = None
    severity: Severity = Severity.ERROR
    allowed: Allowance | None = None


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in the order in which a reader mends them: file, line, column, code."""

    def order(finding: Finding) -> tuple[str, int, int, str, str]:
        where = finding.where or Place("")
        return (where.path, where.line or 0, where.column or 0, finding.code, finding.message)

    return sorted(findings, key=order)


EVERY = "*"
"""Any key, in what a problem rests on."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding before it has a file: `at` are the keys that lead to it, counted from the top of a ``spec``.

    `rests_on` are the keys of all that it is concluded from, where that is not what stands at `at`; `EVERY` stands for
    each item of a list.
    """

    code: str
    message: str
    cure: str
    at: tuple[str | int, ...] = ()
    severity: Severity = Severity.ERROR
    rests_on: tuple[tuple[str | int, ...], ...] = ()

    def found(self, spec: Place | None, key: ResourceKey) -> Finding:
        """The same as a finding about the object `key` whose ``spec`` stands at `spec`."""
        where = spec.at(*self.at) if spec else None
        return Finding(self.code, self.message, self.cure, where, key, self.severity)

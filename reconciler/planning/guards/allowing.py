"""Leave for guards to trip: who gives it, how long it holds, and what becomes of their findings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase

from reconciler.domain import Allowance, Finding, Place, Severity
from reconciler.manifests import Safety
from reconciler.manifests.wording import one_of
from reconciler.planning.guards.contract import leave


def written(safety: Safety, file: Place) -> tuple[Allowance, ...]:
    """What the project file allows."""
    return tuple(
        Allowance(entry.guard, entry.reason, entry.until, entry.objects, file.at("safety", "allow", number))
        for number, entry in enumerate(safety.allow)
    )


def given(texts: Iterable[str]) -> tuple[Allowance | Finding, ...]:
    """What the command line allows: each text is ``GUARD=REASON``; without a reason it is a finding."""
    return tuple(_given(text) for text in texts)


def _given(text: str) -> Allowance | Finding:
    guard, _, reason = (part.strip() for part in text.partition("="))
    if guard and reason:
        return Allowance(guard, reason)
    message = f"--allow {text!r} does not say {'why' if guard else 'what'}"
    return Finding("USAGE/allow", message, 'write GUARD=REASON: --allow removals="the old search is gone"')


def unknown(allowances: Iterable[Allowance], names: Collection[str]) -> Iterator[Finding]:
    """Leave for guards that there are not."""
    for entry in allowances:
        if entry.guard not in names:
            where = entry.where.at("guard") if entry.where else None
            yield Finding("GUARD/unknown", f"there is no guard {entry.guard!r}", one_of(entry.guard, names), where)


def guard_of(finding: Finding) -> str | None:
    """The name of the guard that found it, if one did."""
    family, _, name = finding.code.partition("/")
    return name if family == "GUARD" and finding.code not in _NOT_TRIPPED else None


_NOT_TRIPPED = frozenset({"GUARD/unknown", "GUARD/allow", "GUARD/idle-acknowledgement"})
"""Codes that are about leave, and not about what a guard saw."""


def allow(findings: Iterable[Finding], allowances: Collection[Allowance], today: date) -> tuple[Finding, ...]:
    """The findings, those of guards that may trip as warnings with the reason."""
    valid = in_force(allowances, today)
    return tuple(_allowed(finding, valid) for finding in findings)


def in_force(allowances: Iterable[Allowance], today: date) -> tuple[Allowance, ...]:
    """The leave that has not run out."""
    return tuple(entry for entry in allowances if not _expired(entry, today))


def covered(finding: Finding, allowances: Iterable[Allowance]) -> bool:
    """Whether leave that is in force lets the guard trip that found it."""
    return any(_covers(entry, finding) for entry in allowances)


def _allowed(finding: Finding, allowances: Iterable[Allowance]) -> Finding:
    entry = next((each for each in allowances if _covers(each, finding)), None)
    if entry is None or finding.allowed:
        return finding
    by = "in reconciler.yaml" if entry.where else "on the command line"
    until = f" until {entry.until}" if entry.until else ""
    return replace(finding, severity=Severity.WARNING, allowed=entry, cure=f"allowed {by}{until}: {entry.reason}")


def _covers(entry: Allowance, finding: Finding) -> bool:
    if guard_of(finding) != entry.guard:
        return False
    if not entry.objects:
        return True
    return finding.key is not None and any(fnmatchcase(str(finding.key), pattern) for pattern in entry.objects)


def _expired(entry: Allowance, today: date) -> bool:
    return entry.until is not None and today > entry.until


def reopened(finding: Finding, today: date) -> Finding:
    """A finding that was allowed once: an error again, if that has run out."""
    if finding.allowed is None or not _expired(finding.allowed, today):
        return finding
    cure = f"its leave ran out on {finding.allowed.until}; {leave(finding.allowed.guard, today, finding.key)}"
    return replace(finding, severity=Severity.ERROR, allowed=None, cure=cure)


def leftovers(allowances: Iterable[Allowance], findings: Collection[Finding], today: date) -> Iterator[Finding]:
    """Leave that has run out, or that nothing needed."""
    used = [finding.allowed for finding in findings if finding.allowed]
    for entry in allowances:
        if _expired(entry, today):
            message = f"leave for the guard {entry.guard} ran out on {entry.until}"
        elif entry not in used:
            message = f"leave for the guard {entry.guard} was not needed"
        else:
            continue
        yield Finding("GUARD/allow", message, "take it out", entry.where, severity=Severity.NOTE)

"""The findings of a run that is about a selection: others' mistakes do not stop it, and do not go unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from reconciler.domain import Finding, ResourceKey, Severity


def narrowed(
    findings: Iterable[Finding], described: Iterable[ResourceKey], chosen: Iterable[ResourceKey], project_file: str
) -> Iterator[Finding]:
    """The findings about the `chosen` objects among all that are `described`.

    Those about other objects are left out and counted. Those that belong to no object, as of a file that cannot be
    read, are warnings: a selected object may stand there, and nothing is removed in such a run. What is wrong with the
    project file itself stays as it is.
    """
    mine = set(chosen)
    others = set(described) - mine
    left_out, unread = 0, False
    for finding in findings:
        if finding.key in others:
            left_out += 1
        elif finding.key in mine or finding.where is None or finding.where.path == project_file:
            yield finding
        else:
            error = finding.severity is Severity.ERROR
            unread |= error
            yield replace(finding, severity=Severity.WARNING) if error else finding
    if unread:
        yield _UNREAD
    if left_out:
        message = f"findings about objects that are not selected, and left out here: {left_out}"
        yield Finding("SELECT/others", message, "run validate without --select to see them", severity=Severity.NOTE)


_UNREAD = Finding(
    "SELECT/unread",
    "a selected object may stand in a file that cannot be read; then it is no part of this run",
    "mend what is warned of, or be sure that it holds nothing of the selection",
    severity=Severity.WARNING,
)

"""What was changed behind Git's back: each difference as the way from the manifest to live."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.domain import Drift, Severity
from reconciler.reports.changes import drifted_lines
from reconciler.reports.finding_text import finding_lines, tally
from reconciler.reports.line import EMPTY, INDENT, Line, line
from reconciler.reports.plan_text import unmanaged_lines
from reconciler.reports.step_text import last_modified, name, place
from reconciler.reports.values import counted


def drift_lines(drift: Drift, *, show_unmanaged: bool = False) -> Iterator[Line]:
    """Objects that live has otherwise, objects that live has no more, and the sum."""
    if drift.changed:
        yield line(("Changed live (manifest → live):", "bold"))
        yield EMPTY
    for step in drift.changed:
        yield line(("~ ", "yellow"), *name(step.key), *place(step.where), note=last_modified(step.modified))
        if step.review:
            yield line((str(step.review), "yellow"), indent=INDENT)
        yield from drifted_lines(step.fields)
        yield EMPTY
    if drift.gone:
        yield line(("In a manifest, and not live:", "bold"))
        yield EMPTY
        for key, where in drift.gone:
            yield line(("- ", "red"), *name(key), *place(where))
        yield EMPTY
    yield from finding_lines(drift.findings)
    if drift.findings:
        yield EMPTY
    yield from unmanaged_lines(drift.unmanaged, listed=show_unmanaged)
    yield _summary(drift)


def _summary(drift: Drift) -> Line:
    if any(finding.severity is Severity.ERROR for finding in drift.findings):
        return line((f"Drift cannot be told for sure: {tally(drift.findings)}.", "bold red"))
    same = counted(drift.same, "object")
    if not drift.found:
        return line(("No drift.", "bold green"), f" Live equals the manifests ({same}).")
    changed = counted(len(drift.changed), "object")
    return line(("Drift: ", "bold"), f"{changed} changed live, {len(drift.gone)} gone; {drift.same} equal.")

"""Every form in which a report can be written, by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from reconciler.reports.apply_text import Wording, applied_lines, convergence_lines, outcome_lines
from reconciler.reports.drift_text import drift_lines
from reconciler.reports.finding_text import finding_lines, validation_lines
from reconciler.reports.html import page
from reconciler.reports.json_report import json_text, report_of
from reconciler.reports.junit import junit
from reconciler.reports.line import Line, plain
from reconciler.reports.markdown import comment
from reconciler.reports.plan_text import plan_lines
from reconciler.reports.sarif import sarif
from reconciler.reports.saved_text import fingerprint_line
from reconciler.reports.told import Told

Render = Callable[[Told], str]


def _text(told: Told) -> str:
    return plain(_lines(told))


def _lines(told: Told) -> Iterator[Line]:
    if told.command == "validate":
        yield from validation_lines(told.manifests, told.findings)
        return
    if told.drift:
        yield from drift_lines(told.drift, show_unmanaged=True)
    elif told.plan.steps or not told.findings:
        yield from plan_lines(told.plan, show_calls=True, show_unmanaged=True)
        if told.fingerprint:
            yield fingerprint_line(told.fingerprint)
    yield from _done(told, told.wording)
    yield from finding_lines(told.findings)


def _done(told: Told, wording: Wording) -> Iterator[Line]:
    if told.outcomes:
        for number, outcome in enumerate(told.outcomes, 1):
            yield from outcome_lines(outcome, number, len(told.plan.steps))
        yield from applied_lines(told.outcomes, len(told.plan.steps), wording)
    if told.convergence:
        yield from convergence_lines(told.convergence, wording)


FORMATS: Mapping[str, Render] = MappingProxyType(
    {
        "text": _text,
        "json": lambda told: json_text(report_of(told)),
        "markdown": comment,
        "html": page,
        "sarif": sarif,
        "junit": junit,
    }
)
"""Takes what a run came to, gives the document."""

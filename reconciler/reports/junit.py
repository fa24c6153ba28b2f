"""A run as JUnit XML for the dashboards of pipelines: each finding, step or drifted object is a test case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from reconciler.domain import KEPT, Drift, Finding, Outcome, Severity, Status, Step, sort_findings
from reconciler.reports.apply_text import conflict_lines
from reconciler.reports.changes import change_lines, drifted_lines
from reconciler.reports.drift_text import sort_word, told_of_changed, told_of_gone, urgent_first
from reconciler.reports.line import Line
from reconciler.reports.told import Told
from reconciler.reports.trace_text import salt_line
from reconciler.reports.visible import visible


@dataclass(frozen=True, slots=True)
class _Case:
    """One test case. `failure` and `skipped` say why it did not pass."""

    group: str
    name: str
    failure: str = ""
    skipped: str = ""
    output: str = ""


def junit(told: Told) -> str:
    """The document. Errors, steps that went wrong and drift are failures; what was not done is skipped."""
    cases = [*_cases(told)] or [_Case(told.command, "nothing to report")]
    suite = ET.Element(
        "testsuite",
        name=f"statsig-reconciler {told.command}",
        tests=str(len(cases)),
        failures=str(sum(bool(case.failure) for case in cases)),
        skipped=str(sum(bool(case.skipped) for case in cases)),
        errors="0",
    )
    for case in cases:
        suite.append(_element(case))
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _element(case: _Case) -> ET.Element:
    element = ET.Element("testcase", classname=visible(case.group), name=visible(case.name))
    for tag, text in (("failure", case.failure), ("skipped", case.skipped)):
        if text:
            first = visible(text.splitlines()[0])
            ET.SubElement(element, tag, message=first).text = _rows(text)
    if case.output:
        ET.SubElement(element, "system-out").text = _rows(case.output)
    return element


def _rows(text: str) -> str:
    return "\n".join(map(visible, text.splitlines()))


def _cases(told: Told) -> Iterator[_Case]:
    yield from map(_finding, sort_findings(told.all_findings))
    if told.drift:
        yield from (_gone(step, told.drift) for step in told.drift.gone)
        yield from (_Case("salt", " or ".join(map(str, salt.keys)), str(salt_line(salt))) for salt in told.drift.salts)
        yield from (_drifted(step, told.drift) for step in urgent_first(told.drift))
    elif told.outcomes:
        yield from map(_outcome, told.outcomes)
        ended = {outcome.step.key for outcome in told.outcomes}
        yield from (_not_done(step, "not reached") for step in told.plan.steps if step.key not in ended)
        for each in (each for each in told.convergence if each.amiss):
            yield _Case(each.key.kind, f"{each.key.id} as it was to be", "is not as it was to be")
    elif told.command in {"apply", "rollback"}:
        yield from (_not_done(step, "not begun") for step in told.plan.steps)
    else:
        yield from map(_planned, told.plan.steps)


def _finding(finding: Finding) -> _Case:
    where = f"{finding.where}: " if finding.where else ""
    text = f"{where}{finding.message}\n{finding.cure}".rstrip()
    name = f"{finding.key or finding.where or 'the run'}"
    if finding.code == KEPT:
        return _Case(finding.code, name, skipped=text)
    is_error = finding.severity is Severity.ERROR
    return _Case(finding.code, name, text if is_error else "", output="" if is_error else text)


def _not_done(step: Step, why: str) -> _Case:
    return _Case(step.key.kind, f"{step.verb} {step.key.id}", skipped=why)


def _planned(step: Step) -> _Case:
    return _Case(step.key.kind, f"{step.verb} {step.key.id}", output=_fields(step))


def _drifted(step: Step, drift: Drift) -> _Case:
    rows = [
        f"not as Git says: {sort_word(step, drift)}",
        *told_of_changed(step, drift),
        _text(drifted_lines(step.fields)),
    ]
    return _Case(step.key.kind, step.key.id, "\n".join(rows))


def _gone(step: Step, drift: Drift) -> _Case:
    return _Case(step.key.kind, step.key.id, "\n".join(["gone from the console", *told_of_gone(step, drift)]))


def _outcome(outcome: Outcome) -> _Case:
    group, name = outcome.step.key.kind, f"{outcome.step.verb} {outcome.step.key.id}"
    words = f"{outcome.status.replace('_', ' ')}: {outcome.reason}"
    if outcome.status is Status.DONE:
        return _planned(outcome.step)
    if outcome.status in {Status.SKIPPED, Status.PENDING_REVIEW}:
        return _Case(group, name, skipped=words)
    moved = [_text(conflict_lines(conflict, outcome.step)) for conflict in outcome.conflicts]
    return _Case(group, name, "\n".join([words, *moved]))


def _fields(step: Step) -> str:
    return _text(change_lines(step.fields))


def _text(lines: Iterator[Line]) -> str:
    return "\n".join(map(str, lines))

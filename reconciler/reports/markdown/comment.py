"""The document: the verdict first, then what a reviewer must look at, then the rest by kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from urllib.parse import quote

from reconciler.domain import (
    KEPT,
    NEW_IDS,
    Convergence,
    Drift,
    Finding,
    ResourceKey,
    Severity,
    Status,
    Step,
    Verb,
    sort_findings,
)
from reconciler.planning.emergency import CODE as KEPT_OFF
from reconciler.reports.apply_text import as_a_whole
from reconciler.reports.changes import change_lines
from reconciler.reports.drift_text import sort_word, told_of_changed, told_of_gone, urgent_first
from reconciler.reports.effects import WORST, Danger, Effect, dangers, effects
from reconciler.reports.markdown.escape import code, prose, tag_text
from reconciler.reports.markdown.fitting import Item, fitted, size
from reconciler.reports.markdown.item import (
    finding_line,
    gone_line,
    name,
    outcome_line,
    outcome_whole,
    salt_line,
    step_line,
    step_whole,
)
from reconciler.reports.told import Told
from reconciler.reports.values import counted
from reconciler.reports.verdict import verdict

MOST_BYTES = 65_536
"""The most that GitHub takes for a comment."""
LEAST_BYTES = 2_000
"""Below, not even what must be said has room."""
_AROUND = 120
"""What a section takes besides its items: more than any title, and than the tags of what is folded."""
_SPARE = 600
"""What is kept for the sentence about what was left out."""
_LOOK, _MEND = "Look at these first", "To mend"
_OPEN = frozenset({_LOOK, _MEND})
_Meant = Mapping[ResourceKey, tuple[Effect, ...]]
"""What each step means for users."""
_LOUD = frozenset({KEPT, NEW_IDS, KEPT_OFF})
"""What is told with the dangers: what a rollback leaves, and what people switched off and Git wants on."""
_ALIKE, _AFTER_DANGERS = 10, 3
"""So many errors of one sort come first; more of them would leave no room for what a reviewer must see."""
_SALTED = "Nothing takes back what was spread anew: it is told while it lies in the time that `--log-since` names."
_UNFIT = re.compile(r"[^\w./-]|(?<=-)-")
"""What of a folder is written otherwise: in a comment of HTML ``--`` would be its end."""
_SEVERITY_RANKS = {Severity.ERROR: 1, Severity.WARNING: 3, Severity.NOTE: 7}


def comment(told: Told, most: int = MOST_BYTES) -> str:
    """The report, in at most so many bytes of UTF-8 (not below `LEAST_BYTES`)."""
    meant = {step.key: effects(step, told.plan, told.production) for step in told.plan.steps}
    head, foot = list(_head(told, meant)), list(_foot(told))
    items = [*_items(told, meant)]
    room = most - size(head) - size(foot) - _SPARE
    found = fitted(items, room, _AROUND)
    titles = sorted(found.sections, key=lambda title: title not in _OPEN)
    middle = [text for title in titles for text in _section(title, found.sections[title])]
    return "\n".join([*head, *middle, *_left_out(told, found.shortened, found.left_out), *foot]) + "\n"


def _section(title: str, texts: list[str]) -> list[str]:
    if title in _OPEN:
        return [f"### {title}", "", *texts, ""]
    summary = f"<summary>{tag_text(title)}</summary>"
    return ["<details>", summary, "", *texts, "", "</details>", ""]


# ---- the verdict -----------------------------------------------------------------------------------------------------


def _head(told: Told, meant: _Meant) -> Iterator[str]:
    yield f"<!-- statsig-reconciler {told.command}{_project(told)} -->"
    if told.drift and told.drift.digest:
        yield f"<!-- digest {told.drift.digest} -->"
    yield f"## Statsig {told.command}: {verdict(told)}"
    yield ""
    yield from _dangers(told, meant)


def _project(told: Told) -> str:
    """The folder of the project, by which those of one repository are told apart; "" at its top."""
    folder = _UNFIT.sub(_written_otherwise, told.origin.folder)
    return f" {folder}" if folder else ""


def _written_otherwise(letter: re.Match[str]) -> str:
    return "%2D" if letter[0] == "-" else quote(letter[0], safe="", errors="surrogateescape")


def _dangers(told: Told, meant: _Meant) -> Iterator[str]:
    """How many steps are dangerous, and in which way; why nothing can be applied."""
    found = [*map(dangers, meant.values())]
    labels = [danger for each in found for danger in each]
    if labels and not told.outcomes:
        many = sum(map(bool, found))
        kinds = ", ".join(f"{labels.count(each)} {each}" for each in Danger if each in labels)
        yield f"⚠️ **{counted(many, 'step')} to look at first**: {kinds}."
        yield ""


# ---- what it tells of -----------------------------------------------------------------------------------------------


def _items(told: Told, meant: _Meant) -> Iterator[Item]:
    yield from _errors(told)
    if told.outcomes:
        yield from _ends(told, meant)
    elif told.drift:
        yield from _drift(told, told.drift)
    else:
        yield from _steps(told, meant)
    waiting = {outcome.step.key for outcome in told.outcomes if outcome.status is Status.PENDING_REVIEW}
    yield from (_apart(each) for each in told.convergence if not each.holds and each.key not in waiting)
    rest = (each for each in sort_findings(told.all_findings) if each.severity is not Severity.ERROR)
    yield from (_finding(told, each) for each in rest)


def _errors(told: Told) -> Iterator[Item]:
    """What is to be mended: the first of each sort before anything else, the rest after what is dangerous."""
    many = Counter[str]()
    for finding in sort_findings(told.all_findings):
        if finding.severity is Severity.ERROR:
            many[finding.code] += 1
            item = _finding(told, finding)
            yield item if many[finding.code] <= _ALIKE else replace(item, rank=_AFTER_DANGERS)


def _finding(told: Told, finding: Finding) -> Item:
    text = finding_line(finding, told.origin)
    if finding.severity is Severity.ERROR:
        return Item(_MEND, _SEVERITY_RANKS[finding.severity], text)
    if finding.code in _LOUD:
        return Item(_LOOK, 2, text)
    return Item("Warnings and notes", _SEVERITY_RANKS[finding.severity], text)


def _steps(told: Told, meant: _Meant) -> Iterator[Item]:
    seen = [(step, meant[step.key]) for step in told.plan.steps]
    dangerous = [pair for pair in seen if dangers(pair[1])]
    dangerous.sort(key=lambda pair: (WORST[dangers(pair[1])[0]], pair[0].verb is Verb.CREATE))  # who has users first
    yield from (_step(told, _LOOK, 2, *pair) for pair in dangerous)
    rest = [pair for pair in seen if not dangers(pair[1])]
    titles = _titles(step for step, _ in rest)
    for step, told_of in sorted(rest, key=lambda pair: (pair[0].key.kind, pair[0].verb)):
        yield _step(told, titles[step.key.kind], 5, step, told_of)
    yield from (_step(told, "Left alone", 4, step) for step in told.plan.held)
    yield from (_step(told, "Waits for people", 4, step, (Effect(step.awaits),)) for step in told.plan.pending)


def _step(told: Told, section: str, rank: int, step: Step, told_of: tuple[Effect, ...] = ()) -> Item:
    line = step_line(step, told.origin, told_of)
    return Item(section, rank, line, partial(step_whole, step, told.origin, told_of))


def _titles(steps: Iterable[Step]) -> dict[str, str]:
    """For each kind how many of its objects are created, changed...: ``Gate: 2 to create, 6 to update``."""
    verbs: dict[str, Counter[Verb]] = {}
    for step in steps:
        verbs.setdefault(step.key.kind, Counter())[step.verb] += 1
    return {
        kind: f"{kind}: {', '.join(f'{many[verb]} to {verb}' for verb in Verb if many[verb])}"
        for kind, many in verbs.items()
    }


def _ends(told: Told, meant: _Meant) -> Iterator[Item]:
    for outcome in told.outcomes:
        well = outcome.status is Status.DONE
        whole = partial(outcome_whole, outcome, told.origin, meant.get(outcome.step.key, ()))
        yield Item("Done" if well else _LOOK, 5 if well else 2, outcome_line(outcome, told.origin), whole)


def _drift(told: Told, drift: Drift) -> Iterator[Item]:
    for step in drift.gone:
        yield Item(_LOOK, 2, gone_line(step, told.origin, "; ".join(told_of_gone(step, drift))))
    yield from (Item(_LOOK, 2, salt_line(salt)) for salt in drift.salts)
    for step in urgent_first(drift):
        said, sort = [Effect(text) for text in told_of_changed(step, drift)], sort_word(step, drift)
        whole = partial(step_whole, step, told.origin, said, drift=sort)
        yield Item(_LOOK, 2, step_line(step, told.origin, said, drift=sort), whole)


def _apart(each: Convergence) -> Item:
    if each.pending:
        line = f"- ⏸️ {name(each.key)} waits for people: {prose(each.pending)}"
    elif whole := as_a_whole(each):
        line = f"- ❌ {name(each.key)}{whole}"
    else:
        differences = "; ".join(map(str, change_lines(each.differences, 0)))
        line = f"- ❌ {name(each.key)} is not as it was to be; what is live, and what was to be: {prose(differences)}"
    return Item(_LOOK, 2, line)


# ---- the end ---------------------------------------------------------------------------------------------------------


def _left_out(told: Told, shortened: int, left_out: Counter[str]) -> Iterator[str]:
    if not shortened and not left_out:
        return
    run = (
        f" [The run]({told.origin.run}) has the whole." if told.origin.run else " The report of the run has the whole."
    )
    first = f" ({left_out[_LOOK]} of them to look at first)" if left_out[_LOOK] else ""
    rest = f", {left_out.total()} not at all{first}" if left_out else ""
    yield f"> This is too much for a comment: {counted(shortened, 'item')} told in one line{rest}.{run}"
    yield ""


def _foot(told: Told) -> Iterator[str]:
    if told.drift and told.drift.salts:
        yield _SALTED
        yield ""
    unmanaged = len(told.plan.unmanaged) or len(told.drift.unmanaged if told.drift else ())
    if unmanaged:
        yield f"{counted(unmanaged, 'live object')} in no manifest."
        yield ""
    if told.fingerprint:
        holds = ": an approval holds for as long as it stays the same" if _can_be_approved(told) else ""
        yield f"Fingerprint {code(told.fingerprint)}{holds}."


def _can_be_approved(told: Told) -> bool:
    return (
        told.command == "plan"
        and bool(told.plan.steps)
        and all(each.severity is not Severity.ERROR for each in told.all_findings)
    )

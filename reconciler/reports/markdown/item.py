"""One object in a Markdown report: its header, what it means for users, and what differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.domain import Action, Finding, Outcome, Place, Resalt, ResourceKey, Severity, Status, Step, Verb
from reconciler.reports.apply_text import conflict_lines
from reconciler.reports.changes import change_lines, creation_lines, drifted_lines
from reconciler.reports.effects import Effect
from reconciler.reports.line import Line
from reconciler.reports.markdown.escape import code, fence, prose
from reconciler.reports.moments import utc
from reconciler.reports.step_text import owner_of
from reconciler.reports.told import Origin
from reconciler.reports.trace_text import salted_by

_MOST_ROWS = 60
"""As many rows of one object are shown."""
_ENDS = {Status.DONE: "✅", Status.FAILED: "❌", Status.UNKNOWN: "❓"}
_SEVERITIES = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.NOTE: "💬"}
_COLUMN = frozenset("+- @")
_SIGNS = {Action.ADD: "+", Action.REMOVE: "-"}


def step_line(step: Step, origin: Origin, effects: Iterable[Effect] = (), *, drift: str = "") -> str:
    """``- **update** Gate `checkout_v2` (`manifests/checkout.yaml:4`): ...`` in one line.

    `drift`: what the drift of the object is about, in a word; "" for a step of a plan.
    """
    first = next((f": {prose(effect.words)}" for effect in effects), "")
    return f"- {_title(step, drift)}{_where(step.where, origin)}{first}"


def step_whole(step: Step, origin: Origin, effects: Iterable[Effect] = (), *, drift: str = "") -> str:
    """The same, with all that it means and all that differs."""
    texts = [f"- {_title(step, drift)}{_where(step.where, origin)}{_whose(step)}", *map(_told, effects)]
    if rows := clipped(list(_rows(step, drifted=bool(drift)))):
        texts += ["", *(f"  {row}" for row in fence(rows).split("\n")), ""]
    return "\n".join(texts)


def _told(effect: Effect) -> str:
    label = f"**{effect.danger}**: " if effect.danger else ""
    return f"  - {label}{prose(effect.words)}"


def outcome_line(outcome: Outcome, origin: Origin) -> str:
    """How a step ended."""
    mark = _ENDS.get(outcome.status, "⏸️")
    words = outcome.status.replace("_", " ")
    why = f": {prose(outcome.reason)}" if outcome.reason else ""
    return f"- {mark} **{words}**, {_title(outcome.step)}{_where(outcome.step.where, origin)}{why}"


def outcome_whole(outcome: Outcome, origin: Origin, effects: Iterable[Effect]) -> str:
    """How a step ended, with what it meant and was about; where its object moved, with how it did."""
    step = outcome.step
    moved = [_signed(row) for conflict in outcome.conflicts for row in conflict_lines(conflict, step)]
    texts = [outcome_line(outcome, origin), *([] if moved else map(_told, effects))]
    if rows := clipped(moved or list(_rows(step, drifted=False))):
        texts += ["", *(f"  {row}" for row in fence(rows).split("\n")), ""]
    return "\n".join(texts)


def finding_line(finding: Finding, origin: Origin) -> str:
    """What is to be mended, where, and how."""
    subject = _where(finding.where, origin) or (f" {name(finding.key)}" if finding.key else "")
    cure = f" **→** {prose(finding.cure)}" if finding.cure else ""
    allowed = f" Allowed: {prose(finding.allowed.reason)}." if finding.allowed else ""
    mark = _SEVERITIES[finding.severity]
    return f"- {mark} {code(finding.code)}{subject}: {prose(finding.message)}.{allowed}{cure}"


def name(key: ResourceKey) -> str:
    """Kind and id."""
    return f"{prose(key.kind)} {code(key.id)}"


def place(where: Place | None, origin: Origin) -> str:
    """The file and the line, as a link if there is something to link to."""
    if where is None:
        return ""
    shown = code(origin.label(where))
    link = origin.link(where)
    return f"[{shown}]({link})" if link else shown


def _where(where: Place | None, origin: Origin) -> str:
    found = place(where, origin)
    return f" ({found})" if found else ""


def gone_line(step: Step, origin: Origin, who: str) -> str:
    """An object that is in a manifest and no more in the console."""
    why = f": {prose(who)}" if who else ""
    return f"- **gone** from the console: {name(step.key)}{_where(step.where, origin)}{_owner(step)}{why}"


def salt_line(salt: Resalt) -> str:
    """An object of which units were spread anew."""
    names = " or ".join(map(name, salt.keys))
    return f"- **spread anew** {names}, {prose(salted_by(salt))} ({code(salt.entry.action)})"


def _title(step: Step, drift: str = "") -> str:
    return f"**differs** {name(step.key)}, **{drift}**" if drift else f"**{step.verb}** {name(step.key)}"


def _whose(step: Step) -> str:
    """Who owns the object, and who changed it last."""
    told, modified = _owner(step), step.modified
    if modified.by or modified.at is not None:
        when = f" {utc(modified.at)}" if modified.at is not None else ""
        told += f", last modified{when}{f' by {code(modified.by)}' if modified.by else ''}"
    return told


def _owner(step: Step) -> str:
    owner = owner_of(step)
    return f", owned by {code(owner)}" if owner else ""


def _rows(step: Step, *, drifted: bool) -> Iterator[str]:
    """What differs, each row with the sign that colours it."""
    if step.verb is Verb.CREATE and not drifted:
        yield from (f"+ {row}" for row in creation_lines(step.fields, 0))
        return
    for change in step.fields:
        first, *rest = (drifted_lines if drifted else change_lines)([change], 0)
        signs = {"+": "-", "-": "+"} if drifted else {}
        sign = _SIGNS.get(change.action, "!")
        yield f"{signs.get(sign, sign)} {first}"
        yield from map(_signed, rest)


def _signed(line: Line) -> str:
    """A row of a difference within a value as it is: its first column is the sign. Any other row is no difference."""
    text = line.text.plain
    return text if text[:1] in _COLUMN else f"  {text}"


def clipped(rows: list[str]) -> list[str]:
    """The rows, or the first of very many."""
    rest = len(rows) - _MOST_ROWS
    return rows if rest <= 0 else [*rows[:_MOST_ROWS], f"# and {rest} more rows"]

"""One object of a plan: a header line, its differences below it, and the calls for those who want to see them."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.domain import Call, Modified, Place, ResourceKey, Step, Tree, Verb
from reconciler.kinds import KINDS
from reconciler.reports.changes import change_lines, creation_lines
from reconciler.reports.line import INDENT, Line, Part, line
from reconciler.reports.moments import utc
from reconciler.reports.values import body_text, shortened, word

_MARKS = {
    Verb.CREATE: ("+", "green"),
    Verb.UPDATE: ("~", "yellow"),
    Verb.ADOPT: ("*", "cyan"),
    Verb.ARCHIVE: ("-", "magenta"),
    Verb.DELETE: ("-", "red"),
}
_LONGEST_NAME = 60


def step_lines(step: Step, *, show_calls: bool) -> Iterator[Line]:
    """What is done to one object."""
    yield header(step)
    yield from field_lines(step)
    if show_calls:
        for call in step.calls:
            yield call_line(call)
        for call in step.back.calls:
            yield call_line(call, "undo: ")
    if step.back.kept:
        how = "not all of it can be undone: " if step.back.calls else "no way back: "
        yield line((how, "yellow"), "; ".join(step.back.kept), indent=INDENT)


def field_lines(step: Step, indent: int = INDENT) -> Iterator[Line]:
    """What differs in the object, or what it is made with."""
    if step.verb is Verb.DELETE:
        yield from _last_status(step, indent)
    lines = creation_lines if step.verb is Verb.CREATE else change_lines
    yield from lines(step.fields, indent)


def _last_status(step: Step, indent: int) -> Iterator[Line]:
    """What a deletion ends: an archived object is gone already for all who ask, and one that is on is not."""
    kind = KINDS.get(step.key.kind)
    status = kind.view(step.base).get("status") if kind and step.base else None
    if isinstance(status, str):
        yield line("it is ", (word(status, 40), "bold"), indent=indent)


def header(step: Step) -> Line:
    """``~ update Gate checkout_v2  manifests/checkout.yaml:4  (last modified 2026-11-20 14:03 UTC by CONSOLE API)``."""
    mark, style = _MARKS[step.verb]
    return line((f"{mark} {step.verb} ", style), *name(step.key), *place(step.where), note=last_modified(step.modified))


def call_line(call: Call, lead: str = "") -> Line:
    """``PATCH /gates/checkout_v2 {"rules": [...]}``."""
    body = "" if call.body is None else f" {body_text(call.body)}"
    return line(lead, (call.method, "blue"), f" {call.path}", (body, "dim"), indent=INDENT)


def name(key: ResourceKey) -> Iterator[Part]:
    """Kind and id."""
    yield f"{key.kind} "
    yield (word(key.id, 120), "bold")


def place(where: Place | None) -> Iterator[Part]:
    """The file and the line, if there is a manifest."""
    if where:
        yield (f"  {where.path}{'' if where.line is None else f':{where.line}'}", "dim")


def owner_of(step: Step) -> str:
    """The owner or team: by the labels of the manifest, else by the object, but for a key; "" where nobody says."""
    live: Tree = step.base or {str(change.path[0]): change.desired for change in step.fields}
    owner = live.get("owner")
    named = owner.get("ownerName") if isinstance(owner, dict) and owner.get("ownerType") != "SDK_KEY" else None
    found = (step.labels.get("owner"), step.labels.get("team"), live.get("team"), named)
    return next((str(each) for each in found if each), "")


def last_modified(modified: Modified) -> Iterator[Part]:
    """When the live object was changed last and by whom, as far as it is known."""
    when = "" if modified.at is None else f" {utc(modified.at)}"
    by = "" if modified.by is None else f" by {_person(modified.by)}"
    if when or by:
        yield (f"(last modified{when}{by})", "dim")


def _person(who: str) -> str:
    return who if len(who) <= _LONGEST_NAME else shortened(who, _LONGEST_NAME)

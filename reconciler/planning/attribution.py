"""Who made live differ: told by past versions of the object, else by the audit log, else by its last modifier.

Versions are whole objects, so that the one in which a difference came up tells who brought it. The audit log tells
which action was done to what is called so; gates and dynamic configs share actions, and some can be about any field.
What is not sure is told as such.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import pairwise, takewhile

from reconciler.domain import Entry, FieldChange, Source, Trace, Tree, Writer
from reconciler.kind import Kind, Logged
from reconciler.planning.draft import whole
from reconciler.planning.steady import sign
from reconciler.targeting.rollout import is_share, took_a_step

Differences = Callable[[Tree], Iterable[FieldChange]]
"""How a version of the object differs from the manifest."""
Namesakes = Callable[[Entry], frozenset[str]]
"""The other objects that an entry of the audit log may be about."""


def stamp(live: Tree) -> tuple[Writer, int | None]:
    """Who changed an object last, and when (epoch milliseconds)."""
    names = (live.get(f"lastModifier{part}") for part in ("Name", "Email", "ID"))
    return Writer(*(name if isinstance(name, str) else "" for name in names)), whole(live.get("lastModifiedTime"))


def by_stamp(live: Tree, why: str) -> Trace:
    """The last modifier of the object, who need not have changed this field; `why` there is nothing better."""
    writer, at = stamp(live)
    if not str(writer):
        return Trace(note=why)
    note = f"who changed the object last, in whatever field: {why}"
    return Trace(Source.STAMP, (writer,), at, certain=False, note=note)


def by_versions(
    kind: Kind, changes: Sequence[FieldChange], live: Tree, versions: Iterable[Tree], differences: Differences
) -> list[Trace] | None:
    """Where each of the changes comes from; None if the versions do not reach up to `live`."""
    number = _number(live)
    line = sorted((each for each in versions if _number(each) <= number), key=_number, reverse=True)
    if not line or _number(line[0]) != number:
        return None
    wanted = {sign(kind, change): change for change in changes}
    found: dict[str, Trace] = {}
    for version, before in pairwise([*line, None]):
        had = {sign(kind, change) for change in differences(before)} if before else frozenset[str]()
        new = wanted.keys() - found.keys() - had
        found |= {each: _brought(wanted[each], version or live, before) for each in new}
        if len(found) == len(wanted):
            break
    return [found[sign(kind, change)] for change in changes]


def _brought(change: FieldChange, version: Tree, before: Tree | None) -> Trace:
    """The version that has the difference, after one that has not; None: no version before it is known."""
    writer, at = stamp(version)
    number = _number(version) or None
    if not str(writer):
        return Trace(Source.VERSIONS, (), at, note="the version does not say whose it is", version=number)
    if before and is_share(change.path) and took_a_step(before.get("rules") or [], version.get("rules") or []):
        note = "a step of the schedule was taken then; who set the schedule is another question"
        return Trace(Source.VERSIONS, (writer,), at, certain=False, note=note, version=number)
    if before is None and number != 1:
        note = "so it is in the first version that is known"
        return Trace(Source.VERSIONS, (writer,), at, certain=False, note=note, version=number)
    return Trace(Source.VERSIONS, (writer,), at, certain=True, version=number)


def by_log(field: str, entries: Iterable[Entry], logged: Logged, others: Namesakes) -> Trace | None:
    """Who changed the field at the top of an object last; None if the log says nothing of it.

    `entries`: those about what is called like the object.
    """
    since = takewhile(lambda entry: entry.action not in logged.gone, newest_first(entries))
    told = [entry for entry in since if logged.can_be(entry.action)]
    told = [entry for entry in told if field in logged.fields.get(entry.action, {field})]
    return _latest(told, others, {*logged.fields, *logged.made})


def gone_by_log(entries: Iterable[Entry], logged: Logged, others: Namesakes) -> Trace | None:
    """Who deleted an object; None if the log says nothing of it."""
    told = [entry for entry in newest_first(entries) if entry.action in logged.gone]
    return _latest(told, others, logged.gone)


def newest_first(entries: Iterable[Entry]) -> list[Entry]:
    """The entries by time; those of unknown time are the oldest."""
    return sorted(entries, key=lambda entry: -1 if entry.at is None else entry.at, reverse=True)


def _latest(told: Sequence[Entry], others: Namesakes, sure: Collection[str]) -> Trace | None:
    """The newest entry, with all others of its second. `sure`: actions that cannot be about another field."""
    if not told:
        return None
    at = told[0].at
    same = [entry for entry in told if entry.at == at]
    writers = tuple(dict.fromkeys(entry.writer for entry in same))
    note = "; ".join(_doubts(same, writers, frozenset().union(*map(others, same)), sure))
    return Trace(Source.LOG, writers, at, certain=not note, note=note)


def _doubts(
    same: Sequence[Entry], writers: Sequence[Writer], others: Collection[str], sure: Collection[str]
) -> Iterator[str]:
    if len(writers) > 1:
        yield "one of them, in the same second"
    if unsure := sorted({entry.action for entry in same} - set(sure)):
        yield f"{', '.join(unsure)} can be about this field or another"
    if others:
        yield f"it may have been done to {' or '.join(sorted(others))}, which is called the same"


def _number(tree: Tree) -> int:
    return whole(tree.get("version")) or 0

"""Drift with a name: who made each difference, asked for the objects that drifted and for no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from reconciler.console import History, Unread
from reconciler.domain import Drift, Entry, FieldChange, Finding, Resalt, ResourceKey, Severity, Sort, Step, Trace, Tree
from reconciler.kinds import KINDS
from reconciler.manifests import Resource
from reconciler.planning.attribution import by_log, by_stamp, by_versions, gone_by_log, newest_first
from reconciler.planning.draft import draft
from reconciler.planning.drift_sort import sort_of
from reconciler.planning.policy import Policy

_NO_VERSIONS = "the service lists no past versions of it"
_SILENT = "the audit log says nothing of it"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before anybody is asked: the manifests, the live objects by key, and how they are compared."""

    manifests: Mapping[ResourceKey, Resource]
    live: Mapping[ResourceKey, Tree]
    policy: Policy

    def called(self, name: str, action: str) -> tuple[ResourceKey, ...]:
        """The objects, live or in a manifest, to which an entry of the audit log with this name and action can be."""
        kinds = {kind.name for kind in KINDS.values() if kind.logged.can_be(action)}
        trees = {key: resource.tree() for key, resource in self.manifests.items() if key not in self.live}
        named = (key for key, tree in (*self.live.items(), *trees.items()) if name in {key.id, tree.get("name")})
        return tuple(sorted(key for key in named if key.kind in kinds))

    def others(self, key: ResourceKey) -> Callable[[Entry], frozenset[str]]:
        """The objects besides this one that an entry may be about."""
        return lambda entry: frozenset(map(str, {*self.called(entry.name, entry.action)} - {key}))


def attributed(drift: Drift, known: Known, history: History) -> Drift:
    """The same drift, with what it is about and where it comes from."""
    sorts = {
        step.key: sort_of(KINDS[step.key.kind], step, known.manifests[step.key].tree(), known.live[step.key])
        for step in drift.changed
    }
    traces = {step.key: tuple(_traces(step, known, history)) for step in drift.changed}
    traces |= {step.key: (_deletion(step.key, known, history),) for step in drift.gone}
    concluded = (key for key, sort in sorts.items() if sort is Sort.LIFE)
    endings = {key: how for key in concluded if (how := KINDS[key.kind].ending(known.live[key]))}
    return replace(drift, sorts=sorts, traces=traces, endings=endings)


def _traces(step: Step, known: Known, history: History) -> Iterable[Trace]:
    kind, live = KINDS[step.key.kind], known.live[step.key]
    why = _NO_VERSIONS
    if kind.has_versions:
        versions = history.versions(kind, step.key.id)
        if isinstance(versions, Unread):
            why = versions.why
        elif found := by_versions(kind, step.fields, live, versions, _Against(step.key, known)):
            return found
        else:
            why = "its versions do not reach up to the live one"
    return _logged(step, known, history, why)


@dataclass(frozen=True, slots=True)
class _Against:
    """How any version of one object differs from its manifest."""

    key: ResourceKey
    known: Known

    def __call__(self, version: Tree) -> tuple[FieldChange, ...]:
        known = self.known
        drafted = draft(known.manifests[self.key], KINDS[self.key.kind], version, known.policy)
        return (*(drafted.step.fields if drafted.step else ()), *drafted.held)


def _logged(step: Step, known: Known, history: History, why: str) -> Iterator[Trace]:
    kind, live = KINDS[step.key.kind], known.live[step.key]
    entries = history.entries(str(live.get("name") or step.key.id))
    if isinstance(entries, Unread):
        reason = entries.why if entries.why == why or not kind.has_versions else f"{why}; {entries.why}"
        yield from (by_stamp(live, reason) for _ in step.fields)
        return
    for change in step.fields:
        told = by_log(str(change.path[0]), entries, kind.logged, known.others(step.key))
        yield told or by_stamp(live, f"{why}, and {_SILENT}")


def _deletion(key: ResourceKey, known: Known, history: History) -> Trace:
    resource = known.manifests[key]
    entries = history.entries(str(resource.tree().get("name") or key.id))
    if isinstance(entries, Unread):
        return Trace(note=entries.why)
    told = gone_by_log(entries, KINDS[key.kind].logged, known.others(key))
    return told or Trace(note="the audit log has no entry that it was deleted; perhaps it was never made")


def resalted(drift: Drift, known: Known, history: History, since: int) -> Drift:
    """The same drift, with the objects of manifests that got another salt after `since` (epoch milliseconds)."""
    actions = frozenset().union(*(kind.logged.salted for kind in KINDS.values()))
    day = datetime.fromtimestamp(since / 1000, UTC).date().isoformat()
    entries, more = history.since(day, actions)
    late = [entry for entry in newest_first(entries) if entry.action in actions and _is_late(entry, since)]
    named = [Resalt(keys, entry) for entry in late if (keys := known.called(entry.name, entry.action))]
    salts = tuple(salt for salt in named if known.manifests.keys() & set(salt.keys))
    notes = (_unread(more, since),) if more else ()
    told = replace(drift, salts=salts, findings=(*drift.findings, *notes))
    return replace(told, same=drift.same - (told.objects - drift.objects))


def _is_late(entry: Entry, since: int) -> bool:
    """Entries know whole seconds only. One of unknown time is told rather than left out."""
    return entry.at is None or entry.at >= since // 1000 * 1000


def _unread(more: Unread, since: int) -> Finding:
    moment = datetime.fromtimestamp(since / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    message = f"whether units were spread anew since {moment} is not known for sure: {more.why}"
    return Finding(
        "DRIFT/salts", message, "let the key read /audit_logs, or shorten the time", severity=Severity.WARNING
    )

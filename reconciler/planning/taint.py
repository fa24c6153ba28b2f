"""Running experiments that a plan would taint: their own groups, or a gate that they depend on, however far away.

An experiment that runs collects results. Whoever changes what its units get meanwhile mixes two experiments in one:

    Experiment/checkout_layout -> Gate/eu_users -> Gate/beta      and a rule of Gate/beta goes from 10 to 25 %

Such a step is not taken, unless the manifest that it comes from acknowledges the experiment, or the guard is allowed to
trip. Where that manifest was changed the plan is refused; else the step alone is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from reconciler.domain import Chain, FieldChange, Finding, ResourceKey, Severity, Snapshot, Step, Verb, path_text
from reconciler.domain.listing import few
from reconciler.kind import Kind
from reconciler.planning.naming import DECIDING, Naming, chains, either, live_naming, written

CODE = "GUARD/running-experiment"

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Taint:
    """What a step does that taints, and the running experiment at the other end of the chain that leads to it.

    No `changes`: the object itself comes or goes.
    """

    step: Step
    changes: tuple[FieldChange, ...]
    chain: Chain

    @property
    def experiment(self) -> ResourceKey:
        return self.chain[0]

    @property
    def way(self) -> str:
        return " -> ".join(map(str, self.chain))


def tainted(
    kinds: Mapping[str, Kind],
    steps: Iterable[Step],
    live: Snapshot,
    naming: Naming,
    acknowledged: Mapping[ResourceKey, frozenset[str]],
) -> Iterator[Finding]:
    """A finding for each running experiment and each step that taints it.

    `naming`: what each object refers to, before or after the plan. `acknowledged`: the experiments that the manifest of
    an object names.
    """
    listed = list(steps)
    found: dict[ResourceKey, list[_Taint]] = {step.key: [] for step in listed}
    for taint in _taints(kinds, listed, live, naming):
        found[taint.step.key].append(taint)
    for step in listed:
        named = acknowledged.get(step.key, frozenset())
        yield from (_finding(taint, named) for taint in found[step.key])
        yield from _idle(step, named - {str(taint.experiment) for taint in found[step.key]})
    if any(_tainting(kinds.get(step.key.kind), step) is not None for step in listed):
        yield from _unread(kinds, live)


def _unread(kinds: Mapping[str, Kind], live: Snapshot) -> Iterator[Finding]:
    """What could not be read of all that tells which experiment depends on what."""
    runs = any(_is_running(kinds[key.kind], key, live) for key in live.objects)
    for name in ("Experiment", *(sorted(DECIDING) if runs else ())):
        if unread := live.unread.get(name):
            message = f"whether the plan taints the results of an experiment is not known: {unread.message}"
            yield Finding(CODE, message, unread.cure, severity=Severity.WARNING)


def with_taints(kinds: Mapping[str, Kind], steps: Iterable[Step], live: Snapshot, naming: Naming) -> tuple[Step, ...]:
    """The steps, each with the running experiments that it taints."""
    listed = list(steps)
    found: dict[ResourceKey, set[ResourceKey]] = {}
    for taint in _taints(kinds, listed, live, naming):
        found.setdefault(taint.step.key, set()).add(taint.experiment)
    return tuple(replace(step, taints=frozenset(found.get(step.key, ()))) for step in listed)


def newly_tainted(kinds: Mapping[str, Kind], steps: Iterable[Step], live: Snapshot) -> dict[ResourceKey, str]:
    """The steps that taint an experiment by now which they did not when they were planned, each with the reason.

    The experiment of a step itself is another by then, which is told as such.
    """
    listed = list(steps)
    naming = either(live_naming(kinds, live), {step.key: written(kinds, step) for step in listed})
    return {
        taint.step.key: f"{taint.experiment} runs by now, and depends on it ({taint.way}): plan again"
        for taint in _taints(kinds, listed, live, naming)
        if taint.experiment not in {*taint.step.taints, taint.step.key}
    }


def _taints(kinds: Mapping[str, Kind], steps: Iterable[Step], live: Snapshot, naming: Naming) -> Iterator[_Taint]:
    running = [key for key in sorted(live.objects) if _is_running(kinds[key.kind], key, live)]
    ways = {key: chains(key, naming) for key in running}
    for step in steps:
        changes = _tainting(kinds.get(step.key.kind), step)
        if changes is not None:
            yield from (_Taint(step, changes, ways[key][step.key]) for key in running if step.key in ways[key])


def _is_running(kind: Kind, key: ResourceKey, live: Snapshot) -> bool:
    return kind.view(live.objects[key]).get("status") in kind.running


def _tainting(kind: Kind | None, step: Step) -> tuple[FieldChange, ...] | None:
    """The changes of the step that taint, none of them where the object itself comes or goes; None: nothing taints."""
    if kind is None or kind.taints is None:
        return None
    if step.verb in {Verb.CREATE, Verb.DELETE}:
        return ()
    return tuple(filter(kind.taints, step.fields)) or None


def _finding(taint: _Taint, named: frozenset[str]) -> Finding:
    experiment, key = taint.experiment, taint.step.key
    what = f"a change of {_listed(taint.changes)}" if taint.changes else f"to {taint.step.verb} {key}"
    way = f" ({taint.way})" if key != experiment else ""
    message = f"{what} taints the results of {experiment}, which is running{way}"
    at = ("spec", *taint.changes[0].path[:1]) if taint.changes else ()
    where = taint.step.where.at(*at) if taint.step.where else None
    if str(experiment) in named:
        cure = "metadata.acknowledge allows it: take the experiment out of it when this is applied"
        return Finding(CODE, f"{message}; acknowledged", cure, where, key, Severity.WARNING)
    return Finding(CODE, message, _cure(experiment, key), where, key)


def _cure(experiment: ResourceKey, key: ResourceKey) -> str:
    lines = f"metadata: {{acknowledge: [{experiment}]}} in the manifest of {key}"
    return f"conclude the experiment first, or write {lines}, or run with --allow running-experiment=WHY"


def left_out(finding: Finding, why: str) -> Finding:
    """What is said of a step that is left out while the rest of the plan goes on; `why`: nobody asks for it now."""
    cure = f"write what is live into the manifest, {finding.cure}"
    return replace(
        finding, severity=Severity.WARNING, message=f"{finding.message}; it is left out, since {why}", cure=cure
    )


def _listed(changes: tuple[FieldChange, ...]) -> str:
    return few(dict.fromkeys(path_text(change.path) for change in changes), _SHOWN)


def _idle(step: Step, named: frozenset[str]) -> Iterator[Finding]:
    """An acknowledgement that is left over would let the next change pass unseen."""
    for name in sorted(named):
        message = f"metadata.acknowledge names {name}, which this change does not taint"
        where = step.where.at("metadata", "acknowledge") if step.where else None
        yield Finding("GUARD/idle-acknowledgement", message, "take it out", where, step.key, Severity.WARNING)

"""What is not as Git says, and who made it so: each difference as the way from the manifest to live."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reconciler.domain import Drift, Ending, ResourceKey, Severity, Sort, Step, path_text
from reconciler.reports.changes import drifted_lines
from reconciler.reports.finding_text import but_for_rollouts, finding_lines, tally
from reconciler.reports.line import EMPTY, INDENT, Line, Part, line
from reconciler.reports.plan_text import unmanaged_lines
from reconciler.reports.step_text import last_modified, name, place
from reconciler.reports.trace_text import one_for_all, salt_line, trace_line
from reconciler.reports.values import counted, shortened

SORTS: Mapping[Sort, tuple[str, str]] = MappingProxyType(
    {
        Sort.OFF: ("emergency off", "bold red"),
        Sort.LIFE: ("experiment lifecycle", "bold magenta"),
        Sort.OTHER: ("other", ""),
        Sort.ROLLOUT: ("rollout step", "bold"),
        Sort.COSMETIC: ("cosmetic", "dim"),
    }
)
"""What drift is about, in words, the most urgent first."""
_URGENT_FIRST = list(Sort)
_MOST_OF_A_REASON = 300
"""As many characters of why an experiment was concluded are shown."""


def drift_lines(drift: Drift, *, show_unmanaged: bool = False) -> Iterator[Line]:
    """What drifted, what to know besides, what no manifest describes, and the sum."""
    yield from body_lines(drift)
    yield from finding_lines(drift.findings)
    if drift.findings:
        yield EMPTY
    yield from unmanaged_lines(drift.unmanaged, listed=show_unmanaged)
    if drift.digest:
        yield line(("Digest: ", "bold"), drift.digest)
    yield summary(drift)


def body_lines(drift: Drift) -> Iterator[Line]:
    """What drifted, the most urgent first."""
    for section in sections(drift):
        yield section.heading
        yield EMPTY
        for block in section.blocks:
            yield from block.lines
            if section.apart:
                yield EMPTY
        if not section.apart:
            yield EMPTY


@dataclass(frozen=True, slots=True)
class Block:
    """What is told of one object; of `keys` it is one, and nobody knows which."""

    keys: tuple[ResourceKey, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What is told under one heading, of one object at least. `apart`: with an empty line after each."""

    heading: Line
    blocks: tuple[Block, ...]
    apart: bool = False


def sections(drift: Drift) -> Iterator[Section]:
    """What drifted, the most urgent first: gone, spread anew, and then what is otherwise live."""
    if drift.gone:
        gone = tuple(Block((step.key,), tuple(_gone(step, drift))) for step in drift.gone)
        yield Section(line(("In a manifest, and not live:", "bold")), gone)
    if drift.salts:
        yield Section(line(("Units spread anew, which the objects do not show:", "bold")), tuple(_spread(drift)))
    if drift.changed:
        changed = tuple(Block((step.key,), tuple(_changed(step, drift))) for step in urgent_first(drift))
        yield Section(line(("Otherwise live (manifest → live):", "bold")), changed, apart=True)


def _gone(step: Step, drift: Drift) -> Iterator[Line]:
    yield line(("- ", "red"), *name(step.key), *place(step.where))
    yield from (trace_line(trace) for trace in drift.traces.get(step.key, ()))


def _spread(drift: Drift) -> Iterator[Block]:
    times: dict[tuple[ResourceKey, ...], list[Line]] = {}
    for salt in drift.salts:
        times.setdefault(salt.keys, []).append(salt_line(salt))
    yield from (Block(keys, tuple(lines)) for keys, lines in times.items())


def urgent_first(drift: Drift) -> list[Step]:
    """The changed objects, the most urgent first."""
    return sorted(drift.changed, key=lambda step: (_URGENT_FIRST.index(_sort(step, drift)), step.key))


def told_of_changed(step: Step, drift: Drift) -> Iterator[str]:
    """Who made each difference of an object, and what else to know, a sentence each."""
    traces = drift.traces.get(step.key, ())
    if common := one_for_all(traces):
        yield str(trace_line(common, 0))
    else:
        for change, trace in zip(step.fields, traces, strict=False):
            yield f"{path_text(change.path)} {trace_line(trace, 0)}"
    yield from _besides(step, drift)


def told_of_gone(step: Step, drift: Drift) -> Iterator[str]:
    """Who deleted an object."""
    yield from (str(trace_line(trace, 0)) for trace in drift.traces.get(step.key, ()))


def sort_word(step: Step, drift: Drift) -> str:
    """What the change of an object is about."""
    return SORTS[_sort(step, drift)][0]


def _sort(step: Step, drift: Drift) -> Sort:
    return drift.sorts.get(step.key, Sort.OTHER)


def _changed(step: Step, drift: Drift) -> Iterator[Line]:
    traces = drift.traces.get(step.key, ())
    common = one_for_all(traces)
    note = () if traces else last_modified(step.modified)
    yield line(("~ ", "yellow"), *name(step.key), *_word(_sort(step, drift)), *place(step.where), note=note)
    yield from (line((words, "yellow"), indent=INDENT) for words in _besides(step, drift))
    if common:
        yield trace_line(common)
    if common or not traces:
        yield from drifted_lines(step.fields)
        return
    for change, trace in zip(step.fields, traces, strict=True):
        yield from drifted_lines([change])
        yield trace_line(trace, 2 * INDENT)


def _besides(step: Step, drift: Drift) -> Iterator[str]:
    """What neither its differences nor who made them tell of an object."""
    if step.review:
        yield str(step.review)
    if step.key in drift.endings:
        yield _concluded(drift.endings[step.key])
    yield from _running(step)


def _concluded(ending: Ending) -> str:
    """``it was decided for the group "A": A won``."""
    how = f"it was decided for the group {shortened(ending.group)}" if ending.group else "it was concluded"
    why = ending.reason or ""
    return f"{how}: {why if len(why) <= _MOST_OF_A_REASON else f'{why[:_MOST_OF_A_REASON]}…'}" if why else how


def _running(step: Step) -> Iterator[str]:
    if others := sorted(step.taints - {step.key}):
        are = "is" if len(others) == 1 else "are"
        yield f"decides what units of {', '.join(map(str, others))} get, which {are} running"


def _word(sort: Sort) -> Iterator[Part]:
    words, style = SORTS[sort]
    yield "  "
    yield (words, style) if style else words


def summary(drift: Drift) -> Line:
    """What the drift comes to."""
    if any(finding.severity is Severity.ERROR for finding in drift.findings):
        return line((f"Drift cannot be told for sure: {tally(drift.findings)}{_so_far(drift)}.", "bold red"))
    same = counted(drift.same, "object")
    if not drift.found:
        return line(
            ("No drift.", "bold green"), f" Live equals the manifests ({same}){but_for_rollouts(drift.findings)}."
        )
    return line(("Drift: ", "bold"), f"{counted(drift.objects, 'object')} ({sorts_of(drift)}); {drift.same} equal.")


def _so_far(drift: Drift) -> str:
    return f"; seen so far: {counted(drift.objects, 'object')} ({sorts_of(drift)})" if drift.found else ""


def sorts_of(drift: Drift) -> str:
    """How many of what, the most urgent first: ``2 gone, 1 spread anew, 1 emergency off, 3 cosmetic``.

    An object that was spread anew may differ, too.
    """
    sorts = Counter(_sort(step, drift) for step in drift.changed)
    whole = {"gone": len(drift.gone), "spread anew": drift.spread}
    many = whole | {words: sorts[sort] for sort, (words, _) in SORTS.items()}
    return ", ".join(f"{number} {words}" for words, number in many.items() if number)

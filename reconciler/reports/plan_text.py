"""The plan as a reviewer reads it at midnight."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.domain import Modified, Plan, ResourceKey, Severity, Step, Verb
from reconciler.reports.changes import change_lines
from reconciler.reports.finding_text import but_for_rollouts, finding_lines, tally
from reconciler.reports.line import EMPTY, INDENT, Line, line
from reconciler.reports.step_text import field_lines, last_modified, name, place, step_lines
from reconciler.reports.values import counted, waits


def plan_lines(plan: Plan, *, show_calls: bool = False, show_unmanaged: bool = False) -> Iterator[Line]:
    """Every step in the order in which it runs, what is left alone, what to know besides, and the sum of it all."""
    yield from body_lines(plan, show_calls=show_calls)
    yield from unmanaged_lines(plan.unmanaged, listed=show_unmanaged)
    yield summary(plan) if plan.steps or plan.pending or failed(plan) else _nothing(plan)


def body_lines(plan: Plan, *, show_calls: bool) -> Iterator[Line]:
    """The steps, what is left alone, and what to know besides."""
    for step in plan.steps:
        yield from step_lines(step, show_calls=show_calls)
        yield EMPTY
    yield from _held(plan.held)
    yield from _pending(plan.pending)
    yield from _findings(plan)


def failed(plan: Plan) -> bool:
    """Whether a finding forbids to act."""
    return any(finding.severity is Severity.ERROR for finding in plan.findings)


def _held(held: Iterable[Step]) -> Iterator[Line]:
    for number, step in enumerate(held):
        if number == 0:
            yield line(("Differs, and is left alone:", "bold"))
        head = [("! ", "yellow"), *name(step.key), *place(step.where)]
        yield line(*head, indent=INDENT, note=last_modified(step.modified))
        yield from change_lines(step.fields, 2 * INDENT)
    if held:
        yield EMPTY


def _pending(pending: Iterable[Step]) -> Iterator[Line]:
    for number, step in enumerate(pending):
        if number == 0:
            yield line(("Waits for people, and is not touched until they decide:", "bold"))
        head = [(f"? {step.verb} ", "yellow"), *name(step.key), *place(step.where)]
        yield line(*head, indent=INDENT, note=last_modified(step.modified))
        yield line(step.awaits, indent=2 * INDENT)
        yield from field_lines(step, 2 * INDENT)
    if pending:
        yield EMPTY


def _findings(plan: Plan) -> Iterator[Line]:
    yield from finding_lines(plan.findings)
    if plan.findings:
        yield EMPTY


def unmanaged_lines(unmanaged: tuple[tuple[ResourceKey, Modified], ...], *, listed: bool) -> Iterator[Line]:
    """How many live objects no manifest describes, or which."""
    if not unmanaged:
        return
    hint = "" if listed else " (--unmanaged lists them)"
    are = "is" if len(unmanaged) == 1 else "are"
    yield line(f"{counted(len(unmanaged), 'live object')} {are} in no manifest{hint}{':' if listed else '.'}")
    if listed:
        for key, modified in unmanaged:
            yield line(*name(key), indent=INDENT, note=last_modified(modified))
        yield EMPTY


def summary(plan: Plan) -> Line:
    """What a plan with steps or errors comes to."""
    if failed(plan):
        return line((f"This plan cannot be applied: {tally(plan.findings)}.", "bold red"))
    return line(("Plan: ", "bold"), f"{_counts(plan)}; {len(plan.unchanged)} unchanged{_left(plan)}.")


def _counts(plan: Plan) -> str:
    number = {verb: sum(1 for _ in plan.of(verb)) for verb in Verb}
    counts = {
        "create": number[Verb.CREATE],
        "change": number[Verb.UPDATE],
        "adopt": number[Verb.ADOPT],
        "remove": number[Verb.ARCHIVE] + number[Verb.DELETE],
    }
    return ", ".join(f"{many} to {what}" for what, many in counts.items())


def _left(plan: Plan) -> str:
    held = f", {len(plan.held)} left alone" if plan.held else ""
    return f"{held}, {waits(len(plan.pending))}" if plan.pending else held


def _nothing(plan: Plan) -> Line:
    """What a plan comes to that has nothing to do."""
    objects = counted(len(plan.unchanged), "object")
    alone = f"{objects} as the manifests say, {len(plan.held)} left alone."
    equal = f"Live equals the manifests ({objects}){but_for_rollouts(plan.findings)}."
    return line(("No changes.", "bold green"), f" {alone if plan.held else equal}")

"""Asking the service whether it would take a body, for the kinds whose calls know `dryRun`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.console import ApiError, Console
from reconciler.domain import Call, Finding, Plan, Step
from reconciler.kind import Kind


def dry_run(plan: Plan, console: Console, kinds: Mapping[str, Kind]) -> Iterator[Finding]:
    """Send each body that has a dry run (it persists nothing). A refusal is a finding; all else raises ConsoleError."""
    made = {step.key.id for step in plan.steps if step.key.kind == "Tag"}
    for step in plan.steps:
        kind = kinds.get(step.key.kind)
        for call in step.calls if kind and kind.has_dry_run else ():
            if isinstance(call.body, dict):
                yield from _refusal(step, _with_known_tags(call, made), console)


def _with_known_tags(call: Call, made: set[str]) -> Call:
    """The call without the tags that the plan makes before it: a dry run comes too early for them."""
    body = {name: value for name, value in call.body.items() if name != "tags"}
    tags = [tag for tag in call.body.get("tags", []) if tag not in made]
    return Call(call.method, call.path, {**body, "tags": tags} if "tags" in call.body else body)


def _refusal(step: Step, call: Call, console: Console) -> Iterator[Finding]:
    try:
        console.write(Call(call.method, call.path, {**call.body, "dryRun": True}))
    except ApiError as error:
        if not 400 <= error.status < 500:  # noqa: PLR2004 - the class of refusals
            raise
        where = step.where.at("spec") if step.where else None
        yield Finding("API/refused", f"the service would refuse {call}: {error}", "mend the manifest", where, step.key)

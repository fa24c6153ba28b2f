"""Guards that a project writes itself, as expressions over each step of a plan."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from reconciler.domain import FieldChange, Finding, Json, Place, Plan, Step, Tree, Verb, path_text
from reconciler.manifests import Safety
from reconciler.manifests.safety import CustomPolicy
from reconciler.planning.guards.cel import Expression, NoCelError, Trouble, compile_cel
from reconciler.planning.guards.contract import Guarded, leave
from reconciler.planning.order import REMOVALS

VARIABLES = ("step", "plan", "production")

SEEN: Mapping[str, str] = MappingProxyType(
    {
        "step.verb": "create, update, adopt, archive or delete.",
        "step.kind": "The kind of the object, such as Gate; Tag for a tag that the plan makes.",
        "step.id": "Its id.",
        "step.labels": "The labels of its manifest, by name; none where it has no manifest.",
        "step.modifiedBy": "Who changed the live object last; an empty text where that is not known.",
        "step.fields": "The differences, as the plan shows them: a list.",
        "step.fields[0].path": 'The field with what leads to it: `rules["EU ramp"].passPercentage`.',
        "step.fields[0].field": "The field at the top of the object: `rules`.",
        "step.fields[0].action": "set, add, remove, rename or move.",
        "step.fields[0].live": "The value that is live; null where there is none. Numbers are doubles: `f.live + 1.0`.",
        "step.fields[0].desired": "The value that is wanted; null where there is none.",
        "plan.steps": "How many steps the plan has.",
        "plan.creates": "How many of them create.",
        "plan.updates": "How many update.",
        "plan.adopts": "How many adopt, and may update.",
        "plan.archives": "How many archive.",
        "plan.deletes": "How many delete.",
        "plan.removals": "How many archive or delete.",
        "plan.unchanged": "How many objects are as their manifests say.",
        "plan.managed": "How many live objects are managed, by kind: `plan.managed.Gate`.",
        "production": "The names of the environments that are production: a list.",
    }
)
"""What an expression sees."""

_LONGEST = 10_000
"""A value whose JSON text is longer is not shown: an expression that asks for it has no result, and stops the plan."""


def broken(safety: Safety, file: Place) -> Iterator[Finding]:
    """What is wrong with the policies of the project file, seen without any plan."""
    for number, policy in enumerate(safety.policies):
        where = file.at("safety", "policies", number)
        try:
            compiled = compile_cel(policy.deny, VARIABLES)
        except NoCelError:
            cure = "install statsig-reconciler[policies]"
            yield Finding("POLICY/extra", "policies need a library that is not installed", cure, where)
            return
        if isinstance(compiled, Trouble):
            message = f"the policy {policy.name} is no expression that can be run: {compiled.why}"
            yield Finding("POLICY/expression", message, "mend it; guards.md names its variables", where.at("deny"))


def denied(guarded: Guarded) -> Iterator[Finding]:
    """The steps that policies forbid, and those about which they could not be asked."""
    if not guarded.safety.policies:
        return
    plan, production = _plan(guarded.plan), sorted(guarded.production)
    steps = [(step, {"step": _step(step), "plan": plan, "production": production}) for step in guarded.plan.steps]
    for policy in guarded.safety.policies:
        yield from _denied(policy, compile_cel(policy.deny, VARIABLES), steps, guarded)


def _denied(
    policy: CustomPolicy, compiled: Expression | Trouble, steps: list[tuple[Step, Tree]], guarded: Guarded
) -> Iterator[Finding]:
    """The findings of one policy. It is not asked again after it had no answer: that finding is about all steps."""
    code = f"GUARD/{policy.name}"
    for step, values in steps:
        answer = compiled.holds(values) if isinstance(compiled, Expression) else compiled
        if isinstance(answer, Trouble):
            message = f"the policy {policy.name} could not be asked about {step.key}: {answer.why}"
            yield Finding(code, message, f"mend it; {leave(policy.name, guarded.today)}", step.where)
            return
        if answer:
            message = f"the policy {policy.name} forbids to {step.verb} {step.key}: {policy.message or policy.deny}"
            yield Finding(code, message, leave(policy.name, guarded.today, step.key), step.where, step.key)


def _plan(plan: Plan) -> Tree:
    counts = {f"{verb}s": sum(1 for _ in plan.of(verb)) for verb in Verb}
    return {
        **counts,
        "removals": sum(step.verb in REMOVALS for step in plan.steps),
        "steps": len(plan.steps),
        "unchanged": len(plan.unchanged),
        "managed": dict(plan.managed),
    }


def _step(step: Step) -> Tree:
    return {
        "verb": str(step.verb),
        "kind": step.key.kind,
        "id": step.key.id,
        "labels": {str(name): str(value) for name, value in step.labels.items()},
        "fields": [_field(change) for change in step.fields],
        "modifiedBy": step.modified.by or "",
    }


def _field(change: FieldChange) -> Tree:
    values = {"live": _plain(change.live), "desired": _plain(change.desired)}
    return {
        "path": path_text(change.path),
        "field": str(change.path[0]) if change.path else "",
        "action": str(change.action),
        **{name: value for name, value in values.items() if len(json.dumps(value)) <= _LONGEST},
    }


def _plain(value: Json) -> Json:
    """The value in Python's own types; each number a double, so that 12.5 and 100 can be counted with alike."""
    match value:
        case dict():
            return {str(name): _plain(item) for name, item in value.items()}
        case list():
            return [_plain(item) for item in value]
        case None | bool():
            return value
        case int() | float():
            return float(value)
    return str(value)

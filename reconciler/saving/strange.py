"""What a plan file may not ask for, even if its checksum fits.

A step may touch its own object and no other:

    POST   /gates                       to create it, under its own id
    PATCH  /gates/checkout_v2           POST for a full update
    PUT    /gates/checkout_v2/launch    one word of the API
    DELETE /gates/checkout_v2           only in a step that says so
    POST   /tags                        to make the tag that the step is about
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from reconciler.domain import Verb
from reconciler.kind import Kind
from reconciler.saving.form import CallForm, PlanFile, StepForm, digest
from reconciler.shape import shape_of

_WORD = re.compile(r"/[a-z_]+")


def strange(form: PlanFile, kinds: Mapping[str, Kind]) -> Iterator[str]:
    """Everything in the steps that no plan of ours would hold."""
    seen: set[tuple[str, str]] = set()
    for step in form.steps:
        about = (step.kind, step.id)
        if about in seen:
            yield f"{_name(step)} has two steps"
        seen.add(about)
        kind = kinds.get(step.kind)
        yield from _tag(step) if kind is None else _object(step, kind)


def _name(step: StepForm) -> str:
    return f"{step.kind}/{step.id}"


def _tag(step: StepForm) -> Iterator[str]:
    if step.kind != "Tag" or step.verb is not Verb.CREATE:
        yield f"a plan cannot {step.verb} {_name(step)}"
    for call in step.calls:
        if (call.method, call.path) != ("POST", "/tags") or not _names(call, "name", step.id, lacking=""):
            yield _other(call, step)


def _object(step: StepForm, kind: Kind) -> Iterator[str]:
    if step.digest != (None if step.base is None else digest(step.base)):
        yield f"the digest of {_name(step)} does not fit the object that it was made from"
    if any(not change.path or change.path[0] not in shape_of(kind.spec).fields for change in step.fields):
        yield f"{_name(step)} differs in a field that a {kind.name} does not have"
    for call in step.calls:
        if not _is_about(call, step, kind):
            yield _other(call, step)
        elif call.method == "DELETE" and step.verb is not Verb.DELETE:
            yield f"the step says {step.verb}, and the call {call.method} {call.path} deletes"


def _is_about(call: CallForm, step: StepForm, kind: Kind) -> bool:
    item = kind.item(step.id)
    match call.method:
        case "POST" if call.path == kind.collection:
            return step.verb is Verb.CREATE and _names(call, kind.identity, step.id, lacking="")
        case "POST" | "PATCH":
            return call.path == item and _names(call, kind.identity, step.id, lacking=step.id)
        case "PUT":
            return call.path.startswith(item) and _WORD.fullmatch(call.path.removeprefix(item)) is not None
        case "DELETE":
            return call.path == item


def _names(call: CallForm, identity: str, id_: str, *, lacking: str) -> bool:
    """Whether the body is about the object `id_`; `lacking` is what it means if it does not say."""
    return isinstance(call.body, dict) and call.body.get(identity, lacking) == id_


def _other(call: CallForm, step: StepForm) -> str:
    return f"the call {call.method} {call.path} is not about {_name(step)}"

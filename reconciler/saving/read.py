"""The bytes of a plan file to the plan, or to what is wrong with them. Nothing is trusted before all checks."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pydantic import ValidationError

from reconciler import __version__
from reconciler.domain import (
    Allowance,
    Call,
    FieldChange,
    Finding,
    IdOf,
    ItemName,
    Json,
    Modified,
    Place,
    Plan,
    ResourceKey,
    Review,
    Step,
    Tree,
    WayBack,
)
from reconciler.kind import Kind
from reconciler.planning.fingerprint import fingerprint
from reconciler.saving.form import (
    AllowanceForm,
    CallForm,
    FieldForm,
    FindingForm,
    KeyForm,
    PlaceForm,
    PlanFile,
    StepForm,
    digest,
    plain_marker,
)
from reconciler.saving.saved import SavedPlan, Target
from reconciler.saving.strange import strange

_ANEW = "make the plan again: reconciler plan --out FILE"


def read(data: bytes, path: str, kinds: Mapping[str, Kind]) -> SavedPlan | Finding:
    """The saved plan in the file `path` with the bytes `data`; a finding if the file cannot be trusted."""
    try:
        found = _trusted(data, kinds)
    except RecursionError:
        found = "its values are nested without end"
    return Finding("PLANFILE/refused", found, _ANEW, Place(path)) if isinstance(found, str) else found


def _trusted(data: bytes, kinds: Mapping[str, Kind]) -> SavedPlan | str:
    """The plan, or why it is refused."""
    tree = _document(data)
    form = _unchanged(tree) if isinstance(tree, dict) else tree
    if isinstance(form, str):
        return form
    if trouble := next(strange(form, kinds), None):
        return trouble
    plan = _plan(form)
    if fingerprint(plan) != form.fingerprint:
        return "the fingerprint does not fit the calls"
    return SavedPlan(plan, Target(form.url, form.project, form.tool, frozenset(form.production)), form.fingerprint)


def _document(data: bytes) -> Tree | str:
    """The JSON object, or why it is none."""
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        return "the file is no JSON document; was it cut off?"
    return tree if isinstance(tree, dict) and "checksum" in tree else "the file is no saved plan"


def _unchanged(tree: Tree) -> PlanFile | str:
    """The form, or why the file is not as it was written."""
    if tree.get("version") != 1 or tree.get("tool") != __version__:
        return f"the plan was made by another version ({tree.get('tool')!r}), this is {__version__}"
    rest = {name: value for name, value in tree.items() if name != "checksum"}
    if tree["checksum"] != digest(rest):
        return "the checksum does not fit: the file was changed after it was written"
    try:
        return PlanFile.model_validate(tree)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


def _plan(form: PlanFile) -> Plan:
    return Plan(
        steps=tuple(_step(step) for step in form.steps),
        unchanged=tuple(_key(key) for key in form.unchanged),
        held=tuple(_step(step) for step in form.held),
        pending=tuple(_step(step) for step in form.pending),
        unmanaged=tuple((_key(each), Modified(each.modifiedBy, each.modifiedAt)) for each in form.unmanaged),
        findings=tuple(_finding(finding) for finding in form.findings),
        managed=form.managed,
        asked_by={_key(each): frozenset(map(_key, each.by)) for each in form.askedBy},
    )


def _key(form: KeyForm) -> ResourceKey:
    return ResourceKey(form.kind, form.id)


def _step(form: StepForm) -> Step:
    return Step(
        key=_key(form),
        verb=form.verb,
        calls=_calls(form.calls),
        fields=tuple(_field(field) for field in form.fields),
        where=_place(form.where),
        needs=frozenset(_key(need) for need in form.needs),
        modified=Modified(form.modifiedBy, form.modifiedAt),
        base=form.base,
        review=Review(**form.review.model_dump()) if form.review else None,
        taints=frozenset(_key(key) for key in form.taints),
        relies={_key(each): each.status for each in form.relies},
        back=WayBack(_calls(form.back.calls), tuple(form.back.kept)),
        labels=form.labels,
    )


def _calls(forms: list[CallForm]) -> tuple[Call, ...]:
    return tuple(Call(call.method, call.path, _value(call.body)) for call in forms)


def _field(form: FieldForm) -> FieldChange:
    path = tuple(part if isinstance(part, str | int) else ItemName(part.item) for part in form.path)
    return FieldChange(path, form.action, _value(form.live), _value(form.desired))


def _value(value: Json) -> Json:
    match value:
        case {"$idOf": {"list": str(field), "name": str(name)}}:
            return IdOf(field, name)
        case dict():
            return {plain_marker(name): _value(item) for name, item in value.items()}
        case list():
            return [_value(item) for item in value]
    return value


def _place(form: PlaceForm | None) -> Place | None:
    return Place(form.path, form.document, tuple(form.pointer), form.line, form.column) if form else None


def _finding(form: FindingForm) -> Finding:
    key = _key(form.object) if form.object else None
    allowed = _allowance(form.allowed) if form.allowed else None
    return Finding(form.code, form.message, form.cure, _place(form.where), key, form.severity, allowed)


def _allowance(form: AllowanceForm) -> Allowance:
    return Allowance(form.guard, form.reason, form.until, tuple(form.objects), _place(form.where))

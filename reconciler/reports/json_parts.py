"""The parts of JSON reports, made of domain values."""

from __future__ import annotations

import math
from collections.abc import Iterable

from reconciler.domain import (
    Allowance,
    Call,
    FieldChange,
    Finding,
    IdOf,
    Json,
    Modified,
    Place,
    ResourceKey,
    Review,
    Severity,
    Step,
    path_text,
    sort_findings,
)
from reconciler.domain.moments import iso
from reconciler.reports.forms import (
    AllowanceForm,
    CallForm,
    FieldForm,
    FindingCounts,
    FindingForm,
    ModifiedForm,
    ObjectForm,
    PlaceForm,
    ReviewForm,
    StepForm,
    UnmanagedForm,
)
from reconciler.reports.step_text import owner_of
from reconciler.reports.values import plain_number


def value_form(value: Json) -> Json:
    """A value that JSON can hold: 60 for 60.0, a marker for an id that is not known yet, text for what is no number."""
    match value:
        case IdOf(field, name):
            return {"$idOf": {"list": field, "name": name}}
        case dict():
            return {str(key): value_form(item) for key, item in value.items()}
        case list() | tuple():
            return [value_form(item) for item in value]
        case float() if not math.isfinite(value):
            return str(value)
        case float():
            return plain_number(value)
        case _:
            return value


def object_form(key: ResourceKey) -> ObjectForm:
    """An object."""
    return {"kind": key.kind, "id": key.id}


def place_form(where: Place | None) -> PlaceForm | None:
    """A place in a manifest, if there is one."""
    if where is None:
        return None
    return {
        "path": where.path,
        "line": where.line,
        "column": where.column,
        "document": where.document,
        "keys": list(where.pointer),
    }


def finding_forms(findings: Iterable[Finding]) -> list[FindingForm]:
    """Findings in the order in which a reader mends them."""
    return [
        {
            "code": finding.code,
            "severity": finding.severity,
            "message": finding.message,
            "cure": finding.cure,
            "where": place_form(finding.where),
            "object": object_form(finding.key) if finding.key else None,
            "allowed": allowance_form(finding.allowed) if finding.allowed else None,
        }
        for finding in sort_findings(findings)
    ]


def allowance_form(entry: Allowance) -> AllowanceForm:
    """Why a guard may trip."""
    return {
        "guard": entry.guard,
        "reason": entry.reason,
        "until": entry.until.isoformat() if entry.until else None,
        "where": place_form(entry.where),
    }


def finding_counts(findings: Iterable[Finding]) -> FindingCounts:
    """How many findings stop the run, and how many warn."""
    severities = [finding.severity for finding in findings]
    return {"errors": severities.count(Severity.ERROR), "warnings": severities.count(Severity.WARNING)}


def field_form(change: FieldChange) -> FieldForm:
    """One difference."""
    return {
        "path": path_text(change.path),
        "keys": list(change.path),
        "action": change.action,
        "live": value_form(change.live),
        "desired": value_form(change.desired),
    }


def call_form(call: Call) -> CallForm:
    """One request."""
    return {"method": call.method, "path": call.path, "body": value_form(call.body)}


def modified_form(modified: Modified) -> ModifiedForm:
    """The last change of a live object."""
    return {"by": modified.by, "at": None if modified.at is None else iso(modified.at)}


def review_form(review: Review | None) -> ReviewForm | None:
    """A review, if one is open."""
    if review is None:
        return None
    return {"id": review.id, "status": review.status, "description": review.description}


def step_form(step: Step) -> StepForm:
    """One step."""
    return {
        **object_form(step.key),
        "verb": step.verb,
        "where": place_form(step.where),
        "owner": owner_of(step) or None,
        "modified": modified_form(step.modified),
        "needs": [object_form(key) for key in sorted(step.needs)],
        "fields": [field_form(change) for change in step.fields],
        "calls": [call_form(call) for call in step.calls],
        "review": review_form(step.review),
        "taints": [object_form(key) for key in sorted(step.taints)],
        "back": {"calls": [call_form(call) for call in step.back.calls], "kept": list(step.back.kept)},
    }


def unmanaged_forms(unmanaged: Iterable[tuple[ResourceKey, Modified]]) -> list[UnmanagedForm]:
    """Live objects that no manifest describes."""
    by_key = sorted(unmanaged, key=lambda pair: pair[0])
    return [{**object_form(key), "modified": modified_form(modified)} for key, modified in by_key]

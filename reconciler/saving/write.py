"""A plan to the text of a file."""

from __future__ import annotations

import json
from dataclasses import asdict

from reconciler.domain import (
    Allowance,
    Call,
    Finding,
    IdOf,
    ItemName,
    Json,
    Modified,
    Place,
    Plan,
    ResourceKey,
    Step,
    Tree,
)
from reconciler.planning.fingerprint import fingerprint
from reconciler.saving.form import MARKER, digest, escaped_marker
from reconciler.saving.saved import Target


def write(plan: Plan, target: Target) -> str:
    """The text of the plan file: JSON, the same for the same plan."""
    tree: Tree = {
        "version": 1,
        "tool": target.tool,
        "url": target.url,
        "project": target.project_id,
        "production": sorted(target.production),
        "fingerprint": fingerprint(plan),
        "steps": [_step(step) for step in plan.steps],
        "held": [_step(step) for step in plan.held],
        "pending": [_step(step) for step in plan.pending],
        "unchanged": [_key(key) for key in plan.unchanged],
        "unmanaged": [{**_key(key), **_modified(who)} for key, who in plan.unmanaged],
        "findings": [_finding(finding) for finding in plan.findings],
        "managed": dict(plan.managed),
        "askedBy": [
            {**_key(key), "by": [_key(user) for user in sorted(users)]} for key, users in sorted(plan.asked_by.items())
        ],
    }
    return json.dumps({**tree, "checksum": digest(tree)}, indent=1) + "\n"


def _key(key: ResourceKey) -> Tree:
    return {"kind": key.kind, "id": key.id}


def _step(step: Step) -> Tree:
    return {
        **_key(step.key),
        "verb": step.verb,
        "where": _place(step.where),
        "needs": [_key(need) for need in sorted(step.needs)],
        "fields": [
            {
                "path": [{"item": part} if isinstance(part, ItemName) else part for part in change.path],
                "action": change.action,
                "live": _value(change.live),
                "desired": _value(change.desired),
            }
            for change in step.fields
        ],
        "calls": [_call(call) for call in step.calls],
        "digest": None if step.base is None else digest(step.base),
        "base": step.base,
        **_modified(step.modified),
        "review": asdict(step.review) if step.review else None,
        "taints": [_key(key) for key in sorted(step.taints)],
        "relies": [{**_key(key), "status": status} for key, status in sorted(step.relies.items())],
        "back": {"calls": [_call(call) for call in step.back.calls], "kept": list(step.back.kept)},
        "labels": dict(step.labels),
    }


def _modified(modified: Modified) -> Tree:
    return {"modifiedBy": modified.by, "modifiedAt": modified.at}


def _call(call: Call) -> Tree:
    return {"method": call.method, "path": call.path, "body": _value(call.body)}


def _value(value: Json) -> Json:
    if isinstance(value, IdOf):
        return {MARKER: {"list": value.field, "name": value.name}}
    if isinstance(value, dict):
        return {escaped_marker(name): _value(item) for name, item in value.items()}
    return [_value(item) for item in value] if isinstance(value, list) else value


def _place(where: Place | None) -> Tree | None:
    if where is None:
        return None
    pointer = list(where.pointer)
    return {
        "path": where.path,
        "document": where.document,
        "pointer": pointer,
        "line": where.line,
        "column": where.column,
    }


def _finding(finding: Finding) -> Tree:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "cure": finding.cure,
        "where": _place(finding.where),
        "object": _key(finding.key) if finding.key else None,
        "allowed": _allowance(finding.allowed) if finding.allowed else None,
    }


def _allowance(entry: Allowance) -> Tree:
    return {
        "guard": entry.guard,
        "reason": entry.reason,
        "until": entry.until.isoformat() if entry.until else None,
        "objects": list(entry.objects),
        "where": _place(entry.where),
    }

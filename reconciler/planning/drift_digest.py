"""The drift of a project as one short text: another one just when something else differs."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.domain import Drift, Json, Step, path_text
from reconciler.kind import Kind
from reconciler.planning.fingerprint import sha256_of
from reconciler.planning.steady import steady


def drift_digest(drift: Drift, kinds: Mapping[str, Kind]) -> str | None:
    """SHA-256 (hexadecimal) over what differs and how; None without drift.

    Who did it and when, files and lines have no part in it, nor has the order in which anything was read.
    """
    if not drift.found:
        return None
    changed = [_object(step, kinds[step.key.kind]) for step in sorted(drift.changed, key=lambda step: step.key)]
    gone = sorted([key.kind, key.id] for key in (step.key for step in drift.gone))
    return sha256_of([changed, gone, sorted(salt.entry.id for salt in drift.salts)])


def _object(step: Step, kind: Kind) -> Json:
    fields = {
        f"{change.action} {path_text(change.path)}": [
            steady(kind, change.path, change.live),
            steady(kind, change.path, change.desired),
        ]
        for change in step.fields
    }
    return [step.key.kind, step.key.id, fields]

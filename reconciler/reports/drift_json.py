"""Drift as JSON, for programs."""

from __future__ import annotations

from collections import Counter

from reconciler.domain import Drift, Ending, Resalt, Sort, Step, Trace, Writer
from reconciler.domain.moments import iso
from reconciler.reports.drift_forms import DriftedForm, DriftReport, EndingForm, SaltForm, TraceForm, WriterForm
from reconciler.reports.forms import VERSION
from reconciler.reports.json_parts import (
    finding_counts,
    finding_forms,
    object_form,
    place_form,
    step_form,
    unmanaged_forms,
)
from reconciler.reports.step_text import owner_of


def drift_report(drift: Drift, exit_code: int) -> DriftReport:
    """All classes of differences."""
    number = Counter(drift.sorts.values())
    return {
        "version": VERSION,
        "command": "drift",
        "exitCode": exit_code,
        "digest": drift.digest,
        "summary": {
            "changed": len(drift.changed),
            "gone": len(drift.gone),
            "same": drift.same,
            "unmanaged": len(drift.unmanaged),
            "salts": len(drift.salts),
            "sorts": {
                "emergency_off": number[Sort.OFF],
                "experiment_lifecycle": number[Sort.LIFE],
                "other": number[Sort.OTHER],
                "rollout_step": number[Sort.ROLLOUT],
                "cosmetic": number[Sort.COSMETIC],
            },
            **finding_counts(drift.findings),
        },
        "changed": [_drifted_form(step, drift) for step in sorted(drift.changed, key=lambda step: step.key)],
        "gone": [
            {
                **object_form(step.key),
                "where": place_form(step.where),
                "owner": owner_of(step) or None,
                "trace": _first(drift.traces.get(step.key, ())),
            }
            for step in drift.gone
        ],
        "salts": [_salt_form(salt) for salt in drift.salts],
        "unmanaged": unmanaged_forms(drift.unmanaged),
        "findings": finding_forms(drift.findings),
    }


def _drifted_form(step: Step, drift: Drift) -> DriftedForm:
    traces = drift.traces.get(step.key, ())
    return {
        **step_form(step),
        "sort": drift.sorts.get(step.key, Sort.OTHER),
        "traces": [_trace_form(trace) for trace in traces],
        "ending": _ending_form(drift.endings.get(step.key)),
    }


def _ending_form(ending: Ending | None) -> EndingForm | None:
    return {"group": ending.group, "reason": ending.reason} if ending else None


def _first(traces: tuple[Trace, ...]) -> TraceForm | None:
    return _trace_form(traces[0]) if traces else None


def _trace_form(trace: Trace) -> TraceForm:
    return {
        "source": trace.source,
        "writers": [_writer_form(writer) for writer in trace.writers],
        "at": None if trace.at is None else iso(trace.at),
        "certain": trace.certain,
        "note": trace.note,
        "objectVersion": trace.version,
    }


def _writer_form(writer: Writer) -> WriterForm:
    return {
        "name": writer.name or None,
        "email": writer.email or None,
        "id": writer.id or None,
        "key": writer.key,
    }


def _salt_form(salt: Resalt) -> SaltForm:
    entry = salt.entry
    return {
        "objects": [object_form(key) for key in salt.keys],
        "action": entry.action,
        "entry": entry.id,
        "writer": _writer_form(entry.writer),
        "at": None if entry.at is None else iso(entry.at),
    }

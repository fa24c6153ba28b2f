"""The JSON Schemas of the reports, made from their forms."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from reconciler.domain import Tree
from reconciler.reports.drift_forms import DriftReport
from reconciler.reports.events import EventForm
from reconciler.reports.forms import (
    ApplyReport,
    DemoReport,
    GraphReport,
    PlanReport,
    Report,
    RollbackReport,
    ValidateReport,
)

REPORTS: Mapping[str, type[Report]] = {
    "validate": ValidateReport,
    "plan": PlanReport,
    "apply": ApplyReport,
    "rollback": RollbackReport,
    "drift": DriftReport,
    "graph": GraphReport,
    "demo": DemoReport,
}
"""The form of what each command reports."""


class _Untitled(GenerateJsonSchema):
    """Without the titles that are made of field names and say nothing new."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - the name is pydantic's
        return False


def report_schema(command: str) -> Tree:
    """The schema (2020-12) of what ``reconciler <command> --format json`` writes. KeyError for other commands."""
    schema = TypeAdapter(REPORTS[command]).json_schema(schema_generator=_Untitled)
    title = f"Report of 'reconciler {command} --format json'"
    return {"$schema": GenerateJsonSchema.schema_dialect, **schema, "title": title}


def event_schema() -> Tree:
    """The schema (2020-12) of one line of what ``--events FILE`` writes."""
    schema = TypeAdapter(EventForm).json_schema(schema_generator=_Untitled)
    return {"$schema": GenerateJsonSchema.schema_dialect, **schema, "title": "One line of --events"}

"""Plans, outcomes, drift and findings as text for people and as JSON for programs. Pure: values in, text out.

    text            every report as lines, for a terminal or a pipe
    json_report     every report as a JSON document
    forms           what the fields of these documents mean
    report_schema   the same as JSON Schema

Whatever text comes from manifests or from the live project passes `visible` on its way into a line.
"""

from reconciler.reports.report_schema import REPORTS, event_schema, report_schema

__all__ = ["REPORTS", "event_schema", "report_schema"]

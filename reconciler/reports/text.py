"""Every report as lines: `plain` makes text of them, and a terminal shows them wrapped and in colour."""

from reconciler.reports.apply_text import (
    MANIFESTS,
    SAVED_PLAN,
    WAY_BACK,
    Wording,
    applied_lines,
    convergence_lines,
    forecast_lines,
    outcome_lines,
)
from reconciler.reports.drift_text import drift_lines
from reconciler.reports.finding_text import finding_lines, validation_lines
from reconciler.reports.line import EMPTY, Line, line, plain
from reconciler.reports.moments import duration
from reconciler.reports.plan_text import plan_lines
from reconciler.reports.saved_text import kept_lines, opened_lines, way_back_lines, written_lines

__all__ = [
    "EMPTY",
    "MANIFESTS",
    "SAVED_PLAN",
    "WAY_BACK",
    "Line",
    "Wording",
    "applied_lines",
    "convergence_lines",
    "drift_lines",
    "duration",
    "finding_lines",
    "forecast_lines",
    "kept_lines",
    "line",
    "opened_lines",
    "outcome_lines",
    "plain",
    "plan_lines",
    "validation_lines",
    "way_back_lines",
    "written_lines",
]

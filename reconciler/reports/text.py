"""Every report as lines: `plain` makes text of them, and a terminal shows them wrapped and in colour."""

from reconciler.reports.apply_text import applied_lines, convergence_lines, outcome_lines
from reconciler.reports.drift_text import drift_lines
from reconciler.reports.finding_text import finding_lines, validation_lines
from reconciler.reports.line import EMPTY, Line, line, plain
from reconciler.reports.plan_text import plan_lines

__all__ = [
    "EMPTY",
    "Line",
    "applied_lines",
    "convergence_lines",
    "drift_lines",
    "finding_lines",
    "line",
    "outcome_lines",
    "plain",
    "plan_lines",
    "validation_lines",
]

"""Reports as JSON, for programs. `reconciler.reports.forms` says what each field means."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

from reconciler.domain import (
    Call,
    Convergence,
    Drift,
    FieldChange,
    Finding,
    IdOf,
    Json,
    Modified,
    Outcome,
    Place,
    Plan,
    ResourceKey,
    Severity,
    Status,
    Step,
    Tree,
    Verb,
    path_text,
    sort_findings,
)
from reconciler.reports.forms import (
    ApplyReport,
    ApplySummary,
    CallForm,
    ConvergenceForm,
    DriftReport,
    DriftSummary,
    FailureReport,
    FieldForm,
    FindingForm,
    GoneForm,
    ModifiedForm,
    ObjectForm,
    OutcomeForm,
    PlaceForm,
    PlanReport,
    PlanSummary,
    Report,
    StepForm,
    UnmanagedForm,
    ValidateReport,
    ValidateSummary,
)
from reconciler.reports.moments import iso
from reconciler.reports.values import plain_number

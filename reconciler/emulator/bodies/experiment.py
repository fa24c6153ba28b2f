"""Bodies of ``/experiments``."""

# ruff: noqa: N815 - field names are those of the API
from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from reconciler.emulator.bodies.base import ABSENT, Body, Description, Metric, OneOrMoreTexts

Count: TypeAlias = Annotated[int, Field(ge=1)]
"""The document says "minimum 1, exclusive", probably an artefact of "positive": 1 is accepted here."""
Share: TypeAlias = Annotated[float, Field(ge=0, le=100)]
Status: TypeAlias = Literal[
    "active", "setup", "decision_made", "abandoned", "archived", "experiment_stopped", "assignment_stopped"
]
ExperimentName: TypeAlias = Annotated[str, Field(min_length=3, max_length=100, pattern=r"^[a-zA-Z0-9_\- ]*$")]


class Link(Body):
    """A link to a document."""

    url: Annotated[str, Field(pattern=r"^[a-zA-Z][a-zA-Z0-9+.-]*:\S+$")]
    title: str = ABSENT


class Group(Body):
    """One group of units."""

    name: str
    size: Share
    parameterValues: dict[str, Any]
    id: str | None = ABSENT
    disabled: bool = ABSENT
    description: str = ABSENT
    foreignGroupID: str = ABSENT


class ExperimentMetric(Metric):
    """A metric of an experiment."""

    direction: Literal["increase", "decrease"] = ABSENT
    hypothesizedValue: float = ABSENT


class QualityScore(Body):
    """A quality score that is set by hand."""

    criteriaName: str
    status: Literal["PASSED", "FAILED", "WARNING"]
    criteriaDescription: str
    score: float
    weight: float


class SourceFilter(Body):
    """A filter on the assignment source."""

    condition: Literal[
        "in", "not_in", "=", ">", "<", ">=", "<=", "is_null", "non_null", "contains", "not_contains", "sql_filter",
        "starts_with", "ends_with", "after_exposure", "before_exposure", "is_true", "is_false",
    ]  # fmt: skip
    column: str = ABSENT
    values: list[str] = ABSENT


class SampledMetric(Body):
    """The metric that strata are balanced on."""

    name: str
    startDate: str
    endDate: str


class SampledProperty(Body):
    """The property that strata are balanced on."""

    propertySourceName: str
    column: str


class SampledCsv(Body):
    """A list of units that strata are balanced on."""

    original: str
    identifier: str


class StratifiedSampling(Body):
    """Stratified sampling."""

    status: Literal["pending", "success", "error"]
    metric: SampledMetric = ABSENT
    entityPropertySource: SampledProperty = ABSENT
    csv: SampledCsv = ABSENT


class ExperimentUpdate(Body):
    """What may be changed of an experiment."""

    name: ExperimentName = ABSENT
    description: Description = ABSENT
    idType: str = ABSENT
    secondaryIDType: str | None = ABSENT
    identifierMappingMode: Literal["strictOneToOne", "firstTouchOneToMany", "lastTouchOneToMany"] = ABSENT
    identityResolutionSource: str | None = ABSENT
    hypothesis: str = ABSENT
    links: list[Link] = ABSENT
    groups: list[Group] = ABSENT
    controlGroupID: str = ABSENT
    allocation: Share = ABSENT
    primaryMetricTags: list[str] = ABSENT
    secondaryMetricTags: list[str] = ABSENT
    primaryMetrics: list[ExperimentMetric] = ABSENT
    secondaryMetrics: list[ExperimentMetric] = ABSENT
    otherMetrics: list[ExperimentMetric] = ABSENT
    targetApps: OneOrMoreTexts = ABSENT
    tags: list[str] = ABSENT
    duration: Count = ABSENT
    targetExposures: Count = ABSENT
    targetingGateID: str | None = ABSENT
    sequentialTesting: bool = ABSENT
    bonferroniCorrection: bool = ABSENT
    bonferroniCorrectionPerMetric: bool = ABSENT
    benjaminiHochbergPerVariant: bool = ABSENT
    benjaminiHochbergPerMetric: bool = ABSENT
    benjaminiPrimaryMetricsOnly: bool = ABSENT
    defaultConfidenceInterval: Literal["80", "90", "95", "98", "99"] = ABSENT
    manualQualityScores: list[QualityScore] = ABSENT
    status: Status = ABSENT
    launchedGroupID: str | None = ABSENT
    assignmentSourceName: str = ABSENT
    assignmentSourceExperimentName: str = ABSENT
    creatorID: str | None = ABSENT
    creatorEmail: str | None = ABSENT
    isAnalysisOnly: bool | None = ABSENT
    team: str | None = ABSENT
    teamID: str | None = ABSENT
    allocationDuration: Count | None = ABSENT
    cohortedAnalysisDuration: Count = ABSENT
    cohortedMetricsMatureAfterEnd: bool = ABSENT
    cohortWaitUntilEndToInclude: bool = ABSENT
    fixedAnalysisDuration: Count = ABSENT
    scheduledReloadHour: Annotated[int, Field(ge=0, le=23)] | None = ABSENT
    scheduledReloadType: Literal["full", "incremental"] = ABSENT
    analysisEndTime: str = ABSENT
    assignmentSourceFilters: list[SourceFilter] = ABSENT
    analyticsType: Literal["frequentist", "bayesian", "sprt"] = ABSENT
    isSidecar: bool = ABSENT
    decisionReason: str = ABSENT
    stratifiedSampling: StratifiedSampling | None = ABSENT


class ExperimentCreate(ExperimentUpdate):
    """What an experiment is made from. The layer is fixed from then on."""

    id: Annotated[str, Field(min_length=3, max_length=100, pattern=r"^[a-zA-Z0-9_-]*$")] = ABSENT
    layerID: str = ABSENT

"""Experiments: ``/experiments``."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Field

from reconciler.domain import Ending, Json, Tree, objects
from reconciler.forms import names, number, text
from reconciler.kind import Kind
from reconciler.kinds.experiment.checks import check
from reconciler.kinds.experiment.history import LOGGED
from reconciler.kinds.experiment.inline_targeting import asked_for
from reconciler.kinds.experiment.lifecycle import taints, transition
from reconciler.kinds.experiment.parts import (
    Count,
    ExperimentMetric,
    Group,
    Link,
    QualityScore,
    Share,
    SourceFilter,
    StratifiedSampling,
)
from reconciler.kinds.experiment.runs import CONCLUDED, SEALED, results
from reconciler.kinds.experiment.status import ACTIONS
from reconciler.kinds.shared import AUTHORSHIP, TagName, Tags, TargetApps
from reconciler.meaning import (
    LEFT_OUT,
    QUOTED,
    BlankText,
    CreateOnly,
    Directed,
    Flag,
    Form,
    GrownBy,
    KeyedBy,
    Refers,
    Spec,
    Text,
    WriteOnce,
)

Metrics: TypeAlias = Annotated[list[ExperimentMetric], KeyedBy(("name", "type"), ordered=False, named=False)]


def layer_form(value: Json) -> Json:
    """The layer that the service makes for an experiment without one is no layer."""
    return None if isinstance(value, str) and value.startswith("statsig::") else text(value)


def _confidence(value: Json) -> Json:
    """95 and "95" are the same."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class ExperimentSpec(Spec):
    """An experiment. Only the fields that are written here are managed."""

    name: Annotated[str, Field(min_length=3, max_length=100, pattern=r"^[a-zA-Z0-9_\- ]*$"), QUOTED] = LEFT_OUT
    """Display name; the id if left out when the experiment is created."""
    status: Annotated[
        Literal[
            "setup", "active", "decision_made", "abandoned", "archived", "experiment_stopped", "assignment_stopped"
        ],
        Directed(),
    ] = LEFT_OUT
    """Desired state; reached by starting, deciding, abandoning, archiving. What people concluded is not undone."""
    description: Annotated[BlankText, Field(max_length=1000)] = LEFT_OUT
    """What the experiment is for."""
    hypothesis: BlankText = LEFT_OUT
    """The statement that is tested."""
    idType: Annotated[Text, Refers("UnitIdType")] = LEFT_OUT
    """The unit that is assigned, such as userID."""
    secondaryIDType: Annotated[BlankText, Refers("UnitIdType")] | None = LEFT_OUT
    """Warehouse native: the second unit for id resolution."""
    identifierMappingMode: Literal["strictOneToOne", "firstTouchOneToMany", "lastTouchOneToMany"] = LEFT_OUT
    """Warehouse native: how ids are resolved."""
    identityResolutionSource: Annotated[BlankText, Refers("EntityPropertySource")] | None = LEFT_OUT
    """Warehouse native: the entity property source that resolves ids."""
    links: Annotated[list[Link], KeyedBy(("url",), ordered=False, named=False, labelled=True)] = LEFT_OUT
    """Documents about the experiment."""
    groups: Annotated[list[Group], KeyedBy(("name",), carry=("id",), telling=("parameterValues",))] = LEFT_OUT
    """The groups. Without them the service makes Control and Test, 50 % each."""
    controlGroup: Annotated[Text, Directed()] = LEFT_OUT
    """Name of the control group."""
    launchedGroup: Annotated[Text, Directed()] = LEFT_OUT
    """Name of the group that is launched with status decision_made."""
    allocation: Share = LEFT_OUT
    """Percent of the layer (or of all units) that takes part. While the experiment runs it can only rise."""
    targetingGateID: Annotated[BlankText, Refers("Gate")] | None = LEFT_OUT
    """Only units that pass this gate take part; null for no gate."""
    layerID: Annotated[Text, CreateOnly(), Form(layer_form), Refers("Layer")] = LEFT_OUT
    """The layer; set when the experiment is created."""
    primaryMetricTags: Annotated[list[TagName], Form(names), Refers("Tag"), WriteOnce()] = LEFT_OUT
    """Tags whose metrics become primary metrics at creation; the service answers with the metrics only."""
    secondaryMetricTags: Annotated[list[TagName], Form(names), Refers("Tag"), WriteOnce()] = LEFT_OUT
    """Tags whose metrics become secondary metrics at creation; the service answers with the metrics only."""
    primaryMetrics: Annotated[Metrics, GrownBy("primaryMetricTags")] = LEFT_OUT
    """Metrics that decide."""
    secondaryMetrics: Annotated[Metrics, GrownBy("secondaryMetricTags")] = LEFT_OUT
    """Metrics that might change the decision."""
    otherMetrics: Metrics = LEFT_OUT
    """Metrics to look into; the usual corrections are not applied to them."""
    targetApps: TargetApps = LEFT_OUT
    """Names of the target apps."""
    tags: Tags = LEFT_OUT
    """Names of tags."""
    duration: Count = LEFT_OUT
    """Expected length in days."""
    targetExposures: Count = LEFT_OUT
    """Expected number of exposures."""
    sequentialTesting: Flag = LEFT_OUT
    """Whether sequential testing is applied."""
    bonferroniCorrection: Flag = LEFT_OUT
    """Bonferroni correction for each variant."""
    bonferroniCorrectionPerMetric: Flag = LEFT_OUT
    """Bonferroni correction for each metric."""
    benjaminiHochbergPerVariant: Flag = LEFT_OUT
    """Benjamini-Hochberg procedure for each variant."""
    benjaminiHochbergPerMetric: Flag = LEFT_OUT
    """Benjamini-Hochberg procedure for each metric."""
    benjaminiPrimaryMetricsOnly: Flag = LEFT_OUT
    """Benjamini-Hochberg procedure for primary metrics only."""
    defaultConfidenceInterval: Annotated[
        Literal["80", "90", "95", "98", "99"], BeforeValidator(_confidence), Form(_confidence)
    ] = LEFT_OUT
    """Confidence interval of the results, in percent."""
    manualQualityScores: Annotated[
        list[QualityScore], KeyedBy(("criteriaName",), ordered=False, named=False, labelled=True), Field(max_length=10)
    ] = LEFT_OUT
    """Quality scores that are set by hand."""
    analyticsType: Literal["frequentist", "bayesian", "sprt"] = LEFT_OUT
    """How results are computed."""
    decisionReason: BlankText = LEFT_OUT
    """Why it was concluded; also given with the transition, where metadata.decision.reason is the alternative."""
    assignmentSourceName: BlankText = LEFT_OUT
    """Warehouse native: name of the assignment source."""
    assignmentSourceExperimentName: BlankText = LEFT_OUT
    """Warehouse native: name of the experiment in the assignment source."""
    assignmentSourceFilters: Annotated[
        list[SourceFilter], KeyedBy(("column", "condition"), ordered=False, named=False)
    ] = LEFT_OUT
    """Warehouse native: filters on the assignment source."""
    isAnalysisOnly: Flag | None = LEFT_OUT
    """Warehouse native: results only, no assignment."""
    allocationDuration: Count | None = LEFT_OUT
    """Warehouse native: days of allocation."""
    cohortedAnalysisDuration: Count = LEFT_OUT
    """Warehouse native: days of analysis for each cohort."""
    cohortedMetricsMatureAfterEnd: Flag = LEFT_OUT
    """Warehouse native: let cohort metrics mature after the end."""
    cohortWaitUntilEndToInclude: Flag = LEFT_OUT
    """Warehouse native: count only units whose cohort analysis is complete."""
    fixedAnalysisDuration: Count = LEFT_OUT
    """Days of analysis, fixed."""
    scheduledReloadHour: Annotated[int, Field(ge=0, le=23), Form(number)] | None = LEFT_OUT
    """Warehouse native: the hour (UTC) of scheduled loads."""
    scheduledReloadType: Literal["full", "incremental"] = LEFT_OUT
    """Warehouse native: what scheduled loads do."""
    analysisEndTime: BlankText = LEFT_OUT
    """Warehouse native: end of an analysis-only experiment, such as "2026-10-30"."""
    stratifiedSampling: StratifiedSampling | None = LEFT_OUT
    """Stratified sampling."""
    isSidecar: Flag = LEFT_OUT
    """Whether this is a Sidecar experiment."""
    team: BlankText | None = LEFT_OUT
    """The owning team, by name."""
    teamID: BlankText | None = LEFT_OUT
    """The owning team, by id."""
    creatorID: Annotated[BlankText, WriteOnce()] | None = LEFT_OUT
    """Sent when the experiment is created and not compared afterwards."""
    creatorEmail: Annotated[BlankText, WriteOnce()] | None = LEFT_OUT
    """Sent when the experiment is created and not compared afterwards."""


def view(live: Tree) -> Tree:
    """A live experiment with `controlGroup` and `launchedGroup` by name."""
    return {
        "controlGroup": _group_name(live, "controlGroupID"),
        "launchedGroup": _group_name(live, "launchedGroupID"),
        **live,
    }


def _group_name(live: Tree, field: str) -> str | None:
    wanted = live.get(field)
    known = (group.get("name") for group in objects(live.get("groups")) if wanted and group.get("id") == wanted)
    return next(known, None)


def ending(live: Tree) -> Ending | None:
    """For which group a live experiment was decided, and why it was concluded."""
    if live.get("status") not in {*CONCLUDED, SEALED}:
        return None
    group, reason = _group_name(live, "launchedGroupID"), live.get("decisionReason")
    why = reason.strip() if isinstance(reason, str) else ""
    return Ending(group, why or None) if group or why else None


def create(id_: str, desired: Tree) -> Tree:
    """The body that creates the experiment, as a draft: starting and the control group are calls of their own."""
    kept = {key: value for key, value in desired.items() if key not in {"status", "controlGroup", "launchedGroup"}}
    if layer_form(kept.get("layerID")) is None:
        kept.pop("layerID", None)
    return {"id": id_, "name": id_, **kept}


KIND = Kind(
    name="Experiment",
    spec=ExperimentSpec,
    collection="/experiments",
    item_root="/experiments",
    seed_key="experiments",
    namespace="configs",
    id_pattern=r"[a-zA-Z0-9_-]*",
    read_only=AUTHORSHIP
    | {
        "startTime",
        "endTime",
        "decisionTime",
        "healthChecks",
        "healthCheckStatus",
        "owner",
        "holdoutIDs",
        "version",
        "inlineTargetingRulesJSON",
        "summarySections",
        "subtype",
        "externalExperimentName",
        "reviewSettings",
        "activeReview",
    },
    instead={
        "id": "the id is metadata.id",
        "controlGroupID": "write controlGroup: the name of the group; its id is made by the service",
        "launchedGroupID": "write launchedGroup: the name of the group; its id is made by the service",
    },
    actions=ACTIONS,
    missing="no parameters",
    view=view,
    create=create,
    transition=transition,
    running=frozenset({"active"}),
    taints=taints,
    permits=frozenset({"reset", "rewrite"}),
    check=check,
    sealed=SEALED,
    results=results,
    ending=ending,
    logged=LOGGED,
    also_names=asked_for,
)

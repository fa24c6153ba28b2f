"""The objects that an experiment holds."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from reconciler.forms import json_object, number
from reconciler.kinds.shared import Metric
from reconciler.meaning import LEFT_OUT, QUOTED, BlankText, Flag, Form, Number, Refers, Spec, Text

Share: TypeAlias = Annotated[Number, Field(ge=0, le=100)]
Count: TypeAlias = Annotated[int, Field(ge=1), Form(number)]


class Link(Spec):
    """A link to a document."""

    url: Annotated[str, Field(pattern=r"^[a-zA-Z][a-zA-Z0-9+.-]*:", examples=["https://example.com/page"]), QUOTED]
    """Where it leads."""
    title: Annotated[BlankText, Field()] = LEFT_OUT
    """What it is."""


class Group(Spec):
    """One group of units."""

    name: Annotated[Text, Field(min_length=1)]
    """Unique within the experiment; the group is matched with its live twin by it."""
    size: Share
    """Share of the allocated units, in percent; the groups sum to 100."""
    parameterValues: Annotated[dict[str, Any], Form(json_object)]
    """The parameters that units of this group get."""
    id: Text | None = LEFT_OUT
    """Normally left out: the live id is carried over."""
    disabled: Flag = LEFT_OUT
    """Whether the group is switched off."""
    description: BlankText = LEFT_OUT
    """What the group is."""
    foreignGroupID: BlankText = LEFT_OUT
    """The group's id in another system."""


class ExperimentMetric(Metric):
    """A metric of an experiment."""

    direction: Literal["increase", "decrease"] = LEFT_OUT
    """The direction that is hoped for."""
    hypothesizedValue: Number = LEFT_OUT
    """The effect that is hoped for."""


class QualityScore(Spec):
    """A quality score that is set by hand."""

    criteriaName: Text
    """What is scored."""
    status: Literal["PASSED", "FAILED", "WARNING"]
    """The result."""
    criteriaDescription: Text
    """What it means."""
    score: Number
    """The score."""
    weight: Number
    """Its weight."""


class SourceFilter(Spec):
    """A filter on the assignment source."""

    column: BlankText = LEFT_OUT
    """The column."""
    condition: Literal[
        "in",
        "not_in",
        "=",
        ">",
        "<",
        ">=",
        "<=",
        "is_null",
        "non_null",
        "contains",
        "not_contains",
        "sql_filter",
        "starts_with",
        "ends_with",
        "after_exposure",
        "before_exposure",
        "is_true",
        "is_false",
    ]
    """How it is compared."""
    values: list[Text] = LEFT_OUT
    """What it is compared with."""


class SampledMetric(Spec):
    """The metric that strata are balanced on."""

    name: Text
    """Name of the metric."""
    startDate: Text
    """First day that counts."""
    endDate: Text
    """Last day that counts."""


class SampledProperty(Spec):
    """The property that strata are balanced on."""

    propertySourceName: Annotated[Text, Refers("EntityPropertySource")]
    """Name of the entity property source."""
    column: Text
    """Its column."""


class SampledCsv(Spec):
    """A list of units that strata are balanced on."""

    original: Text
    """The text of the list."""
    identifier: Text
    """Its identifier."""


class StratifiedSampling(Spec):
    """Stratified sampling."""

    status: Literal["pending", "success", "error"]
    """Where the sampling stands."""
    metric: SampledMetric = LEFT_OUT
    """Balance on a metric."""
    entityPropertySource: SampledProperty = LEFT_OUT
    """Balance on a property."""
    csv: SampledCsv = LEFT_OUT
    """Balance on a list."""

"""Tags that stand for metrics are taken when an experiment is created: written later they do nothing, and say so."""

from __future__ import annotations

import pytest

from reconciler.domain import Severity, Tree
from tests.unit.planning.making import codes, plan_against, plan_of, resource

DAU: Tree = {"name": "dau", "type": "user"}
ORDERS: Tree = {"name": "orders", "type": "sum"}


def live(*metrics: Tree) -> Tree:
    return {"status": "setup", "groups": [], "primaryMetrics": list(metrics)}


@pytest.mark.parametrize(
    ("spec", "metrics"),
    [
        ("primaryMetricTags: [growth]", []),
        ("primaryMetricTags: [growth]\nprimaryMetrics: [{name: dau, type: user}]", [DAU]),
        ("primaryMetricTags: [growth]\nprimaryMetrics: [{name: dau, type: user}]", []),
    ],
)
def test_tags_that_live_has_no_metrics_of_are_told(spec: str, metrics: list[Tree]) -> None:
    (finding,) = plan_against(live(*metrics), resource("Experiment", spec)).findings
    assert (finding.code, finding.severity) == ("PLAN/metric-tags", Severity.WARNING)
    assert finding.where is not None
    assert finding.where.pointer == ("spec", "primaryMetricTags")


@pytest.mark.parametrize(
    ("spec", "metrics"),
    [
        ("primaryMetricTags: [growth]", [DAU]),
        ("primaryMetricTags: [growth]\nprimaryMetrics: [{name: dau, type: user}]", [DAU, ORDERS]),
        ("primaryMetricTags: []", []),
        ("primaryMetrics: [{name: dau, type: user}]", [DAU]),
    ],
)
def test_tags_whose_metrics_are_there_are_not_worth_a_word(spec: str, metrics: list[Tree]) -> None:
    assert codes(plan_against(live(*metrics), resource("Experiment", spec)).findings) == []


def test_tags_of_a_new_experiment_do_what_they_say() -> None:
    assert codes(plan_of(resource("Experiment", "primaryMetricTags: [growth]")).findings) == []

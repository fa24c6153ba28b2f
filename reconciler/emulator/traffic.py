"""What comes from live traffic, of which there is none here.

Not in any document, decided here: an experiment has had no exposures on each day since it started, and an alert about
a metric that the object watches is there to be resolved whenever somebody does so.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from reconciler.domain import Tree
from reconciler.emulator import writing
from reconciler.emulator.bodies import ResolveAlert, read
from reconciler.emulator.errors import not_found
from reconciler.emulator.filters import DAY
from reconciler.emulator.request import Request

_METRICS = ("monitoringMetrics", "primaryMetrics", "secondaryMetrics", "otherMetrics")


def cumulative_exposures(request: Request) -> list[Tree]:
    """GET /experiments/{id}/cumulative_exposures: for each group and day."""
    experiment = request.find("experiments")
    start = experiment["startTime"]
    days = [] if start is None else [_date(at) for at in range(int(start), _end(experiment, request.now) + 1, DAY)]
    results = [{"date": date, "exposures": 0} for date in days]
    return [{"groupID": group["id"], "groupName": group["name"], "results": results} for group in experiment["groups"]]


def resolve_gate_alert(request: Request) -> Tree:
    """POST /gates/{id}/alerts/{metricId}/resolve."""
    return _resolved(request, request.find("gates"))


def resolve_experiment_alert(request: Request) -> Tree:
    """POST /experiments/{id}/alerts/{metricId}/resolve."""
    return _resolved(request, request.find("experiments"))


def _resolved(request: Request, watching: Tree) -> Tree:
    """The time in seconds, as in the example. A metric goes by its name, or by name and type: ``dau::user``."""
    read(ResolveAlert, request.body)
    metrics = [metric for field in _METRICS for metric in watching.get(field, [])]
    known = {name for metric in metrics for name in (metric["name"], f"{metric['name']}::{metric['type']}")}
    if request.params["metricId"] not in known:
        raise not_found()
    writing.log(request, {"resolve_guardrail_metric_alert": {}}, watching)
    return {"resolvedAt": request.now // 1000}


def _end(experiment: Tree, now: int) -> int:
    return now if experiment["endTime"] is None else int(experiment["endTime"])


def _date(at: int) -> str:
    return (datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=at)).strftime("%Y-%m-%d")

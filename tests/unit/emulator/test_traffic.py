"""What comes from live traffic on the service."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from reconciler.emulator import Store

DAY = 86_400_000
METRIC = {"name": "dau", "type": "user"}
GROUPS = [{"id": "g1", "name": "Control", "size": 100, "parameterValues": {}}]


def days(api: httpx.Client) -> list[str]:
    (group,) = api.get("/experiments/test/cumulative_exposures").json()["data"]
    assert (group["groupID"], group["groupName"]) == ("g1", "Control")
    assert {each["exposures"] for each in group["results"]} <= {0}
    return [each["date"] for each in group["results"]]


def test_an_experiment_has_had_no_exposures_since_it_started(
    api: httpx.Client, store: Store, later: Callable[[int], None]
) -> None:
    store.seed({"experiments": [{"id": "test", "groups": GROUPS}]})
    assert days(api) == []
    api.put("/experiments/test/start")
    later(DAY)
    assert days(api) == ["2026-09-21", "2026-09-22"]
    api.put("/experiments/test/abandon", json={"decisionReason": "no use"})
    later(DAY)
    assert days(api) == ["2026-09-21", "2026-09-22"]


@pytest.mark.parametrize("metric", ["dau", "dau::user"])
def test_alerts_about_metrics_that_are_watched_are_resolved(api: httpx.Client, store: Store, metric: str) -> None:
    store.seed(
        {
            "gates": [{"id": "gate", "monitoringMetrics": [METRIC]}],
            "experiments": [{"id": "test", "primaryMetrics": [METRIC]}],
        }
    )
    for path in ("/gates/gate", "/experiments/test"):
        answer = api.post(f"{path}/alerts/{metric}/resolve", json={"reasoning": "mended"})
        assert answer.json()["data"] == {"resolvedAt": 1_790_000_000}
        assert api.post(f"{path}/alerts/other/resolve", json={}).status_code == 404
    latest = api.get("/audit_logs", params={"limit": 1}).json()["data"][0]
    assert (latest["actionType"], latest["name"]) == ("resolve_guardrail_metric_alert", "test")

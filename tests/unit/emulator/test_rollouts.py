"""Steps of automated rollouts: taken when their time has come, by whoever looks first."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from reconciler.domain import Tree
from tests.unit.emulator.conftest import START

STEPS: list[Tree] = [{"time": START + 1000, "passPercent": 50}, {"time": START + 2000, "passPercent": 100}]


def rule(**more: object) -> Tree:
    return {"name": "Ramp", "passPercentage": 10, "conditions": [{"type": "public"}], **more}


def read(api: httpx.Client, path: str) -> Tree:
    found: Tree = api.get(path).json()["data"]
    return found


@pytest.mark.parametrize("path", ["/gates", "/dynamic_configs"])
def test_a_step_is_taken_when_its_time_has_come(api: httpx.Client, path: str, later: Callable[[int], None]) -> None:
    api.post(path, json={"id": "ramp", "name": "ramp", "rules": [rule(pendingAutomatedRollouts=STEPS)]})
    (before,) = read(api, f"{path}/ramp")["rules"]
    later(999)
    assert read(api, f"{path}/ramp")["rules"] == [before]
    later(1)
    (after,) = read(api, f"{path}/ramp")["rules"]
    assert (after["passPercentage"], after["id"]) == (50, f"{before['baseID']}:50.00:1")
    assert (after["pendingAutomatedRollouts"], after["completedAutomatedRollouts"]) == (STEPS[1:], STEPS[:1])


def test_steps_that_nobody_saw_are_taken_together(api: httpx.Client, later: Callable[[int], None]) -> None:
    api.post("/gates", json={"id": "ramp", "name": "ramp", "rules": [rule(pendingAutomatedRollouts=STEPS)]})
    later(5000)
    live = read(api, "/gates/ramp")
    assert live["rules"][0]["passPercentage"] == 100
    assert live["rules"][0]["completedAutomatedRollouts"] == STEPS
    assert (live["version"], live["lastModifierName"]) == (2, "CONSOLE API")

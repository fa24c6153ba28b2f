"""Filters of list endpoints.

A filter that is given several values takes objects that match any of them; whether the service wants all instead is
not documented. Pass rates come from live traffic, of which there is none here: the rollout rate stands in for them,
except that a launched gate passes everybody and one that is off nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import get_args

from reconciler.domain import Tree
from reconciler.emulator.bodies.experiment import Status
from reconciler.emulator.errors import invalid
from reconciler.emulator.request import Request

Test = Callable[[Tree], bool]


@dataclass(frozen=True, slots=True)
class Filter:
    """`make` turns the wanted values into a test; `allowed` are the only values that may be asked for, if any are."""

    make: Callable[[Request, list[str]], Test]
    allowed: tuple[str, ...] = ()

    def test(self, request: Request, name: str, wanted: list[str]) -> Test:
        """The test for one request; 400 for values that are not allowed."""
        for value in wanted:
            if self.allowed and value not in self.allowed:
                expected = " | ".join(f"'{item}'" for item in self.allowed)
                raise invalid((name, f"Invalid enum value. Expected {expected}, received '{value}'"))
        return self.make(request, wanted)


def day(name: str, text: str) -> int:
    """The start of a day (YYYY-MM-DD, UTC) in epoch milliseconds; 400 for anything else."""
    try:
        # strptime alone would take 2026-1-2.
        start = datetime.strptime(f"{text}+0000", "%Y-%m-%d%z") if len(text) == len("YYYY-MM-DD") else None
    except ValueError:
        start = None
    if start is None:
        raise invalid((name, "Expected valid date in the form of YYYY-MM-DD"))
    return int(start.timestamp() * 1000)


DAY = 86_400_000
"""Milliseconds of a day."""


def _one_of(field: str, *allowed: str) -> Filter:
    return Filter(lambda _, wanted: lambda item: item.get(field) in wanted, allowed)


def _any_in(field: str) -> Filter:
    return Filter(lambda _, wanted: lambda item: bool(set(wanted) & set(item.get(field, []))))


def _rate(of: Callable[[Tree], str]) -> Filter:
    return Filter(lambda _, wanted: lambda item: of(item) in wanted, ("0", "100", "INBETWEEN"))


def _rollout(gate: Tree) -> str:
    percentages = {rule["passPercentage"] for rule in gate["rules"]}
    if not percentages or percentages == {0}:
        return "0"
    everyone = any(rule["conditions"] == [{"type": "public"}] for rule in gate["rules"])
    return "100" if everyone and percentages == {100} else "INBETWEEN"


def _pass_rate(gate: Tree) -> str:
    if gate["status"] == "Launched":
        return "100"
    return _rollout(gate) if gate["isEnabled"] else "0"


def _in_target_app(request: Request, wanted: list[str]) -> Test:
    names = {app["name"] for app in request.session.all("target_apps") if app["id"] in wanted}
    return lambda item: bool(names & set(item.get("targetApps", [])))


def _created_from(_: Request, wanted: list[str]) -> Test:
    start = day("createdStartDate", wanted[-1])
    return lambda item: bool(item["createdTime"] >= start)


def _created_until(_: Request, wanted: list[str]) -> Test:
    end = day("createdEndDate", wanted[-1]) + DAY
    return lambda item: bool(item["createdTime"] < end)


_AUTHORED: Mapping[str, Filter] = MappingProxyType(
    {"creatorName": _one_of("creatorName"), "creatorID": _one_of("creatorID"), "tags": _any_in("tags")}
)
_PIPELINE = {"releasePipelineID": _one_of("releasePipelineID")}
_STALE = (
    "PROBABLY_LAUNCHED", "PROBABLY_UNLAUNCHED", "PROBABLY_FORGOTTEN", "NO_RULES", "PROBABLY_DEAD_CHECK",
    "EMPTY_CHECKS", "ALL_TRUE", "ALL_FALSE",
)  # fmt: skip

GATES: Mapping[str, Filter] = MappingProxyType(
    {
        **_AUTHORED,
        **_PIPELINE,
        "idType": _one_of("idType"),
        "type": _one_of("type", "TEMPORARY", "PERMANENT", "STALE", "TEMPLATE"),
        "typeReason": _one_of("typeReason", "NONE", *(f"STALE_{reason}" for reason in _STALE)),
        "passRate": _rate(_pass_rate),
        "rolloutRate": _rate(_rollout),
    }
)
CONFIGS: Mapping[str, Filter] = MappingProxyType({**_AUTHORED, **_PIPELINE})
EXPERIMENTS: Mapping[str, Filter] = MappingProxyType(
    {
        **_AUTHORED,
        "layerID": _one_of("layerID"),
        "idType": _one_of("idType"),
        "teamID": _one_of("teamID"),
        "status": _one_of("status", *get_args(Status)),
        "targetAppID": Filter(_in_target_app),
        "createdStartDate": Filter(_created_from),
        "createdEndDate": Filter(_created_until),
    }
)
HOLDOUTS: Mapping[str, Filter] = _AUTHORED

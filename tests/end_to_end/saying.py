"""Whether a live object says what its manifest says, told without the code that compares them for a plan."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

import json5

from reconciler.domain import Json, Tree

SETS = frozenset({"tags", "targetApps", "environments"})
ITEMS = {
    "rules": "name", "groups": "name", "variants": "name", "links": "url", "manualQualityScores": "criteriaName",
    "idTypeMapping": "statsigUnitID", "monitoringMetrics": "name", "primaryMetrics": "name", "secondaryMetrics": "name",
    "otherMetrics": "name",
}  # fmt: skip
"""Lists of objects, with what tells the objects apart."""
ORDERED = frozenset({"rules", "groups"})
VALUES = frozenset({"defaultValue", "returnValue", "parameterValues", "assignmentSourceFilters"})
AT_CREATION = frozenset({"creatorID", "creatorEmail", "owner", "primaryMetricTags", "secondaryMetricTags"})
"""Sent when an object is made, and answered with something else."""
GROWN = {"primaryMetrics": "primaryMetricTags", "secondaryMetrics": "secondaryMetricTags"}
"""Lists to which the service adds what the tags stand for."""
SCHEDULES = ("pendingAutomatedRollouts", "completedAutomatedRollouts")
STATUS = {
    "in_progress": "In Progress",
    "launched": "Launched",
    "disabled": "Disabled",
    "archived": "Archived",
    "enabled": "Enabled",
}


def unsaid(kind: str, spec: Tree, live: Tree) -> list[str]:
    """The paths at which live says something else than the spec; empty if it says all of it."""
    wanted, told = dict(spec), dict(live)
    status = wanted.pop("status", None)
    if status is not None:
        wanted["status"] = status if kind == "Experiment" else STATUS[status]
    names = {group.get("id"): group["name"] for group in live.get("groups", [])}
    told |= {
        "controlGroup": names.get(live.get("controlGroupID")),
        "launchedGroup": names.get(live.get("launchedGroupID")),
    }
    return list(_object(wanted, told, ""))


def _by_now(wanted: Tree, live: Tree) -> Tree:
    """A rule without the steps of its schedule that were taken, the last of which says its percentage."""
    pending, completed = SCHEDULES
    taken = {step["time"] for step in (wanted if completed in wanted else live).get(completed) or []}
    over = [step for step in wanted.get(pending, []) if step["time"] in taken]
    if not over:
        return wanted
    rest = [step for step in wanted[pending] if step["time"] not in taken]
    return wanted | {pending: rest, "passPercentage": over[-1]["passPercent"]}


def _object(written: Tree, live: Tree, at: str) -> Iterator[str]:
    wanted = _by_now(written, live)
    for name, value in wanted.items():
        if name == "passPercentage" and any(live.get(schedule) and schedule not in wanted for schedule in SCHEDULES):
            continue  # the service moves it
        if name in GROWN and wanted.get(GROWN[name]):
            named = {(metric["name"], metric["type"]) for metric in value}
            rest = [metric for metric in live[name] if (metric["name"], metric["type"]) in named]
            yield from _items(name, value, rest, f"{at}.{name}")
        elif name not in AT_CREATION:
            yield from _field(name, value, live.get(name), f"{at}.{name}")


def _field(name: str, wanted: Json, live: Json, at: str) -> Iterator[str]:
    if name in ITEMS:
        yield from _items(name, wanted, live or [], at)
    elif name == "conditions":
        if sorted(map(_condition, wanted)) != sorted(map(_condition, live or [])):
            yield at
    elif isinstance(wanted, dict) and name not in VALUES:
        yield from _object(wanted, live or {}, at)
    elif _meaning(name, wanted) != _meaning(name, live):
        yield at


def _items(name: str, wanted: list[Tree], live: list[Tree], at: str) -> Iterator[str]:
    key = ITEMS[name]
    there = {item[key]: item for item in live}
    names = [item[key] for item in wanted]
    if (names if name in ORDERED else sorted(names)) != (list(there) if name in ORDERED else sorted(there)):
        yield f"{at}: {names} is {list(there)}"
    for item in wanted:
        yield from _object(item, there.get(item[key], {}), f"{at}[{item[key]}]")


def _condition(condition: Tree) -> str:
    target = condition.get("targetValue")
    listed = target if isinstance(target, list) else [] if target in (None, "") else [target]
    rest = [condition.get(name) or "" for name in ("type", "operator", "field", "customID")]
    return json.dumps([*rest, sorted({_number_or_text(item) for item in listed})])


def _number_or_text(item: Json) -> str:
    return str(int(item)) if isinstance(item, float) and item.is_integer() else str(item)


def _meaning(name: str, value: Json) -> str:
    """A value as text that is equal just where values mean the same."""
    if name in SETS:
        return json.dumps(sorted({value} if isinstance(value, str) else set(value or [])))
    if name.endswith("Json5") or name == "schema":
        return _of_json5(value) if value else ""
    if value in (None, "", [], False) and not isinstance(value, dict):
        return ""
    return _exact(SPELLINGS.get(name, lambda same: same)(value))


@lru_cache(maxsize=4096)
def _of_json5(text: str) -> str:
    return _exact(json5.loads(text))


SPELLINGS: Mapping[str, Callable[[Json], Json]] = {
    "sql": lambda text: "\n".join(line.rstrip() for line in text.splitlines()).strip(),
    "defaultConfidenceInterval": str,
    "layerID": lambda layer: "" if layer.startswith("statsig::") else layer,
    "type": lambda name: "TEMPORARY" if name in {"STALE", "TEMPLATE"} else name,
}


def _exact(value: Json) -> str:
    """JSON in which 1.0 is 1, and the order of keys is nothing."""
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value

"""Project files: where manifests are, and guards, with a plan for them to look at."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from reconciler import workflow
from reconciler.domain import Snapshot
from reconciler.workflow import Occasion, Planned
from tests.fuzz.answers import market_plan
from tests.fuzz.files import MARKET, of_yaml, workplace
from tests.fuzz.oracle import demand_findings_shown, demand_help, demand_plan_shown
from tests.fuzz.worse import Seed

_NOW = Occasion(datetime(2026, 11, 27, 17, 30, tzinfo=UTC))
_MANIFEST = """\
apiVersion: reconciler/v1
kind: Gate
metadata: {id: gate_a, labels: {team: web, tier: "1", expires: 2027-01-01}}
spec: {type: TEMPORARY, description: For a time.}
"""
_API: Any = {
    "url": "https://statsigapi.net/console/v1",
    "keyEnv": "KEY",
    "timeoutSeconds": 5.5,
    "respectReviews": False,
    "projectId": "p",
    "workers": 2,
    "limits": {"per10Seconds": 100, "per15Minutes": 900},
}
_SAFETY: Any = {
    "prune": {"default": "archive", "Gate": "delete"},
    "archiveFirst": False,
    "keepOff": True,
    "removals": {"max": 1, "maxPercent": 50, "percentFrom": 2, "kinds": {"Gate": {"max": 1}}},
    "updates": {"max": 1, "maxPercent": 5},
    "rollout": {"maxIncrease": 10, "production": ["production"]},
    "require": [
        {"kinds": ["Gate"], "where": {"type": "TEMPORARY"}, "expiry": "expires", "whenExpired": "stop"},
        {"labels": ["team"], "fields": ["description"]},
    ],
    "windows": {
        "timeZone": "Europe/Berlin",
        "closed": [
            {"name": "weekend", "days": ["friday"], "from": "16:00", "to": "08:00"},
            {"name": "holidays", "dates": ["2026-12-24..2027-01-02", "12-24..01-02", "2026-12-24"]},
        ],
    },
    "policies": [
        {"name": "quiet", "deny": "plan.updates > 2 && 'x' in production", "message": "too many"},
        {"name": "owner", "deny": "step.fields.exists(f, f.path.matches('^rules') && f.live == f.desired)"},
        {"name": "labelled", "deny": "!('team' in step.labels) || step.id.size() > 40"},
    ],
    "allow": [{"guard": "rollout", "reason": "known", "until": "2027-01-01", "objects": ["Gate/*", "Experiment/a*"]}],
}


@cache
def project_seeds() -> list[Seed]:
    """The example's project file, one that says everything, and one that is all guards."""
    whole: Any = {
        "apiVersion": "reconciler/v1",
        "kind": "Project",
        "api": _API,
        "manifests": ["manifests/**/*.yaml", "b.yaml"],
        "ownership": {"tag": "ours"},
        "safety": _SAFETY,
        "sql": {"dialect": "snowflake"},
    }
    guards = {name: whole[name] for name in ("apiVersion", "kind", "safety")}
    written = [of_yaml(json.dumps(each, indent=1).encode()) for each in (whole, guards)]
    return [of_yaml((MARKET / "reconciler.yaml").read_bytes()), *written, *written]


def project(data: bytes) -> bool:
    """Load a project by its file. If it can be loaded, its guards look at a plan for the example."""
    file = _folder() / "reconciler.yaml"
    file.write_bytes(data)
    loaded = workflow.load_project(file, occasion=_NOW)
    demand_help(loaded.findings, "reconciler.yaml")
    demand_findings_shown(loaded.findings)
    if loaded.failed:
        return False
    guarded = workflow.guard(loaded, Planned(market_plan(), Snapshot()), _NOW.now, acting=True)
    demand_help(guarded.plan.findings)
    demand_plan_shown(guarded.plan)
    return True


def _folder() -> Path:
    folder = workplace() / "project"
    if not folder.exists():
        (folder / "manifests").mkdir(parents=True)
        (folder / "manifests" / "a.yaml").write_text(_MANIFEST)
        (folder / "b.yaml").write_text(_MANIFEST.replace("gate_a", "gate_b"))
    return folder

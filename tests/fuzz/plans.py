"""Plan files: changed by accident or on purpose, and forged by somebody who knows how the checksums are made."""

from __future__ import annotations

import json
from contextlib import suppress
from functools import cache

from pydantic import ValidationError

from reconciler import __version__
from reconciler.domain import Finding, Json
from reconciler.kinds import KINDS
from reconciler.planning.fingerprint import fingerprint
from reconciler.reports.text import opened_lines
from reconciler.saving import SavedPlan, Target, read, write
from reconciler.saving.form import PlanFile, digest
from reconciler.saving.read import _plan
from tests.fuzz.answers import market_plan
from tests.fuzz.oracle import WrongError, demand_findings_shown, demand_help, demand_plan_shown, demand_shown
from tests.fuzz.worse import Seed
from tests.unit.saving.forging import sealed

_TARGET = Target("https://statsigapi.net/console/v1", "p", __version__)


@cache
def plan_seeds() -> list[Seed]:
    """Plans for the example, whole and in part, as `plan --out` writes them."""
    texts = [write(market_plan(*kinds), _TARGET) for kinds in ((), ("Gate",), ("Experiment",), ("DynamicConfig",))]
    return [Seed(text.encode(), (json.loads(text),)) for text in texts]


@cache
def _originals() -> list[SavedPlan | Finding]:
    return [read(seed.data, "input.json", KINDS) for seed in plan_seeds()]


def plans(data: bytes) -> bool:
    """Read one plan file that was changed: it is refused, or it is to the letter a plan that was written."""
    saved = _read(data)
    if saved is None:
        return False
    if saved not in _originals():
        raise WrongError("a plan file that was changed is accepted")
    return True


def forged_plans(data: bytes) -> bool:
    """Read one plan file whose checksums were made to fit. If it is accepted, it can be shown."""
    saved = _read(_forged(data))
    if saved is None:
        return False
    demand_plan_shown(saved.plan)
    demand_shown(opened_lines(saved.plan, "input.json", saved.fingerprint, show_calls=True))
    demand_findings_shown(saved.plan.findings)
    write(saved.plan, saved.target)
    return True


def _read(data: bytes) -> SavedPlan | None:
    saved = read(data, "input.json", KINDS)
    if isinstance(saved, SavedPlan):
        return saved
    demand_help([saved], "input.json")
    demand_findings_shown((saved,))
    return None


def _tree(data: bytes) -> Json:
    try:
        return json.loads(data)
    except ValueError:  # cut off where it grew too long
        return None


def _forged(data: bytes) -> bytes:
    """The file with digests, fingerprint and checksum that fit, as far as it has places for them."""
    tree = _tree(data)
    if not isinstance(tree, dict):
        return data
    for step in tree["steps"] if isinstance(tree.get("steps"), list) else ():
        if isinstance(step, dict) and isinstance(step.get("base"), dict):
            step["digest"] = digest(step["base"])
    with suppress(ValidationError, RecursionError, TypeError):  # two steps of one object have no order
        tree["fingerprint"] = fingerprint(_plan(PlanFile.model_validate(tree)))
    return sealed(tree)

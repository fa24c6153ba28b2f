"""Files that people write: manifests, scripts of faults, emulator seeds."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from reconciler import workflow
from reconciler.cli.emulator import Service, _fill
from reconciler.cli.failures import StoppedError
from reconciler.cli.fault_file import read_faults
from reconciler.domain import Snapshot
from reconciler.emulator import Store
from reconciler.fault_script import BY_NAME
from reconciler.kinds import KINDS
from reconciler.manifests import parse
from reconciler.planning import Desired, Policy, make_plan
from tests.fuzz.oracle import demand_findings_shown, demand_help, demand_plan_shown
from tests.fuzz.worse import Seed

MARKET = Path(__file__).parents[2] / "examples" / "market"
_PROJECT = b"apiVersion: reconciler/v1\nkind: Project\nmanifests: [input.yaml]\nownership: {tag: ours}\n"
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of this process alone is made in it


def workplace() -> Path:
    """A folder of this process, in memory where there is such a place, with a project file."""
    return _workplace(os.getpid())


@cache
def _workplace(_: int) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="fuzz-", dir=_MEMORY if _MEMORY.is_dir() else None))
    (folder / "reconciler.yaml").write_bytes(_PROJECT)
    return folder


def clear_workplace() -> None:
    """Take the folder of this process away."""
    shutil.rmtree(workplace())


def _put(name: str, data: bytes) -> Path:
    file = workplace() / name
    file.write_bytes(data)
    return file


def of_yaml(data: bytes) -> Seed:
    """A good file of YAML as a seed."""
    parsed = parse(data, "seed.yaml")
    assert parsed.findings == ()
    return Seed(data, tuple(document.tree for document in parsed.documents))


# ---- manifests -------------------------------------------------------------------------------------------------------


@cache
def manifest_seeds() -> list[Seed]:
    """The manifests of the example, each file as a whole and each object alone."""
    files = [of_yaml(file.read_bytes()) for file in sorted(MARKET.glob("manifests/**/*.yaml"))]
    return files + [Seed(json.dumps(tree, indent=2).encode(), (tree,)) for file in files for tree in file.trees]


def manifests(data: bytes) -> bool:
    """Validate one file of manifests; what is sound is planned against an empty project as well."""
    _put("input.yaml", data)
    loaded = workflow.load_project(workplace() / "reconciler.yaml")
    demand_help(loaded.findings, "input.yaml")
    demand_findings_shown(loaded.findings)
    if loaded.failed:
        return False
    plan = make_plan(KINDS, Desired(loaded.catalog.described, loaded.selected), Snapshot(), Policy("ours"))
    demand_help(plan.findings)
    demand_plan_shown(plan)
    return bool(loaded.selected)


# ---- scripts of faults -----------------------------------------------------------------------------------------------


@cache
def fault_seeds() -> list[Seed]:
    """A script with each kind of fault, and each fault alone."""
    needed: dict[str, Any] = {
        "delay": {"seconds": 0.5},
        "edit": {"collection": "gates", "id": "a", "changes": {"description": "x"}, "by": "Jo", "when": "after"},
        "create": {"collection": "gates", "object": {"id": "a"}},
        "delete": {"collection": "gates", "id": "a"},
        "too-many-requests": {"retryAfter": 3},
    }
    script = [{"do": name, "path": "/gates/**", "nth": 2, "times": 3, **needed.get(name, {})} for name in BY_NAME]
    return [of_yaml(json.dumps(each, indent=1).encode()) for each in (script, *([fault] for fault in script))]


def faults(data: bytes) -> bool:
    """Read one script of faults."""
    try:
        read_faults(_put("input.yaml", data))
    except StoppedError as stopped:
        demand_help(stopped.findings, "input.yaml")
        demand_findings_shown(stopped.findings)
        return False
    return True


# ---- emulator seeds --------------------------------------------------------------------------------------------------


@cache
def state_seeds() -> list[Seed]:
    """A part of the example's live project: the first objects of each collection."""
    live = json.loads((MARKET / "live.json").read_bytes())
    maps = {
        "gate_overrides": {"a": {"passingUserIDs": ["u"], "failingUserIDs": []}},
        "experiment_overrides": {"e": {"userIDOverrides": [], "overrides": []}},
        "reviews": {"gates/a": {"id": "1", "status": "PENDING", "description": "x", "changes": {}}},
        "project": {"id": "p"},
    }
    parts = [{name: items[at : at + 2] for name, items in live.items()} for at in (0, 2, 4)]
    return [Seed(json.dumps(part, indent=1).encode(), (part,)) for part in (*parts, {**parts[0], **maps}, maps)]


def state(data: bytes) -> bool:
    """Fill an emulator from one seed, and read it back."""
    file = _put("input.json", data)
    with Store.open() as store:
        try:
            _fill(store, Service("127.0.0.1", 1, None, file, False, None, False, (), False))  # noqa: FBT003
        except StoppedError as stopped:
            demand_help(stopped.findings)
            demand_findings_shown(stopped.findings)
            return False
        json.dumps(store.dump())
    return True

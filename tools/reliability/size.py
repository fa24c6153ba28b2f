"""The section about size: what validate, plan and drift take for projects of some sizes, beside each other in one run.

python -m tools.reliability.size 'make sizes'
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.types import ASGIApp, Receive, Scope, Send

from reconciler.domain import Tree
from reconciler.emulator import Store, create_app, running
from reconciler.kinds import KINDS
from reconciler.manifests import Project, load
from tools.reliability import commit, table, write_section

_SIZES = (100, 1_000, 5_000)
_TRIES = 3
_SECTION = """## Size

`{command}` ran the commands of commit `{commit}` on {cores} cores, each as a process of its own that starts anew,
against the emulator on the same machine. Of a hundred objects sixty are gates, twenty dynamic configs, ten experiments
and ten entity property sources, each with a file of its own; one in ten differs from live. Each figure is the best of
{tries} tries; "per object" is what a process takes beyond that for the first size, for each object more. Apply is bound
by the limits of the service: see Pacing.

{rows}
"""
_RULE = """    - name: Step {number}
      passPercentage: {number}
      environments: [production]
      conditions:
        - {{type: country, operator: any, targetValue: [SE, DK, "NO", DE]}}
        - {{type: custom_field, field: plan, operator: any, targetValue: [pro, team]}}
"""
_SPECS = {
    "Gate": "  rules:\n" + "".join(_RULE.format(number=number) for number in (5, 25, 50)),
    "DynamicConfig": "  defaultValue: {limit: 10, names: [a, b], nested: {on: true}}\n",
    "Experiment": """  hypothesis: More is bought.
  groups:
    - {name: Control, size: 50, parameterValues: {colour: blue}}
    - {name: Test, size: 50, parameterValues: {colour: red}}
""",
    "EntityPropertySource": """  sql: |
    select user_id, country, plan, updated_at
    from analytics.users
  idTypeMapping: [{statsigUnitID: userID, column: user_id}]
  timestampColumn: updated_at
""",
}
_KINDS = ["Gate"] * 6 + ["DynamicConfig"] * 2 + ["Experiment", "EntityPropertySource"]


@dataclass(frozen=True)
class Taken:
    """What a process took: `seconds`, `peak` MiB, `requests` of the service."""

    seconds: float
    peak: int
    requests: int = 0


@dataclass
class _Counted:
    """The emulator, and how often it was asked."""

    app: ASGIApp
    requests: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.requests += scope["type"] == "http"
        await self.app(scope, receive, send)


def _write(folder: Path, size: int, url: str) -> None:
    """A repository of so many objects."""
    manifests = folder / "manifests"
    manifests.mkdir()
    for number in range(size):
        kind = _KINDS[number % len(_KINDS)]
        head = f"apiVersion: reconciler/v1\nkind: {kind}\nmetadata: {{id: thing_{number:05}}}\n"
        said = f"spec:\n  description: Thing {number}, which somebody needs.\n"
        (manifests / f"{number:05}.yaml").write_text(head + said + _SPECS[kind], "utf-8")
    (folder / "reconciler.yaml").write_text(f"apiVersion: reconciler/v1\nkind: Project\napi: {{url: {url}}}\n", "utf-8")


def _live(folder: Path) -> Tree:
    """The same objects live, but for the description of every tenth."""
    project = Project.model_validate({"apiVersion": "reconciler/v1", "kind": "Project"})
    document: Tree = {}
    for number, resource in enumerate(load(project, folder).resources):
        kind = KINDS[resource.key.kind]
        body = kind.create(resource.key.id, resource.tree())
        other = {"description": "In other words."} if number % 10 == 0 else {}
        document.setdefault(kind.seed_key, []).append(body | other)
    return document


def _run(folder: Path, *command: str) -> Taken:
    """One run of a command that must end well."""
    environ = os.environ | {"STATSIG_CONSOLE_KEY": "console-of-sizes"}
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - this project's own command
        [sys.executable, "-m", "reconciler", *command], cwd=folder, env=environ, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    taken = Taken(time.perf_counter() - began, usage.ru_maxrss // 1024)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 2}:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return taken


def _measured(size: int) -> Iterator[tuple[str, Taken]]:
    """Each command on a project of this size, at its best."""
    with TemporaryDirectory() as name, Store.open() as store:
        counted = _Counted(create_app(store))
        with running(counted) as url:
            folder = Path(name)
            _write(folder, size, url)
            store.seed(_live(folder))
            for command in ("validate", "plan", "drift"):
                tries = []
                for _ in range(_TRIES):
                    before = counted.requests
                    taken = _run(folder, command)
                    tries.append(Taken(taken.seconds, taken.peak, counted.requests - before))
                yield command, min(tries, key=lambda each: each.seconds)


def section(command: str) -> str:
    """The text of the section."""
    found = {size: dict(_measured(size)) for size in _SIZES}
    first = found[_SIZES[0]]
    rows = [
        [name, size, f"{taken.seconds:.1f}", _more(taken, first[name], size - _SIZES[0]), taken.requests, taken.peak]
        for name in first
        for size, taken in ((size, found[size][name]) for size in _SIZES)
    ]
    head = ["command", "objects", "seconds", "per object, ms", "requests", "peak, MiB"]
    return _SECTION.format(command=command, commit=commit(), cores=os.cpu_count(), tries=_TRIES, rows=table(head, rows))


def _more(taken: Taken, first: Taken, objects: int) -> str:
    return f"{1000 * (taken.seconds - first.seconds) / objects:.2f}" if objects else ""


if __name__ == "__main__":
    write_section("size", section(sys.argv[1]))

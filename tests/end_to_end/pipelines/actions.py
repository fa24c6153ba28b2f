"""Runs the steps of a workflow for GitHub Actions on this machine, with a stand-in for gh, and none for bash."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from reconciler.domain import Json, Tree
from tests.end_to_end.pipelines.expressions import filled, holds

ROOT = Path(__file__).resolve().parents[3]
"""On the path of Python, so that the command is the one of this tree, wherever the environment was made."""
TOOLS = Path(__file__).parent / "bin"
BASH = ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c")
REPOSITORY = "market/flags"


def read_yaml(file: Path) -> Any:  # noqa: ANN401 - as YAML has it
    """The document in the file."""
    return YAML(typ="safe").load(file)


@dataclass
class Ran:
    """How the steps of a job ended, by name, and what they said."""

    outcomes: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    log: str = ""
    summary: str = ""

    @property
    def good(self) -> bool:
        return "failure" not in self.outcomes.values()


@dataclass
class Hub:
    """A repository on GitHub: its working copy, what gh knows, and its secrets."""

    folder: Path
    state: Path
    secrets: Tree

    @property
    def known(self) -> Tree:
        return json.loads(self.state.read_text("utf-8"))  # type: ignore[no-any-return]

    def know(self, **values: Json) -> None:
        self.state.write_text(json.dumps({**self.known, **values}), "utf-8")

    def run(self, workflow: Path, name: str, event: Tree, inputs: Tree | None = None, attempt: int = 1) -> Ran:
        """Run the one job of the workflow for an event. `attempt`: 2 when somebody runs it once more."""
        tree = read_yaml(workflow)
        (job,) = tree["jobs"].values()
        github = {
            "event_name": name, "event": event, "repository": REPOSITORY, "token": "token-of-a-test",
            "sha": event.get("after", ""), "action_path": str(ROOT), "ref_name": "main", "run_attempt": str(attempt),
            "workflow": tree.get("name", ""), "server_url": "https://github.com", "run_id": "1",
        }  # fmt: skip
        env = tree.get("env", {}) | job.get("env", {})
        context = {"github": github, "secrets": self.secrets, "inputs": inputs or {}, "steps": {}, "env": env}
        folder = job.get("defaults", {}).get("run", {}).get("working-directory", ".")
        return _Job(self, context, env, folder).run(job["steps"])


@dataclass
class _Job:
    hub: Hub
    context: Tree
    env: Mapping[str, Json]
    folder: str = "."
    ran: Ran = field(default_factory=Ran)

    def run(self, steps: list[Tree]) -> Ran:
        for step in steps:
            if step.get("uses", "./") == "./":
                self._step(step)
        return self.ran

    @property
    def functions(self) -> dict[str, bool]:
        return {"always": True, "cancelled": False, "success": self.ran.good, "failure": not self.ran.good}

    def _step(self, step: Tree) -> None:
        outcome, outputs = "skipped", dict[str, str]()
        if holds(step.get("if"), self.context, self.functions):
            code, outputs = self._action(step) if "uses" in step else self._shell(step)
            outcome = "failure" if code else "success"
        self.ran.outcomes[step["name"]] = outcome
        self.ran.outputs[step["name"]] = outputs
        if "id" in step:
            self.context["steps"][step["id"]] = {"outcome": outcome, "outputs": outputs}

    def _shell(self, step: Tree) -> tuple[int, dict[str, str]]:
        files = {name: self.hub.state.with_name(name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.write_text("", "utf-8")
        settings = {**self.env, **step.get("env", {})}
        env = {name: filled(value, self.context, self.functions) for name, value in settings.items()}
        ended = subprocess.run(
            [*BASH, step["run"]],
            cwd=self.hub.folder / filled(step.get("working-directory", self.folder), self.context, self.functions),
            env=self._environ() | {name: str(file) for name, file in files.items()} | env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        self.ran.log += ended.stdout
        self.ran.summary += files["GITHUB_STEP_SUMMARY"].read_text("utf-8")
        return ended.returncode, dict(_outputs(files["GITHUB_OUTPUT"]))

    def _environ(self) -> dict[str, str]:
        named = ("repository", "sha", "ref_name", "workflow", "run_attempt", "run_id", "server_url")
        return {
            "PATH": os.pathsep.join([str(TOOLS), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "HOME": str(self.hub.folder), "GH_STATE": str(self.hub.state), "RUNNER_TEMP": str(self.hub.state.parent),
            "GITHUB_WORKSPACE": str(self.hub.folder), "PYTHONPATH": str(ROOT),
            **{f"GITHUB_{name.upper()}": str(self.context["github"][name]) for name in named},
        }  # fmt: skip

    def _action(self, step: Tree) -> tuple[int, dict[str, str]]:
        """This project's own action, with the inputs that the step gives it; it finds itself installed."""
        installed = self.hub.state.with_name("statsig-reconciler") / "bin" / "reconciler"
        if not installed.exists():
            installed.parent.mkdir(parents=True)
            installed.symlink_to(Path(sys.executable).with_name("reconciler"))
        action = read_yaml(ROOT / "action.yml")
        defaults = {name: each.get("default", "") for name, each in action["inputs"].items()}
        given = {name: filled(value, self.context, self.functions) for name, value in step.get("with", {}).items()}
        job = _Job(self.hub, {**self.context, "inputs": defaults | given, "steps": {}}, self.env)
        ran = job.run([each for each in action["runs"]["steps"] if each.get("name") != "Install"])
        self.ran.log, self.ran.summary = self.ran.log + ran.log, self.ran.summary + ran.summary
        outputs = {name: filled(each["value"], job.context, {}) for name, each in action["outputs"].items()}
        return int(not ran.good), outputs


def _outputs(file: Path) -> Iterator[tuple[str, str]]:
    for line in file.read_text("utf-8").splitlines():
        name, _, value = line.partition("=")
        yield name, value

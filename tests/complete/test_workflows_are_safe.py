"""No workflow, ours or an example, can be injected into, runs unpinned code, or has more rights than it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from reconciler import __version__
from reconciler.domain import Tree
from tools.generated import ROOT

EXAMPLES = sorted((ROOT / "examples" / "ci" / "github").glob("*.yml"))
WORKFLOWS = [*sorted((ROOT / ".github" / "workflows").glob("*.yml")), *EXAMPLES]
PINNED = re.compile(r"uses: (\./|[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$")


def read(file: Path) -> Tree:
    tree: Tree = YAML(typ="safe").load(file)
    return tree


def steps(file: Path) -> Iterator[Tree]:
    tree = read(file)
    for job in tree["jobs"].values() if "jobs" in tree else [tree["runs"]]:
        yield from job["steps"]


@pytest.mark.parametrize("file", [*WORKFLOWS, ROOT / "action.yml"], ids=lambda file: file.name)
def test_actions_are_pinned_and_nothing_is_written_into_scripts(file: Path) -> None:
    uses = [line.strip().removeprefix("- ") for line in file.read_text("utf-8").splitlines() if "uses: " in line]
    assert [line for line in uses if not PINNED.match(line)] == []
    assert [step["run"] for step in steps(file) if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_each_job_has_the_rights_that_it_names_and_an_end(file: Path) -> None:
    tree = read(file)
    assert tree["permissions"] == {}
    assert tree["concurrency"]["group"]
    assert [name for name, job in tree["jobs"].items() if not job["permissions"] or not job["timeout-minutes"]] == []
    checkouts = [step for step in steps(file) if "actions/checkout@" in step.get("uses", "")]
    assert [step for step in checkouts if step["with"]["persist-credentials"] is not False] == []


def test_the_same_action_is_the_same_version_everywhere() -> None:
    named = {line for file in WORKFLOWS for line in re.findall(r"uses: (\S+/\S+ # \S+)", file.read_text("utf-8"))}
    assert len(named) == len({line.partition("@")[0] for line in named})


def test_the_examples_install_this_version() -> None:
    files = [*EXAMPLES, ROOT / "examples" / "ci" / "gitlab" / ".gitlab-ci.yml"]
    versions = {
        version for file in files for version in re.findall(r"RECONCILER_VERSION: (\S+)", file.read_text("utf-8"))
    }
    assert versions == {__version__}

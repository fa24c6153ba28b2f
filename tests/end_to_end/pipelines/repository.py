"""A repository with a history, in which a pull request changes a gate."""

from __future__ import annotations

import subprocess
from pathlib import Path

from reconciler.domain import Tree
from tests.end_to_end.world import World, manifest, seeded

GATE: Tree = {"id": "checkout_v2", "description": "As it was", "rules": [], "isEnabled": True, "status": "In Progress"}


def describe(world: World, description: object) -> str:
    """Let the manifest of the gate say this, and commit it; the commit."""
    world.manifests([manifest("Gate", "checkout_v2", {"description": description})])
    return commit(world.folder, str(description))


def begin(world: World, top: Path | None = None) -> str:
    """A live gate, and a commit that describes it; the commit. `top`: of the repository, if it is another folder."""
    world.project()
    world.seed(seeded(gates=[GATE]))
    world.write(".gitignore", "/*.html\n/*.md\n/*.json\n/*.ndjson\n/*.xml\n.reconciler/\n")
    git(top or world.folder, "init", "--quiet", "--initial-branch", "main")
    return describe(world, "As it was")


def commit(folder: Path, message: str) -> str:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
    return git(folder, "rev-parse", "HEAD")


def git(folder: Path, *arguments: str) -> str:
    """What git says."""
    settings = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    ended = subprocess.run(["git", *settings, *arguments], cwd=folder, capture_output=True, text=True, check=True)  # noqa: S607 - git is found as a user's is
    return ended.stdout.strip()

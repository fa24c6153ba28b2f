"""What the manifests were at an earlier commit: the only use that is made of Git."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.domain import ResourceKey
from reconciler.manifests import Catalog, Project, Resource, load

PARENT = "HEAD^"
"""The commit before the one that is checked out; of a merge, the branch that was merged into."""
_SECONDS = 60


class HistoryError(Exception):
    """Git cannot tell; the message says why."""


def unchanged(
    resources: Iterable[Resource], project: Project, root: Path, since: str | None
) -> Mapping[ResourceKey, str]:
    """Which of the manifests ask for nothing else than at the commit `since`, each with a sentence that says so.

    A manifest counts as unchanged, too, when that cannot be told. `root` is the folder of the project file.
    """
    wanted = list(resources)
    revision = since or PARENT
    try:
        earlier = _Repository(root).manifests(revision, project)
    except HistoryError as error:
        return {each.key: f"whether its manifest was changed cannot be told, since {error}" for each in wanted}
    known = {each.key: each.spec.tree() for each in earlier.resources}
    same = f"its spec was not changed since {revision}"
    unread = f"whether its manifest is new cannot be told, since not all manifests of {revision} can be read"
    return {
        each.key: same if each.key in known else unread
        for each in wanted
        if (known[each.key] == each.spec.tree() if each.key in known else not earlier.complete)
    }


@dataclass(frozen=True, slots=True)
class _Repository:
    """The Git repository that holds the folder `root`."""

    root: Path

    def manifests(self, revision: str, project: Project) -> Catalog:
        """All manifests as they were at `revision`. Raises HistoryError."""
        commit = self._commit(revision)
        if commit is None:
            return Catalog()
        prefix = self._git("rev-parse", "--show-prefix")
        with tempfile.TemporaryDirectory(prefix="reconciler-") as folder:
            index = {"GIT_INDEX_FILE": f"{folder}/index"}
            self._git("read-tree", commit, **index)
            paths = self._git("ls-files", "-z", **index)
            if paths:
                self._git("checkout-index", "-z", "--stdin", f"--prefix={folder}/tree/", given=paths, **index)
            found = load(project, Path(folder, "tree", prefix)) if paths else Catalog()
        if prefix and found.complete and not found.described:
            raise HistoryError(f"{prefix} held no manifest at {revision}, which may have been in another folder")
        return found

    def _commit(self, revision: str) -> str | None:
        """The commit; None for what was before the first one. Raises HistoryError."""
        shallow = self._git("rev-parse", "--is-shallow-repository") == "true"
        try:
            return self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        except HistoryError:
            if revision == PARENT and not shallow:
                return None
            message = f"{revision} is no commit here (a clone of depth 1 has none before HEAD)"
            raise HistoryError(message) from None

    def _git(self, *arguments: str, given: str = "", **environ: str) -> str:
        """What git answers, without its last line break. Raises HistoryError."""
        try:
            ended = subprocess.run(  # noqa: S603 - fixed words, and a revision behind --end-of-options
                ["git", "-c", "core.hooksPath=/dev/null", "-C", str(self.root.resolve()), *arguments],  # noqa: S607 - the git of whoever runs this
                input=given,
                capture_output=True,
                encoding="utf-8",
                errors="surrogateescape",
                timeout=_SECONDS,
                env={**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C", **environ},
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            message = f"git cannot be run ({type(error).__name__})"
            raise HistoryError(message) from None
        if ended.returncode:
            raise HistoryError(_why(arguments[0], ended.stderr))
        return ended.stdout.removesuffix("\n")


def _why(command: str, said: str) -> str:
    if "not a git repository" in said:
        return "the project file is in no Git repository"
    first = next(iter(said.strip().splitlines()), "it says nothing")
    return f"git {command} failed: {first.removeprefix('fatal: ')}"

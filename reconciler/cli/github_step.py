"""A step of GitHub Actions: annotations on standard error, the summary and the outputs in the files that it names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reconciler.cli.screen import Screen
from reconciler.reports.github import outputs, workflow_commands
from reconciler.reports.markdown import comment
from reconciler.reports.told import Told

_MOST_BYTES = 1_000_000
"""A step summary may hold 1 MiB."""


def _summary(told: Told) -> str:
    return comment(told, _MOST_BYTES)


_FILES: dict[str, Callable[[Told], str]] = {"GITHUB_STEP_SUMMARY": _summary, "GITHUB_OUTPUT": outputs}


def missing(screen: Screen) -> str:
    """The variable that a step has, and this process has not; "" for none."""
    return next((name for name in _FILES if not screen.environ.get(name)), "")


def write(screen: Screen, told: Told) -> str:
    """Write them; why not, if that fails, else ""."""
    screen.err.write(workflow_commands(told))
    for name, text in _FILES.items():
        try:
            with Path(screen.environ[name]).open("a", encoding="utf-8", newline="\n") as stream:
                stream.write(text(told))
        except OSError as error:
            return f"{name}: {error.strerror}"
    return ""

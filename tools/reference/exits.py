"""The exit codes, as their own docstrings and the help of each command describe them."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reconciler.cli.exits import ExitCode
from tools.reference.commands import commands


@dataclass(frozen=True, slots=True)
class Ends:
    """How one command ends: exit code to what it says there."""

    command: str
    codes: dict[int, str]


def exit_codes() -> dict[ExitCode, str]:
    """What each exit code says."""
    enum: Any = ast.parse(inspect.getsource(ExitCode)).body[0]
    texts = [ast.literal_eval(node.value) for node in enum.body[1:] if isinstance(node, ast.Expr)]
    return dict(zip(ExitCode, texts, strict=True))


def ends() -> list[Ends]:
    """What each command says of its exit codes."""
    return [Ends(command.name, dict(_codes(command.text))) for command in commands()]


def _codes(text: str) -> Iterator[tuple[int, str]]:
    said = " ".join(text.partition("Exit codes:")[2].split("\n\n")[0].split()).rstrip(".")
    for number, meaning in re.findall(r"(?:^|; )(\d+) ([^;]+)", said):
        yield int(number), meaning

"""The commands, as their own help describes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import typer
import typer.main

from reconciler.cli import app


@dataclass(frozen=True, slots=True)
class Option:
    """One option or argument: how it is written, and what it does."""

    written: str
    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """One command: name, help text, options."""

    name: str
    text: str
    options: tuple[Option, ...]


def commands() -> list[Command]:
    """All commands in the order of ``reconciler --help``."""
    group = typer.main.get_group(app)
    context = typer.Context(group, info_name="reconciler")
    return [_command(group.commands[name], name, context) for name in group.list_commands(context)]


def _command(command: Any, name: str, parent: typer.Context) -> Command:  # noqa: ANN401 - typer names no type for it
    context = typer.Context(command, info_name=name, parent=parent)
    records = [record for parameter in command.params if (record := parameter.get_help_record(context))]
    options = tuple(Option(written, " ".join(text.split())) for written, text in records)
    return Command(name, (command.help or "").strip(), options)

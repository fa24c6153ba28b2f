"""The command line. One module for each command; this is the only room that prints.

app         the commands and their options
running     from a job to its exit code, whatever happens
carrying    consent, one step after the other, and the truth about all of them
plan_file   plans on the disk
screen      standard output and error, a terminal or not
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NoReturn

import typer
import typer.core
import typer.main

from reconciler.cli.app import app
from reconciler.cli.exits import ExitCode
from reconciler.cli.running import Format, account, checked, fail, output_finding
from reconciler.cli.screen import Screen
from reconciler.domain import Finding

__all__ = ["app", "main"]


def main() -> NoReturn:
    """Run the command that this process was started with, and leave with its exit code."""
    logging.getLogger("stamina").addHandler(logging.NullHandler())  # else each retry is a line on standard error
    screen = Screen.standard()
    code = run_arguments(sys.argv[1:], screen)
    sys.exit(_flushed(screen, code))


def _flushed(screen: Screen, code: int) -> int:
    """The code, unless what the library wrote by itself (help, version) is lost when it is handed over at last."""
    told = screen.out.lost
    screen.out.write("")
    return code if told else checked(screen, ExitCode(code))


def run_arguments(arguments: Sequence[str], screen: Screen) -> int:
    """The exit code of the command that `arguments` ask for. Whatever it says goes to `screen`."""
    given = [argument for argument in arguments if argument != "--debug"]
    options = ["--debug"] if "--debug" in arguments else []
    try:
        code = _root().main([*options, *given], prog_name="reconciler", standalone_mode=False, obj=screen)
    except typer.TyperException as error:
        fail(screen, _command(given), _format(given), [_usage_finding(error, given)], ExitCode.FAILED)
        return ExitCode.FAILED
    except OSError as error:  # of help and version, which typer writes by itself
        fail(screen, "", Format.TEXT, [output_finding(error)], ExitCode.FAILED)
        return ExitCode.FAILED
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - what goes wrong before a job has begun
        screen.debug = bool(options)
        findings, ended = account(screen, error)
        fail(screen, _command(given), _format(given), findings, ended)
        return ended
    return int(code or 0)


@cache
def _root() -> typer.core.TyperGroup:
    """All commands, which takes longer to put together than many of them take to run."""
    return typer.main.get_group(app)


def _usage_finding(error: typer.TyperException, arguments: Sequence[str]) -> Finding:
    where = " ".join(["reconciler", _command(arguments)]).strip()
    return Finding("USAGE/arguments", error.format_message(), f"'{where} --help' tells how it is used")


def _command(arguments: Sequence[str]) -> str:
    names = {info.name or getattr(info.callback, "__name__", "") for info in app.registered_commands}
    return next((argument for argument in arguments if argument in names), "")


def _format(arguments: Sequence[str]) -> Format:
    """The format that is asked for, even if something else about the arguments is wrong."""
    asked = ("--format", "json") in pairwise(arguments) or "--format=json" in arguments
    return Format.JSON if asked else Format.TEXT

"""Help answers at once, tells the exit codes, and what is asked for wrongly is never taken for a pending change."""

import json
import subprocess
import sys

import pytest
import typer.main

from reconciler import __version__
from reconciler.cli import app
from tests.unit.cli.terminal import Desk

COMMANDS = sorted(typer.main.get_group(app).commands)


def reconciler(
    *arguments: str, code: str = "from reconciler.cli import main; main()"
) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)


def test_these_are_the_commands() -> None:
    assert COMMANDS == [
        "apply", "demo", "drift", "emulator", "graph", "init", "plan", "rollback", "schema", "show", "validate",
    ]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_that_tells_its_exit_codes(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert Desk().run([command, "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert f"Usage: reconciler {command}" in shown
    assert "Exit codes: 0 " in shown
    assert "3 a bug of ours" in shown


@pytest.mark.parametrize("command", ["plan", "drift"])
def test_code_2_is_told_where_it_can_happen(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    Desk().run([command, "-h"])
    assert "2 there " in " ".join(capsys.readouterr().out.split())


def test_the_help_of_all_tells_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert Desk().run(["--help"]) == 0
    assert "Exit codes of all commands: 0 nothing to do, or done; 1 failed" in " ".join(capsys.readouterr().out.split())


def test_a_place_that_may_be_left_out_is_in_brackets_once(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("apply", "schema"):
        Desk().run([command, "--help"])
    shown = capsys.readouterr().out
    assert "apply [OPTIONS] [PLANFILE]" in shown
    assert "schema [OPTIONS] [KIND]" in shown


def test_the_short_help_of_each_command_fits_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert Desk().run(["--help"]) == 0
    assert "..." not in capsys.readouterr().out.partition("Commands:")[2]


def test_help_and_version_load_no_heavy_library() -> None:
    heavy = ["httpx", "sqlglot", "pydantic", "rich", "jsonschema", "deepdiff"]
    code = f"import sys, reconciler.cli; print([name for name in {heavy} if name in sys.modules])"
    assert reconciler(code=code).stdout == "[]\n"


def test_the_version() -> None:
    ended = reconciler("--version")
    assert (ended.returncode, ended.stdout) == (0, f"reconciler {__version__}\n")


def test_the_module_is_the_command() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "reconciler", "plan", "--bogus"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "No such option: --bogus" in ended.stderr


def test_without_a_command_help_is_shown_and_nothing_counts_as_done(capsys: pytest.CaptureFixture[str]) -> None:
    assert Desk().run([]) == 1
    assert "Commands:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["plan", "--bogus"], "No such option: --bogus"),
        (["plam"], "No such command 'plam'. Did you mean 'plan'?"),
        (["plan", "--format", "xml"], "Invalid value for '--format'"),
        (["plan", "--select"], "--select"),
        (["emulator", "--port", "many"], "Invalid value for '--port'"),
        (["validate", "extra"], "extra"),
        (["--bogus"], "No such option: --bogus"),
    ],
)
def test_wrong_usage_ends_with_1_and_says_where_help_is(arguments: list[str], words: str) -> None:
    desk = Desk()
    assert desk.run(arguments) == 1
    assert desk.said == ""
    first, second = desk.complained.splitlines()
    assert first.startswith("error USAGE/arguments: ")
    assert words in first
    assert "--help' tells how it is used" in second


@pytest.mark.parametrize("form", [["--format", "json"], ["--format=json"]])
def test_wrong_usage_is_one_document_where_one_was_asked_for(form: list[str]) -> None:
    desk = Desk()
    assert desk.run(["plan", *form, "--bogus"]) == 1
    report = json.loads(desk.said)
    assert (report["command"], report["exitCode"], report["findings"][0]["code"]) == ("plan", 1, "USAGE/arguments")
    assert desk.complained == ""

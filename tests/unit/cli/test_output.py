"""Standard output may be closed, full, gone or unable to show a letter; no command shows a traceback for it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.cli.screen import Screen
from reconciler.cli.sink import Sink
from reconciler.reports.line import line
from tests.unit.cli.terminal import Failing, Stream

COMMAND = f"{sys.executable} -m reconciler"


@pytest.fixture
def shell(tmp_path: Path) -> Path:
    """A folder with a sound project."""
    (tmp_path / "reconciler.yaml").write_text("apiVersion: reconciler/v1\nkind: Project\nmanifests: ['*-gate.yaml']\n")
    (tmp_path / "a-gate.yaml").write_text("apiVersion: reconciler/v1\nkind: Gate\nmetadata: {id: a_gate}\nspec: {}\n")
    return tmp_path


def run(folder: Path, line: str, **environ: str) -> subprocess.CompletedProcess[str]:
    bash = ["bash", "-o", "pipefail", "-c", line]
    path = str(Path(__file__).resolve().parents[3])
    variables = {**os.environ, "PYTHONPATH": path, **environ}
    return subprocess.run(bash, cwd=folder, env=variables, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", ["validate", "schema gate"])
def test_a_closed_pipe_changes_no_exit_code(shell: Path, command: str) -> None:
    ended = run(shell, f"({COMMAND} {command}; echo $? >&2) | true")
    assert ended.stderr == "0\n"


def test_help_into_a_closed_pipe_is_silent(shell: Path) -> None:
    assert run(shell, f"{COMMAND} --help | true").stderr == ""


def test_a_reader_that_stops_early_changes_no_exit_code(shell: Path) -> None:
    ended = run(shell, f"({COMMAND} schema experiment; echo $? >&2) | head -1")
    assert (ended.stdout, ended.stderr) == ("{\n", "0\n")


@pytest.mark.parametrize("command", ["validate", "schema gate", "validate --format json", "--version", "--help"])
def test_a_full_disk_is_told(shell: Path, command: str) -> None:
    ended = run(shell, f"{COMMAND} {command} >/dev/full")
    assert ended.returncode == 1
    assert ended.stderr.startswith("error RUN/output: standard output could not be written: No space left on device\n")
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("streams", [">&-", "2>&-", ">&- 2>&-", "<&-"])
def test_closed_streams_change_no_exit_code(shell: Path, streams: str) -> None:
    ended = run(shell, f"{COMMAND} validate {streams}")
    assert ended.returncode == 0
    assert ended.stderr == ""


def test_an_encoding_without_arrows_gets_plain_ones(shell: Path) -> None:
    (shell / "reconciler.yaml").write_text("apiVersion: reconciler/v1\nkind: Projekt\n")
    ended = run(shell, f"{COMMAND} validate", PYTHONIOENCODING="ascii")
    assert "    -> " in ended.stdout
    assert ended.returncode == 1


def test_a_sink_remembers_why_it_failed_and_drops_what_follows() -> None:
    sink = Sink(Failing(OSError(28, "No space left on device"), writes=1))
    for _ in range(3):
        sink.write("text")
    assert isinstance(sink.lost, OSError)


def test_a_sink_whose_reader_has_left_lost_nothing_that_anybody_wanted() -> None:
    sink = Sink(Failing(BrokenPipeError()))
    sink.write("text")
    assert sink.lost is None


def test_a_sink_that_is_closed_is_no_terminal() -> None:
    stream = Stream(terminal=True)
    assert Sink(stream).is_terminal
    stream.close()
    assert not Sink(None).is_terminal


@pytest.mark.parametrize("job", [True, False])
def test_no_text_from_outside_commands_the_runner(job: bool) -> None:  # noqa: FBT001 - the two cases
    out = Stream()
    screen = Screen(Stream(), Sink(out), Sink(Stream()), {"GITHUB_ACTIONS": "true"} if job else {})
    screen.show([line("  ::error title=x::said"), line("a ##[error]b"), line("rules: a::b")])
    rows = out.getvalue().splitlines()
    assert rows[2] == "rules: a::b"
    assert (rows[:2] == ["  ::error title=x::said", "a ##[error]b"]) is not job
    assert any(row.lstrip().startswith("::") or "##[" in row for row in rows) is not job

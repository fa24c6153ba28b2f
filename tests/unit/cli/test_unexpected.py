"""A bug of ours ends with 3 and one line to report, a traceback only with --debug, and never with the key."""

import json
from pathlib import Path

import pytest

from reconciler.cli.exits import ExitCode
from reconciler.cli.failures import StoppedError, explain, without_secrets
from reconciler.domain import Finding
from tests.unit.cli.terminal import Desk, Failing

KEY = "console-0123456789abcdef"


@pytest.fixture
def project(tmp_path: Path) -> str:
    (tmp_path / "reconciler.yaml").write_text("apiVersion: reconciler/v1\nkind: Project\n")
    return str(tmp_path)


def desk_of(error: BaseException) -> Desk:
    return Desk(out=Failing(error, once=True), environ={"STATSIG_CONSOLE_KEY": "personal-987654321"})


def test_an_unexpected_error_is_a_bug_with_a_name(project: str) -> None:
    desk = desk_of(RuntimeError(f"no {KEY} and no personal-987654321"))
    assert desk.run(["validate", "-p", project]) == 3
    assert desk.complained == (
        "error BUG/unexpected: RuntimeError: no <hidden> and no <hidden>\n"
        "    → this is a bug of the reconciler, please report it; --debug shows where it happened\n"
    )


@pytest.mark.parametrize("arguments", [["--debug", "validate"], ["validate", "--debug"]])
def test_debug_shows_where_it_happened(project: str, arguments: list[str]) -> None:
    desk = desk_of(RuntimeError(f"no {KEY} \x1b[2J"))
    assert desk.run([*arguments, "-p", project]) == 3
    assert desk.complained.startswith("Traceback (most recent call last):")
    assert KEY not in desk.complained
    assert "\x1b" not in desk.complained


def test_the_environment_can_ask_for_it_as_well(project: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECONCILER_DEBUG", "1")
    desk = desk_of(RuntimeError("oh"))
    assert desk.run(["validate", "-p", project]) == 3
    assert "Traceback" in desk.complained


def test_a_bug_is_one_document_where_one_was_asked_for(project: str) -> None:
    desk = desk_of(RuntimeError("oh"))
    assert desk.run(["validate", "-p", project, "--format", "json"]) == 3
    report = json.loads(desk.said)
    assert (report["exitCode"], report["findings"][0]["code"]) == (3, "BUG/unexpected")
    assert desk.complained == ""


def test_an_interruption_is_told_as_one(project: str) -> None:
    desk = desk_of(KeyboardInterrupt())
    assert desk.run(["validate", "-p", project]) == 130
    assert desk.complained.startswith("error RUN/interrupted: interrupted from the keyboard\n")


def test_findings_that_stop_a_command_are_told_as_they_are() -> None:
    finding = Finding("KEY/MISSING", "not set", "set it")
    assert explain(StoppedError([finding]), {}) == ((finding,), ExitCode.FAILED)


def test_an_error_without_words_has_its_name() -> None:
    (finding,), code = explain(KeyError(), {})
    assert (finding.message, code) == ("KeyError", ExitCode.BUG)


def test_secrets_are_hidden_and_short_or_harmless_values_are_not() -> None:
    environ = {"API_TOKEN": "abcdef123456", "MY_KEY": "k", "HOME": "/home/user"}
    assert without_secrets("abcdef123456 k /home/user", environ) == "<hidden> k /home/user"

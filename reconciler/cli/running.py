"""Running the job of a command: whatever happens ends in findings and in an exit code."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import NoReturn

import typer

from reconciler.cli.exits import ExitCode
from reconciler.cli.failures import explain, without_secrets
from reconciler.cli.screen import Screen
from reconciler.domain import Finding


class Format(StrEnum):
    """How a result is written."""

    TEXT = "text"
    JSON = "json"


def run(
    context: typer.Context, form: Format, job: Callable[[Screen], ExitCode], reports: Iterable[str] | None = None
) -> NoReturn:
    """Run the job of a command, say why if it cannot come to its end, and leave with its exit code.

    `reports` are those that are asked for besides, as ``FORMAT=FILE``.
    """
    screen = context.obj if isinstance(context.obj, Screen) else Screen.standard()
    screen.debug = bool(context.find_root().params.get("debug"))
    command = str(context.info_name)
    deliver: Callable[[ExitCode, Sequence[Finding]], ExitCode] = _nothing
    try:
        if reports:
            deliver = _deliverer(screen, command, reports)
        code = deliver(job(screen), ())
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the outermost edge: each error becomes a finding
        findings, code = account(screen, error)
        fail(screen, command, form, findings, code)
        code = deliver(code, findings)
    raise typer.Exit(checked(screen, code))


def _nothing(code: ExitCode, _: Sequence[Finding]) -> ExitCode:
    return code


def _deliverer(
    screen: Screen, command: str, reports: Iterable[str]
) -> Callable[[ExitCode, Sequence[Finding]], ExitCode]:
    """Writes the reports of a run that ended with a code, and with findings if it came to no result."""
    from reconciler.cli.reporting import deliver, wanted  # noqa: PLC0415 - templates and forms are heavy
    from reconciler.reports.text import finding_lines  # noqa: PLC0415 - as above
    from reconciler.reports.told import Told  # noqa: PLC0415 - as above

    asked = wanted(screen, reports)

    def run(code: ExitCode, findings: Sequence[Finding]) -> ExitCode:
        told = screen.told or Told(command, code, findings=tuple(findings))
        trouble = deliver(screen, asked, told)
        screen.complain(finding_lines(trouble))
        return ExitCode.FAILED if trouble and code in {ExitCode.OK, ExitCode.PENDING} else code

    return run


def fail(screen: Screen, command: str, form: Format, findings: Sequence[Finding], code: ExitCode) -> None:
    """Say why a command came to no result: on standard error, or as its JSON document."""
    if form is Format.JSON:
        from reconciler.reports.json_report import failure_report, json_text  # noqa: PLC0415 - rarely needed, and heavy

        screen.document(json_text(failure_report(command, findings, code)))
        return
    from reconciler.reports.text import finding_lines  # noqa: PLC0415 - as above

    screen.complain(finding_lines(findings))


def account(screen: Screen, error: BaseException) -> tuple[tuple[Finding, ...], ExitCode]:
    """What to say about an error, and its exit code; with --debug also where it happened, on standard error."""
    if screen.debug:
        from reconciler.reports.visible import visible  # noqa: PLC0415 - its package is heavy

        trace = without_secrets("".join(traceback.format_exception(error)), screen.environ)
        screen.err.write("".join(f"{visible(row)}\n" for row in trace.splitlines()))
    return explain(error, screen.environ)


def output_finding(error: OSError | ValueError) -> Finding:
    """Standard output is full, closed or gone."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Finding("RUN/output", f"standard output could not be written: {reason}", "make room, or send it elsewhere")


def checked(screen: Screen, code: ExitCode) -> ExitCode:
    """The code, unless the result did not get to where it should have gone."""
    lost = screen.out.lost
    if lost is None:
        return code
    fail(screen, "", Format.TEXT, [output_finding(lost)], ExitCode.FAILED)
    return code if code in {ExitCode.BUG, ExitCode.INTERRUPTED} else ExitCode.FAILED

"""``reconciler drift``: what was changed behind Git's back, and by whom."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler import workflow
from reconciler.cli.exits import ExitCode
from reconciler.cli.failures import StoppedError
from reconciler.cli.notices import Channel, Notify, open_channel
from reconciler.cli.project import Scope, connected
from reconciler.cli.running import Format
from reconciler.cli.screen import Screen
from reconciler.cli.since import since
from reconciler.domain import Drift, Finding, Severity
from reconciler.reports.json_report import json_text, report_of
from reconciler.reports.notice_text import drift_notice, end_notice
from reconciler.reports.text import drift_lines, finding_lines
from reconciler.reports.told import Told


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at and shown: `log_since` is how far back the audit log is read, as the command line has it."""

    unmanaged: bool
    log_since: str


def drift(screen: Screen, scope: Scope, look: Look, notify: Notify) -> ExitCode:
    """Print how live differs from the manifests, and who made it so; tell people, if that is wanted."""
    start = _start(look, screen)
    with screen.working("Reading the manifests"):
        loaded = scope.sound()
        channel = open_channel(notify, loaded.usable.notify.urls_env, screen.environ)
        screen.now("Reading the live project")
        with connected(loaded, screen.environ) as console:
            found = workflow.drift(loaded, console, screen.milliseconds, start)
    trouble = _tell(channel, found, loaded.usable.api.project_id or loaded.root.resolve().name)
    code = ExitCode.FAILED if trouble else _code(found)
    screen.told = Told("drift", code, drift=found, findings=trouble)
    if scope.form is Format.JSON:
        screen.document(json_text(report_of(screen.told)))
    else:
        screen.show(drift_lines(found, show_unmanaged=look.unmanaged))
        screen.complain(finding_lines(trouble))
    return code


def _tell(channel: Channel | None, found: Drift, project: str) -> tuple[Finding, ...]:
    """Send a message, if there is something new to say. Of what is not sure nothing is said."""
    if channel is None or _code(found) is ExitCode.FAILED or not channel.is_due(found.digest):
        return ()
    notice = drift_notice(found, project) if found.found else end_notice(found, project)
    return channel.send(notice, found.digest, alarm=found.found)


def _start(look: Look, screen: Screen) -> int:
    """From when on the audit log is read (epoch milliseconds)."""
    start = since("--log-since", look.log_since, screen.clock())
    if isinstance(start, Finding):
        raise StoppedError([start])
    return int(start.timestamp() * 1000)


def _code(found: Drift) -> ExitCode:
    if any(finding.severity is Severity.ERROR for finding in found.findings):
        return ExitCode.FAILED
    return ExitCode.PENDING if found.found else ExitCode.OK

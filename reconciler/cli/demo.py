"""``reconciler demo``: the main job from end to end, on this machine."""

from __future__ import annotations

from reconciler.cli.emulator import extra_needed
from reconciler.cli.exits import ExitCode
from reconciler.cli.running import Format
from reconciler.cli.screen import Screen
from reconciler.reports.forms import ActForm
from reconciler.reports.json_report import demo_report, json_text


def demo(screen: Screen, form: Format) -> ExitCode:
    """Play the demo. What it shows is standard output, unless that is to be one document."""
    with extra_needed():
        from reconciler.demo import run  # noqa: PLC0415 - needs an extra that may be missing
    if form is Format.TEXT:
        return _code(all(act.good for act in run(lambda text: screen.document(f"{text}\n"))))
    acts = run(lambda text: screen.err.write(f"{text}\n"), through=True)
    code = _code(all(act.good for act in acts))
    forms = [
        ActForm(title=act.title, command=["reconciler", *act.command], exitCode=act.exit_code, expected=act.expected)
        for act in acts
    ]
    screen.document(json_text(demo_report(forms, (), code)))
    return code


def _code(good: bool) -> ExitCode:
    return ExitCode.OK if good else ExitCode.FAILED

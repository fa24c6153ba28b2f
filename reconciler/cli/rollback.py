"""``reconciler rollback``: undo a saved plan, as far as it was done and as far as nobody built on it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from reconciler.cli import plan_file
from reconciler.cli.carrying import Manner, Run, carry_out, conclude, verdict
from reconciler.cli.exits import ExitCode
from reconciler.cli.project import Scope, connected
from reconciler.cli.screen import Screen
from reconciler.reports.saved_text import kept
from reconciler.reports.text import WAY_BACK, kept_lines, way_back_lines
from reconciler.workflow import reviewed


def rollback(screen: Screen, scope: Scope, manner: Manner, *, file: Path) -> ExitCode:
    """Show the way back, ask, go it, and say what could not be undone."""
    return conclude(Run("rollback", screen, scope, manner, WAY_BACK), partial(_rollback, file=file))


def _rollback(run: Run, file: Path) -> None:
    saved, loaded = plan_file.read(file), run.scope.project_alone()
    with connected(loaded, run.screen.environ) as console:
        live = reviewed.at_hand(console)
        doubts = (*plan_file.doubts(saved, loaded, live), *run.logbook.left_open(loaded, console))
        with run.screen.working("Reading the live project"):
            begun = run.logbook.begun(saved.fingerprint, saved.target.url)
            found = reviewed.rollback(saved, console, begun)
        back = replace(found.plan, findings=(*doubts, *found.plan.findings))
        planned = run.planned = replace(found, plan=back)
        if run.in_text:
            run.screen.show(way_back_lines(run.plan, str(file), saved.fingerprint, show_calls=run.manner.show_calls))
        if run.plan.steps:
            run.undoes = saved.fingerprint
            carry_out(run, loaded, planned, console, partial(reviewed.look_again, run.plan, console))
            if run.in_text:
                run.screen.show(kept_lines(run.plan))
        run.code = ExitCode.FAILED if kept(run.plan) else verdict(run)

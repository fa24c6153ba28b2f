"""``reconciler show``: a saved plan once more, in any form."""

from __future__ import annotations

from pathlib import Path

from reconciler.cli import plan_file
from reconciler.cli.exits import ExitCode
from reconciler.cli.reporting import deliver, on_screen
from reconciler.cli.screen import Screen
from reconciler.reports.told import Told


def show(screen: Screen, file: Path, form: str) -> ExitCode:
    """Print the plan in the file. Neither the manifests nor the live project are read."""
    saved = plan_file.read(file)
    pending = saved.plan.steps or saved.plan.pending
    code, production = ExitCode.PENDING if pending else ExitCode.OK, saved.target.production
    screen.told = Told("plan", code, saved.plan, saved.fingerprint, production=production)
    deliver(screen, [on_screen(form)], screen.told)
    return ExitCode.OK

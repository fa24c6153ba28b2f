"""``reconciler demo``: the main job from end to end, on this machine."""

from __future__ import annotations

from reconciler.cli.emulator import extra_needed
from reconciler.cli.exits import ExitCode
from reconciler.cli.screen import Screen


def demo(screen: Screen) -> ExitCode:
    """Play the demo."""
    with extra_needed():
        from reconciler.demo import run  # noqa: PLC0415 - needs an extra that may be missing
    return ExitCode(run(lambda text: screen.document(f"{text}\n")))

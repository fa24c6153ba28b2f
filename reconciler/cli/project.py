"""What every command about a project begins with: sound manifests, and a console to talk to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reconciler.cli.api_failures import told
from reconciler.cli.failures import StoppedError
from reconciler.cli.running import Format
from reconciler.cli.screen import Screen
from reconciler.console import Console
from reconciler.domain import Finding
from reconciler.manifests import PROJECT_FILE
from reconciler.planning.guards import day_at, in_force
from reconciler.suggest import did_you_mean
from reconciler.workflow import Asked, Loaded, NoConsoleError, Occasion, load_project, open_console, reviewed


@dataclass(frozen=True, slots=True)
class Scope:
    """What a command is about: the project file or its folder, a selection, and how the result is written.

    `since` and `switch_on` are about what is held back: see `workflow.Asked`. `allow`: which guards may trip, each as
    ``GUARD=REASON``.
    """

    path: Path
    select: tuple[str, ...]
    form: Format
    since: str | None = None
    switch_on: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()

    @property
    def file(self) -> Path:
        """The project file."""
        return self.path / PROJECT_FILE if self.path.is_dir() else self.path

    def occasion(self, screen: Screen) -> Occasion:
        """What time it is, and which guards may trip."""
        return Occasion(screen.clock(), self.allow)

    def load(self, occasion: Occasion | None = None) -> Loaded:
        """The project, sound or not. Without an `occasion` no guard is asked."""
        return load_project(self.file, self.select, occasion)

    def project_alone(self, occasion: Occasion | None = None) -> Loaded:
        """The project file without its manifests, or the end of the command if it must be mended."""
        loaded = reviewed.project_alone(self.file, occasion)
        if loaded.failed:
            raise StoppedError(loaded.findings)
        return loaded

    def sound(self, occasion: Occasion | None = None) -> Loaded:
        """The project, or the end of the command if something in it must be mended."""
        loaded = self.load(occasion)
        if loaded.failed:
            raise StoppedError(loaded.findings)
        return loaded

    def asked(self, loaded: Loaded, screen: Screen) -> Asked:
        """What is asked besides the manifests; the end of the command if that names an object without a manifest."""
        known = {str(resource.key): resource.key for resource in loaded.catalog.resources}
        if unknown := [name for name in self.switch_on if name not in known]:
            message = f"--switch-on {unknown[0]}: there is no such manifest"
            cure = did_you_mean(unknown[0], known) or "write its kind and id: Gate/checkout_v2"
            raise StoppedError([Finding("USAGE/switch-on", message, cure)])
        switched = frozenset(known[name] for name in self.switch_on)
        leave = in_force(loaded.allowances, day_at(loaded.usable.safety, screen.clock()))
        return Asked(self.since, switched, leave, now=screen.milliseconds)


@contextmanager
def connected(loaded: Loaded, environ: Mapping[str, str]) -> Iterator[Console]:
    """The console of the project, with the key from `environ`. What goes wrong stops the command with a finding."""
    if loaded.project is None:
        raise StoppedError(loaded.findings)
    try:
        console = open_console(loaded, environ)
    except NoConsoleError as error:
        raise StoppedError([error.finding]) from None
    with console, told(loaded.project.api):
        yield console

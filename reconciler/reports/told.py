"""All that a run came to, from which each report takes what it tells."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from urllib.parse import quote

from reconciler.domain import Convergence, Drift, Finding, Outcome, Place, Plan
from reconciler.planning.exposure import USUAL_PRODUCTION
from reconciler.reports.apply_text import MANIFESTS, Wording


@dataclass(frozen=True, slots=True)
class Origin:
    """Where manifests and reports can be looked at.

    `files` is the address of a file at the commit, without its path; `folder` leads from the top of the repository to
    the current folder; `run` is the address of the run that made the report. All may be "".
    """

    files: str = ""
    folder: str = ""
    run: str = ""

    def path(self, where: Place) -> str:
        """The file, counted from the top of the repository; "" where it lies outside."""
        found = posixpath.normpath(posixpath.join(self.folder, where.path))
        return "" if found.startswith(("/", "..")) else found

    def uri(self, where: Place) -> str:
        """The file as a relative reference, percent-encoded."""
        return quote(self.path(where) or where.path)

    def label(self, where: Place) -> str:
        """The file and the line, as a reader knows them."""
        return f"{self.path(where) or where.path}{'' if where.line is None else f':{where.line}'}"

    def link(self, where: Place) -> str:
        """The address of the line; "" where there is none."""
        path = self.path(where)
        if not self.files or not path:
            return ""
        return f"{self.files}/{quote(path)}{'' if where.line is None else f'#L{where.line}'}"


NOWHERE = Origin()


@dataclass(frozen=True, slots=True)
class Told:
    """What one run of a command came to.

    `plan` is what it was about to do; `drift` what it found; `manifests` how many it looked at; `findings` what it says
    besides, those of the plan and the drift not among them. `fingerprint`: None where there is no plan.
    """

    command: str
    exit_code: int = 0
    plan: Plan = field(default_factory=Plan)
    fingerprint: str | None = None
    outcomes: tuple[Outcome, ...] = ()
    convergence: tuple[Convergence, ...] = ()
    drift: Drift | None = None
    manifests: int = 0
    findings: tuple[Finding, ...] = ()
    production: frozenset[str] = USUAL_PRODUCTION
    wording: Wording = MANIFESTS
    origin: Origin = NOWHERE

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """Those of the run, of its plan and of its drift."""
        return (*self.plan.findings, *(self.drift.findings if self.drift else ()), *self.findings)

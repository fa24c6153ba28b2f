"""The client for the project's API."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.console import Console, Patience, Turns, Window, from_environment
from reconciler.domain import Finding
from reconciler.manifests import Limits
from reconciler.workflow.loaded import Loaded

_ON_THIS_MACHINE = Patience(attempts=3, total_seconds=10)
"""An emulator that does not answer is not running; nobody wants to wait long to hear that."""

_UNTIL_THE_LIMITS_ALLOW = Patience(attempts=50, total_seconds=1800, longest_pause_seconds=900)
"""The longer of the two published windows for writes is 15 minutes."""


class NoConsoleError(Exception):
    """The service cannot be asked at all, for want of a key or of usable settings; `finding` says how to mend that."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def open_console(loaded: Loaded, environ: Mapping[str, str]) -> Console:
    """The client for the project's API, with the key from the environment. Raises NoConsoleError."""
    api = loaded.usable.api
    key = from_environment(api.key_env, environ)
    if isinstance(key, Finding):
        raise NoConsoleError(key)
    patience = _ON_THIS_MACHINE if api.url.startswith("http:") else Patience()
    try:
        return Console(
            api.url,
            key,
            timeout_seconds=api.timeout_seconds,
            respect_reviews="true" if api.respect_reviews else None,
            patience=patience,
            limits_patience=_UNTIL_THE_LIMITS_ALLOW,
            turns=Turns(_windows(api.limits)),
        )
    except ValueError as problem:
        finding = Finding(
            "API/settings", str(problem), "mend api.url, or the proxy and certificate settings in the environment"
        )
        raise NoConsoleError(finding) from None


def _windows(limits: Limits) -> tuple[Window, ...]:
    return (Window(limits.per_10_seconds, 10.0), Window(limits.per_15_minutes, 900.0))

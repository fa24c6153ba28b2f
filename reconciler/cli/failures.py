"""What a person is told when a command cannot go on: findings with a cure, never a traceback, and never the key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from reconciler.cli.exits import ExitCode
from reconciler.domain import Finding

_KEY = re.compile(r"console-[^\s\"'<>,;(){}\[\]]+", re.IGNORECASE)
_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|NOTIFY", re.IGNORECASE)
_SHORTEST_SECRET = 6


class StoppedError(Exception):
    """A command that cannot go on; `findings` say why, and what to do."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        super().__init__()
        self.findings = tuple(findings)


def explain(error: BaseException, environ: Mapping[str, str]) -> tuple[tuple[Finding, ...], ExitCode]:
    """What to say about an error that ended a command, and the exit code that it has."""
    match error:
        case StoppedError():
            return error.findings, ExitCode.FAILED
        case KeyboardInterrupt():
            finding = Finding("RUN/interrupted", "interrupted from the keyboard", "run the command again")
            return (finding,), ExitCode.INTERRUPTED
        case _:
            return (_bug(error, environ),), ExitCode.BUG


def _bug(error: BaseException, environ: Mapping[str, str]) -> Finding:
    said = without_secrets(str(error), environ)
    message = f"{type(error).__name__}: {said}" if said else type(error).__name__
    cure = "this is a bug of the reconciler, please report it; --debug shows where it happened"
    return Finding("BUG/unexpected", message, cure)


def without_secrets(text: str, environ: Mapping[str, str]) -> str:
    """The text without what looks like a Console key, and without the values of variables named like secrets."""
    secrets = [value for name, value in environ.items() if _SECRET_NAME.search(name) and len(value) >= _SHORTEST_SECRET]
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "<hidden>")
    return _KEY.sub("<hidden>", text)

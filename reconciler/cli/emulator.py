"""``reconciler emulator``: the Console API on this machine."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.cli.bounded import read_bounded
from reconciler.cli.exits import ExitCode
from reconciler.cli.failures import StoppedError
from reconciler.cli.fault_file import read_faults
from reconciler.cli.running import Format
from reconciler.cli.screen import Screen
from reconciler.domain import Finding, Json
from reconciler.reports.line import line

if TYPE_CHECKING:
    from reconciler.emulator import Store

EXTRA = 'python -m pip install "statsig-reconciler[emulator]"'
"""How to get what the emulator needs."""


@dataclass(frozen=True, slots=True)
class Service:
    """Where the emulator listens, what it knows and whom it lets in."""

    host: str
    port: int
    database: Path | None
    seed: Path | None
    reset: bool
    faults: Path | None
    rate_limit: bool
    keys: tuple[str, ...]
    allow_remote: bool

    @property
    def url(self) -> str:
        """The base URL for ``api.url`` of a project file."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/console/v1"


def emulate(screen: Screen, service: Service, form: Format) -> ExitCode:
    """Serve until interrupted, which is its ordinary end."""
    with extra_needed():
        from reconciler.emulator import Faults, Store, create_app, serve, with_faults  # noqa: PLC0415 - an extra
    script = read_faults(service.faults) if service.faults else ()
    faults = Faults(*script, tell=lambda struck: screen.complain([line(str(struck))]))
    with _opened(Store, service.database) as store:

        def begin() -> None:
            _fill(store, service)
            screen.document(_greeting(service, form))

        app = create_app(store, keys=frozenset(service.keys) or None, rate_limit=service.rate_limit)
        around = with_faults(app, store, faults)
        with _addressed(service):
            serve(around, service.host, service.port, allow_remote=service.allow_remote, ready=begin)
    return ExitCode.OK


@contextmanager
def _addressed(service: Service) -> Iterator[None]:
    """A block that listens at the address of the service until it is interrupted."""
    try:
        yield
    except ValueError as error:
        raise _no_address(str(error), "listen on 127.0.0.1, or say --allow-remote if it is meant") from None
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0]
        message = f"{service.host} port {service.port} cannot be listened on: {reason}"
        raise _no_address(message, "choose another --port, or end what uses it") from None
    except KeyboardInterrupt:
        pass


def _greeting(service: Service, form: Format) -> str:
    """One line, for a person or for a program that waits for it."""
    if form is Format.JSON:
        return json.dumps({"url": service.url}) + "\n"
    return f"The Console API is at {service.url}; Ctrl-C ends it.\n"


def _no_address(message: str, cure: str) -> StoppedError:
    return StoppedError([Finding("EMULATOR/address", message, cure)])


@contextmanager
def extra_needed() -> Iterator[None]:
    """A block of imports that need the extra; without it the command stops and says how to get it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("reconciler"):
            raise
        message = f"this command needs the package {error.name}, which is not installed"
        raise StoppedError([Finding("EMULATOR/extra", message, f"run: {EXTRA}")]) from None


@contextmanager
def _opened(store: type[Store], database: Path | None) -> Iterator[Store]:
    try:
        opened = store.open(database or ":memory:")
    except sqlite3.Error as error:
        finding = Finding(
            "EMULATOR/database", f"{database} cannot be opened: {error}", "name an SQLite file, or a new one"
        )
        raise StoppedError([finding]) from None
    with opened:
        yield opened


def _fill(store: Store, service: Service) -> None:
    """What the project holds to begin with. What a database holds already is replaced on purpose only."""
    if service.seed and not (service.reset or store.is_new()):
        message = f"{service.database} holds a project already, which the seed would replace"
        cure = "leave --seed out to go on with it, or say --reset to begin anew"
        raise StoppedError([Finding("EMULATOR/seed", message, cure)])
    try:
        store.seed(_document(service.seed) if service.seed else {}, anew=service.reset)
    except OSError as error:
        raise _unusable(service.seed, str(error.strerror)) from None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError, sqlite3.Error) as error:
        told = "" if type(error) is ValueError else f"{type(error).__name__}: "
        raise _unusable(service.seed, f"{told}{error}") from None


def _document(file: Path) -> dict[str, Json]:
    document = json.loads(read_bounded(file))
    if not isinstance(document, dict):
        raise TypeError("it does not hold a JSON object")
    return document


def _unusable(file: Path | None, why: str) -> StoppedError:
    cure = 'name a JSON file of live state: {"gates": [...], "dynamic_configs": [...], ...}'
    return StoppedError([Finding("EMULATOR/seed", f"{file} cannot be used as a seed: {why}", cure)])

"""A live project on this machine, and a repository about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from reconciler.console import Console
from tests.end_to_end.world import Service, World, console_of, serving

settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")  # how busy a machine is says nothing about the code


@pytest.fixture(scope="session")
def emulator() -> Iterator[Service]:
    """One emulator for all tests."""
    with serving() as service:
        yield service


@pytest.fixture
def service(emulator: Service) -> Service:
    """The emulator with an empty project."""
    emulator.begin()
    return emulator


@pytest.fixture(scope="session")
def session_console(emulator: Service) -> Iterator[Console]:
    """One client for all tests."""
    with console_of(emulator) as console:
        yield console


@pytest.fixture
def world(service: Service, session_console: Console, tmp_path: Path) -> World:
    """An empty live project, and a repository without manifests that owns nothing."""
    made = World(service, tmp_path, session_console)
    made.project()
    return made

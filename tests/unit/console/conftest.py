"""Retries without pauses, and sockets on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import stamina

from .service import Listener


@pytest.fixture(autouse=True)
def _no_pauses() -> Iterator[None]:
    with stamina.set_testing(True, attempts=100, cap=True):
        yield


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A server on this machine that answers with raw bytes."""
    with Listener() as server:
        yield server

"""Serving the application with uvicorn, on this machine only unless told otherwise."""

from __future__ import annotations

import ipaddress
import socket
import threading
from asyncio import Transport
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from reconciler.emulator.faults.connection import TRANSPORT
from reconciler.emulator.operations import PREFIX

_STARTS_WITHIN = 10.0
"""Seconds."""


def serve(
    app: ASGIApp,
    host: str = "127.0.0.1",
    port: int = 3006,
    *,
    allow_remote: bool = False,
    ready: Callable[[], None] | None = None,
) -> None:
    """Serve until interrupted, with KeyboardInterrupt.

    `ready` is called once the address is had: whoever connects from then on is answered as soon as it is done.

    ValueError for a host that others can reach, unless `allow_remote`. OSError for an address that cannot be had.
    """
    if not (allow_remote or _is_local(host)):
        raise ValueError(f"{host!r} can be reached from other machines, and the emulator accepts any key")
    with _bound(host, port) as listening:
        if ready:
            ready()
        _Server(app).run([listening])


@contextmanager
def running(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """Serve from a thread for the length of the ``with`` block; gives the base URL. Port 0 takes a free one."""
    with _bound("127.0.0.1", port) as listening:
        server = _Server(app)
        thread = threading.Thread(target=server.run, args=([listening],), name="emulator")
        thread.start()
        try:
            if not server.ready.wait(_STARTS_WITHIN):
                raise RuntimeError("the emulator did not start")
            yield f"http://127.0.0.1:{listening.getsockname()[1]}{PREFIX}"
        finally:
            server.should_exit = True
            thread.join()


class _Protocol(H11Protocol):
    """HTTP with the connection at hand, for faults that end it."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, TRANSPORT: transport}


class _Server(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(uvicorn.Config(app, http=_Protocol, lifespan="off", log_config=None))
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


def _bound(host: str, port: int) -> socket.socket:
    """A socket that listens at this address, IPv4 if the host has both.

    Its protocol is named: without it asyncio leaves Nagle's algorithm on, and each answer takes 40 ms.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    family, kind, protocol, _, address = min(found, key=lambda each: each[0] != socket.AF_INET)
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen()
    except OSError:
        bound.close()
        raise
    return bound


def _is_local(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

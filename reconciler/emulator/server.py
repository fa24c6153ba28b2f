"""Serving the application with uvicorn, on this machine only unless told otherwise."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from reconciler.emulator.operations import PREFIX

_STARTS_WITHIN = 10.0
"""Seconds."""


def serve(app: ASGIApp, host: str = "127.0.0.1", port: int = 3006, *, allow_remote: bool = False) -> None:
    """Serve until interrupted. ValueError for a host that others can reach, unless `allow_remote`."""
    _check_host(host, allow_remote=allow_remote)
    uvicorn.run(app, host=host, port=port, lifespan="off", log_level="warning")


@contextmanager
def running(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """Serve from a thread for the length of the ``with`` block; gives the base URL. Port 0 takes a free one."""
    # The protocol must be named: without it asyncio leaves Nagle's algorithm on, and each answer takes 40 ms.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        server = _Server(uvicorn.Config(app, lifespan="off", log_config=None))
        thread = threading.Thread(target=server.run, args=([listening],), name="emulator")
        thread.start()
        try:
            if not server.ready.wait(_STARTS_WITHIN):
                raise RuntimeError("the emulator did not start")
            yield f"http://127.0.0.1:{listening.getsockname()[1]}{PREFIX}"
        finally:
            server.should_exit = True
            thread.join()


class _Server(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


def _check_host(host: str, *, allow_remote: bool) -> None:
    if allow_remote or host == "localhost":
        return
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise ValueError(f"{host} can be reached from other machines, and the emulator accepts any key")

"""Connections that end without an answer, or in the middle of one."""

from __future__ import annotations

import socket
import struct
from asyncio import Transport

from starlette.types import Receive, Scope

TRANSPORT = "transport"
"""Where the server puts the connection into the state of a request."""

_NO_LINGERING = struct.pack("ii", 1, 0)
"""Closing sends a reset, and what was not sent yet is lost."""


async def end(scope: Scope, receive: Receive, *, reset: bool) -> None:
    """End the connection of a request, with a TCP reset or in the ordinary way, and wait until it is gone."""
    transport: Transport = scope["state"][TRANSPORT]
    if reset:
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
        transport.abort()
    else:
        transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass

"""A service that says what a test tells it to say, and keeps what it was asked."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from typing import Self, TypeAlias

import httpx

from reconciler.console import ApiKey, Console, Patience
from reconciler.domain import Json, Tree
from tests.clockwork import Clockwork

KEY = "console-CANARYcanary0123456789"
URL = "https://statsigapi.net/console/v1"

Reply: TypeAlias = Callable[[], httpx.Response]


def says(document: Json, status: int = 200, **headers: str) -> Reply:
    """An answer with a JSON body; underscores in header names stand for hyphens."""
    return text(json.dumps(document), status, content_type="application/json", **headers)


def text(body: str | bytes, status: int = 200, **headers: str) -> Reply:
    """An answer with any body."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda: httpx.Response(status, headers=named, content=body)


def fails(error: Exception) -> Reply:
    """No answer, but an error of the transport."""

    def reply() -> httpx.Response:
        raise error

    return reply


class Broken(httpx.SyncByteStream):
    """A body that breaks off."""

    def __init__(self, start: bytes, error: Exception) -> None:
        self._start = start
        self._error = error

    def __iter__(self) -> Iterator[bytes]:
        yield self._start
        raise self._error


class Service:
    """Gives its replies in order, the last one again and again."""

    def __init__(self, *replies: Reply) -> None:
        self._replies = list(replies)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        reply = self._replies[0] if len(self._replies) == 1 else self._replies.pop(0)
        return reply()

    def console(self, *, patience: Patience = Patience(), most_bytes: int = 10_000) -> Console:  # noqa: B008 - frozen
        """A console that talks to this service."""
        transport = httpx.MockTransport(self)
        turns = Clockwork().turns()
        return Console(URL, ApiKey(KEY), patience=patience, turns=turns, most_bytes=most_bytes, transport=transport)


def routed(answers: dict[str, Reply]) -> Console:
    """A console whose service answers by path below the base URL, and 404 elsewhere."""

    def handle(request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/console/v1")
        return answers.get(path, says({"message": "Not Found.", "status": 404}, 404))()

    return Console(URL, ApiKey(KEY), transport=httpx.MockTransport(handle))


def page(*ids: str, following: Json = None, total: int | None = None, field: str = "id") -> Reply:
    """One page of a list."""
    pagination: Tree = {"itemsPerPage": 100, "pageNumber": 1, "nextPage": following, "previousPage": None}
    if total is not None:
        pagination["totalItems"] = total
    return says({"message": "Listed.", "data": [{field: id_} for id_ in ids], "pagination": pagination})


class Listener(socketserver.ThreadingTCPServer):
    """Takes one request per connection, keeps it, sends `raw` (None: waits until the client gives up) and hangs up."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.raw: bytes | None = b""
        self.received: list[bytes] = []
        self._thread = threading.Thread(target=lambda: self.serve_forever(poll_interval=0.01))

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        """Its address as the base URL of a console."""
        return f"http://127.0.0.1:{self.port}/console/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Connection(socketserver.BaseRequestHandler):
    server: Listener

    def handle(self) -> None:
        received = b""
        while not _whole(received) and (piece := self.request.recv(65536)):
            received += piece
        self.server.received.append(received)
        if self.server.raw is None:
            self.request.recv(1)
        else:
            self.request.sendall(self.server.raw)


def _whole(received: bytes) -> bool:
    head, end, body = received.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return bool(end) and len(body) >= int(lengths[0] if lengths else 0)

"""What really happened between client and service: every request, and what the service did about it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from urllib.parse import unquote

from starlette.datastructures import QueryParams
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reconciler.domain import Json, Tree
from reconciler.emulator.operations import PREFIX

_OURS = "witnessed"
_SETTLED_WITHIN = 300.0
"""Seconds."""

_NOBODY = Response(status_code=503)
"""What a client that is gone does not hear."""

When: TypeAlias = Literal["before", "after"]
Act: TypeAlias = Callable[["Request", When], bool]
"""What is done right before a request is handled, or right after it and before it is answered. True: its client is
gone, and it is not handled any more."""


@dataclass(slots=True)
class Request:
    """One request. `status` is what the service itself answered; None if the request never came to it.

    `page`: which page of a list it asks for.
    """

    number: int
    method: str
    path: str
    body: Json = None
    status: int | None = None
    page: int = 1

    @property
    def writes(self) -> bool:
        """Whether it may change something."""
        return self.method != "GET"

    @property
    def took(self) -> bool:
        """Whether the service did what was asked."""
        return self.status is not None and 200 <= self.status < 300

    def is_of(self, call: Tree, id_: str) -> bool:
        """Whether it is this call of a step about the object `id_`: several objects are made at one path."""
        named = self.body if isinstance(self.body, dict) else {}
        makes = "id" in named or "name" in named
        mine = not (makes and self.method == "POST") or id_ in {named.get("id"), named.get("name")}
        return self.method == call["method"] and self.path == unquote(call["path"]) and mine


@dataclass
class Witness:
    """The requests of one run, in the order in which they came."""

    requests: list[Request] = field(default_factory=list)
    act: Act | None = None
    _open: int = 0
    _change: threading.Condition = field(default_factory=threading.Condition)

    def begin(self, act: Act | None = None) -> None:
        """Forget what was seen, once the last request has been handled."""
        self.settle()
        self.requests, self.act = [], act

    def settle(self) -> None:
        """Wait until every request has been handled: a late one may change something after its client is gone."""
        with self._change:
            assert self._change.wait_for(lambda: self._open == 0, _SETTLED_WITHIN)

    def writes(self) -> Iterable[Request]:
        """Those that may change something."""
        return (request for request in self.requests if request.writes)

    def outside(self, app: ASGIApp) -> ASGIApp:
        """Sees all requests. Lies around the faults."""

        async def run(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            self._count(1)
            try:
                path = scope["path"].removeprefix(PREFIX)
                message = await receive()
                body = json.loads(message["body"]) if message["body"] else None
                page = int(QueryParams(scope["query_string"]).get("page", "1"))
                request = Request(len(self.requests) + 1, scope["method"], path, body, page=page)
                self.requests.append(request)
                gone = self._told(request, "before")
                await (_NOBODY if gone else app)({**scope, _OURS: request}, _first(message, receive), send)
            finally:
                self._count(-1)

        return run

    def inside(self, app: ASGIApp) -> ASGIApp:
        """Sees what the service does. Lies right around it."""

        async def run(scope: Scope, receive: Receive, send: Send) -> None:
            request: Request = scope[_OURS]

            async def watched(sent: Message) -> None:
                if sent["type"] == "http.response.start":
                    request.status = sent["status"]
                await send(sent)

            await app(scope, receive, watched)
            self._told(request, "after")

        return run

    def _told(self, request: Request, when: When) -> bool:
        return self.act is not None and self.act(request, when)

    def _count(self, by: int) -> None:
        with self._change:
            self._open += by
            self._change.notify_all()


def _first(message: Message, receive: Receive) -> Receive:
    """The message once more, and then what follows it."""
    messages = [message]

    async def run() -> Message:
        return messages.pop() if messages else await receive()

    return run

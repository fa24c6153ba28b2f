"""Faults around an application: each fault that strikes a request lies around the next, the application is inmost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reconciler.emulator.faults import people
from reconciler.emulator.faults.answers import Answer, instead, page_before, spoiled, with_items_of
from reconciler.emulator.faults.connection import end
from reconciler.emulator.faults.matching import Faults, Struck
from reconciler.emulator.operations import PREFIX
from reconciler.emulator.store import Store
from reconciler.fault_script import (
    Create,
    Cut,
    Delay,
    Delete,
    Edit,
    Fault,
    Refuse,
    Repeat,
    ResetAfter,
    ResetBefore,
)

Handle: TypeAlias = Callable[[Scope], Awaitable[Answer]]
"""Takes a request to its answer. Raises EndedError where there is none."""


class EndedError(Exception):
    """The connection ends: with a reset, in the ordinary way, or within an answer."""

    def __init__(self, *, reset: bool = False, within: Answer | None = None) -> None:
        super().__init__()
        self.reset, self.within = reset, within


def with_faults(app: ASGIApp, store: Store, faults: Faults) -> ASGIApp:
    """The application, which works on `store`, struck by `faults`. It needs the server of `reconciler.emulator`."""
    around = _Around(store, faults)

    async def run(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        handle: Handle = partial(_handled, app, await _body(receive))
        handle = around.struck(scope, handle)
        try:
            answer = await handle(scope)
        except EndedError as ended:
            if ended.within:
                await ended.within.send(send, len(ended.within.body) // 2)
            await end(scope, receive, reset=ended.reset)
        else:
            await answer.send(send)

    return run


async def _body(receive: Receive) -> bytes:
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _handled(app: ASGIApp, body: bytes, scope: Scope) -> Answer:
    """What the application answers."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start, *parts = sent
    return Answer(start["status"], b"".join(part["body"] for part in parts), dict(start["headers"]))


@dataclass(frozen=True, slots=True)
class _Around:
    """The faults of a script, and the state that people change."""

    store: Store
    faults: Faults

    def struck(self, scope: Scope, handle: Handle) -> Handle:
        """`handle` with all faults around it that strike this request."""
        method, path = scope["method"], scope["path"].removeprefix(PREFIX)
        found = self.faults.strike(method, path)
        strike = partial(Struck, self.faults.requests, f"{method} {path}")
        for fault in reversed(found):
            handle = partial(self._fault, fault, strike, handle)
        return handle

    async def _fault(self, fault: Fault, strike: Callable[..., Struck], handle: Handle, scope: Scope) -> Answer:
        if isinstance(fault, Edit | Create | Delete):
            return await self._meanwhile(fault, strike, handle, scope)
        self.faults.record(strike(fault.do))
        return instead(fault) or await _broken(fault, handle, scope)

    async def _meanwhile(
        self, fault: Edit | Create | Delete, strike: Callable[..., Struck], handle: Handle, scope: Scope
    ) -> Answer:
        answer = await handle(scope) if fault.when == "after" else None
        self.faults.record(strike(f"{fault.do} {fault.when}", people.act(self.store, fault)))
        return answer or await handle(scope)


async def _broken(fault: Fault, handle: Handle, scope: Scope) -> Answer:
    match fault:
        case Refuse() | ResetBefore():
            raise EndedError(reset=isinstance(fault, ResetBefore))
        case Delay():
            await asyncio.sleep(fault.seconds)
    answer = await handle(scope)
    match fault:
        case ResetAfter():
            raise EndedError(reset=True)
        case Cut():
            raise EndedError(within=answer)
        case Repeat() if earlier := page_before(scope):
            return with_items_of(answer, await handle(earlier))
    return spoiled(fault, answer)

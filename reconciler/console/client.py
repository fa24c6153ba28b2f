"""The Console API as calls: one attempt, a patient read, a careful write, a whole collection."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self, TypeAlias

import httpx

from reconciler.console.answer import Bounds, understand
from reconciler.console.errors import AnswerLost, ConsoleError, NotSent, RateLimited, Stopped, Unsendable
from reconciler.console.listing import PAGE_SIZE, collect
from reconciler.console.redaction import Redactor
from reconciler.console.retry import ON_READ, Patience
from reconciler.console.secret import ApiKey
from reconciler.console.turns import Turns
from reconciler.console.wire import checked_path, open_client
from reconciler.domain import Call, Json, Tree

Params: TypeAlias = Mapping[str, str | int | Sequence[str]]
Trees: TypeAlias = list[Tree]

_MOST_BYTES = 64 * 1024 * 1024
_TIMEOUTS_PER_ANSWER = 10
"""A timeout of the HTTP library is for one piece of an answer; this bounds the whole of one that trickles in."""
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
_BEGINNING = 100
"""As many characters are shown of a path that is too long."""
_WITH_BODY = frozenset({"POST", "PUT"})


class Console:
    """The Console API of one project, at `base_url` (with ``/console/v1``). A context manager that threads can share.

    `timeout_seconds`: for connecting, for sending and for each piece of an answer. `respect_reviews`: the value of the
    header ``x-respect-review-settings``, None to leave it out. `limits_patience`: how often and how long a write is
    tried that the service refuses for its limits; `patience` if left out. `turns`: the pace of writes, as published if
    left out. `most_bytes`: how large an answer may be, unpacked. ValueError if `base_url` is not an http or https
    address, or the environment's proxy or certificates are unusable.
    """

    def __init__(  # noqa: PLR0913 - each is a setting of its own, given by name
        self,
        base_url: str,
        key: ApiKey,
        *,
        timeout_seconds: float = 30.0,
        respect_reviews: str | None = "true",
        patience: Patience = Patience(),  # noqa: B008 - a frozen value
        limits_patience: Patience | None = None,
        turns: Turns | None = None,
        most_bytes: int = _MOST_BYTES,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = open_client(base_url, key, timeout_seconds, respect_reviews, transport)
        self._redact = Redactor(key)
        self._patience = patience
        self._limits_patience = limits_patience or patience
        self.turns = turns or Turns()
        self._most_bytes = most_bytes
        self._longest_answer = timeout_seconds * _TIMEOUTS_PER_ANSWER
        self._clock = clock

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Console({str(self._http.base_url)!r})"

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def request(self, method: str, path: str, body: Json = None, params: Params | None = None) -> Tree:
        """The envelope that one attempt brings; any 2xx is a success, and one of a write without a body is ``{}``.

        A POST or PUT without a body sends ``{}``, as the vendor's Terraform provider does. Raises a `ConsoleError`;
        ValueError for a path that is not percent-encoded segments.
        """
        result = self._exchange(Call(method, checked_path(path), body), params)
        if isinstance(result, ConsoleError):
            raise result
        return result

    def read(self, path: str, params: Params | None = None) -> Tree:
        """The envelope of a GET, tried again while there is hope. Reads have no limit that is known of."""
        return self._patience.keep_trying(ON_READ, lambda: self._read(path, params))

    def _read(self, path: str, params: Params | None) -> Tree:
        try:
            return self.request("GET", path, params=params)
        except RateLimited as error:
            self.turns.pause(error.retry_after or 0.0)
            raise

    def write(self, call: Call, right_before: Callable[[], None] = lambda: None) -> Tree:
        """The envelope of a call that changes something, sent when its turn comes.

        `right_before` is called when it has come, and may raise to leave the call out.
        It is tried again only where it is certain that nothing happened. After `AnswerLost` or `ServerError`, read the
        object before doing anything else.
        """
        give_up = self.turns.now() + self._limits_patience.total_seconds
        attempts = 0
        while True:
            attempts += 1
            try:
                return self._in_turn(call, right_before)
            except RateLimited as error:
                if not self._limits_patience.lasts(attempts, give_up - self.turns.now(), error.retry_after):
                    raise

    def _in_turn(self, call: Call, right_before: Callable[[], None]) -> Tree:
        began = self.turns.take()
        if began is None:
            raise self._stopped(call)
        try:
            right_before()
            envelope = self._patience.keep_trying((NotSent,), lambda: self._unless_stopped(call))
        except RateLimited as error:
            self.turns.refused(began, error.retry_after)
            raise
        finally:
            self.turns.give_back(began)
        self.turns.accepted()
        return envelope

    def _unless_stopped(self, call: Call) -> Tree:
        if self.turns.stopped:
            raise self._stopped(call)
        return self.request(call.method, call.path, call.body)

    def _stopped(self, call: Call) -> Stopped:
        return Stopped("it was not sent, since the run was stopped", self._shown(call))

    def list(self, path: str, params: Params | None = None, *, identity: str = "id") -> Trees:
        """All objects of a collection, or `ListingError`; `identity` is the field that tells objects apart."""
        asked = {**(params or {}), "limit": PAGE_SIZE}
        shown = self._shown(Call("GET", path))
        return collect(lambda page: self.read(path, {**asked, "page": page}), shown, identity)

    def _exchange(self, call: Call, params: Params | None) -> Tree | ConsoleError:
        """One attempt. Errors are returned, so that they are raised outside of `except` and carry no request along."""
        shown = self._shown(call)
        content = _content(call)
        headers = {"Content-Type": "application/json"} if content is not None else None
        try:
            with self._http.stream(call.method, call.path, content=content, headers=headers, params=params) as response:
                return understand(response, shown, self._bounds(), self._redact)
        except httpx.InvalidURL as error:
            return Unsendable(
                f"no request can be made of it: {error}", Call(shown.method, f"{shown.path[:_BEGINNING]}...")
            )
        except httpx.RequestError as error:
            reason = self._redact(str(error)) or type(error).__name__
            if isinstance(error, _NEVER_SENT):
                return NotSent(f"{self._http.base_url.host} could not be reached: {reason}", shown)
            return AnswerLost(f"sent, but the answer was lost: {reason}", shown)

    def _bounds(self) -> Bounds:
        end = self._clock() + self._longest_answer
        return Bounds(self._most_bytes, lambda: self._clock() > end)

    def _shown(self, call: Call) -> Call:
        """The call as errors show it: no body, and no key even if the path is that of a key."""
        return Call(call.method, self._redact.hide_own(call.path))


def _content(call: Call) -> bytes | None:
    """The body as ASCII JSON: text from live objects may hold lone surrogates, which have no UTF-8 form."""
    body = {} if call.body is None and call.method in _WITH_BODY else call.body
    return None if body is None else json.dumps(body, allow_nan=False, separators=(",", ":")).encode("ascii")

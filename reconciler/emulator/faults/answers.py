"""Answers as a client should never get them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from starlette.types import Scope, Send

from reconciler.domain import Json, Tree
from reconciler.fault_script import BadGateway, Fault, Invalid, ServerError, Shrink, TooManyRequests, Truncated

_HTML = """<html>
<head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center></body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, whole."""

    status: int
    body: bytes
    headers: dict[bytes, bytes] = field(default_factory=dict)

    async def send(self, send: Send, part: int | None = None) -> None:
        """Send it, or only the first `part` of its bytes, though all of them are announced."""
        headers = self.headers | {b"content-length": str(len(self.body)).encode()}
        await send({"type": "http.response.start", "status": self.status, "headers": list(headers.items())})
        await send({"type": "http.response.body", "body": self.body[:part], "more_body": part is not None})


def instead(fault: Fault) -> Answer | None:
    """The answer that a fault gives in place of the service, if it does."""
    match fault:
        case ServerError():
            return _json(500, {"status": 500, "message": "Internal server error"})
        case BadGateway():
            return Answer(502, _HTML.encode(), {b"content-type": b"text/html"})
        case TooManyRequests(retryAfter=None):
            return _json(429, {"status": 429, "message": "Too Many Requests"})
        case TooManyRequests(retryAfter=seconds):
            answer = _json(429, {"status": 429, "message": "Too Many Requests"})
            return replace(answer, headers=answer.headers | {b"retry-after": str(seconds).encode()})
    return None


def spoiled(fault: Fault, answer: Answer) -> Answer:
    """What a fault makes of the service's answer."""
    match fault:
        case Truncated():
            return replace(answer, body=answer.body[: len(answer.body) // 2])
        case Invalid():
            return replace(answer, body=b"Internal error: " + answer.body)
        case Shrink() if page := _page(answer):
            return replace(answer, body=_text(page | {"data": page["data"][: len(page["data"]) // 2]}))
    return answer


def page_before(scope: Scope) -> Scope | None:
    """The request for the page before the one that is asked for; None for a first page."""
    query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    number = query.get("page", "1")
    if not number.isdecimal() or int(number) <= 1:
        return None
    earlier = urlencode(query | {"page": int(number) - 1})
    return {**scope, "query_string": earlier.encode()}


def with_items_of(answer: Answer, earlier: Answer) -> Answer:
    """The page with the objects of another one; what is no page stays as it is."""
    page, other = _page(answer), _page(earlier)
    return replace(answer, body=_text(page | {"data": other["data"]})) if page and other else answer


def _page(answer: Answer) -> Tree | None:
    body: Json = json.loads(answer.body)
    return body if isinstance(body, dict) and "pagination" in body else None


def _json(status: int, body: Tree) -> Answer:
    return Answer(status, _text(body), {b"content-type": b"application/json"})


def _text(body: Tree) -> bytes:
    return json.dumps(body).encode()

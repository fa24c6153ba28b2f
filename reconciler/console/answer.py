"""What an answer says, read defensively: endpoints disagree about the shape of envelopes and errors.

    2xx   ->  the envelope, a JSON object      or AnswerLost
    else  ->  an ApiError with the service's own words, whatever form they came in

Everything here returns errors as values; the one place that raises is `client`, outside any `except`, so that no error
carries an exception of the HTTP library along.
"""

from __future__ import annotations

import contextlib
import html
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx

from reconciler.console.errors import (
    AnswerLost,
    AnswerTooLarge,
    ApiError,
    ConsoleError,
    FieldErrors,
    KeyEchoed,
    refusal_class,
)
from reconciler.console.redaction import Redactor
from reconciler.domain import Call, Json, Tree
from reconciler.forms import is_within

_ERROR_BYTES = 64 * 1024
"""How much of an error's body is read: its message is at the start."""
_PACKINGS = frozenset({"", "identity", "gzip", "deflate"})
"""A piece of an answer unpacks to a thousand times its size with these, and to gigabytes with others, or with two."""
_DEEPEST = 200
"""Nobody nests further; what would be read further down could be compared and written by no means that recurse."""
_MOST_FIELD_ERRORS = 20
_REQUEST_ID_HEADERS = ("x-request-id", "x-correlation-id", "x-amzn-trace-id", "x-cloud-trace-context", "cf-ray")
"""The service documents none; these are what its usual front ends send."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large an answer may be, and whether it has been arriving for too long."""

    most_bytes: int
    is_late: Callable[[], bool]


def understand(response: httpx.Response, call: Call, bounds: Bounds, redact: Redactor) -> Tree | ConsoleError:
    """The envelope in an open, unread response, or the error that it stands for."""
    if response.is_success:
        return _envelope(response, call, bounds, redact)
    if response.has_redirect_location:
        return _redirect(response, call, redact)
    return _refusal(response, call, bounds, redact)


def _unpacked(response: httpx.Response) -> Iterator[bytes]:
    """The body piece by piece. httpx.DecodingError if it is packed otherwise than was asked for."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in _PACKINGS:
        raise httpx.DecodingError(f"it is packed as {packing}, which was not asked for")
    yield from response.iter_bytes()


def data_of(envelope: Tree) -> Json:
    """The payload of an answer: its `data`, or the whole of it where an endpoint leaves the envelope out.

    None for an answer that is only a message, as deletes and experiment lifecycle calls give.
    """
    if "data" in envelope:
        return envelope["data"]
    return None if envelope.keys() <= {"message", "status"} else envelope


# ---- success -------------------------------------------------------------------------------------------------------


def _envelope(response: httpx.Response, call: Call, bounds: Bounds, redact: Redactor) -> Tree | ConsoleError:
    body = bytearray()
    request_id = _request_id(response, redact)
    for chunk in _unpacked(response):
        body += chunk
        if len(body) > bounds.most_bytes:
            message = f"the answer ({response.status_code}) is larger than {bounds.most_bytes} bytes"
            return AnswerTooLarge(message, call, request_id)
        if bounds.is_late():
            return AnswerLost(f"the answer ({response.status_code}) took too long to arrive", call, request_id)
    if not body and call.method != "GET":
        return {}
    document = _parsed(bytes(body))
    if redact.is_in(body.decode(json.detect_encoding(body), "replace")):
        return KeyEchoed(f"the answer ({response.status_code}) holds the key itself, and is not used", call, request_id)
    if isinstance(document, dict) and is_within(document, _DEEPEST):
        return document
    wrong = f"nested more than {_DEEPEST} deep" if isinstance(document, dict) else "not a JSON object"
    return AnswerLost(f"the answer ({response.status_code}) is {wrong}", call, request_id)


def _parsed(body: bytes) -> Json:
    """The JSON document in `body`, or None if there is none (NaN and Infinity are not JSON)."""
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None


def _refuse_constant(name: str) -> Json:
    raise ValueError(name)


# ---- refusal -------------------------------------------------------------------------------------------------------


def _redirect(response: httpx.Response, call: Call, redact: Redactor) -> ApiError:
    target = redact(httpx.URL(response.headers["location"]).host) or "another path of the same host"
    message = f"a redirect to {target}; not followed, as the key is for one host only"
    return ApiError(response.status_code, message, (), _request_id(response, redact), call)


def _refusal(response: httpx.Response, call: Call, bounds: Bounds, redact: Redactor) -> ApiError:
    message, field_errors = _said(_error_text(response, bounds), redact)
    status = response.status_code
    return refusal_class(status)(
        status,
        message or _phrase(status),
        field_errors,
        _request_id(response, redact),
        call,
        _retry_after(response.headers),
    )


def _said(text: str, redact: Redactor) -> tuple[str, FieldErrors]:
    """The message in the body of a refusal, and what it says about single fields."""
    document = _parsed(text.encode("utf-8", "replace"))
    if not isinstance(document, dict):
        return redact(_readable(text)), ()
    try:
        return redact(_message(document)), _field_errors(document, redact)
    except RecursionError:
        return redact(text), ()


def _error_text(response: httpx.Response, bounds: Bounds) -> str:
    """The start of the body. The status is known by now, so that a body that breaks off changes nothing."""
    body = bytearray()
    with contextlib.suppress(httpx.RequestError):
        for chunk in _unpacked(response):
            body += chunk
            if len(body) >= _ERROR_BYTES or bounds.is_late():
                break
    return bytes(body[:_ERROR_BYTES]).decode("utf-8", "replace")


def _message(document: Tree) -> str:
    words = (_words(document.get(name)) for name in ("message", "Message", "error", "Error"))
    return next((text for text in words if text), "")


def _words(value: Json) -> str:
    """Any JSON value as a sentence: lists joined, objects by their message."""
    match value:
        case None | bool():
            return ""
        case str():
            return value
        case list():
            return "; ".join(filter(None, map(_words, value)))
        case dict():
            return _words(value.get("message") or value.get("errorMessage")) or json.dumps(value)
        case _:
            return str(value)


def _field_errors(document: Tree, redact: Redactor) -> FieldErrors:
    """Property and message of each entry of `errors`, which is a list, an object by property, or one entry."""
    match document.get("errors") or document.get("Errors"):
        case list() as entries:
            pairs = [_field_error(entry) for entry in entries]
        case {"errorMessage": _} | {"property": _} as entry:
            pairs = [_field_error(entry)]
        case dict() as entries:
            pairs = [(str(name), _words(value)) for name, value in entries.items()]
        case str() as text:
            pairs = [("", text)]
        case _:
            return ()
    return tuple((redact(name), redact(text)) for name, text in pairs[:_MOST_FIELD_ERRORS])


def _field_error(entry: Json) -> tuple[str, str]:
    if not isinstance(entry, dict):
        return "", _words(entry)
    at = entry.get("property") or entry.get("path") or entry.get("field") or ""
    name = ".".join(map(str, at)) if isinstance(at, list) else str(at)
    return name, _words(entry.get("errorMessage") or entry.get("message")) or json.dumps(entry)


def _retry_after(headers: httpx.Headers) -> float | None:
    """Seconds that ``Retry-After`` asks for; a date in it counts from the answer's own ``Date``, not from our clock."""
    asked = headers.get("retry-after", "")
    with contextlib.suppress(ValueError):
        seconds = float(asked)
        return max(seconds, 0.0) if math.isfinite(seconds) else None
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        pause = parsedate_to_datetime(asked) - parsedate_to_datetime(headers.get("date", ""))
        return max(pause.total_seconds(), 0.0)
    return None


def _request_id(response: httpx.Response, redact: Redactor) -> str | None:
    return next((redact(response.headers[name]) for name in _REQUEST_ID_HEADERS if response.headers.get(name)), None)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "no reason was given"


def _readable(text: str) -> str:
    """A body that is no JSON object: the text as it is, or the words of a page (of a proxy, say) without its tags."""
    if not text.lstrip().startswith("<"):
        return text
    pieces = (piece.partition(">") for piece in text.split("<"))
    return html.unescape(" ".join(words for tag, _, words in pieces if not tag.lower().startswith(("script", "style"))))

"""What can go wrong with a call of the Console API.

    ConsoleError              any of these; `call`, `message` and `request_id` say which call and why
    |- NotSent                certain: the request did not reach the service, so nothing happened
    |  `- Unsendable          and it never can: no address is so long
    |- Stopped                certain: the request was not sent, since the run is to end
    |- AnswerLost             sent, and no usable answer came back: it may or may not have taken effect
    |  |- AnswerTooLarge      the answer was larger than the bound; asking again brings the same
    |  `- KeyEchoed           the answer holds the key itself, and nothing of it is used
    |- ListingError           the pages of a collection do not add up to a complete list
    |  `- UnknownForm         an object in it has another form than any that is known
    `- ApiError               the service answered and refused; `status`, `field_errors` and `retry_after` say how
       |- Invalid             400 and every other 4xx: the request is wrong for this object
       |- Unauthorized        401: the key is not accepted
       |- Forbidden           403: the key may not do this
       |- NotFound            404: there is no such object or endpoint
       |- RateLimited         429: too many calls; nothing was done
       `- ServerError         5xx: it may or may not have taken effect

A redirect is an `ApiError` of its own status: it is never followed. No error holds the key: every text that comes from
outside passes `reconciler.console.redaction` first, and none is raised from an exception of the HTTP library, whose
request carries the key.
"""
# ruff: noqa: N818 - these names say what became of the call, which is what a caller branches on

from __future__ import annotations

from http import HTTPStatus
from typing import TypeAlias

from reconciler.domain import Call

FieldErrors: TypeAlias = tuple[tuple[str, str], ...]
"""What is wrong with single fields of a request: pairs of property ("" if none is named) and message."""


class ConsoleError(Exception):
    """A call failed. `call` has method and path, and never a body; `request_id` is the service's, if it gave one."""

    def __init__(self, message: str, call: Call, request_id: str | None = None) -> None:
        super().__init__(message, call, request_id)
        self.message = message
        self.call = call
        self.request_id = request_id

    def __str__(self) -> str:
        return f"{self.call}: {self.message}{self._request()}"

    def _request(self) -> str:
        return f" [request {self.request_id}]" if self.request_id else ""


class NotSent(ConsoleError):
    """It is certain that the request did not reach the service: no name, no route, no connection, no free slot."""


class Unsendable(NotSent):
    """The path is too long for an address, and will be the next time."""


class Stopped(ConsoleError):
    """The call was not sent and will not be: somebody stopped the run."""


class AnswerLost(ConsoleError):
    """The request was sent, and what came back cannot be used. Only a read tells whether it took effect."""


class AnswerTooLarge(AnswerLost):
    """The answer is larger than the bound that the console was opened with."""


class KeyEchoed(AnswerLost):
    """The answer holds the key. What it says would end up in plans, reports and files, so that none of it is used."""


class ListingError(ConsoleError):
    """A collection could not be read completely, so that what is missing from it cannot be told from what is absent."""


class UnknownForm(ListingError):
    """An object of the collection has a form that is not known, so that nothing can be said about it."""


class ApiError(ConsoleError):
    """The service refused. `retry_after`: seconds that it asks to wait, if it says so."""

    def __init__(  # noqa: PLR0913, PLR0917 - positional, so that `args` holds all of them and copies and pickles work
        self,
        status: int,
        message: str,
        field_errors: FieldErrors,
        request_id: str | None,
        call: Call,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, call, request_id)
        self.args = (status, message, field_errors, request_id, call, retry_after)
        self.status = status
        self.field_errors = field_errors
        self.retry_after = retry_after

    def __str__(self) -> str:
        fields = "; ".join(f"{name}: {text}" if name else text for name, text in self.field_errors)
        detail = f" ({fields})" if fields else ""
        return f"{self.call} answered {self.status}: {self.message}{detail}{self._request()}"


class Invalid(ApiError):
    """400 or another 4xx without a class of its own. A clash of names is a 400, too."""


class Unauthorized(ApiError):
    """401: the key is not accepted."""


class Forbidden(ApiError):
    """403: the key lacks the right."""


class NotFound(ApiError):
    """404: no such object."""


class RateLimited(ApiError):
    """429: the limit of calls is reached, and this one was not carried out."""


class ServerError(ApiError):
    """5xx: the service or what stands in front of it failed, perhaps after it did what was asked."""


_BY_STATUS: dict[int, type[ApiError]] = {
    HTTPStatus.UNAUTHORIZED: Unauthorized,
    HTTPStatus.FORBIDDEN: Forbidden,
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.TOO_MANY_REQUESTS: RateLimited,
}


def refusal_class(status: int) -> type[ApiError]:
    """The class of error for a status outside 200..299."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ServerError
    if status >= HTTPStatus.BAD_REQUEST:
        return _BY_STATUS.get(status, Invalid)
    return ApiError

"""Refusals, with the bodies that the service sends: ``{status, message, errors?}``."""

from __future__ import annotations

from reconciler.domain import Tree

NOT_FOUND = "Not Found. The requested resource could not be found."
NAME_TAKEN = "Name is already in use"


class ApiError(Exception):
    """The request is refused with this status and message."""

    def __init__(
        self, status: int, message: str, errors: list[Tree] | None = None, headers: dict[str, str] | None = None
    ) -> None:
        """A refusal. `errors` are ``{property, errorMessage}`` pairs, `headers` go with the answer."""
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors or []
        self.headers = headers or {}

    @property
    def body(self) -> Tree:
        """The JSON body of the answer."""
        plain: Tree = {"status": self.status, "message": self.message}
        return {**plain, "errors": self.errors} if self.errors else plain


def refused(message: str) -> ApiError:
    """400 with a sentence."""
    return ApiError(400, message)


def invalid(*problems: tuple[str, str]) -> ApiError:
    """400 in the words of the body validator: each problem is a property and what is wrong with it."""
    errors: list[Tree] = [{"property": name, "errorMessage": message} for name, message in problems]
    return ApiError(400, "Bad Request Exception", errors)


def not_found() -> ApiError:
    """404 with the fixed sentence."""
    return ApiError(404, NOT_FOUND)

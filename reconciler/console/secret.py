"""The API key: a value that shows itself to nobody but the line that sends it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NoReturn

from reconciler.domain import Finding

_SENDABLE = re.compile(r"[!-~]+")


class ApiKey:
    """A Console API key: visible ASCII, no blanks. Text, formats and pickles of it show nothing."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        if not _SENDABLE.fullmatch(value):
            msg = "a key is visible ASCII without blanks"
            raise ValueError(msg)
        self._value = value

    def reveal(self) -> str:
        """The key itself: for the header that carries it, and for finding it in a text that must not show it."""
        return self._value

    def __repr__(self) -> str:
        return "ApiKey(...)"

    def __format__(self, _: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        msg = "a key is never pickled or copied"
        raise TypeError(msg)


def from_environment(name: str, environ: Mapping[str, str]) -> ApiKey | Finding:
    """The key in the environment variable `name`, or what is wrong with it. The finding never shows the value."""
    value = environ.get(name)
    if value is None:
        return _refused("KEY/MISSING", f"the environment variable {name} is not set", name)
    if not value.strip():
        return _refused("KEY/MISSING", f"the environment variable {name} is empty", name)
    if "\n" in value or "\r" in value:
        return _refused("KEY/MALFORMED", f"the value of {name} holds a line break", name)
    if not _SENDABLE.fullmatch(value):
        return _refused("KEY/MALFORMED", f"the value of {name} holds a blank or a character that no key has", name)
    return ApiKey(value)


def _refused(code: str, message: str, name: str) -> Finding:
    return Finding(code, message, f"set {name} to the Console API key alone, without quotes, blanks or line breaks")

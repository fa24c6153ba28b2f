"""Where a live value comes from: who set it, when, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reconciler.domain.identity import ResourceKey

PROJECT_KEY_NAME = "CONSOLE API"
"""What the service calls whoever writes with a project key (example in the OpenAPI document)."""


class Key(StrEnum):
    """With what somebody wrote. A personal key and its owner's own clicks cannot be told apart."""

    PROJECT = "project"
    PERSON = "person"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote, as the service names them: display name, e-mail and user id, each "" where it does not say."""

    name: str = ""
    email: str = ""
    id: str = ""

    @property
    def key(self) -> Key:
        """With what they wrote. A project key has a name of its own and no e-mail; which key, only `id` may tell."""
        if self.email:
            return Key.PERSON
        if self.name == PROJECT_KEY_NAME:
            return Key.PROJECT
        return Key.PERSON if self.name else Key.UNKNOWN

    def __str__(self) -> str:
        return self.email or self.name or (f"user {self.id}" if self.id else "")


class Source(StrEnum):
    """What told where a value comes from."""

    VERSIONS = "versions"
    LOG = "audit_log"
    STAMP = "last_modifier"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Trace:
    """Who set a live value and when (epoch milliseconds).

    `writers`: one; several if it was one of them; none if nobody knows. `certain`: whether it is sure that it was they.
    `note`: what is not known, and why. `version`: the version of the object that had the value first.
    """

    source: Source = Source.NOTHING
    writers: tuple[Writer, ...] = ()
    at: int | None = None
    certain: bool = False
    note: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the audit log: what was done (`action`, `words`) to the object that is called `name`, by whom, when.

    It names no kind and no id of the object. `at`: epoch milliseconds, of a whole second; None if it cannot be read.
    """

    id: str
    name: str
    action: str
    writer: Writer
    at: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Resalt:
    """Somebody spread the units of an object anew, which nothing in the object shows.

    `keys`: the object; several if the name in the log can be that of any of them.
    """

    keys: tuple[ResourceKey, ...]
    entry: Entry

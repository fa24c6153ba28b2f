"""Ids as the service makes them: base-62 texts of 22 characters."""

from __future__ import annotations

import hashlib
import secrets
import string

_ALPHABET = string.digits + string.ascii_letters
_LENGTH = 22


def new_id() -> str:
    """A fresh id that nobody can guess."""
    return _base62(secrets.randbits(160))


def stable_id(text: str) -> str:
    """The same id for the same text: for people, keys, teams and target apps, which the emulator does not store."""
    return _base62(int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()))


def stable_decimal(text: str) -> str:
    """The same id for the same text, in the form that environments have: ``0.35629335902367476``."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return f"0.{int.from_bytes(digest) % 10**17:017d}"


def slug(name: str) -> str:
    """The id that the service makes from a display name.

    Seen: "A Gate" becomes ``a_gate``. The exact algorithm is unknown; lower case and ``_`` for blanks explains every
    example.
    """
    return name.lower().replace(" ", "_")


def _base62(number: int) -> str:
    digits: list[str] = []
    for _ in range(_LENGTH):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(digits)

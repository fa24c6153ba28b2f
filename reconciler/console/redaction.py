"""Making text from outside safe to show: without keys, on one line, and short.

The service echoes the key in the message of a 401 ("... an invalid key was sent. Key: console-...", as the OpenAPI
document shows), and a proxy may echo any header.
"""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode
from urllib.parse import quote, unquote

from reconciler.console.secret import ApiKey

HIDDEN = "<key hidden>"

_ANY_KEY = re.compile(r"console-[^\s\"'<>,;(){}\[\]]+", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


_ESCAPE = re.compile(r"\\(?:u00([2-7][0-9a-f])|/)", re.IGNORECASE)
_URL_SAFE = str.maketrans("+/", "-_")
_FEWEST_TELLING = 8
"""Fewer letters of base64 may stand in a text by chance."""


class Redactor:
    """Hides one key, in the spellings that an answer may use for it, and everything that looks like a Console key."""

    __slots__ = ("_key",)

    def __init__(self, key: ApiKey) -> None:
        self._key = key

    @property
    def _spellings(self) -> list[str]:
        return _spellings(self._key.reveal())

    def __call__(self, text: str, most: int = 300) -> str:
        """`text` on one line of at most `most` characters, without keys and without control characters."""
        line = " ".join(_UNPRINTABLE.sub(" ", self.hide(text)).split())
        return line if len(line) <= most else line[: most - 1] + "…"

    def is_in(self, text: str) -> bool:
        """Whether the key is in `text`, in a spelling that hides it from a search but not from a reader."""
        readings = {reading.lower() for reading in (text, unquote(text), html.unescape(text), _without_escapes(text))}
        return any(spelling.lower() in reading for spelling in self._spellings for reading in readings)

    def hide(self, text: str) -> str:
        """`text` as it is, but for keys; nothing of a text that spells the key in a way that cannot be cut out."""
        hidden = _ANY_KEY.sub(HIDDEN, self.hide_own(text))
        return HIDDEN if self.is_in(hidden) else hidden

    def hide_own(self, text: str) -> str:
        """`text` as it is, but for this very key: for our own texts, where ``console-`` may begin an object's id."""
        for spelling in self._spellings:
            text = re.sub(re.escape(spelling), HIDDEN, text, flags=re.IGNORECASE)
        return text


def _spellings(key: str) -> list[str]:
    """The key plain, and as URLs, JSON, HTML and base64 write it; longest first, as one may hold another."""
    plain = {key, quote(key, safe=""), json.dumps(key)[1:-1], html.escape(key)}
    return sorted(plain | _in_base64(key), key=len, reverse=True)


def _without_escapes(text: str) -> str:
    """The text with the letters that JSON may write as escapes, and the slashes, in place of them."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else "/", text) if "\\" in text else text


def _in_base64(key: str) -> set[str]:
    """What base64 of both alphabets makes of the key, wherever it stands in a text: the letters of it alone."""
    found = set()
    for before in range(3):
        coded = b64encode(b" " * before + key.encode()).decode()
        own = coded[-(-before * 8 // 6) : (before + len(key)) * 8 // 6]
        found |= {own, own.translate(_URL_SAFE)}
    return {each for each in found if len(each) >= _FEWEST_TELLING}

"""Making text from outside safe to show: without keys, on one line, and short.

The service echoes the key in the message of a 401 ("... an invalid key was sent. Key: console-...", as the OpenAPI
document shows), and a proxy may echo any header.
"""

from __future__ import annotations

import html
import json
import re
from urllib.parse import quote

from reconciler.console.secret import ApiKey

HIDDEN = "<key hidden>"

_ANY_KEY = re.compile(r"console-[^\s\"'<>,;(){}\[\]]+", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class Redactor:
    """Hides one key, in the spellings that an answer may use for it, and everything that looks like a Console key."""

    __slots__ = ("_key",)

    def __init__(self, key: ApiKey) -> None:
        self._key = key

    def __call__(self, text: str, most: int = 300) -> str:
        """`text` on one line of at most `most` characters, without keys and without control characters."""
        line = " ".join(_UNPRINTABLE.sub(" ", self.hide(text)).split())
        return line if len(line) <= most else line[: most - 1] + "…"

    def hide(self, text: str) -> str:
        """`text` as it is, but for keys."""
        return _ANY_KEY.sub(HIDDEN, self.hide_own(text))

    def hide_own(self, text: str) -> str:
        """`text` as it is, but for this very key: for our own texts, where ``console-`` may begin an object's id."""
        for spelling in _spellings(self._key.reveal()):
            text = re.sub(re.escape(spelling), HIDDEN, text, flags=re.IGNORECASE)
        return text


def _spellings(key: str) -> list[str]:
    """The key plain, and as a URL, a JSON text and an HTML page write it; longest first, as one may hold another."""
    return sorted({key, quote(key, safe=""), json.dumps(key)[1:-1], html.escape(key)}, key=len, reverse=True)

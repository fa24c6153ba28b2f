r"""Text from outside made safe to show: nothing in it can steer a terminal or hide from a reader.

Ids, names and values come from manifests and from the live project. A character that cannot be printed (control codes,
terminal escapes, direction marks, zero-width and unusual blanks, lone surrogates) is written as an escape in the way of
Python and YAML: ``\x1b`` becomes the four characters ``\``, ``x``, ``1``, ``b``.
"""

from __future__ import annotations

import re
import unicodedata

_BLANK_LETTERS = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\uffa0\U000e0100-\U000e01ef]")
"""Printable by their category, and without any ink: Unicode's default-ignorable letters and marks."""

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LAST_BYTE = 0xFF
_LAST_OF_PLANE = 0xFFFF


def visible(text: str) -> str:
    """The text on one line, with every character that has no ink of its own written as an escape."""
    if text.isprintable() and not _BLANK_LETTERS.search(text):
        return text
    return "".join(character if _has_ink(character) else _escape(character) for character in text)


def looks(text: str) -> str:
    """The text as it looks: the same for texts that a reader cannot tell apart, such as a letter and its parts."""
    return unicodedata.normalize("NFKC", text)


def in_ascii(text: str) -> str:
    """The text with an escape for every character beyond ASCII, for texts that look like another."""
    return text.encode("ascii", "backslashreplace").decode("ascii")


def _has_ink(character: str) -> bool:
    return character.isprintable() and not _BLANK_LETTERS.match(character)


def _escape(character: str) -> str:
    number = ord(character)
    if number <= _LAST_BYTE:
        return _SHORT.get(character, f"\\x{number:02x}")
    return f"\\u{number:04x}" if number <= _LAST_OF_PLANE else f"\\U{number:08x}"

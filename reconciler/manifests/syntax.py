"""Bytes that are no YAML: what is said about them, and where.

The sentences of the parser are kept, since they can be looked up; each of the frequent ones gets a cure beside it.
"""

from __future__ import annotations

import re
from typing import Protocol

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from reconciler.domain import Finding, Place

MAX_BYTES = 5 * 1024 * 1024
"""The largest file that is read."""

MAX_NODES = 200_000
"""How many values one file may hold, with every alias written out."""

MAX_DEPTH = 100
"""How deep values may be nested, with every alias written out."""

BOM = b"\xef\xbb\xbf"

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_LINE_END = re.compile(r"\r\n|\r|\n")
_UNFIT_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Control characters, and what YAML 1.1 took for line ends and YAML 1.2 does not (U+0085, U+2028, U+2029)."""

_OURS, _THEIRS = (re.compile(mark, re.MULTILINE) for mark in ("^<<<<<<< ", "^=======\r?$"))
"""What Git leaves around the two sides where both changed the same lines."""

_BACKSLASHES = "use single quotes, or write each backslash twice"
_CURES = (
    (
        "mapping values are not allowed",
        "quote the text if it holds ': ', check the indentation, or put a blank after the colon of the line before",
    ),
    ("cannot start any token", "indent with blanks, never tabs; quote text that starts with @, ` or %"),
    ("did not find expected key", "check the indentation: keys of one mapping start in the same column"),
    ("did not find expected '-' indicator", "check the indentation: items of one list start in the same column"),
    ("could not find expected ':'", "write 'key: value', with a blank after the colon; a long key needs '? '"),
    ("did not find expected ',' or", "close the bracket, or put a comma between the items"),
    ("while parsing a flow node", "close the bracket or brace that was opened before, or write a value here"),
    ("found unexpected end of stream", "close the quote that was opened before"),
    ("unknown escape character", _BACKSLASHES),
    ("did not find expected hexdecimal number", _BACKSLASHES),
    (
        "invalid Unicode character escape",
        "write the character itself, or both of its halves as JSON does: \\ud83d\\ude00",
    ),
    ("while scanning an alias", "quote the text: * begins an alias"),
    ("while scanning an anchor", "quote the text: & begins an anchor"),
    ("block sequence entries are not allowed", "start the list on a line of its own"),
    ("did not find expected node content", "write a value here, or quote the text"),
    ("found unexpected ':'", "put a blank after the colon, or quote the text"),
    ("undefined tag handle", "take the tag out, or quote the text if it is meant"),
    ("incompatible YAML document", "take the %YAML line out: manifests are YAML 1.2"),
)
_OTHERWISE = "check the indentation, the quotes and the brackets here and on the line before"


class Mark(Protocol):
    """A position of the parser: line and column, both from 0, counted in characters."""

    line: int
    column: int


def place_of(path: str, document: int, mark: Mark) -> Place:
    """The position `mark` of a file, as people count: from 1."""
    return Place(path, document, (), mark.line + 1, mark.column + 1)


def unreadable(data: bytes, path: str) -> Finding | None:
    """Why `data` is not even text of a fit size, if it is not."""
    if len(data) > MAX_BYTES:
        return too_large(path)
    try:
        text = data.removeprefix(BOM).decode()
    except UnicodeDecodeError as error:
        return _not_utf8(data, path, error.start + (len(BOM) if data.startswith(BOM) else 0))
    if found := _UNFIT_CHARACTER.search(text):
        return _unfit_character(text, path, found.start())
    ours = _OURS.search(text)
    return _unsettled(text, path, ours.start()) if ours and _THEIRS.search(text, ours.end()) else None


def too_large(path: str) -> Finding:
    """The finding for a file of more than `MAX_BYTES`."""
    message = f"the file is larger than {MAX_BYTES // 1024**2} MiB"
    return Finding("YAML/limit", message, "split it into several files", Place(path, 0, (), 1, 1))


def syntax_finding(error: YAMLError, path: str, document: int) -> Finding:
    """What the parser refused, with the position where it noticed."""
    if not isinstance(error, MarkedYAMLError):
        return Finding("YAML/syntax", f"this is no YAML: {error}", _OTHERWISE, Place(path, document))
    message = str(error.problem or "this is no YAML") + _begun(error)
    mark = error.problem_mark or error.context_mark
    where = place_of(path, document, mark) if mark else Place(path, document)
    return Finding("YAML/syntax", message, _cure(message), where)


def _begun(error: MarkedYAMLError) -> str:
    if not error.context:
        return ""
    start = error.context_mark
    return f" {error.context}" + (f" that starts on line {start.line + 1}" if start else "")


def _cure(message: str) -> str:
    return next((cure for words, cure in _CURES if words in message), _OTHERWISE)


def _not_utf8(data: bytes, path: str, start: int) -> Finding:
    if data.startswith(_UTF16):
        return Finding("YAML/encoding", "the file is UTF-16", "save it as UTF-8", Place(path, 0, (), 1, 1))
    before = data[:start].removeprefix(BOM).decode(errors="replace")
    message = f"the byte 0x{data[start]:02x} is not UTF-8"
    return Finding("YAML/encoding", message, "save the file as UTF-8", _end_of(before, path))


def _unsettled(text: str, path: str, at: int) -> Finding:
    message = "the marks of a merge that is not settled stand here"
    return Finding("YAML/conflict", message, "settle it, and take the marks out", _end_of(text[:at], path))


def _unfit_character(text: str, path: str, at: int) -> Finding:
    code = ord(text[at])
    return Finding(
        "YAML/character",
        f"the character U+{code:04X} cannot be seen and is not allowed here",
        f'take it out, or write it as "\\u{code:04x}" in double quotes',
        _end_of(text[:at], path),
    )


def _end_of(before: str, path: str) -> Place:
    lines = _LINE_END.split(before)
    return Place(path, 0, (), len(lines), len(lines[-1]) + 1)

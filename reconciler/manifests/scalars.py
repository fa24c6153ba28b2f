"""What an unquoted text of YAML is, by the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema).

``NO``, ``on``, ``yes``, ``12:30`` and dates are text. Numbers and dates whose text would be lost remember it
(`reconciler.domain.plain`).
"""

from __future__ import annotations

import re

from reconciler.domain import Json
from reconciler.domain.plain import PlainDate, PlainFloat, PlainInt

LARGEST_INT = 2**53 - 1
"""The largest whole number that every reader of JSON keeps exact (RFC 8259, section 6)."""

_CONSTANTS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_FIRST_OF_A_NUMBER = frozenset("0123456789+-.")
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_A_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?"
    r"(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::?[0-9]{2})?))?"
)
_BASES = {"0o": 8, "0x": 16}
_LONGEST_INT = 40
_CORE = "tag:yaml.org,2002:"


class UnfitError(ValueError):
    """A scalar that has no place in a manifest: `code`, and what to write instead (`cure`)."""

    def __init__(self, code: str, message: str, cure: str) -> None:
        super().__init__(message)
        self.code = code
        self.cure = cure


def resolve(text: str) -> Json:
    """The value of the unquoted `text`. Raises `UnfitError` for what JSON cannot hold."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _FIRST_OF_A_NUMBER:
        return text
    if _INT.fullmatch(text):
        return _int(text)
    if _FLOAT.fullmatch(text):
        return _float(text)
    if _NOT_A_NUMBER.fullmatch(text):
        raise _not_in_json(text)
    return PlainDate(text) if _DATE.fullmatch(text) else text


def resolve_tagged(tag: str, text: str) -> Json:
    """The value of `text` that carries the explicit `tag`. Raises `UnfitError` where the two do not fit."""
    if tag in {"!", _CORE + "str"}:
        return text
    name = tag.removeprefix(_CORE)
    if name not in {"null", "bool", "int", "float"}:
        raise unknown_tag(tag)
    value = resolve(text) if text else None
    if name == "float" and type(value) is int:
        return float(value)
    if _NAMES.get(type(value)) == name:
        return value
    raise _misfit(name, text)


def unknown_tag(tag: str) -> UnfitError:
    """The error for a tag that manifests do not know."""
    shown = f"!!{tag.removeprefix(_CORE)}" if tag.startswith(_CORE) else tag
    return UnfitError("YAML/tag", f"the tag {shown} is not known here", "take the tag out, or quote it if it is text")


def _misfit(name: str, text: str) -> UnfitError:
    return UnfitError("YAML/tag", f"{text!r} is no {name}", f"take out !!{name}, or write a value that is one")


_NAMES: dict[type, str] = {
    type(None): "null",
    bool: "bool",
    int: "int",
    PlainInt: "int",
    float: "float",
    PlainFloat: "float",
}


def _int(text: str) -> int:
    if len(text) > _LONGEST_INT:
        raise _too_large(text)
    base = _BASES.get(text[:2])
    value = int(text[2:], base) if base else int(text)
    if abs(value) > LARGEST_INT:
        raise _too_large(text)
    return value if str(value) == text else PlainInt(value, text)


def _float(text: str) -> float:
    value = float(text)
    if value in {float("inf"), float("-inf")}:
        raise _not_in_json(text)
    return value if repr(value) == text else PlainFloat(text)


def _too_large(text: str) -> UnfitError:
    shown = text if len(text) <= _LONGEST_INT else f"{text[:_LONGEST_INT]}..."
    return UnfitError(
        "YAML/number",
        f"{shown} is beyond {LARGEST_INT}, the largest whole number that JSON carries exactly",
        f'quote it if text is meant: "{shown}"',
    )


def _not_in_json(text: str) -> UnfitError:
    cure = f'write a number, or quote it: "{text}"'
    return UnfitError("YAML/number", f"{text} is no number that JSON can carry", cure)

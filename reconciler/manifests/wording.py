"""What a reader is told about a value that does not fit its field: plain words, and what to write instead."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TypeAlias

from reconciler.domain import Json, Tree
from reconciler.domain.plain import PlainDate, PlainFloat, PlainInt

Words: TypeAlias = tuple[str, str, str]
"""Code, message and cure of a finding."""

MEANT: Mapping[str, str] = MappingProxyType(
    {
        "string_type": "text",
        "int_type": "a whole number",
        "int_from_float": "a whole number",
        "float_type": "a number",
        "bool_type": "true or false",
        "list_type": "a list",
        "tuple_type": "a list",
        "dict_type": "a mapping",
        "model_type": "a mapping",
        "none_required": "null",
    }
)
"""What each of pydantic's type errors asks for."""

_NUMBERS = MappingProxyType(
    {"a number": re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?"), "a whole number": re.compile(r"[-+]?[0-9]+")}
)
"""How numbers look that are written as text by mistake."""
_NO_BLANK = re.compile(r"([A-Za-z_]\w{0,60}):([^\s/].{0,60})")
"""A key and its colon, where YAML sees one text because no blank follows."""
_LONGEST = 60
_FEW = 8
"""So many options are all listed, even beside the one that was probably meant."""
_TELLING = 4
"""Words of fewer letters have too many neighbours for a slip to be told."""
_OPTION = re.compile(r"'((?:[^'\\]|\\.)*)'")
_YES_OR_NO = frozenset({"yes", "no", "on", "off", "y", "n", "true", "false"})


def shown(value: Json) -> str:
    """A value as a sentence names it, cut to a readable length."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return json.dumps(value if len(value) <= _LONGEST else f"{value[:_LONGEST]}...", ensure_ascii=False)
    return written(value)


def named(key: str) -> str:
    """A key as a sentence names it: as it is, or quoted and cut where it is no plain name."""
    return key if key.isidentifier() and len(key) <= _LONGEST else shown(key)


def written(value: Json) -> str:
    """A scalar as it stands in the file, or would."""
    if isinstance(value, PlainFloat | PlainInt):
        return value.text
    return value if isinstance(value, str) else json.dumps(value)


def type_words(meant: str, value: Json) -> Words:
    """`meant` (``text``, ``a number or a list``) was expected and `value` is there. What mends null, others know."""
    if meant == "text" and isinstance(value, bool | int | float):
        return _quote_words(value)
    return ("SCHEMA/type", f"{meant} is meant here, not {shown(value)}", _type_cure(meant, value))


def _quote_words(value: float) -> Words:
    code = "YAML/quote" if isinstance(value, PlainFloat | PlainInt) else "SCHEMA/type"
    text = written(value)
    return (code, f"text is meant here, and {text} without quotes is no text", f"quote it: {json.dumps(text)}")


def _type_cure(meant: str, value: Json) -> str:
    if meant == "true or false" and isinstance(value, str) and value.casefold() in _YES_OR_NO:
        return "write true or false, without quotes"
    if meant in {"a number", "a whole number"} and isinstance(value, PlainDate) and (moment := _milliseconds(value)):
        return f"a moment is written in milliseconds since 1970: {moment}"
    if meant == "a mapping" and isinstance(value, str) and (both := _NO_BLANK.fullmatch(value)):
        return f"put a blank after the colon: {both[1]}: {both[2]}"
    if isinstance(value, str) and meant in _NUMBERS and _NUMBERS[meant].fullmatch(bare := value.rstrip("% ")):
        return f"take the quotes off: {value}" if bare == value else f"write {bare}"
    if meant == "a list" and not isinstance(value, dict):
        return f"write a list, even of one: [{shown(value)}]"
    return f"write {meant}"


def _milliseconds(date: str) -> int | None:
    """The moment of a date, taken for one in UTC where it names no time zone."""
    try:
        moment = datetime.fromisoformat(date)
    except ValueError:
        return None
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def missing_words(field: str) -> Words:
    """A required field is not there."""
    return ("SCHEMA/missing", f"{field} is missing", f"write {field}: ...")


def _option_words(value: Json, context: Tree) -> Words:
    options = _OPTION.findall(str(context.get("expected", "")))
    if isinstance(value, bool | int | float) and written(value) in options:
        return _quote_words(value)
    return ("SCHEMA/enum", f"{shown(value)} is not one of the values of this field", one_of(value, options))


def _tag_words(value: Json, context: Tree) -> Words:
    field = str(context.get("discriminator", "")).strip("'")
    options = _OPTION.findall(str(context.get("expected_tags", "")))
    tag = value.get(field) if isinstance(value, dict) else None
    return ("SCHEMA/enum", f"{shown(tag)} is no {field} known here", one_of(tag, options))


def one_of(value: Json, options: Collection[str]) -> str:
    """The cure for a value that is not among `options`: all of them; of many, the one that it is a slip of, if any."""
    if len(options) == 1:
        return f"write {next(iter(options))}"
    meant = next((option for option in options if isinstance(value, str) and _is_slip(value, option)), None)
    if meant is not None and len(options) > _FEW:
        return f"did you mean {meant}?"
    return f"write one of {', '.join(options)}" + (f"; did you mean {meant}?" if meant else "")


def _is_slip(written: str, meant: str) -> bool:
    """Whether a letter too many, too few or another, or two that are swapped, are all that tells one from the other.

    Words that are merely alike, such as launched and archived or active and inactive, may mean opposite things.
    """
    short, long = sorted((written.casefold(), meant.casefold()), key=len)
    if short == long or len(meant) < _TELLING:
        return short == long
    return len(long) - len(short) <= 1 and any(_differ_at(at, short, long) for at in range(len(long)))


def _differ_at(at: int, short: str, long: str) -> bool:
    swapped = short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    return short[:at] == long[:at] and (long[at + 1 :] in {short[at:], short[at + 1 :]} or swapped)


def _pattern_words(value: Json, context: Tree) -> Words:
    example = context.get("example")
    cure = f"write one such as {example}" if example else f"it must match {context.get('pattern', '')}"
    return ("SCHEMA/pattern", f"{shown(value)} has characters or a form that is not allowed here", cure)


def _value_words(_: Json, context: Tree) -> Words:
    return ("SCHEMA/value", str(context.get("error", "the value does not fit")), "write a value that fits")


def _bound(text: str) -> Callable[[Json, Tree], Words]:
    def words(value: Json, context: Tree) -> Words:
        return ("SCHEMA/bounds", f"{shown(value)} is out of bounds", text.format_map(context))

    return words


def _length(least_or_most: str, bound: str) -> Callable[[Json, Tree], Words]:
    def words(value: Json, context: Tree) -> Words:
        unit = "character" if isinstance(value, str) else "item"
        cure = f"write {least_or_most} {_counted(context[bound], unit)}"
        return ("SCHEMA/bounds", f"{_counted(len(value), unit)}: out of bounds", cure)

    return words


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


_WORDS: Mapping[str, Callable[[Json, Tree], Words]] = MappingProxyType(
    {
        "literal_error": _option_words,
        "enum": _option_words,
        "union_tag_invalid": _tag_words,
        "union_tag_not_found": lambda _, context: missing_words(str(context.get("discriminator", "")).strip("'")),
        "string_pattern_mismatch": _pattern_words,
        "value_error": _value_words,
        "assertion_error": _value_words,
        "greater_than": _bound("write more than {gt:g}"),
        "greater_than_equal": _bound("write {ge:g} or more"),
        "less_than": _bound("write less than {lt:g}"),
        "less_than_equal": _bound("write {le:g} or less"),
        "multiple_of": _bound("write a multiple of {multiple_of:g}"),
        "string_too_short": _length("at least", "min_length"),
        "string_too_long": _length("at most", "max_length"),
        "too_short": _length("at least", "min_length"),
        "too_long": _length("at most", "max_length"),
    }
)


def words(type_: str, message: str, value: Json, context: Tree) -> Words:
    """The words for pydantic's error `type_` about `value`, where it is not the type that is wrong.

    An error type with a slash is a code of our own models.
    """
    if "/" in type_:
        return (type_, message, str(context.get("cure", "")))
    if type_ in _WORDS:
        return _WORDS[type_](value, context)
    return ("SCHEMA/value", message.replace("Input should", "the value should"), "write a value that fits")

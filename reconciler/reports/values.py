"""Values as a reader of a plan sees them: short, unmistakable, in the spelling of a manifest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from reconciler.domain import IdOf, Json
from reconciler.reports.moments import moment_of
from reconciler.reports.visible import visible

LONG = 72
"""A text of more characters is shortened in the middle."""

_WORD = re.compile(r"[^\W\d][\w@.:/-]*|@[\w.-]+")
_MEANINGFUL = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
"""Words that some reader of YAML takes for something else than text."""
_LARGEST_EXACT = 2.0**53


def plain_number(value: float) -> int | float:
    """60 for 60.0, and everything else as it is."""
    return int(value) if abs(value) < _LARGEST_EXACT and float(value).is_integer() else value


def word(text: str, most: int = LONG) -> str:
    """Text bare where it is one plain word, quoted where it could be misread; shortened when it is long."""
    if _WORD.fullmatch(text) and text.lower() not in _MEANINGFUL and len(text) <= most:
        return text
    return shortened(text, most)


def shortened(text: str, most: int = LONG) -> str:
    """Text in quotes; a long one without its middle, and with its length."""
    return middle_out(text, most) if len(text) <= most else f"{middle_out(text, most)} ({len(text)} characters)"


def middle_out(text: str, most: int) -> str:
    """Text in quotes; of a long one the beginning and the end."""
    return quoted(text if len(text) <= most else f"{text[: most // 2]}…{text[-(most // 2) :]}")


def quoted(text: str) -> str:
    """Text in double quotes, with letters of all languages as they are and everything invisible as an escape."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{visible(escaped)}"'


def scalar(value: Json, most: int = LONG) -> str:
    """null, true, a number, a text or an id to come. A number that can only be a moment has its date beside it."""
    if isinstance(value, str):
        return word(value, most)
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, IdOf):
        return id_text(value)
    number = plain_number(value)
    moment = moment_of(number)
    return f"{number} ({moment})" if moment else str(number)


def is_scalar(value: Json) -> bool:
    """Whether the value holds no others."""
    return not isinstance(value, (dict, list))


def flow(value: Json, most: int = LONG) -> str:
    """Any value on one line, in the flow style of YAML; of a long one the beginning, and how much there is of it."""
    if is_scalar(value):
        return scalar(value, most)
    text = _beginning(value, most)
    if len(text) <= most:
        return text
    return f"{text[:most].rstrip()}… ({counted(len(value), 'item' if isinstance(value, list) else 'field')})"


def fits(value: Json, most: int = LONG) -> bool:
    """Whether one short line holds the whole value."""
    if isinstance(value, str):
        return len(value) <= most and "\n" not in value
    return is_scalar(value) or len(_beginning(value, most)) <= most


def _beginning(value: Json, most: int) -> str:
    """The text of the value, or a bit more than `most` characters of it."""
    text = ""
    for piece in _pieces(value, most):
        text += piece
        if len(text) > most:
            break
    return text


def _pieces(value: Json, most: int) -> Iterator[str]:
    """The text bit by bit, so that nobody writes out a megabyte to show its first line."""
    match value:
        case dict():
            yield "{"
            for number, (key, item) in enumerate(value.items()):
                yield f"{', ' if number else ''}{word(str(key))}: "
                yield from _pieces(item, most)
            yield "}"
        case list():
            yield "["
            for number, item in enumerate(value):
                yield ", " if number else ""
                yield from _pieces(item, most)
            yield "]"
        case _:
            yield scalar(value, most)


def listed(items: list[Json], most: int = 6) -> str:
    """Scalars with commas between them: all of a short list, and of a long one the first few and how many follow."""
    shown = ", ".join(scalar(item, 40) for item in items[:most])
    rest = len(items) - most
    return f"{shown} and {rest} more" if rest > 0 else shown


def counted(number: int, unit: str) -> str:
    """``1 field``, ``3 fields``."""
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def waits(number: int) -> str:
    """``1 waits for people``."""
    return f"{number} {'waits' if number == 1 else 'wait'} for people"


def id_text(value: IdOf) -> str:
    """An id that is not known yet, as what it will be the id of."""
    return f"<id of {quoted(value.name)} in {value.field}>"


def body_text(value: Json) -> str:
    """A request body as JSON on one line, but for ids that are not known yet."""
    match value:
        case IdOf():
            return id_text(value)
        case dict():
            members = (f"{body_text(str(key))}: {body_text(item)}" for key, item in value.items())
            return f"{{{', '.join(members)}}}"
        case list():
            return f"[{', '.join(body_text(item) for item in value)}]"
        case float():
            return json.dumps(plain_number(value))
        case str():
            return json.dumps(value, ensure_ascii=visible(value) != value)
        case _:
            return json.dumps(value)

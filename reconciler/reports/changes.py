"""The differences of one object, field by field, in words.

Beta's share, a new rule, and two tags:

    rules["Beta"].passPercentage: 10 → 25
    rules["Staff"]: added, 100 % of email str_contains_any @example.com
    tags: +growth -legacy
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from reconciler.domain import Action, FieldChange, Json, path_text
from reconciler.forms import scalar_text
from reconciler.reports.line import INDENT, Line, Part, line
from reconciler.reports.phrases import MANY, condition, phrase
from reconciler.reports.text_diff import changed_part, inside, line_diff, several_lines
from reconciler.reports.values import counted, fits, flow, is_scalar, middle_out, quoted, scalar
from reconciler.reports.visible import in_ascii, looks

_ARROW: Part = (" → ", "dim")
_GOES, _COMES, _OTHER = "red", "green", "yellow"
_MOST_MEMBERS = 12
_SMALL, _WIDE, _WIDEST = 48, 88, 120
_INVERSE = {Action.ADD: Action.REMOVE, Action.REMOVE: Action.ADD}


def change_lines(changes: Iterable[FieldChange], indent: int = INDENT) -> Iterator[Line]:
    """The way from live to desired."""
    for change in changes:
        yield from _change(change, indent, backwards=False)


def drifted_lines(changes: Iterable[FieldChange], indent: int = INDENT) -> Iterator[Line]:
    """The way from desired to live: what was done to the object behind the manifest's back."""
    for change in changes:
        yield from _change(_reversed(change), indent, backwards=True)


def _reversed(change: FieldChange) -> FieldChange:
    action = _INVERSE.get(change.action, change.action)
    return replace(change, action=action, live=change.desired, desired=change.live)


def _change(change: FieldChange, indent: int, *, backwards: bool) -> Iterator[Line]:
    path, live, desired = path_text(change.path), change.live, change.desired
    match change.action:
        case Action.ADD:
            yield line(f"{path}: ", ("added", _COMES), f", {_content(desired)}", indent=indent)
            yield from _conditions(desired, indent)
        case Action.REMOVE:
            yield line(f"{path}: ", ("removed", _GOES), f", was {_content(live)}", indent=indent)
            yield from _conditions(live, indent)
        case Action.RENAME:
            words, name = ("renamed to", desired) if backwards else ("renamed from", live)
            alike = looks(str(live)) == looks(str(desired))
            shown = f'"{in_ascii(str(name))}"' if alike else quoted(str(name))
            yield line(f"{path}: ", (words, _OTHER), f" {shown}", indent=indent)
        case Action.MOVE:
            yield line(f"{path}: ", ("moved", _OTHER), f" from {live} to {desired}", indent=indent)
        case Action.SET:
            yield from _set(path, live, desired, indent)


def _set(path: str, live: Json, desired: Json, indent: int) -> Iterator[Line]:
    keys = _as_texts if path.endswith(".targetValue") else _keys
    if _is_set(live) and _is_set(desired) and set(keys(live)) != set(keys(desired)):
        yield line(f"{path}: ", *_members(live, desired, keys), indent=indent)
        return
    if _is_nothing(live) or _is_nothing(desired) or (fits(live) and fits(desired)):
        before, after = _told_apart(live, desired)
    elif isinstance(live, str) and isinstance(desired, str) and "\n" not in live + desired:
        before, after = changed_part(live, desired)
        if looks(live) == looks(desired):
            before, after = json.dumps(live), json.dumps(desired)
    else:
        yield line(f"{path}:", indent=indent)
        yield from line_diff(several_lines(live), several_lines(desired), indent + 2)
        return
    if len(before) + len(after) <= _WIDEST:
        yield line(f"{path}: ", (before, _GOES), _ARROW, (after, _COMES), indent=indent)
        return
    yield line(f"{path}:", indent=indent)
    yield line((f"- {before}", _GOES), indent=indent + 2, hang=2)
    yield line((f"+ {after}", _COMES), indent=indent + 2, hang=2)


def _is_set(value: Json) -> bool:
    """Whether a value is a list of scalars without repetition, in which only the members are worth telling."""
    return isinstance(value, list) and all(map(is_scalar, value)) and len(set(_keys(value))) == len(value)


def _keys(items: list[Json]) -> list[str]:
    """The items as texts that are equal just where the items are: 1 is not true, and not "1"."""
    return [json.dumps(item, default=str) for item in items]


def _as_texts(items: list[Json]) -> list[str]:
    """The same for the targets of a condition, where 31 is "31"."""
    return list(map(scalar_text, items))


def _members(live: list[Json], desired: list[Json], keys: Callable[[list[Json]], list[str]]) -> Iterator[Part]:
    before, after = keys(live), keys(desired)
    come = [("+" + scalar(item), _COMES) for item, key in zip(desired, after, strict=True) if key not in before]
    gone = [("-" + scalar(item), _GOES) for item, key in zip(live, before, strict=True) if key not in after]
    if {looks(words[1:]) for words, _ in come} & {looks(words[1:]) for words, _ in gone}:
        come, gone = ([(in_ascii(words), style) for words, style in parts] for parts in (come, gone))
    for number, part in enumerate([*come[:_MOST_MEMBERS], *gone[:_MOST_MEMBERS]]):
        yield " " if number else ""
        yield part
    if max(len(come), len(gone)) > _MOST_MEMBERS:
        yield f" … ({len(come)} added, {len(gone)} removed)"


def _is_nothing(value: Json) -> bool:
    return value in (None, "", [], {})


def _told_apart(live: Json, desired: Json) -> tuple[str, str]:
    """Both values; in a spelling without any letters beyond ASCII where they would look the same otherwise."""
    before, after = _content(live), _content(desired)
    if looks(before) != looks(after):
        return before, after
    return json.dumps(live), json.dumps(desired)


def _content(value: Json, most: int = _WIDE) -> str:
    if not isinstance(value, str) or "\n" not in value.strip("\n"):
        return phrase(value, most)
    lines, held = value.strip("\n").split("\n"), inside(value)
    text = "\n".join(" ".join(each.split()) for each in lines)
    return f"{middle_out(text, most) if held is value else flow(held, most)} ({counted(len(lines), 'line')})"


def _conditions(value: Json, indent: int) -> Iterator[Line]:
    """The conditions of a rule below it, where its phrase just counts them."""
    conditions = value.get("conditions") if isinstance(value, dict) else None
    if isinstance(conditions, list) and len(conditions) > MANY:
        yield from (line(condition(each), indent=indent + INDENT) for each in conditions)


def creation_lines(fields: Iterable[FieldChange], indent: int = INDENT) -> Iterator[Line]:
    """The fields of a new object: short ones together, then each long one, and each item of a list of objects."""
    small: list[str] = []
    large: list[Line] = []
    for change in fields:
        path, value = path_text(change.path), change.desired
        if isinstance(value, list) and any(isinstance(item, dict) for item in value):
            large += _items(path, value, indent)
        elif _is_small(value):
            small.append(f"{path}: {flow(value)}")
        else:
            large.append(line(f"{path}: {_content(value, _WIDEST)}", indent=indent))
    if small:
        yield line(", ".join(small), indent=indent)
    yield from large


def _is_small(value: Json) -> bool:
    if isinstance(value, str) and "\n" in value:
        return False
    return not isinstance(value, dict) and len(flow(value)) <= _SMALL


def _items(path: str, items: list[Json], indent: int) -> Iterator[Line]:
    if fits(items, _WIDE) and not any(map(_has_words, items)):
        yield line(f"{path}: {flow(items, _WIDE)}", indent=indent)
        return
    for number, item in enumerate(items):
        name = item.get("name") if isinstance(item, dict) else None
        at = f"[{quoted(name)}]" if isinstance(name, str) else f"[{number}]"
        yield line(f"{path}{at}: {phrase(item)}", indent=indent)
        yield from _conditions(item, indent)


def _has_words(item: Json) -> bool:
    return isinstance(item, dict) and not item.keys().isdisjoint({"conditions", "parameterValues"})

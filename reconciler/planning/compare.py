"""What differs between what a manifest says and what is live, and what a body must hold to settle it.

Only what the manifest mentions is looked at, at every depth. What it leaves out is taken over from live, to the letter,
since the API replaces nested objects as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from reconciler.domain import Action, FieldChange, ItemName, Json, Path, Problem, Severity, Tree, path_text
from reconciler.forms import parse_json5
from reconciler.meaning import KeyedBy
from reconciler.planning.item_names import name_hints
from reconciler.planning.json_diff import json_changes
from reconciler.planning.matching import Pair, longest_rise, match, pins
from reconciler.shape import Field, Shape
from reconciler.targeting.rollout import PENDING

PIN = "PLAN/pin"
"""Said of an item that states an id which live does not have."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The changes for a reader, and the value as it is to be: live, with what the manifest says laid over it.

    `problems` tell of what is left alone or not as it seems.
    """

    changes: tuple[FieldChange, ...]
    merged: Json
    problems: tuple[Problem, ...] = ()


def compare(shape: Shape, desired: Tree, live: Tree, path: Path = ()) -> Difference:
    """Compare one object, field by field."""
    changes: list[FieldChange] = []
    problems: list[Problem] = []
    merged = {name: value for name, value in live.items() if name not in shape.read_only}
    for field in _managed(shape, desired):
        here = (*path, field.name)
        found = _compare_field(field, desired, live, here)
        if found.changes and _is_driven(field, desired, live):
            problems.append(_driven(here, desired[field.name], live))
            continue
        problems += found.problems
        if found.changes:
            changes += found.changes
            merged.update(found.merged)
    return Difference(tuple(changes), merged, tuple(problems))


def for_service(shape: Shape, tree: Tree) -> Tree:
    """What is sent of a new object or item: nothing that only the service makes, and null for some empty lists."""
    out = dict(tree)
    for name, field in shape.fields.items():
        if field.item and isinstance(out.get(name), list):
            carried = field.keyed.carry if field.keyed else ()
            out[name] = [
                {key: value for key, value in for_service(field.item, item).items() if key not in carried}
                for item in out[name]
            ]
        elif field.empty_is_null and out.get(name) in ([], ""):
            out[name] = None
    return out


def _is_driven(field: Field, desired: Tree, live: Tree) -> bool:
    """Whether a schedule of the service changes the field, and the manifest says nothing about the schedule."""
    driven = field.driven
    return driven is not None and driven.followed(live) and not any(name in desired for name in driven.schedules)


def _driven(path: Path, wanted: Json, live: Tree) -> Problem:
    """Where the schedule is over, the manifest may well ask for something else than it led to."""
    cure = "write pendingAutomatedRollouts in the rule (a schedule, or [] for none) to manage it here"
    if live.get(PENDING):
        message = f"{path_text(path)} follows an automated rollout and is left to it"
        return Problem("PLAN/rollout", message, cure, path[:1], Severity.NOTE)
    stays = f"stays {live.get(str(path[-1]))}, and the manifest says {wanted}"
    message = f"{path_text(path)} {stays}: an automated rollout that is over led there, and is not undone"
    return Problem("PLAN/rollout", message, cure, path[:1], Severity.WARNING)


def _managed(shape: Shape, desired: Tree) -> Iterator[Field]:
    for name, field in shape.fields.items():
        mentioned = name in desired or (field.twin is not None and field.twin in desired)
        if mentioned and not field.directed and not field.write_once and name not in shape.twins:
            yield field


def _compare_field(field: Field, desired: Tree, live: Tree, here: Path) -> Difference:
    """`merged` of the answer holds the fields to lay over the live object."""
    name = field.name
    if field.twin:
        return _compare_twins(field, field.twin, desired, live, here)
    wanted, is_live = desired[name], live.get(name)
    if field.item and field.keyed and isinstance(wanted, list):
        grown = bool(field.grown_by and desired.get(field.grown_by))
        found = _compare_items(_Items(field.item, field.keyed, here, grown), wanted, is_live or [])
        return replace(found, merged={name: found.merged})
    if field.item and not field.keyed and isinstance(wanted, dict):
        found = compare(field.item, wanted, is_live or {}, here)
        return replace(found, merged={name: _sendable(field.item, found.merged)})
    if field.form(wanted) == field.form(is_live):
        return Difference((), {})
    sent = None if field.empty_is_null and wanted in ([], "") else wanted
    return Difference(_leaf_changes(wanted, is_live, here), {name: sent})


def _leaf_changes(wanted: Json, live: Json, here: Path) -> tuple[FieldChange, ...]:
    if isinstance(wanted, dict) and isinstance(live, dict):
        return json_changes(wanted, live, here)
    return (FieldChange(here, Action.SET, live, wanted),)


def _compare_twins(field: Field, twin: str, desired: Tree, live: Tree, here: Path) -> Difference:
    """A JSON value and its JSON5 text are one datum: compared once, and written together where both are there."""
    wanted, is_live = _datum(field.name, twin, desired), _datum(field.name, twin, live)
    if field.form(wanted) == field.form(is_live):
        return Difference((), {})
    silent = field.empty_is_null and wanted == ""
    merged: Tree = {field.name: None if silent else wanted}
    if twin in desired:
        merged[twin] = None if silent else desired[twin]
    elif live.get(twin):
        merged[twin] = wanted if isinstance(wanted, str | None) else json.dumps(wanted, indent=2, ensure_ascii=False)
    changes = _leaf_changes(wanted, is_live, here)
    if twin not in desired and _is_by_hand(live.get(twin)):
        changes = (*changes, FieldChange((*here[:-1], twin), Action.SET, live[twin], merged[twin]))
    return Difference(changes, merged)


def _is_by_hand(text: Json) -> bool:
    """Whether a JSON5 text is no plain JSON: comments and the like are lost when it is written anew."""
    try:
        json.loads(text if isinstance(text, str) and text else "null")
    except (ValueError, RecursionError):
        return True
    return False


def _datum(name: str, twin: str, tree: Tree) -> Json:
    """The value, or else what its JSON5 twin says: a schema is text itself, everything else is parsed."""
    value, text = tree.get(name), tree.get(twin)
    if value is not None or not text:
        return value
    parsed, good = parse_json5(text)
    return parsed if good and name != "schema" else text


@dataclass(frozen=True, slots=True)
class _Items:
    """What is known about a list of objects. `grown`: live items that the manifest does not mention stay."""

    shape: Shape
    keyed: KeyedBy
    here: Path
    grown: bool


def _compare_items(items: _Items, desired: list[Tree], live: list[Tree]) -> Difference:
    content = _content(items.shape, items.keyed)

    def equal(item: Tree, other: Tree) -> bool:
        return not compare(content, item, other).changes

    pairs = match(items.shape, items.keyed, desired, live, equal)
    found = [_compare_pair(content, items, pair, position) for position, pair in enumerate(pairs)]
    kept = {pair.live_at for pair in pairs}
    rest = [(position, item) for position, item in enumerate(live) if position not in kept]
    changes = [change for item in found for change in item.changes]
    changes += _moves(items, pairs)
    if not items.grown:
        changes += [FieldChange(_at(items, item, position), Action.REMOVE, item, None) for position, item in rest]
    hints = name_hints(items.keyed, items.here, pairs, [item for _, item in rest], equal)
    merged = [_sendable(items.shape, item.merged) for item in _as_live(items, pairs, found)]
    merged += [_sendable(items.shape, item) for _, item in rest] if items.grown else []
    return Difference(tuple(changes), merged, (*hints, *(problem for item in found for problem in item.problems)))


def _as_live(items: _Items, pairs: list[Pair], found: list[Difference]) -> list[Difference]:
    """The items as they are sent: where order is no meaning they stay in that of live, and new ones come last."""
    if items.keyed.ordered:
        return found
    live_at = [len(pairs) if pair.live_at is None else pair.live_at for pair in pairs]
    return [found[position] for position in sorted(range(len(found)), key=live_at.__getitem__)]


def _compare_pair(content: Shape, items: _Items, pair: Pair, position: int) -> Difference:
    keyed, at = items.keyed, _at(items, pair.desired, position)
    if pair.live is None:
        new = {name: value for name, value in for_service(content, pair.desired).items() if name not in keyed.carry}
        return Difference((FieldChange(at, Action.ADD, None, new),), new, _lost_pin(items, pair.desired, at))
    inner = compare(content, pair.desired, pair.live, at)
    key = keyed.fields[0]
    if not keyed.named or pair.desired[key] == pair.live.get(key):
        return inner
    rename = FieldChange(at, Action.RENAME, pair.live.get(key), pair.desired[key])
    return replace(inner, changes=(rename, *inner.changes), merged={**inner.merged, key: pair.desired[key]})


def _sendable(shape: Shape, item: Tree) -> Tree:
    """An item as it may be sent back.

    The service reads many fields back as null that it takes with a value or not at all. What an empty list of
    environments means is unknown.
    """
    fields = shape.fields
    kept = {name: value for name, value in item.items() if value is not None or _takes_null(shape, name)}
    nested = {name: _within(fields[name], value) for name, value in kept.items() if name in fields}
    emptied = {name: None for name, field in fields.items() if field.empty_is_null and item.get(name) == []}
    return {**kept, **nested, **emptied}


def _takes_null(shape: Shape, name: str) -> bool:
    """Whether null can be sent; of a field that is not known nobody can tell, and it goes back as it came.

    A manifest may write null for a targetValue, and the schema of the API knows none.
    """
    field = shape.fields.get(name)
    if shape.references is not None and name == "targetValue":
        return False
    return field is None or field.nullable or field.empty_is_null


def _within(field: Field, value: Json) -> Json:
    """The value of a field, in which every object may be sent back."""
    if field.item and isinstance(value, list):
        return [_sendable(field.item, each) for each in value]
    return _sendable(field.item, value) if field.item and isinstance(value, dict) else value


def _lost_pin(items: _Items, item: Tree, at: Path) -> tuple[Problem, ...]:
    if not pins(items.keyed, item):
        return ()
    stated = ", ".join(sorted(pins(items.keyed, item)))
    message = f"{path_text(at)} states the id {stated}, which live does not have: it is made anew, under a new id"
    return (Problem(PIN, message, "take the id out, or state one that is live", at[:1], Severity.WARNING),)


def _content(shape: Shape, keyed: KeyedBy) -> Shape:
    """The shape of an item without its name and without what the service makes."""
    skipped = {*keyed.carry, *(keyed.fields[:1] if keyed.named else ())}
    kept = {name: field for name, field in shape.fields.items() if name not in skipped}
    return Shape(kept, shape.twins, read_only=shape.read_only)


def _at(items: _Items, item: Tree, position: int) -> Path:
    told = items.keyed.named or items.keyed.labelled
    name = ItemName(item.get(items.keyed.fields[0], position)) if told else position
    return (*items.here, name)


def _moves(items: _Items, pairs: list[Pair]) -> Iterator[FieldChange]:
    """The fewest items that must move so that the matched ones stand in the desired order."""
    if not items.keyed.ordered:
        return
    staying = longest_rise([pair.live_at for pair in pairs if pair.live_at is not None])
    for position, pair in enumerate(pairs):
        if pair.live_at is not None and pair.live_at not in staying:
            yield FieldChange(_at(items, pair.desired, position), Action.MOVE, pair.live_at + 1, position + 1)

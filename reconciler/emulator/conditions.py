"""Conditions: the form in which they are read back, and the gates and segments that they must find.

What is written and what is read differ in ways that depend on the kind of object:

- an operator that compares numbers or times gives a number back, however the number was written (``["31"]``, ``"31"``);
- the gate or segment of ``passes_...`` and ``fails_...`` comes back as a list of one;
- a target that is null or an empty list is left out: the document says nullable of a union that has no null among its
  forms, and of an empty list two forms are true, where exactly one must be;
- on gates an empty operator, field or customID is left out, on dynamic configs an absent one is filled in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconciler.domain import Json, Tree
from reconciler.emulator.errors import invalid, refused
from reconciler.emulator.session import Session

_NUMERIC = frozenset({"lt", "gt", "lte", "gte", "before", "after", "on"})
_GATES = frozenset({"passes_gate", "fails_gate"})
_SEGMENTS = frozenset({"passes_segment", "fails_segment"})
_PLAIN_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?")
_BLANK: Tree = {"operator": "", "field": None, "customID": None}


def bare(condition: Tree) -> Tree:
    """A condition as gates read it back: empty members are left out."""
    return {key: value for key, value in _settled(condition).items() if value not in (None, "")}


def filled(condition: Tree) -> Tree:
    """A condition as dynamic configs read it back: absent members are there, empty."""
    return _BLANK | _settled(condition)


def told(condition: Tree) -> Tree:
    """A condition without a target that is empty."""
    return {key: value for key, value in condition.items() if key != "targetValue" or value not in (None, [])}


def check_references(session: Session, rules: list[Tree]) -> None:
    """400 when a rule names gates or segments that do not exist. Objects that were seeded may do so."""
    _check(session, "gates", "Gate", _targets(rules, _GATES))
    _check(session, "segments", "Segment", _targets(rules, _SEGMENTS))


def mentions_gate(item: Tree, gate: str) -> bool:
    """Whether a condition of the object's rules names this gate."""
    return gate in _targets(item["rules"], _GATES)


def _check(session: Session, collection: str, label: str, wanted: Iterator[str]) -> None:
    missing = sorted({id_ for id_ in wanted if session.get(collection, id_) is None})
    if missing:
        raise refused(f"The following {label} IDs could not be found: [{', '.join(missing)}]")


def _targets(rules: list[Tree], types: frozenset[str]) -> Iterator[str]:
    for rule in rules:
        for condition in rule["conditions"]:
            if condition["type"] in types:
                target = condition.get("targetValue")
                yield from map(str, target if isinstance(target, list) else [target])


def _settled(written: Tree) -> Tree:
    condition = told(written)
    target = condition.get("targetValue")
    if condition["type"] in _GATES | _SEGMENTS:
        return condition | {"targetValue": _only_one(target)}
    if condition.get("operator") in _NUMERIC:
        return condition | {"targetValue": _number(target)}
    return condition


def _only_one(target: Json) -> list[str]:
    ids = target if isinstance(target, list) else [target]
    if len(ids) != 1 or not isinstance(ids[0], str):
        raise invalid(("targetValue", "Expected exactly one ID"))
    return ids


def _number(target: Json) -> Json:
    """The number that a target stands for; a target that is no single number stays as it is."""
    alone = target[0] if isinstance(target, list) and len(target) == 1 else target
    if isinstance(alone, (int, float)):
        return alone
    if isinstance(alone, str) and _PLAIN_NUMBER.fullmatch(alone):
        return float(alone) if "." in alone else int(alone)
    return target

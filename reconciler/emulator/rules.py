"""Rules: which written rule is which live one, and what becomes of its ids.

The list of rules that is written replaces the live one as a whole. A rule that names a live one by `id` or `baseID`
goes on being it, with its salt; any other is a new rule. The `id` carries the percentage and a revision once that was
changed::

    2QWhVkWdUEXR6Q3KYgV73O              as created
    2QWhVkWdUEXR6Q3KYgV73O:50.00:1      after the percentage was set to 50
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from reconciler.domain import Json, Tree
from reconciler.emulator.errors import invalid, refused
from reconciler.emulator.identifiers import new_id

UNKNOWN_RULE = "A provided rule ID does not match an existing rule ID"


def rewrite(sent: list[Tree], live: list[Tree], values: Callable[[Tree, Tree], Tree]) -> list[Tree]:
    """The rules as they are stored.

    `values` settles what differs between kinds of objects, given a rule and its live twin ({} for a new rule).
    """
    unique_names(sent, "rules", "rule")
    twins = [_twin(rule, live) for rule in sent]
    taken = Counter(twin["baseID"] for twin in twins if twin)
    if any(times > 1 for times in taken.values()):
        raise invalid(("rules", "Duplicate rule ID(s) given"))
    return [values(_settled(rule, twin), twin) for rule, twin in zip(sent, twins, strict=True)]


def merge(changes: list[Tree], live: list[Tree]) -> list[Tree]:
    """The live rules with changes to some of them, which must name a live rule. None is added, removed or moved."""
    changed = {find(change, live)["baseID"]: change for change in changes}
    return [_changed(rule, changed.get(rule["baseID"], {})) for rule in live]


def merge_one(rule_id: str, change: Tree, live: list[Tree]) -> list[Tree]:
    """The live rules with a change to the one that has this id or base id."""
    return merge([{key: value for key, value in change.items() if key != "baseID"} | {"id": rule_id}], live)


def without(rule_id: str, live: list[Tree]) -> list[Tree]:
    """The live rules without the one that has this id or base id."""
    gone = find({"id": rule_id}, live)
    return [rule for rule in live if rule is not gone]


def find(named: Tree, live: list[Tree]) -> Tree:
    """The live rule whose id or base id is named; 400 if there is none."""
    wanted = {named[key] for key in ("id", "baseID") if key in named}
    for rule in live:
        if wanted & {rule["id"], rule["baseID"]}:
            return rule
    raise refused(UNKNOWN_RULE)


def unique_names(sent: list[Tree], field: str, what: str) -> None:
    """400 when two items of a list have the same name."""
    if len({item["name"] for item in sent}) < len(sent):
        raise invalid((field, f"Duplicate {what} name(s) given"))


def with_ids(sent: list[Tree], live: list[Tree], what: str) -> list[Tree]:
    """Variants, which have an id of their own: kept where one is sent, made where none is, 400 where it is unknown."""
    known = {item.get("id") for item in live}
    unknown = [item["id"] for item in sent if "id" in item and item["id"] not in known]
    if unknown:
        raise refused(f"A provided {what} ID does not match an existing {what} ID")
    return [{"id": new_id()} | item for item in sent]


def _twin(rule: Tree, live: list[Tree]) -> Tree:
    return find(rule, live) if {"id", "baseID"} & rule.keys() else {}


def _settled(rule: Tree, twin: Tree) -> Tree:
    percentage = rule.get("passPercentage", 100)
    return rule | {
        "passPercentage": percentage,
        "environments": rule.get("environments") or None,
        **(kept_ids(twin, percentage) if twin else _fresh_ids()),
    }


def kept_ids(twin: Tree, percentage: Json) -> Tree:
    """The ids of a live rule that gets this percentage."""
    base, id_ = twin["baseID"], twin["id"]
    if percentage != twin["passPercentage"]:
        revision = int(id_.rpartition(":")[2]) if ":" in id_ else 0
        id_ = f"{base}:{percentage:.2f}:{revision + 1}"
    return {"id": id_, "baseID": base}


def _fresh_ids() -> Tree:
    id_ = new_id()
    return {"id": id_, "baseID": id_}


def _changed(rule: Tree, change: Tree) -> Tree:
    """A rule with a change to it. A value that is written alone makes its JSON5 twin stale, and the other way round."""
    pair = {"returnValue", "returnValueJson5"}
    stale = pair - change.keys() if pair & change.keys() else set()
    kept = {key: value for key, value in rule.items() if key not in stale}
    return kept | change | {"id": rule["id"], "baseID": rule["baseID"]}

"""What an item of a list is, in a phrase: a rule, a condition, a group, or whatever else has fields.

An item is known by the fields that it has, so that a kind of object that is new needs nothing here.
"""

from __future__ import annotations

from reconciler.domain import Json, Tree
from reconciler.reports.values import flow, is_scalar, listed, word

_IDS = {"id", "baseID"}
_CONDITION = {"type", "operator", "targetValue", "field", "customID"}
MANY = 4
"""More conditions than these are no phrase any more: they stand below each other."""
_NOTHING: tuple[Json, ...] = (None, "", [], {})
_VALUE = 60
"""How much of the value that a rule or a group gives is shown."""


def phrase(item: Json, most: int = 88) -> str:
    """The item in words, without its name: ``100 % of country any SE, DK in production``."""
    if not isinstance(item, dict):
        return flow(item, most)
    if isinstance(item.get("conditions"), list):
        return _rule(item)
    if "type" in item and ("operator" in item or item.keys() <= _CONDITION):
        return condition(item)
    if "parameterValues" in item:
        return _group(item)
    return flow(item, most)


def condition(item: Json) -> str:
    """``country any SE, DK``, ``passes_gate checkout_v2``, ``everyone``."""
    if not isinstance(item, dict) or "type" not in item:
        return flow(item)
    if item["type"] == "public":
        return "everyone"
    subject = [word(str(item[key])) for key in ("type", "field", "customID", "operator") if item.get(key)]
    target = item.get("targetValue")
    values = _several(target)
    return " ".join([*subject, *([] if target is None else [values])])


def _rule(item: Tree) -> str:
    share = _share(item["passPercentage"]) + " of " if "passPercentage" in item else ""
    who = _who(item["conditions"])
    where = _environments(item.get("environments"))
    known = {"name", "passPercentage", "conditions", "environments", "returnValue", "returnValueJson5", "variants"}
    return f"{share}{who}{where}{_given(item)}{_rest(item, known)}"


def _who(conditions: list[Json]) -> str:
    if len(conditions) > MANY:
        return f"units that meet all {len(conditions)} conditions"
    return " and ".join(condition(each) for each in conditions) or "everyone"


def _environments(names: Json) -> str:
    if not names:
        return ""
    return f" in {_several(names)}"


def _several(values: Json) -> str:
    """Scalars with commas between them; anything else as it is."""
    return listed(values) if isinstance(values, list) and all(map(is_scalar, values)) else flow(values)


def _given(item: Tree) -> str:
    value = item.get("returnValue", item.get("returnValueJson5"))
    gets = "" if value is None else f" get {flow(value, _VALUE)}"
    variants = item.get("variants")
    if not isinstance(variants, list) or not variants:
        return gets
    return f"{gets}, variants {', '.join(_variant(each) for each in variants)}"


def _variant(item: Json) -> str:
    if not isinstance(item, dict) or "name" not in item or "passPercentage" not in item:
        return flow(item)
    return f"{word(str(item['name']))} {_share(item['passPercentage'])}{_given(item)}"


def _group(item: Tree) -> str:
    share = f"{_share(item['size'])} get " if "size" in item else "get "
    return f"{share}{flow(item['parameterValues'], _VALUE)}{_rest(item, {'name', 'size', 'parameterValues'})}"


def _share(value: Json) -> str:
    return f"{flow(value)} %"


def _rest(item: Tree, known: set[str]) -> str:
    """The other fields that say something, so that a phrase leaves out nothing but ids."""
    rest = {key: value for key, value in item.items() if key not in known | _IDS and value not in _NOTHING}
    return "".join(f"; {word(key)}: {flow(value, _VALUE)}" for key, value in rest.items())

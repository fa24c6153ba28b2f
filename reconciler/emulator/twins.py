"""JSON values with a JSON5 text beside them, and the schema that values of a config must satisfy."""

from __future__ import annotations

import json
from collections.abc import Iterator

import json5
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from referencing.exceptions import Unresolvable
from referencing.jsonschema import EMPTY_REGISTRY

from reconciler.domain import Json, Tree
from reconciler.emulator.errors import invalid
from reconciler.forms import json_value, parse_json5


def settle_value(holder: Tree, field: str) -> Tree:
    """`field` and its JSON5 twin, both filled in, from what `holder` has of them ({} if it has neither).

    The text is kept as written; without one it is made from the value. 400 if the two say different things, and if
    the value is not an object or holds a null.
    """
    twin = f"{field}Json5"
    if twin in holder:
        value = _parsed(holder[twin], twin)
        if field in holder and json_value(holder[field]) != json_value(value):
            raise invalid((twin, f"{twin} does not match {field}"))
    elif field in holder:
        value = holder[field]
    else:
        return {}
    if not isinstance(value, dict):
        raise invalid((twin, "Expected object"))
    if _has_null(value):
        raise invalid((field, "Values must not contain null"))
    return {field: value, twin: holder.get(twin, json.dumps(value))}


def settle_schema(sent: Tree) -> Tree:
    """`schema` and `schemaJson5`, both filled in, from what was sent of them. A schema is echoed as JSON5 text."""
    if not {"schema", "schemaJson5"} & sent.keys():
        return {}
    schema, text = sent.get("schema"), sent.get("schemaJson5")
    if (
        schema is not None
        and text is not None
        and json_value(_parsed(schema, "schema")) != json_value(_parsed(text, "schemaJson5"))
    ):
        raise invalid(("schemaJson5", "schemaJson5 does not match schema"))
    return {
        "schema": json.dumps(_parsed(text, "schemaJson5")) if schema is None and text is not None else schema,
        "schemaJson5": json5.dumps(_parsed(schema, "schema")) if text is None and schema is not None else text,
    }


def check_values(config: Tree) -> None:
    """400 if the default value, or a value of a rule or variant, does not satisfy the schema of the config."""
    if config.get("schema") is None:
        return
    schema = _parsed(config["schema"], "schema")
    try:
        Draft202012Validator.check_schema(schema)
        # With the library's own registry remote references would be fetched.
        validator = Draft202012Validator(schema, registry=EMPTY_REGISTRY)
        broken = [(name, found.message) for name, value in _values(config) for found in validator.iter_errors(value)]
    except SchemaError as wrong:
        raise invalid(("schema", f"Invalid JSON schema: {wrong.message}")) from wrong
    except Unresolvable as wrong:
        raise invalid(("schema", f"Unresolvable reference: {wrong.ref}")) from wrong
    if broken:
        raise invalid(*broken)


def _values(config: Tree) -> Iterator[tuple[str, Json]]:
    yield "defaultValue", config["defaultValue"]
    for rule in config["rules"]:
        if rule.get("returnValue") or not rule.get("variants"):  # else the value is filled in here, and nobody gets it
            yield "rules", rule.get("returnValue", {})
        for variant in rule.get("variants", []):
            yield "rules", variant.get("returnValue", {})


def _parsed(text: str, field: str) -> Json:
    value, good = parse_json5(text)
    try:
        json.dumps(value, allow_nan=False)
    except ValueError:
        good = False
    if not good:
        raise invalid((field, "Invalid JSON5"))
    return value


def _has_null(value: Json) -> bool:
    if isinstance(value, dict):
        return any(map(_has_null, value.values()))
    if isinstance(value, list):
        return any(map(_has_null, value))
    return value is None

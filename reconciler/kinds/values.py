"""The JSON values of a dynamic config: objects without nulls, equal to their JSON5 twins, and true to the schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.protocols import Validator
from jsonschema_specifications import REGISTRY as SPECIFICATIONS
from referencing.exceptions import Unresolvable

from reconciler.domain import EVERY, Json, Problem, Tree
from reconciler.forms import json_text, json_value, parse_json5
from reconciler.kind import error, warning
from reconciler.kinds.json_schema import ValueValidator, without_odd_patterns
from reconciler.kinds.shared import ROUNDING

At = tuple[str | int, ...]

_ANY_PATTERN = FormatChecker(formats=())
"""Patterns are those of JavaScript, which Python does not all know."""


def value_problems(spec: Tree) -> Iterator[Problem]:
    """Everything that is wrong with the default value, the values of rules and variants, and the schema."""
    yield from _schema_twins(spec)
    validator, problems = _validator(spec)
    yield from problems
    yield from _checked(spec, "defaultValue", (), validator)
    for index, rule in enumerate(spec.get("rules") or ()):
        at: At = ("rules", index)
        yield from _rule_problems(rule, at)
        yield from _checked(rule, "returnValue", at, None if _is_filled_in(rule) else validator)
        for position, variant in enumerate(rule.get("variants") or ()):
            yield from _checked(variant, "returnValue", (*at, "variants", position), validator)


def _is_filled_in(rule: Tree) -> bool:
    """Whether the empty value stands for none: the rule has variants, one of which is what a unit gets."""
    return bool(rule.get("variants")) and not rule.get("returnValue")


_HELD_AGAINST_THE_SCHEMA = frozenset({"schema", "defaultValue", "rules"})


def disagreements(config: Tree, changed: frozenset[str]) -> Iterator[Problem]:
    """Values of a config as it is to be that its schema refuses, whichever of the two is only live.

    The service looks at it when one of both is among the `changed` fields.
    """
    if changed & _HELD_AGAINST_THE_SCHEMA:
        yield from (problem for problem in value_problems(config) if problem.code == "VALUE/schema")


def new_value_problems(spec: Tree) -> Iterator[Problem]:
    """A schema that refuses the empty default of a new config. What the service does then is not documented."""
    if "defaultValue" in spec or spec.get("defaultValueJson5") is not None:
        return
    for found in disagreements({**spec, "defaultValue": {}}, _HELD_AGAINST_THE_SCHEMA):
        if found.at[:1] == ("defaultValue",):
            message = f"a new config without a default value has {{}}, and its schema refuses that: {found.message}"
            yield error("VALUE/no-default", message, "write defaultValue", "schema")


def _rule_problems(rule: Tree, at: At) -> Iterator[Problem]:
    variants = rule.get("variants") or []
    if not variants and "returnValue" not in rule and "returnValueJson5" not in rule:
        yield error(
            "RULE/no-value",
            f"the rule {rule['name']!r} says no value",
            "write returnValue: {...}, or variants",
            *at,
            rests_on=((*at, "returnValue"), (*at, "returnValueJson5"), (*at, "variants")),
        )
    names = [variant["name"] for variant in variants]
    for position, name in enumerate(names):
        if name in names[:position]:
            yield error(
                "RULE/duplicate-name",
                f"two variants are called {name!r}",
                "give each variant of a rule a name of its own",
                *at,
                "variants",
                position,
                "name",
            )
    for position, variant in enumerate(variants):
        if "returnValue" not in variant and "returnValueJson5" not in variant:
            here = (*at, "variants", position)
            yield error(
                "RULE/no-value",
                f"the variant {variant['name']!r} says no value",
                "write returnValue: {...}",
                *here,
                rests_on=((*here, "returnValue"), (*here, "returnValueJson5")),
            )
    shares = [variant.get("passPercentage") for variant in variants]
    if not all(isinstance(share, int | float) for share in shares):
        return  # live ones only: a manifest states each
    total = sum((Decimal(str(share)) for share in shares), Decimal())
    if variants and abs(total - 100) > ROUNDING:
        yield warning(
            "RULE/split",
            f"the variants of {rule['name']!r} sum to {total:g} %",
            "let them sum to 100",
            *at,
            "variants",
            rests_on=((*at, "variants", EVERY, "passPercentage"),),
        )


def _checked(holder: Tree, field: str, at: At, validator: Validator | None) -> Iterator[Problem]:
    for name, value in _values(holder, field):
        here = (*at, name)
        if isinstance(value, _Unparsed):
            yield error("VALUE/json5", f"{name} is not JSON5", "write an object in JSON5", *here)
            continue
        if not isinstance(value, dict):
            yield error("VALUE/object", f"{name} must be an object", "wrap the value: {value: ...}", *here)
            continue
        yield from _null_problems(value, here)
        if validator:
            yield from _violations(validator, value, here, text=name.endswith("Json5"))
    yield from _twin_problems(holder, field, at)


class _Unparsed:
    """A text that is no JSON5."""


def _values(holder: Tree, field: str) -> Iterator[tuple[str, Json]]:
    """The value under `field` and, parsed, its JSON5 twin."""
    if field in holder:
        yield field, holder[field]
    twin = f"{field}Json5"
    if holder.get(twin) is not None and (field not in holder or not parse_json5(holder[twin])[1]):
        parsed, good = parse_json5(holder[twin])
        yield twin, parsed if good else _Unparsed()


def _twin_problems(holder: Tree, field: str, at: At) -> Iterator[Problem]:
    twin = f"{field}Json5"
    if field in holder and holder.get(twin) is not None and parse_json5(holder[twin])[1]:  # noqa: SIM102 - two different questions
        if json_text(holder[twin]) != json_value(holder[field]):
            yield error(
                "VALUE/twin",
                f"{twin} and {field} say different things",
                f"let both say the same, or leave {twin} out",
                *at,
                twin,
            )


def _null_problems(value: Json, at: At) -> Iterator[Problem]:
    if value is None:
        yield error("VALUE/null", "null inside a value", "leave the key out, or give it a value", *at)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _null_problems(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _null_problems(item, (*at, index))


def _violations(validator: Validator, value: Tree, at: At, *, text: bool) -> Iterator[Problem]:
    try:
        try:
            broken = _broken(validator, value)
        except re.error as pattern:
            message = f"a pattern of the schema cannot be checked here ({pattern})"
            cure = "check the values by hand; the service reads patterns as JavaScript does"
            yield warning("VALUE/pattern", message, cure, "schema")
            broken = _broken(validator.evolve(schema=without_odd_patterns(validator.schema)), value)
    except RecursionError:
        yield error("VALUE/schema-text", "the schema refers to itself without end", "let it end somewhere", "schema")
        return
    except Unresolvable as missing:
        yield error(
            "VALUE/schema-text",
            f"the schema refers to {missing.ref!r}, which is not in it",
            "keep the schema in one document: use $defs",
            "schema",
        )
        return
    for violation in broken:
        yield _violation(violation, at, text=text)


def _broken(validator: Validator, value: Tree) -> list[ValidationError]:
    return sorted(validator.iter_errors(value), key=lambda found: [str(step) for step in found.absolute_path])


def _violation(broken: ValidationError, at: At, *, text: bool) -> Problem:
    path = (*broken.absolute_path, *_extra(broken))
    where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
    place = at if text else (*at, *path)
    prefix = f"{where}: " if where else ""
    quote = broken.validator == "type" and _wants_text(broken)
    cure = (
        "quote it if text is meant, or change the schema" if quote else "change the value, or the schema of the config"
    )
    return error("VALUE/schema", f"{prefix}{broken.message[:300]}", cure, *place)


def _wants_text(broken: ValidationError) -> bool:
    """Whether a number or true stands where a text is meant, which is often written without its quotes."""
    return broken.validator_value in ("string", ["string"]) and isinstance(broken.instance, bool | int | float)


def _extra(broken: ValidationError) -> At:
    """The first key that the schema does not know, where that is what is wrong."""
    if broken.validator != "additionalProperties" or broken.validator_value is not False:
        return ()
    schema: Json = broken.schema
    value: Json = broken.instance
    known, patterns = (schema.get(name, {}) for name in ("properties", "patternProperties"))
    pattern = "|".join(patterns)
    extra = (key for key in value if key not in known and not (pattern and re.search(pattern, key)))
    return tuple(islice(extra, 1))


def _schema_twins(spec: Tree) -> Iterator[Problem]:
    one, other = spec.get("schema"), spec.get("schemaJson5")
    if one and other and json_text(one) != json_text(other):
        yield error(
            "VALUE/twin",
            "schemaJson5 and schema say different things",
            "let both say the same, or leave one out",
            "schemaJson5",
        )


def _validator(spec: Tree) -> tuple[Validator | None, list[Problem]]:
    name = "schema" if spec.get("schema") else "schemaJson5"
    source = spec.get(name)
    if not source:
        return None, []
    parsed, good = parse_json5(source)
    if not good or not isinstance(parsed, (dict, bool)):
        return None, [
            error(
                "VALUE/schema-text",
                f"{name} is not a JSON document that holds a schema",
                'write a JSON Schema (2020-12), for instance {"type": "object"}',
                name,
            )
        ]
    try:
        Draft202012Validator.check_schema(parsed, format_checker=_ANY_PATTERN)
    except SchemaError as broken:
        return None, [
            error(
                "VALUE/schema-text",
                f"{name} is not a valid JSON Schema: {broken.message[:300]}",
                "mend the schema (draft 2020-12)",
                name,
            )
        ]
    # Without a registry of its own the library would fetch remote references, and manifests are untrusted.
    return ValueValidator(parsed, registry=SPECIFICATIONS), []

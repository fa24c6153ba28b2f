"""The vendor's OpenAPI document, as it is but for what it cannot mean, and validators that read it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal

from jsonschema import FormatChecker, ValidationError, validators
from jsonschema.protocols import Validator
from openapi_schema_validator import OAS30ReadValidator, OAS30WriteValidator

from reconciler.domain import Json, Tree
from tests.shared_files import OPENAPI

OVERLAPPING = {
    "targetValue": "an empty list is a list of texts and a list of numbers",
    "criteriaName": "each of the listed names is also a text",
}
"""Unions that exclude values which fit two of their branches, so that nothing could ever be such a value."""


def document() -> Tree:
    """The document, with three amendments.

    - The branches of the unions above do not exclude each other.
    - An audit record's action and e-mail address are text, as in every example, and not objects; a key has no address.
    - Exposures are a list, as declared and in the example, and not also the object that the envelope asks for.
    """
    found: Tree = json.loads(OPENAPI.read_text("utf-8"))
    _open(found)
    record = found["components"]["schemas"]["AuditLogDto"]["properties"]
    record["actionType"] = {"type": "string"}
    record["modifierEmail"] = {"type": "string", "nullable": True}
    exposures = found["paths"]["/console/v1/experiments/{id}/cumulative_exposures"]["get"]["responses"]["200"]
    exposures["content"]["application/json"]["schema"]["allOf"].pop(0)
    return found


def _open(node: Json) -> None:
    for key, part in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if key in OVERLAPPING and isinstance(part, dict) and "oneOf" in part:
            part["anyOf"] = part.pop("oneOf")
        _open(part)


def _exact_multiple(_: Validator, factor: float, value: Json, __: Tree) -> Iterator[ValidationError]:
    """As multipleOf, but 33.3 is a multiple of 0.01, which it is not in binary fractions."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and Decimal(str(value)) % Decimal(str(factor)):
        yield ValidationError(f"{value} is not a multiple of {factor}")


READ = validators.extend(OAS30ReadValidator, {"multipleOf": _exact_multiple})  # type: ignore[no-untyped-call]
WRITE = validators.extend(OAS30WriteValidator, {"multipleOf": _exact_multiple})  # type: ignore[no-untyped-call]
FORMATS = FormatChecker(())
FORMATS.checks("uri")(lambda value: not isinstance(value, str) or bool(re.match("[a-z]+:", value)))

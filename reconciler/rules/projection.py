"""The columns that a query selects, as far as its text alone tells."""

from __future__ import annotations

import re

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify

_CLASS = re.compile(r"<class '(?:\w+\.)*(\w+)'>")
"""A class of the parser, in a sentence of its own."""


def projection(sql: str, dialect: str) -> tuple[list[str] | None, str]:
    """The columns (None where they cannot be known, as with ``*`` of a table), and why the SQL is no such query."""
    try:
        statements = sqlglot.parse(sql, dialect=dialect or None)
    except (sqlglot.errors.SqlglotError, RecursionError) as error:
        why = _CLASS.sub(r"\1", str(error).splitlines()[0]) if str(error) else type(error).__name__
        return None, f"does not parse as {dialect or 'generic SQL'}: {why}"
    said = [statement for statement in statements if statement and not isinstance(statement, exp.Semicolon)]
    if len(said) != 1 or not isinstance(said[0], exp.Query):
        return None, "parses, but is not one SELECT statement"
    return _named(said[0]) or _expanded(said[0], dialect), ""


def _named(query: exp.Query) -> list[str] | None:
    """The columns that a query names; None if it leaves some to a star or a pattern."""
    if any(item.is_star or item.find(exp.Columns) for item in query.selects):
        return None
    return [item.alias_or_name for item in query.selects]


def _expanded(query: exp.Query, dialect: str) -> list[str] | None:
    """The columns of a query with stars, where each star stands for a query whose columns are known."""
    if query.find(exp.Columns, exp.Lateral, exp.MatchRecognize, exp.Pivot, exp.Unnest):
        return None  # what these add to a star depends on the warehouse
    written = {name.name.casefold(): name.name for name in query.find_all(exp.Identifier)}
    try:
        columns = _named(qualify(query.copy(), dialect=dialect or None, validate_qualify_columns=False))
    except Exception:  # noqa: BLE001 - the optimizer gives up in many ways, and nothing is known then
        return None
    return columns and [written.get(column.casefold(), column) for column in columns]

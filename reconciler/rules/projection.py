"""The columns that a query selects, as far as its text alone tells."""

from __future__ import annotations

import re

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify

_MADE_UP = re.compile(r"_col_\d+", re.IGNORECASE)
"""How the optimizer calls what has no name."""
_NAMED = (exp.Alias, exp.Column, exp.Dot)
"""What has a name that every warehouse knows it by."""
_INNARDS = re.compile(r"<class '(?:\w+\.)*(?P<name>\w+)'>|<Token token_type: [\w.]+, text: (?P<text>.*?), line: .*?>")
"""Classes and tokens of the parser, in a sentence of its own."""


def projection(sql: str, dialect: str) -> tuple[list[str] | None, str]:
    """The columns (None where they cannot be known, as with ``*`` of a table), and why the SQL is no such query."""
    try:
        statements = sqlglot.parse(sql, dialect=dialect or None)
    except (sqlglot.errors.SqlglotError, RecursionError) as error:
        why = _INNARDS.sub(_plain, str(error).splitlines()[0]) if str(error) else type(error).__name__
        return None, f"does not parse as {dialect or 'generic SQL'}: {why}"
    said = [statement for statement in statements if statement and not isinstance(statement, exp.Semicolon)]
    if len(said) != 1 or not isinstance(said[0], exp.Query):
        return None, "parses, but is not one SELECT statement"
    return _named(said[0]) or _expanded(said[0], dialect), ""


def _plain(innards: re.Match[str]) -> str:
    return innards["name"] or repr(innards["text"])


def _named(query: exp.Query) -> list[str] | None:
    """The columns that a query names; None if it leaves some to a star, a pattern or the warehouse."""
    if any(item.is_star or item.find(exp.Columns) or not isinstance(item, _NAMED) for item in query.selects):
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
    if not columns or any(map(_MADE_UP.fullmatch, columns)):
        return None
    return [written.get(column.casefold(), column) for column in columns]

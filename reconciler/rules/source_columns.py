"""The SQL of entity property sources: does it parse, and are the mapped columns in what it selects."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.domain import Finding, Severity
from reconciler.domain.listing import few
from reconciler.manifests.resource import Described
from reconciler.rules.contract import Checked, Rule
from reconciler.suggest import did_you_mean


def _find(checked: Checked) -> Iterator[Finding]:
    if checked.live is not None:
        return  # said already when the manifests were read
    for resource in checked.all:
        if resource.key.kind == "EntityPropertySource":
            yield from _source(resource, checked.dialect)


def _source(resource: Described, dialect: str) -> Iterator[Finding]:
    from reconciler.rules.projection import projection  # noqa: PLC0415 - heavy, and most projects have no source

    spec = resource.tree()
    if "sql" not in spec:
        return
    columns, trouble = projection(spec["sql"], dialect)
    if trouble:
        yield _warning(
            resource,
            "SOURCE/sql",
            f"the SQL {trouble}",
            "mend it, or set sql.dialect in reconciler.yaml to the dialect of your warehouse",
            "sql",
        )
    if columns is None:
        return
    for at, column in _mapped(spec):
        if column and column.casefold() not in {known.casefold() for known in columns}:
            yield _warning(
                resource,
                SOURCE_COLUMNS.code,
                f"the query selects no column {column!r}",
                did_you_mean(column, columns) or f"it selects {few(columns)}",
                *at,
            )


def _mapped(spec: dict[str, object]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    mappings = spec.get("idTypeMapping")
    for index, mapping in enumerate(mappings if isinstance(mappings, list) else []):
        yield ("idTypeMapping", index, "column"), str(mapping["column"])
    yield ("timestampColumn",), str(spec.get("timestampColumn") or "")


def _warning(resource: Described, code: str, message: str, cure: str, *at: str | int) -> Finding:
    return Finding(code, message, cure, resource.where(*at), resource.key, Severity.WARNING)


SOURCE_COLUMNS = Rule(
    code="SOURCE/column",
    why="A mapped column that the query does not select fails in the warehouse, hours after the change was merged.",
    cure="Map a column that the query selects.",
    find=_find,
)

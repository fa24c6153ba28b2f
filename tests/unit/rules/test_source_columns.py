"""The SQL of entity property sources: does it parse, and does it select the columns that are mapped."""

from __future__ import annotations

import pytest

from reconciler.domain import Finding, Severity, Snapshot
from reconciler.manifests import Resource
from tests.unit.planning.making import checked, resource


def source(sql: str, column: str = "user_id", more: str = "") -> Resource:
    return resource(
        "EntityPropertySource", f"sql: {sql!r}\nidTypeMapping: [{{statsigUnitID: userID, column: {column}}}]\n{more}"
    )


def only(wanted: Resource, dialect: str = "") -> Finding:
    (finding,) = checked(wanted, dialect=dialect)
    return finding


@pytest.mark.parametrize(
    "sql",
    [
        "select user_id from t",
        "SELECT u.user_id, plan FROM users u",
        "select id as user_id from t;",
        "select USER_ID from t",
        "with x as (select a as user_id from t) select user_id from x",
        "select user_id from a union all select other from b",
        "select * from t",
        "select t.* from t",
        "select a, t.* from t",
        "with x as (select user_id from t) select * from x",
        "with x as (select * from t) select * from x",
        "select * from (select a from t) x join u on x.a = u.a",
        "select * from (select a from t), lateral (select user_id from u)",
        "select * from (select a from t) x, unnest(x.a) as user_id",
        "select * from (select a from t) x join (select user_id from u) y using (a)",
        "select * from (select a, b from t) pivot (sum(b) for a in ('user_id'))",
        "select columns('user.*') from (select a, user_id from t)",
        "with x as (select a from t) select * from db.x",
        "select count(*), plan from t",
        "select stack(2, 'a', 1, 'b', 2) as (user_id, v) from t",
        "with x as (select count(*), plan from t) select * from x",
    ],
)
def test_a_column_that_is_selected_or_may_be_is_fine(sql: str) -> None:
    assert checked(source(sql)) == []


def test_a_mapped_column_that_is_not_selected_is_doubted() -> None:
    finding = only(source("select userid, plan from t"))
    assert (finding.code, finding.severity) == ("SOURCE/column", Severity.WARNING)
    assert finding.message == "the query selects no column 'user_id'"
    assert finding.cure == "did you mean userid?"
    assert finding.where is not None
    assert finding.where.pointer == ("spec", "idTypeMapping", 0, "column")


@pytest.mark.parametrize(
    ("sql", "columns"),
    [
        ("with x as (select a, b as plan from t) select * from x", "a, plan"),
        ("select * from (select a, b from t)", "a, b"),
        ("select x.*, 1 as one from (select a, b from t) x", "a, b, one"),
        ("with x as (select a, b from t), y as (select * from x) select * from (select * from y)", "a, b"),
        ("select * from (select a, k from t) x join (select b, k from u) y using (k)", "k, a, b"),
        ("select * from (select a, b from t) union all select c, d from u", "a, b"),
        ("with x(p, q) as (select a, b from t) select * from x", "p, q"),
    ],
)
def test_a_star_of_a_query_whose_columns_are_known_stands_for_them(sql: str, columns: str) -> None:
    finding = only(source(sql))
    assert (finding.code, finding.cure) == ("SOURCE/column", f"it selects {columns}")


def test_what_a_star_leaves_out_or_renames_is_known() -> None:
    assert only(source("select * except (a) from (select a, b from t)"), "bigquery").cure == "it selects b"
    assert checked(source("select * rename (a as user_id) from (select a from t)"), dialect="snowflake") == []


def test_columns_are_told_as_they_are_written() -> None:
    finding = only(source("with x as (select UserId, b from t) select * from x"), "snowflake")
    assert finding.cure == "did you mean UserId?"


def test_without_a_near_name_the_cure_lists_the_columns() -> None:
    assert only(source("select a, b as c from t")).cure == "it selects a, c"


def test_the_column_of_the_time_is_looked_up_too() -> None:
    finding = only(source("select user_id, ts from t", more="timestampColumn: tss"))
    assert (finding.message, finding.cure) == ("the query selects no column 'tss'", "did you mean ts?")
    assert finding.where is not None
    assert finding.where.pointer == ("spec", "timestampColumn")
    assert checked(source("select user_id from t", more="timestampColumn: ''")) == []


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("select user_id from", "the SQL does not parse as generic SQL: "),
        ("select `user_id` from `p.d.t`", "the SQL does not parse as generic SQL: "),
        ("select user_id from t where (", "missing for Paren. Line 1"),
        ("select user_id from {{ref('x')}}", "but got '{'"),
        ("delete from t", "the SQL parses, but is not one SELECT statement"),
        ("select user_id from a; select user_id from b", "the SQL parses, but is not one SELECT statement"),
        ("select " + "(" * 500 + "1" + ")" * 500, "recursion"),
    ],
)
def test_sql_that_is_not_understood_is_doubted_and_let_through(sql: str, told: str) -> None:
    finding = only(source(sql))
    assert (finding.code, finding.severity) == ("SOURCE/sql", Severity.WARNING)
    assert told in finding.message
    assert finding.where is not None
    assert finding.where.pointer == ("spec", "sql")


def test_the_dialect_of_the_project_decides_what_parses() -> None:
    wanted = source("select `user_id` from `p.d.t`")
    assert checked(wanted, dialect="bigquery") == []
    assert "as snowflake" in only(wanted, dialect="snowflake").message


def test_what_was_said_of_the_files_is_not_said_again_of_the_plan() -> None:
    assert checked(source("select a from t"), live=Snapshot()) == []


def test_other_kinds_have_no_sql() -> None:
    assert checked(resource("Gate", "{}")) == []


@pytest.mark.parametrize("end", [";", ";;", "; -- the end", " -- the end"])
def test_what_follows_the_one_statement_does_not_matter(end: str) -> None:
    assert checked(source(f"select user_id from t{end}")) == []  # noqa: S608 - no database is asked

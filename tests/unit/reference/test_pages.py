"""The reference pages: what they promise to list is there, in words that a reader understands."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import reconciler
from reconciler.cli.api_failures import api_finding
from reconciler.console import AnswerLost, AnswerTooLarge, ConsoleError, KeyEchoed, ListingError, NotSent, UnknownForm
from reconciler.console.errors import refusal_class
from reconciler.domain import Call, Place
from reconciler.manifests import Api, Project, read_project
from reconciler.planning.guards import GUARDS, Guard, broken
from tools.reference import reference_files

PACKAGE = Path(reconciler.__file__).parent
CODE = re.compile(r"[A-Z]+/[A-Za-z0-9-]+")


@pytest.fixture(scope="session")
def pages() -> dict[str, str]:
    return reference_files()


def row(page: str, name: str) -> list[str]:
    """The cells of the only row that begins with `name`."""
    (line,) = (line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
    return [cell.strip() for cell in line.strip("|").split(" | ")]


# ---- findings ------------------------------------------------------------------------------------------------------


@cache
def written_codes() -> set[str]:
    """Every text of the package that is a code and nothing else."""
    trees = [ast.parse(path.read_bytes()) for path in PACKAGE.rglob("*.py")]
    texts = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return {text for text in texts if isinstance(text, str) and CODE.fullmatch(text)}


_LOCAL = (NotSent, AnswerLost, AnswerTooLarge, KeyEchoed, ListingError, UnknownForm)


@cache
def api_codes() -> set[str]:
    """The codes of failed calls, which are put together of two parts."""
    call = Call("GET", "/gates")
    failures: list[ConsoleError] = [cls("", call) for cls in _LOCAL]
    failures += [refusal_class(status)(status, "", (), None, call) for status in (302, 400, 401, 403, 404, 429, 500)]
    return {api_finding(failure, Api()).code for failure in failures}


def test_the_page_of_findings_lists_each_code_once_and_no_other(pages: dict[str, str]) -> None:
    listed = re.findall(r"^\| `([^`]+)` \|", pages["findings.md"], flags=re.MULTILINE)
    assert sorted(listed) == sorted(written_codes() | api_codes())


def test_codes_are_written_in_one_piece_but_for_those_of_failed_calls_and_of_policies() -> None:
    pieced = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(r"""["'][A-Z]{2,}/(\{|["'])""", path.read_text("utf-8"))
    ]
    assert sorted(pieced) == ["cli/api_failures.py", "planning/guards/policies.py"]


def test_each_code_has_a_meaning_and_a_cure_and_stands_below_its_family(pages: dict[str, str]) -> None:
    family = ""
    for line in pages["findings.md"].splitlines():
        if line.startswith("## "):
            family = line.split()[1].rstrip(":")
        elif line.startswith("| `"):
            code, meaning, cure = (cell.strip() for cell in line.strip("|").split(" | "))
            assert code.startswith(f"`{family}/")
            assert meaning.endswith(".")
            assert cure.endswith(".")


def test_tables_have_no_lines_between_their_rows(pages: dict[str, str]) -> None:
    assert not [name for name, page in pages.items() if re.search(r"\|\n\n+\|", page)]


# ---- guards --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_each_guard_is_explained_and_what_it_finds_has_its_name(pages: dict[str, str], guard: Guard) -> None:
    assert f"## `{guard.name}`" in pages["guards.md"]
    assert all(text.endswith(".") for text in (guard.what, guard.why, guard.numbers))
    assert f"GUARD/{guard.name}" in written_codes()


def test_every_setting_that_the_page_of_guards_shows_is_one(pages: dict[str, str]) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", pages["guards.md"], flags=re.DOTALL)
    assert len(blocks) == len(GUARDS) + 2
    for block in blocks:
        project = read_project(f"apiVersion: reconciler/v1\nkind: Project\n{block}".encode())
        assert isinstance(project, Project), project
        assert project.safety != Project.model_fields["safety"].default
        assert list(broken(project.safety, Place(""))) == []


# ---- fields --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "default"),
    [
        ("api.url", "`https://statsigapi.net/console/v1`"),
        ("api.keyEnv", "`STATSIG_CONSOLE_KEY`"),
        ("api.timeoutSeconds", "`30`"),
        ("api.projectId", ""),
        ("manifests", '`["manifests/**/*.yaml"]`'),
        ("safety.prune", "`off`"),
        ("safety.removals.max", "`10`"),
        ("safety.updates.max", ""),
        ("safety", ""),
        ("ownership.tag", ""),
    ],
)
def test_the_page_of_the_project_file_shows_what_holds_where_nothing_is_written(
    pages: dict[str, str], field: str, default: str
) -> None:
    assert row(pages["project-file.md"], field)[3] == default


def test_each_field_of_the_project_file_is_explained(pages: dict[str, str]) -> None:
    rows = re.findall(r"^\| `([^`]+)` \|", pages["project-file.md"], flags=re.MULTILINE)
    assert [name for name in rows if not row(pages["project-file.md"], name)[4]] == []


@pytest.mark.parametrize(
    ("page", "field", "takes"),
    [
        ("project-file.md", "api.timeoutSeconds", "number, more than 0, up to 600"),
        ("project-file.md", "api.projectId", "text, at least 1 character or null"),
        ("project-file.md", "ownership.tag", "text, 1 to 100 characters"),
        ("project-file.md", "safety.removals.max", "whole number, at least 0 or null"),
        ("kinds.md", "allocation", "number, 0 to 100"),
    ],
)
def test_bounds_are_told_in_words(pages: dict[str, str], page: str, field: str, takes: str) -> None:
    assert row(pages[page], field)[1] == takes


def test_percentages_are_told_to_go_in_steps(pages: dict[str, str]) -> None:
    rows = [line for line in pages["kinds.md"].splitlines() if "passPercentage` |" in line]
    assert len(rows) == 3
    assert all("| number, 0 to 100, in steps of 0.01 |" in line for line in rows)


def test_a_list_of_one_is_told_to_do_for_one_value(pages: dict[str, str]) -> None:
    assert "a list of one is accepted" in pages["conditions.md"]

"""Where a finding is shown: line and column as an editor counts them, from 1, in characters."""

from __future__ import annotations

from textwrap import dedent

import pytest

from reconciler.domain import Finding, Place
from reconciler.manifests import locate

At = tuple[str | int, ...]


def finding(*pointer: str | int, document: int = 0, path: str = "gate.yaml") -> Finding:
    return Finding("TEST/code", "wrong", "mend it", Place(path, document, pointer))


def shown(text: str | bytes, *pointer: str | int, document: int = 0) -> str:
    data = text.encode() if isinstance(text, str) else text
    (found,) = locate([finding(*pointer, document=document)], lambda _: data)
    assert found.where is not None
    assert found.where.pointer == pointer
    return f"{found.where.line}:{found.where.column}"


MANIFEST = dedent("""\
    # a comment
    apiVersion: reconciler/v1
    spec:
      rules:
        - name: Beta
          conditions:
            - {type: country, targetValue: [DE, FR]}
            -   - nested
        - name: GA
    """)


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        ((), "2:1"),
        (("apiVersion",), "2:1"),
        (("spec", "rules"), "4:3"),
        (("spec", "rules", 0), "5:7"),
        (("spec", "rules", 0, "name"), "5:7"),
        (("spec", "rules", 0, "conditions", 0), "7:11"),
        (("spec", "rules", 0, "conditions", 0, "targetValue"), "7:27"),
        (("spec", "rules", 0, "conditions", 0, "targetValue", 1), "7:45"),
        (("spec", "rules", 0, "conditions", 1, 0), "8:15"),
        (("spec", "rules", 1, "name"), "9:7"),
    ],
)
def test_entries_are_shown_at_their_key_and_items_where_they_begin(pointer: At, place: str) -> None:
    assert shown(MANIFEST, *pointer) == place


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        (("metadata", "id"), "2:1"),
        (("spec", "rules", 0, "passPercentage"), "5:7"),
        (("spec", "rules", 7), "4:3"),
        (("spec", "rules", 0, "conditions", 0, "operator", "x"), "7:11"),
        (("apiVersion", "deeper"), "2:1"),
    ],
)
def test_what_is_missing_is_shown_where_it_would_be(pointer: At, place: str) -> None:
    assert shown(MANIFEST, *pointer) == place


@pytest.mark.parametrize(
    ("written", "pointer", "place"),
    [
        ("\ufeffa: {b: 1}", ("a", "b"), "1:5"),
        ("a: 1\r\nb:\r\n  - c\r\n", ("b", 0), "3:5"),
        ("a: 1\rb: 2\r", ("b",), "2:1"),
        ('é: {"😀": [ß, x]}', ("é", "😀"), "1:5"),
        ('é: {"😀": [ß, x]}', ("é", "😀", 1), "1:14"),
        ("{a:\t1,\tb: 2}", ("b",), "1:8"),
        ("1: {true: x}", ("1", "true"), "1:5"),
        ('? "long"\n: value\n', ("long",), "1:3"),
        ("&k key: 1\n", ("key",), "1:1"),
    ],
)
def test_columns_count_characters(written: str, pointer: At, place: str) -> None:
    assert shown(written, *pointer) == place


def test_documents_are_told_apart_with_empty_ones_counted() -> None:
    text = "a: 1\n---\n---\n# c\na: 1\n--- {a: 2}\n"
    assert [shown(text, "a", document=number) for number in range(4)] == ["1:1", "3:1", "5:1", "6:6"]


ALIASES = """\
base: &base {x: 1, y: [1, 2]}
list: &list [{z: 1}, {x: 2}]
alias: *base
one: {y: 3, <<: *base}
many:
  <<: [*base, {w: 1}]
all: {<<: *list}
&k key: v
*k : again
"""


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        (("alias",), "3:1"),
        (("alias", "y", 1), "1:27"),
        (("one", "y"), "4:7"),
        (("one", "x"), "1:14"),
        (("one", "missing"), "4:1"),
        (("many", "y", 0), "1:24"),
        (("many", "w"), "6:16"),
        (("all", "z"), "2:15"),
        (("all", "x"), "2:23"),
        (("key",), "9:1"),
    ],
)
def test_values_of_aliases_and_merges_are_shown_where_they_are_written(pointer: At, place: str) -> None:
    assert shown(ALIASES, *pointer) == place


def test_an_alias_within_what_it_names_does_no_harm() -> None:
    assert shown("a: &a [1, *a]", "a", 1, 1, 1) == "1:11"
    assert shown("a: *nobody", "a", "b") == "1:1"
    assert shown("? [x]\n: 1\nb: 2", "b") == "3:1"


def test_only_files_with_findings_are_read_and_each_once() -> None:
    read: list[str] = []

    def reader(path: str) -> bytes:
        read.append(path)
        return b"a: 1\nb: 2\n"

    findings = [
        finding("b", path="one.yaml"),
        Finding("TEST/placed", "", "", Place("two.yaml", 0, (), 7, 3)),
        Finding("TEST/nowhere", "", ""),
        finding("a", path="three.yaml"),
        finding("a", path="one.yaml"),
    ]
    located = locate(findings, reader)
    assert [str(found.where) for found in located] == [
        "one.yaml:2:1",
        "two.yaml:7:3",
        "None",
        "three.yaml:1:1",
        "one.yaml:1:1",
    ]
    assert sorted(read) == ["one.yaml", "three.yaml"]


def test_a_file_that_is_gone_leaves_the_finding_as_it_is() -> None:
    def gone(path: str) -> bytes:
        raise FileNotFoundError(path)

    assert locate([finding("a")], gone) == [finding("a")]


@pytest.mark.parametrize("data", [b"\xff", b"a: \x00", b"a: [", b"", b"[" * 1000, b"[" + b"1," * 300_000])
def test_a_file_without_such_a_document_leaves_the_finding_as_it_is(data: bytes) -> None:
    assert locate([finding("b", document=1)], lambda _: data) == [finding("b", document=1)]


def test_documents_before_broken_syntax_have_positions() -> None:
    assert shown("a: 1\nb: 2\n---\nc: [", "b") == "2:1"


def test_merges_that_multiply_are_given_up() -> None:
    keys = ", ".join(f"k{index}: 1" for index in range(1000))
    bomb = f"a: 1\n---\n- &a {{{keys}}}\n" + "- {<<: *a}\n" * 300
    assert shown(bomb, "a") == "1:1"
    assert locate([finding(0, document=1)], lambda _: bomb.encode()) == [finding(0, document=1)]


def test_text_within_brackets_may_hold_colons() -> None:
    text = "\ufeffé: {url: https://example.com, b: [a:b, x]}\n---\nc: 1\nd: 2\n"
    assert shown(text, "é", "b", 1) == "1:40"
    assert shown(text, "d", document=1) == "4:1"
    assert shown(text + "e: [", "é", "b") == "1:31"

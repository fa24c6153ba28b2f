"""Bytes -> trees: documents, keys, anchors, merges, and everything that must end in a finding."""

from __future__ import annotations

import json

import pytest
from ruamel.yaml.reader import ReaderError

from reconciler.domain import Finding, Json
from reconciler.domain.plain import PlainFloat
from reconciler.manifests import parse
from reconciler.manifests.syntax import MAX_BYTES, MAX_DEPTH, MAX_NODES, syntax_finding
from reconciler.manifests.wording import one_of


def trees(text: str | bytes) -> list[Json]:
    parsed = parse(text.encode() if isinstance(text, str) else text, "gate.yaml")
    assert parsed.findings == ()
    return [document.tree for document in parsed.documents]


def tree(text: str | bytes) -> Json:
    (only,) = trees(text)
    return only


def finding(text: str | bytes) -> Finding:
    (only,) = parse(text.encode() if isinstance(text, str) else text, "gate.yaml").findings
    return only


def at(text: str | bytes) -> tuple[str, str]:
    found = finding(text)
    return found.code, str(found.where)


# ---- what is read --------------------------------------------------------------------------------------------------


def test_block_and_flow_styles_make_the_same_tree() -> None:
    expected: Json = {"a": [1, {"b": "x"}], "c": None, "d": {}}
    assert tree("a:\n  - 1\n  - b: x\nc:\nd: {}\n") == expected
    assert tree('{"a":[1,{"b":"x"}],"c":null,"d":{}}') == expected


def test_quoted_scalars_are_text() -> None:
    assert tree("""[ '1', "true", '', "2024-01-01", '~' ]""") == ["1", "true", "", "2024-01-01", "~"]


def test_block_scalars_are_text_with_their_line_ends() -> None:
    assert tree("a: |\n  1\n  2\nb: >-\n  x\n  y\n") == {"a": "1\n2\n", "b": "x y"}


def test_keys_are_their_text() -> None:
    assert tree("1: a\ntrue: b\nnull: c\n2024-01-01: d\n0x1: e\n'': f\n") == {
        "1": "a", "true": "b", "null": "c", "2024-01-01": "d", "0x1": "e", "": "f",
    }  # fmt: skip


def test_several_documents_keep_their_numbers_and_empty_ones_are_left_out() -> None:
    parsed = parse(b"# nothing\n---\n---\na: 1\n---\n# nothing either\n---\nb: 2\n...\n", "gate.yaml")
    assert parsed.findings == ()
    assert [(document.place.document, document.tree) for document in parsed.documents] == [(1, {"a": 1}), (3, {"b": 2})]


def test_a_merge_that_is_not_settled_is_called_so() -> None:
    text = b"a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> feature\n"
    (finding,) = parse(text, "m.yaml").findings
    assert (finding.code, str(finding.where)) == ("YAML/conflict", "m.yaml:2:1")
    assert [found.code for found in parse(b"a: |\n  <<<<<<< HEAD\n  =======\n", "m.yaml").findings] == []


@pytest.mark.parametrize("nothing", ["", "\n", "# a comment\n", "---\n", "---\n# a comment\n---\n"])
def test_a_file_without_content_has_no_documents(nothing: str) -> None:
    assert trees(nothing) == []


def test_a_bom_and_windows_line_ends_are_accepted() -> None:
    assert tree(b"\xef\xbb\xbfa: 1\r\nb:\r\n  - x\r\n") == {"a": 1, "b": ["x"]}


def test_explicit_core_tags_are_honoured() -> None:
    written = "a: !!str 1\nb: !!int '3'\nc: !!map {}\nd: !!seq []\ne: ! 5\nf: !!float 2\n!!str g: 1"
    assert tree(written) == {"a": "1", "b": 3, "c": {}, "d": [], "e": "5", "f": 2.0, "g": 1}


# ---- anchors and merges --------------------------------------------------------------------------------------------


def test_an_alias_is_a_copy_that_shares_nothing() -> None:
    read = tree("a: &x {p: [2.10]}\nb: *x\nc: *x\n")
    assert read == {"a": {"p": [2.1]}, "b": {"p": [2.1]}, "c": {"p": [2.1]}}
    assert isinstance(read["b"]["p"][0], PlainFloat)
    read["b"]["p"].append("changed")
    assert read["a"] == read["c"] == {"p": [2.1]}


def test_scalars_and_keys_can_be_anchored() -> None:
    written = "&k name: &v 1.50\nother: *v\n*v : a key is its text\ntext: *k\n"
    assert tree(written) == {"name": 1.5, "other": 1.5, "1.50": "a key is its text", "text": "name"}


def test_a_merge_brings_in_what_is_not_written() -> None:
    assert tree("base: &b {x: 1, y: 2}\nown:\n  y: 3\n  <<: *b\n")["own"] == {"x": 1, "y": 3}


def test_of_several_merged_mappings_the_first_wins() -> None:
    assert tree("- &a {x: 1}\n- &b {x: 2, y: 2}\n- <<: [*a, *b, {z: 3}]\n")[2] == {"x": 1, "y": 2, "z": 3}


def test_merged_values_are_copies_too() -> None:
    read = tree("- &a {x: [1]}\n- <<: *a\n- <<: *a\n")
    read[1]["x"].append(2)
    assert read[0] == read[2] == {"x": [1]}


def test_a_quoted_merge_key_is_a_key_like_any_other() -> None:
    assert tree("'<<': 1") == {"<<": 1}


def test_anchors_end_with_their_document() -> None:
    assert at("a: &x 1\n---\nb: *x\n") == ("YAML/alias", "gate.yaml:3:4")


# ---- what JSON writes as two escapes -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (json.dumps({"😀": ["a😀b😀", {"c": "𝄞"}]}), {"😀": ["a😀b😀", {"c": "𝄞"}]}),
        (json.dumps({"é": "é😀"}, ensure_ascii=False).replace("😀", "\\uD83D\\uDE00"), {"é": "é😀"}),
        ('a: "x \\ud83d\\ude00"  # \\ud83d\\ude00\nb: ["\\ud83d\\ude00", c]', {"a": "x 😀", "b": ["😀", "c"]}),
        ('a: "\\\\ud83d\\\\ude00\\ud83d\\ude00"', {"a": "\\ud83d\\ude00😀"}),
        ('a: "\\ud83d\\ude00\n  b"', {"a": "😀 b"}),
        ('[a:b, "\\ud83d\\ude00"]', ["a:b", "😀"]),
    ],
)
def test_the_two_halves_of_a_character_in_double_quotes_are_one_character(written: str, expected: Json) -> None:
    assert tree(written) == expected
    assert tree("\ufeff# 😀\r\n" + written) == expected


def test_backslashes_outside_of_double_quotes_are_text() -> None:
    half = "\\ud83d\\ude00"
    assert tree(f"a: '{half}'\nb: {half}\nc: |\n  \"{half}\"\nd: \"{half}\"\n") == {
        "a": half, "b": half, "c": f'"{half}"\n', "d": "😀",
    }  # fmt: skip


def test_an_escape_that_json_does_not_know_is_a_finding_beside_halves_too() -> None:
    (finding,) = parse(b'a: "\\Ud83d\\udca5"\nb: "\\ud83d\\udca5"\n', "m.yaml").findings
    assert finding.code == "YAML/syntax"


def test_what_stands_after_the_two_halves_of_a_character_keeps_its_place() -> None:
    assert at('{"\\ud83d\\ude00": "\\ud83d\\ude00", "a": 1, "a": 2}') == ("YAML/duplicate-key", "gate.yaml:1:42")


@pytest.mark.parametrize(
    "half", ["\\ud83d", "\\ude00", "\\ude00\\ud83d", "\\\\ud83d\\ude00", "\\UFFFFFFFF", "\\U00110000"]
)
@pytest.mark.parametrize("before", ["", '"\\ud83d\\ude00", ', "a:b, "])
def test_half_a_character_is_refused(half: str, before: str) -> None:
    assert at(f'[{before}"{half}"]')[0] == "YAML/syntax"


# ---- what is refused, each time with its place ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "code", "place"),
    [
        ("a: 1\nb: 2\na: 3\n", "YAML/duplicate-key", "gate.yaml:3:1"),
        ("1: a\n'1': b\n", "YAML/duplicate-key", "gate.yaml:2:1"),
        ("a: {b: 1,\n    b: 2}\n", "YAML/duplicate-key", "gate.yaml:2:5"),
        ("x: &a {}\ny: {<<: *a, <<: *a}\n", "YAML/duplicate-key", "gate.yaml:2:13"),
        ("a: *nobody\n", "YAML/alias", "gate.yaml:1:4"),
        ("a: &a [1, *a]\n", "YAML/alias", "gate.yaml:1:11"),
        ("&a x:\n  y: &b\n    z: *b\n", "YAML/alias", "gate.yaml:3:8"),
        ("<<: 1\n", "YAML/merge", "gate.yaml:1:5"),
        ("<<: [{a: 1}, 2]\n", "YAML/merge", "gate.yaml:1:5"),
        ("<<:\n", "YAML/merge", "gate.yaml:1:4"),
        ("? [a]\n: b\n", "YAML/key", "gate.yaml:1:3"),
        ("x: &a {}\n*a : 1\n", "YAML/key", "gate.yaml:2:1"),
        ("a: &co\n", "YAML/anchor", "gate.yaml:1:4"),
        ("a: 1\n\u00a0\u00a0b: 2\n", "YAML/character", "gate.yaml:2:1"),
        ("a:\n  b\u2003: 2\n", "YAML/character", "gate.yaml:2:3"),
        ("a: !env KEY\n", "YAML/tag", "gate.yaml:1:4"),
        ("a: !!set {b}\n", "YAML/tag", "gate.yaml:1:4"),
        ("!env a: 1\n", "YAML/tag", "gate.yaml:1:1"),
        ("a: !!int x\n", "YAML/tag", "gate.yaml:1:4"),
        ("a: !!map [1]\n", "YAML/tag", "gate.yaml:1:4"),
        ("a: .nan\n", "YAML/number", "gate.yaml:1:4"),
        ("a: [-.inf]\n", "YAML/number", "gate.yaml:1:5"),
        ("a: 9007199254740992\n", "YAML/number", "gate.yaml:1:4"),
        ("a: b: c\n", "YAML/syntax", "gate.yaml:1:5"),
        ("a: [1, 2\n", "YAML/syntax", "gate.yaml:2:1"),
        ("a:\n\t- b\n", "YAML/syntax", "gate.yaml:2:1"),
        ("a: 'x\n", "YAML/syntax", "gate.yaml:2:1"),
        ("%YAML 2.0\n---\na: 1\n", "YAML/syntax", "gate.yaml:1:1"),
        ("a: !x!y z\n", "YAML/syntax", "gate.yaml:1:4"),
        ('a: "\\ud800"\n', "YAML/syntax", "gate.yaml:1:7"),
        ("a: \x07\n", "YAML/character", "gate.yaml:1:4"),
        ("é: 1\r\nb: x\u2028y\n", "YAML/character", "gate.yaml:2:5"),
        ("a: x\u0085b: y\n", "YAML/character", "gate.yaml:1:5"),
        ("a: 1\n\ufeffb: 2\n", "YAML/character", "gate.yaml:2:1"),
    ],
)
def test_what_cannot_be_read_is_refused_where_it_stands(written: str, code: str, place: str) -> None:
    assert at(written) == (code, place)


@pytest.mark.parametrize("anchored", ["a: &x {}", "a: &x 1", 'a: &x ""', "a: &x ~", "&x a: 1"])
def test_an_anchor_of_something_is_no_mistake(anchored: str) -> None:
    assert tree(anchored)


def test_an_anchor_of_nothing_is_told_as_text_that_needs_quotes() -> None:
    found = finding("a: &co\n")
    assert (found.message, found.cure) == ("&co names nothing: & begins an anchor", 'quote it if text is meant: "&co"')


def test_a_line_that_is_indented_with_other_blanks_is_told_so() -> None:
    found = finding("a:\n  b: 1\n\u00a0\u00a0c: 2\n")
    assert found.message == "this key begins or ends with U+00A0 (no-break space), which YAML takes for text"
    assert found.cure == "indent with plain blanks (U+0020), or quote the key"
    assert tree('"\u00a0a": 1') == {"\u00a0a": 1}
    assert tree("a\u00a0b: \u00a0c") == {"a\u00a0b": "\u00a0c"}


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"a: \xff\n", "gate.yaml:1:4"),
        ("é: é\nb: ".encode() + b"\xc3(", "gate.yaml:2:4"),
        (b"\xef\xbb\xbfa: \xe9\n", "gate.yaml:1:4"),
        ("a: 1\n".encode("utf-16"), "gate.yaml:1:1"),
        (b"\xfe\xff\x00a", "gate.yaml:1:1"),
    ],
)
def test_other_encodings_than_utf_8_are_refused(data: bytes, place: str) -> None:
    assert at(data) == ("YAML/encoding", place)


def test_utf_16_without_a_mark_is_refused() -> None:
    assert at("a: 1\n".encode("utf-16-le"))[0] == "YAML/character"


def test_everything_wrong_with_the_values_of_a_file_is_told_at_once() -> None:
    parsed = parse(b"a: .inf\na: !x y\nb: *nobody\n---\nc: 1\n---\nd: {e: 1, e: 2}\n", "gate.yaml")
    assert [(found.code, str(found.where)) for found in parsed.findings] == [
        ("YAML/number", "gate.yaml:1:4"),
        ("YAML/duplicate-key", "gate.yaml:2:1"),
        ("YAML/tag", "gate.yaml:2:4"),
        ("YAML/alias", "gate.yaml:3:4"),
        ("YAML/duplicate-key", "gate.yaml:7:11"),
    ]
    assert [document.tree for document in parsed.documents] == [{"c": 1}]


def test_documents_before_broken_syntax_are_read() -> None:
    parsed = parse(b"a: 1\n---\nb: [\n", "gate.yaml")
    assert [document.tree for document in parsed.documents] == [{"a": 1}]
    assert [(found.code, found.where and found.where.document) for found in parsed.findings] == [("YAML/syntax", 1)]


def test_a_syntax_error_says_where_it_began_and_what_to_do() -> None:
    found = finding("rules:\n  - [a, b\n  - c\nd: 1\n")
    assert "that starts on line 2" in found.message
    assert "close the bracket" in found.cure


@pytest.mark.parametrize(
    ("written", "cure"),
    [
        ("a: *all*", "quote the text: * begins an alias"),
        ("a: **bold** text", "quote the text: * begins an alias"),
        ("a: & co", "quote the text: & begins an anchor"),
        ('a: "C:\\temp\\x"', "use single quotes, or write each backslash twice"),
        ('a: "\\u12"', "use single quotes, or write each backslash twice"),
        ('{"a": "\\ud83d"}', "write the character itself, or both of its halves as JSON does: \\ud83d\\ude00"),
        ("a: b: c", "quote the text"),
        ("a:\n\t- b", "never tabs"),
        ("a: 1\n b: 2", "quote the text"),
        ("- a\nb: 1", "items of one list"),
        ("a: 1\n- b", "keys of one mapping"),
        ("a: 'x", "close the quote"),
        ('a: "\\q"', "each backslash twice"),
        ("a: - b", "line of its own"),
        ("a: ]", "write a value"),
    ],
)
def test_frequent_mistakes_get_a_cure_of_their_own(written: str, cure: str) -> None:
    assert cure in finding(written).cure


def test_a_complaint_without_a_position_is_a_finding_about_the_file() -> None:
    found = syntax_finding(ReaderError("gate.yaml", 3, 0, "utf-8", "no character"), "gate.yaml", 0)
    assert (found.code, str(found.where)) == ("YAML/syntax", "gate.yaml")
    assert "no character" in found.message


# ---- hostile files -------------------------------------------------------------------------------------------------


def test_aliases_that_multiply_are_refused() -> None:
    levels = [f"- &l{level} [{', '.join([f'*l{level - 1}'] * 9)}]" for level in range(1, 12)]
    assert at("- &l0 [x, x, x]\n" + "\n".join(levels))[0] == "YAML/limit"


def test_merges_that_multiply_are_refused() -> None:
    keys = ", ".join(f"k{index}: 1" for index in range(1000))
    assert at(f"- &a {{{keys}}}\n" + "- {<<: *a}\n" * 300)[0] == "YAML/limit"


def test_too_many_values_are_refused() -> None:
    assert at("[" + "1," * (MAX_NODES + 1) + "]")[0] == "YAML/limit"
    assert len(tree("[" + "1," * (MAX_NODES - 1) + "]")) == MAX_NODES - 1


@pytest.mark.parametrize("open_", ["[", "{a: ", "- "])
def test_values_that_are_nested_too_deep_are_refused(open_: str) -> None:
    assert at(open_ * 5000)[0] == "YAML/limit"


def test_the_depth_that_is_allowed_is_read() -> None:
    assert tree("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert at("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)) == ("YAML/limit", f"gate.yaml:1:{MAX_DEPTH + 1}")


@pytest.mark.parametrize("hostile", ["[" * 200_000, "[" + "1," * 1_000_000, "- " * 200_000])
def test_the_limits_hold_in_a_file_with_halves_of_characters(hostile: str) -> None:
    assert at(f'"\\ud83d\\ude00"\n---\n{hostile}')[0] == "YAML/limit"


@pytest.mark.parametrize("used", ["*t", "{k: *t}", "*m", "{<<: *m}", "{*k : 1}"])
def test_long_texts_cannot_be_repeated_without_end(used: str) -> None:
    long = "x" * 1_000_000
    first = f"- &t {long}\n- &m\n  ? {long}\n  : 1\n- {{? &k {long} : 1}}\n"
    assert at(first + f"- {used}\n" * 30)[0] == "YAML/limit"
    assert len(tree(f"- &t {'x' * 5_000}\n- &m {{k: v}}\n" + "- {k: *t, <<: *m}\n" * 500)) == 502


def test_aliases_cannot_nest_deeper_than_what_is_written_out() -> None:
    chain = "".join(f"- &n{level} [*n{level - 1}]\n" for level in range(1, 300))
    assert at("- &n0 [x]\n" + chain)[0] == "YAML/limit"


def test_a_file_that_is_too_large_is_refused() -> None:
    assert at(b"# " + b"x" * MAX_BYTES)[0] == "YAML/limit"


def test_a_word_of_a_million_letters_is_no_slip_of_a_short_one() -> None:
    """Each of its letters was once taken out to see, which took hours."""
    word = "launched" + "x" * 1_000_000
    assert one_of(word, ["launched", "archived", "disabled"]) == "write one of launched, archived, disabled"


# ---- what the C parser refuses and YAML 1.2 does not ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            "api: {url: https://example.com/v1, keyEnv: KEY}",
            {"api": {"url": "https://example.com/v1", "keyEnv": "KEY"}},
        ),
        ("[a:b, ::1, 10:30]", ["a:b", "::1", "10:30"]),
        ("[what?, a?b, is it ?]", ["what?", "a?b", "is it ?"]),
        ("{a?: 1}", {"a?": 1}),
        ("- &x {u: a:b}\n- <<: *x\n  y: !!str 1.10\n- 2.10", [{"u": "a:b"}, {"u": "a:b", "y": "1.10"}, 2.1]),
        ('{"a:b": , c: d:e}', {"a:b": None, "c": "d:e"}),
    ],
)
def test_text_within_brackets_may_hold_colons_and_question_marks(written: str, expected: Json) -> None:
    assert tree(written) == expected
    assert tree("\ufeff# ü\r\n" + written) == expected


@pytest.mark.parametrize(
    ("written", "place"), [("{a: 1, b:2}", "1:8"), ("{u: c:d,\n a:}", "2:2"), ("[u:v, a:]", "1:7"), ("{a: b:}", "1:5")]
)
def test_a_forgotten_blank_after_a_colon_is_refused(written: str, place: str) -> None:
    found = finding(written)
    assert (found.code, str(found.where)) == ("YAML/key", f"gate.yaml:{place}")
    assert "put a blank after the colon" in found.cure


def test_what_neither_parser_can_read_is_told_in_the_words_of_the_first() -> None:
    assert at("{a: b:c, d: [") == ("YAML/syntax", "gate.yaml:1:6")


def test_a_large_file_is_not_read_again() -> None:
    assert at("[a:b]\n" + "# filler\n" * 10_000)[0] == "YAML/syntax"


def test_the_limits_hold_when_a_file_is_read_again() -> None:
    assert at("[a:b, " + "[" * 5000)[0] == "YAML/limit"
    assert at("[a:b, " + "[" * 200 + "]" * 201)[0] == "YAML/limit"

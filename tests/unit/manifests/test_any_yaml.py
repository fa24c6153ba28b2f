"""Any tree comes back as it was written, any bytes end in findings, and positions are right in any document."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reconciler.domain import Finding, Json, Place
from reconciler.manifests import Broken, decode, locate, parse, read_project
from reconciler.manifests.scalars import LARGEST_INT

from .gadget import KINDS, GadgetSpec, manifest

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""How long an example takes says how busy the machine is."""

TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-LARGEST_INT, LARGEST_INT),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXT,
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)
MAPPINGS = st.dictionaries(TEXT, TREES, max_size=5)
SCRAPS = st.lists(
    st.sampled_from(
        ["a", "b", ": ", ":", "- ", "? ", "?", "\n", "\n  ", "[", "]", "{", "}", ", ", ",", "#", " # ", "&x ", "*x",
         "<<: ", "|", ">-", "'", '"', "!!str ", "!x ", "!", "---\n", "...\n", "%YAML 1.2\n", "\t", "@", "`", "2.10",
         "0x1", ".inf", "~", "é", "\r\n", "\\", "\\u", "\\ud83d", "\\ude00", "\u00a0", "\ufeff", "https://x",
         "2024-01-01"]
    ),
    max_size=25,
).map("".join)  # fmt: skip

_NOT_AS_IT_IS = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def quoted(text: str) -> str:
    """A text in double quotes, with escapes for what cannot stand in a file as it is."""
    return escaped(json.dumps(text, ensure_ascii=False))


def escaped(source: str) -> str:
    return _NOT_AS_IT_IS.sub(lambda found: f"\\u{ord(found[0]):04x}", source)


@PATIENT
@given(MAPPINGS, st.sampled_from([None, 2, "\t"]), st.booleans(), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_json_is_yaml(tree: Json, indent: int | str | None, ascii_: bool, mark: bool, line_end: str) -> None:  # noqa: FBT001
    source = escaped(json.dumps(tree, ensure_ascii=ascii_, indent=indent)).replace("\n", line_end)
    parsed = parse(("\ufeff" * mark + source).encode(), "any.yaml")
    assert parsed.findings == ()
    assert [same(document.tree) for document in parsed.documents] == [same(tree)]


def same(tree: Json) -> Json:
    """A tree in a form in which 1, 1.0 and true are three things."""
    if isinstance(tree, dict):
        return {key: same(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [same(value) for value in tree]
    kind = next(kind for kind in (bool, int, float, str, type(None)) if isinstance(tree, kind))
    return (kind.__name__, repr(tree))


@PATIENT
@given(st.binary(max_size=200) | SCRAPS.map(str.encode) | TEXT.map(str.encode))
@example(b"a: &a {<<: *a}")
@example(b"? &a [*a]\n: *a")
@example(b"!!str : !!null")
@example(b"%TAG !e! tag:%ff\n---\n!e!a b")
def test_any_bytes_end_in_findings_with_places(data: bytes) -> None:
    parsed = parse(data, "any.yaml")
    for finding in parsed.findings:
        assert finding.code.startswith("YAML/")
        assert finding.message
        assert finding.cure
        assert finding.where is not None
        assert finding.where.line is not None
        assert finding.where.column is not None
    for document in parsed.documents:
        json.dumps(document.tree, allow_nan=False)
        decoded = decode(document, KINDS)
        assert isinstance(decoded, Broken)
        assert all(located.where and located.where.line for located in locate(decoded.findings, lambda _: data))
    assert isinstance(read_project(data), tuple)


FIELDS = [*(info.alias or name for name, info in GadgetSpec.model_fields.items()), "x"]
WHEELS = st.dictionaries(st.sampled_from(["name", "size", "colour", "power", "turns", "fuel"]), TREES, max_size=4)


@PATIENT
@given(st.dictionaries(st.sampled_from(FIELDS), TREES | WHEELS | st.lists(WHEELS, max_size=3), max_size=6))
def test_any_spec_is_a_resource_or_findings_at_its_fields(spec: Json) -> None:
    data = manifest(escaped(json.dumps(spec, ensure_ascii=False)))
    (document,) = parse(data, "any.yaml").documents
    decoded = decode(document, KINDS)
    if isinstance(decoded, Broken):
        assert decoded.findings
        assert len(set(decoded.findings)) == len(decoded.findings)
        for finding in decoded.findings:
            assert finding.message
            assert finding.cure
            assert finding.where is not None
            assert finding.where.pointer[0] == "spec"


# ---- positions -----------------------------------------------------------------------------------------------------


@dataclass
class Written:
    """A document in block style as it is being written, with the position of everything in it."""

    filler: Callable[[], str]
    lines: list[str] = field(default_factory=list)
    places: dict[tuple[str | int, ...], tuple[int, int]] = field(default_factory=dict)

    def node(self, tree: Json, start: str, at: tuple[str | int, ...]) -> None:
        """Write `tree` so that its first line goes on after `start`, and the others are indented as far."""
        if isinstance(tree, dict) and tree:
            for index, (key, value) in enumerate(tree.items()):
                begin = start if index == 0 else self.filled(start)
                self.places[*at, key] = (len(self.lines) + 1, len(begin) + 1)
                self.entry(value, begin + quoted(key) + ":", len(start), (*at, key))
        elif isinstance(tree, list) and tree:
            for index, value in enumerate(tree):
                begin = (start if index == 0 else self.filled(start)) + "- "
                self.places[*at, index] = (len(self.lines) + 1, len(begin) + 1)
                self.node(value, begin, (*at, index))
        else:
            self.lines.append(start + (quoted(tree) if isinstance(tree, str) else json.dumps(tree)))

    def entry(self, value: Json, begin: str, indent: int, at: tuple[str | int, ...]) -> None:
        if value and isinstance(value, (dict, list)):
            self.lines.append(begin)
            self.node(value, self.filled(" " * (indent + 2)), at)
        else:
            self.node(value, begin + " ", at)

    def filled(self, start: str) -> str:
        if filler := self.filler():
            self.lines.append(filler)
        return " " * len(start)


FILLERS = st.sampled_from(["", "", "", "# é", " ", "      # deeper"])


@PATIENT
@given(
    st.lists(st.dictionaries(TEXT, TREES, min_size=1, max_size=4), min_size=1, max_size=3),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.data(),
)
def test_positions_are_right_in_any_document(trees: list[Json], line_end: str, mark: bool, data: st.DataObject) -> None:  # noqa: FBT001
    written = Written(lambda: data.draw(FILLERS))
    expected: dict[Place, tuple[int, int]] = {}
    for number, tree in enumerate(trees):
        written.lines.append("---")
        written.places = {}
        written.node(tree, "", ())
        expected |= {Place("any.yaml", number, at): place for at, place in written.places.items()}
    source = ("\ufeff" * mark + line_end.join(written.lines)).encode()
    assert [document.tree for document in parse(source, "any.yaml").documents] == trees
    found = locate([Finding("", "", "", place) for place in expected], lambda _: source)
    assert [(each.where.line, each.where.column) for each in found if each.where] == list(expected.values())

"""The picture: every object in a place of its own, arrows to the right, sound XML whatever ids hold, no hang."""

import re
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.domain import Graph, Standing
from reconciler.reports.graph import picture
from reconciler.reports.graph.picture import Look
from reconciler.reports.graph.spots import HEIGHT, placed
from tests.unit.graph.drawn import gate, graph

SVG = "{http://www.w3.org/2000/svg}"


@st.composite
def targets(draw: st.DrawFn) -> list[list[int]]:
    """What each of some boxes refers to, circles included."""
    number = st.integers(0, draw(st.integers(1, 14)))
    many = draw(number) + 1
    return [sorted(draw(st.sets(st.integers(0, many - 1), max_size=4))) for _ in range(many)]


@given(targets())
def test_no_box_lies_on_another(drawn: list[list[int]]) -> None:
    widths = [60.0 + 10 * at for at in range(len(drawn))]
    spots = placed(drawn, widths)
    assert sorted(spots.boxes) == list(range(len(drawn)))
    for one, other in combinations(spots.boxes, 2):
        (x, y), (left, top) = spots.boxes[one], spots.boxes[other]
        assert x + widths[one] <= left or left + widths[other] <= x or abs(y - top) >= HEIGHT
    assert all(x + widths[at] <= spots.width + 0.01 for at, (x, _) in spots.boxes.items())
    assert all(-0.01 <= y <= spots.height - HEIGHT + 0.01 for _, y in spots.boxes.values())


@given(targets())
def test_arrows_lead_to_the_right_where_nothing_is_in_a_circle(drawn: list[list[int]]) -> None:
    upwards = [[to for to in below if to > box] for box, below in enumerate(drawn)]
    spots = placed(upwards, [50.0] * len(drawn))
    assert len(spots.arrows) == sum(map(len, upwards))
    for points in spots.arrows:
        assert [x for x, _ in points] == sorted(x for x, _ in points)


def test_few_arrows_cross() -> None:
    spots = placed([[5], [4], [3], [], [], []], [50.0] * 6)
    assert all(points[0][1] == points[-1][1] for points in spots.arrows)


def test_the_picture_says_what_it_is_to_those_who_cannot_see_it() -> None:
    root = ET.fromstring(picture(graph("a b", "b c"), "References"))  # noqa: S314 - our own text
    assert root.get("role") == "img"
    named = {node.get("id"): node.text for node in root if node.get("id")}
    assert root.get("aria-labelledby") == "refs-title refs-about"
    assert named["refs-title"] == "References"
    assert named["refs-about"] == "3 objects, 2 references; each arrow leads to what is referred to."
    assert "prefers-color-scheme:dark" in "".join(root.itertext())


@pytest.mark.parametrize(
    "id_", ['"><script>alert(1)</script>', "]]>", "&lt;", "\x00\x08\x1b", "\ud800", "a\nb", "é" * 99]
)
def test_no_id_breaks_out_of_the_picture(id_: str) -> None:
    keys = {gate("one"): frozenset({gate(id_)})}
    text = picture(Graph(dict.fromkeys([gate("one"), gate(id_)], Standing.MISSING), keys), id_)
    root = ET.fromstring(text.encode())  # noqa: S314 - our own text
    assert {node.tag.removeprefix(SVG) for node in root.iter()} == {
        "svg", "title", "desc", "style", "defs", "marker", "path", "g", "rect", "text"}  # fmt: skip


def test_a_look_gives_colour_a_word_and_a_link() -> None:
    text = picture(graph("a b"), "Plan", lambda key: Look("update", "warn", f"#{key.id}") if key.id == "a" else Look())
    assert text.count("<a href=") == 1
    assert '<a href="#a"><g class="warn"><title>Gate/a</title>' in text
    assert ">Gate · update</text>" in text


def test_an_empty_graph_is_an_empty_picture() -> None:
    assert not re.search("NaN|inf", picture(Graph(), "Nothing"))


@pytest.mark.parametrize(
    "pairs",
    [
        [(at, at + 1) for at in range(1500)],
        [*((at, at + 1) for at in range(1500)), *((at, 1500) for at in range(1499))],
        [(at, 1500) for at in range(1500)],
        [(at, (at * 7919 + 3) % 1501) for at in range(1501)],
    ],
    ids=["a chain", "a chain with short cuts", "a star", "circles"],
)
def test_a_picture_of_thousands_comes_to_an_end(pairs: list[tuple[int, int]]) -> None:
    drawn = graph(*(f"g{one:04} g{other:04}" for one, other in pairs))
    assert picture(drawn, "Large").count("<rect ") == 1501

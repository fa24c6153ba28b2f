"""The graph as a tree, as Mermaid and as DOT; whatever ids hold, it stays text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.domain import Graph, ResourceKey, Standing
from reconciler.planning.graph import affected
from reconciler.reports.graph import affected_lines, around_lines, dot, graph_lines, mermaid
from reconciler.reports.line import plain
from tests.unit.graph.drawn import gate, graph

HOSTILE = ['a"];b-->c', "a\nb", "`x`", "<b>&amp;", "#quot;", 'a\\"', "a\\", "%%{init}%%", "\x1b[31m", "end", "é☃"]


def named(id_: str) -> Graph:
    return Graph({gate("one"): Standing.MANIFEST, gate(id_): Standing.MISSING}, {gate("one"): frozenset({gate(id_)})})


def test_the_tree_goes_from_what_nothing_refers_to_down() -> None:
    assert plain(graph_lines(graph("a b", "b c", "x b", alone=["z"]))).splitlines() == [
        "Gate a",
        "    Gate b",
        "        Gate c",
        "",
        "Gate x",
        "    Gate b  (see above)",
        "",
        "5 objects, 3 references; 1 of them without any.",
    ]


def test_a_circle_is_shown_once_around() -> None:
    assert plain(graph_lines(graph("a b", "b a"))).splitlines()[:3] == [
        "Gate a",
        "    Gate b",
        "        Gate a  (see above)",
    ]


def test_a_chain_that_is_too_deep_goes_on_as_a_tree_of_its_own() -> None:
    text = plain(graph_lines(graph(*(f"g{at:03} g{at + 1:03}" for at in range(60)))))
    assert max(len(line) - len(line.lstrip()) for line in text.splitlines()) == 80
    assert "\nGate g020\n    Gate g021\n" in text
    assert text.count("(goes on)") == 2


def test_around_an_object_both_directions_are_told_apart() -> None:
    assert plain(around_lines(graph("a b", "b c"), gate("b"))).splitlines() == [
        "Gate b refers to:",
        "    Gate c",
        "",
        "Gate b is referred to by:",
        "    Gate a",
    ]
    assert "Gate c refers to nothing." in plain(around_lines(graph("a c"), gate("c")))


def test_what_is_affected_is_told_with_the_chain_that_leads_there() -> None:
    drawn = graph("a b", "b c")
    assert plain(affected_lines(gate("c"), affected(drawn, gate("c")))).splitlines() == [
        "A change of Gate c would affect 2 objects:",
        "    Gate b  (Gate/b -> Gate/c)",
        "    Gate a  (Gate/a -> Gate/b -> Gate/c)",
    ]
    assert plain(affected_lines(gate("a"), ())) == "Nothing refers to Gate a.\n"


def test_the_middle_of_a_long_chain_is_left_out() -> None:
    drawn = graph(*(f"g{at:02} g{at + 1:02}" for at in range(20)))
    last = plain(affected_lines(gate("g20"), affected(drawn, gate("g20")))).splitlines()[-1]
    assert "Gate/g03 -> ... 13 more ... -> Gate/g17" in last


def test_mermaid_is_a_flowchart_with_what_has_no_manifest_dashed() -> None:
    assert mermaid(named("gone")).splitlines() == [
        "flowchart LR",
        '    n0["Gate<br/>gone<br/>does not exist"]',
        '    n1["Gate<br/>one"]',
        "    n1 --> n0",
        "    classDef bare stroke-dasharray: 5 4",
        "    class n0 bare",
    ]


def test_dot_is_a_directed_graph() -> None:
    assert dot(named("gone")).splitlines() == [
        "digraph references {",
        "  rankdir=LR;",
        "  node [shape=box];",
        r'  "Gate/gone" [label="Gate\ngone\ndoes not exist", style=dashed];',
        r'  "Gate/one" [label="Gate\none"];',
        '  "Gate/one" -> "Gate/gone";',
        "}",
    ]


@pytest.mark.parametrize("id_", HOSTILE)
def test_no_id_breaks_out_of_a_mermaid_label(id_: str) -> None:
    _, first, second, *_ = mermaid(named(id_)).splitlines()
    assert all(re.fullmatch(r'    n\d\["[\w #;/<>-]*"\]', box) for box in (first, second))
    assert all("<" not in box.replace("<br/>", "") for box in (first, second))


@given(st.text(min_size=1, max_size=12))
def test_no_id_breaks_out_of_a_dot_string(id_: str) -> None:
    quoted = r'"(?:[^"\\\n]|\\[\\"n])*"'
    *_, first, second, arrow, end = dot(named(id_)).splitlines()
    assert end == "}"
    assert all(re.fullmatch(rf"  {quoted} \[label={quoted}(, style=dashed)?\];", box) for box in (first, second))
    assert re.fullmatch(rf"  {quoted} -> {quoted};", arrow)


def test_what_has_no_references_is_in_no_drawing() -> None:
    drawn = graph("a b", alone=["lonely"])
    assert "lonely" not in mermaid(drawn) + dot(drawn)
    assert ResourceKey("Gate", "lonely") in drawn.nodes

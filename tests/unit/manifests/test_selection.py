"""Selections: terms that must all hold, alternatives of which any may, and findings for what is no selection."""

from __future__ import annotations

import pytest

from reconciler.domain import Finding, ResourceKey
from reconciler.manifests import Selection

GATE = ResourceKey("Gate", "checkout_v2")
KINDS = "EntityPropertySource, Gate, DynamicConfig, Experiment"
WRITE = "write kind=Gate, label=team:payments or id=checkout_*; ? stands for a comma within an id"
LABELS = {"team": "payments", "tier": "1", "a:b": "c"}


def selects(*texts: str) -> bool:
    selection = Selection.parse(*texts)
    assert isinstance(selection, Selection), selection
    return selection.matches(GATE, LABELS)


def refused(*texts: str) -> list[Finding]:
    findings = Selection.parse(*texts)
    assert isinstance(findings, tuple)
    return list(findings)


def test_without_a_selection_everything_is_selected() -> None:
    assert selects()


@pytest.mark.parametrize(
    "text",
    ["kind=Gate", "kind=gate", "kind=GATE", "id=checkout_v2", "id=checkout_*", "id=*[_]v?", "label=team:payments",
     "label=team", "label=tier:1", "kind=Gate,label=team:payments,id=checkout_*", " kind = Gate , id = * "],
)  # fmt: skip
def test_an_object_is_selected_when_all_terms_hold(text: str) -> None:
    assert selects(text)


@pytest.mark.parametrize(
    "text",
    ["kind=Experiment", "id=Checkout_v2", "id=checkout", "label=team:search", "label=team:", "label=owner",
     "label=Team:payments", "kind=Gate,id=search_*", "label=team:payments,label=tier:2", "id=a*,id=checkout_*"],
)  # fmt: skip
def test_an_object_is_not_selected_when_one_term_fails(text: str) -> None:
    assert not selects(text)


def test_of_several_selections_one_is_enough() -> None:
    assert selects("kind=Experiment", "id=checkout_*")
    assert not selects("kind=Experiment", "id=search_*")


@pytest.mark.parametrize(
    ("text", "code", "cure"),
    [
        ("", "SELECT/syntax", WRITE),
        ("checkout_v2", "SELECT/syntax", WRITE),
        ("kind=", "SELECT/syntax", WRITE),
        ("=Gate", "SELECT/syntax", WRITE),
        ("kind=Gate,", "SELECT/syntax", WRITE),
        ("id=Revenue, gross", "SELECT/syntax", WRITE),
        ("labels=team:payments", "SELECT/term", "write one of kind, label, id; did you mean label?"),
        ("zzz=1", "SELECT/term", "write one of kind, label, id"),
        ("kind=Gates", "SELECT/kind", f"write one of {KINDS}; did you mean Gate?"),
        ("kind=experimnt", "SELECT/kind", f"write one of {KINDS}; did you mean Experiment?"),
    ],
)
def test_what_is_no_selection_is_a_finding(text: str, code: str, cure: str) -> None:
    (finding,) = refused(text)
    assert (finding.code, finding.cure) == (code, cure)


def test_an_id_with_a_comma_is_selected_with_a_question_mark() -> None:
    selection = Selection.parse("id=Revenue? gross")
    assert isinstance(selection, Selection)
    assert selection.matches(ResourceKey("EntityPropertySource", "Revenue, gross"), {})


@pytest.mark.parametrize(
    ("text", "message", "cure"),
    [
        ("kind=gate,kind=dynamicconfig", "no object is both kind=Gate and kind=DynamicConfig",
         "terms within one selection must all hold; write --select kind=Gate --select kind=DynamicConfig"),
        ("kind=Gate,label=team,kind=gate,kind=Experiment", "no object is both kind=Gate and kind=Experiment",
         "terms within one selection must all hold; write --select kind=Gate --select kind=Experiment"),
        ("id=a,id=b,id=a,id=c", "no object is both id=a and id=b",
         "terms within one selection must all hold; write --select id=a --select id=b"),
    ],
)  # fmt: skip
def test_terms_that_cannot_hold_together_are_a_finding(text: str, message: str, cure: str) -> None:
    (finding,) = refused(text)
    assert (finding.code, finding.message, finding.cure) == ("SELECT/contradiction", message, cure)


@pytest.mark.parametrize("text", ["kind=Gate,kind=gate", "id=checkout_v2,id=checkout_v2", "id=checkout_v2,id=check*"])
def test_terms_that_say_the_same_hold_together(text: str) -> None:
    assert selects(text)


def test_everything_wrong_with_selections_is_told_at_once() -> None:
    findings = refused("kind=Gates,x=1", "id=*", "label", "id=a,id=b")
    assert [finding.code for finding in findings] == [
        "SELECT/kind", "SELECT/term", "SELECT/syntax", "SELECT/contradiction",
    ]  # fmt: skip

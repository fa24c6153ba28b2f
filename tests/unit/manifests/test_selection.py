"""Selections: terms that must all hold, alternatives of which any may, and findings for what is no selection."""

from __future__ import annotations

import pytest

from reconciler.domain import Finding, ResourceKey
from reconciler.manifests import Selection

GATE = ResourceKey("Gate", "checkout_v2")
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
        ("", "SELECT/syntax", "write kind=Gate, label=team:payments or id=checkout_*"),
        ("checkout_v2", "SELECT/syntax", "write kind=Gate, label=team:payments or id=checkout_*"),
        ("kind=", "SELECT/syntax", "write kind=Gate, label=team:payments or id=checkout_*"),
        ("=Gate", "SELECT/syntax", "write kind=Gate, label=team:payments or id=checkout_*"),
        ("kind=Gate,", "SELECT/syntax", "write kind=Gate, label=team:payments or id=checkout_*"),
        ("labels=team:payments", "SELECT/term", "did you mean label?"),
        ("zzz=1", "SELECT/term", "write one of kind, label, id"),
        ("kind=Gates", "SELECT/kind", "did you mean Gate?"),
        ("kind=experimnt", "SELECT/kind", "did you mean Experiment?"),
    ],
)
def test_what_is_no_selection_is_a_finding(text: str, code: str, cure: str) -> None:
    (finding,) = refused(text)
    assert (finding.code, finding.cure) == (code, cure)


def test_everything_wrong_with_selections_is_told_at_once() -> None:
    findings = refused("kind=Gates,x=1", "id=*", "label")
    assert [finding.code for finding in findings] == ["SELECT/kind", "SELECT/term", "SELECT/syntax"]

"""What an item of a list is, in a phrase."""

import pytest

from reconciler.domain import Json
from reconciler.reports.phrases import condition, phrase


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"type": "public"}, "everyone"),
        ({"type": "public", "operator": "", "targetValue": None, "field": None}, "everyone"),
        ({"type": "passes_gate", "targetValue": "checkout_v2"}, "passes_gate checkout_v2"),
        ({"type": "country", "operator": "any", "targetValue": ["SE", "NO"]}, 'country any SE, "NO"'),
        (
            {"type": "unit_id", "operator": "none", "customID": "storeID", "targetValue": ["s-1"]},
            "unit_id storeID none s-1",
        ),
        ({"type": "email", "operator": "is_null"}, "email is_null"),
        (
            {"type": "custom_field", "field": "created", "operator": "before", "targetValue": 1788220800000},
            "custom_field created before 1788220800000 (2026-09-01 00:00 UTC)",
        ),
        ({"type": "email", "operator": "any", "targetValue": [[1]]}, "email any [[1]]"),
        ("no condition", '"no condition"'),
    ],
)
def test_a_condition(item: Json, words: str) -> None:
    assert condition(item) == words


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"name": "A", "passPercentage": 0.5, "conditions": []}, "0.5 % of everyone"),
        ({"name": "A", "conditions": [{"type": "public"}], "returnValue": {"days": 14}}, "everyone get {days: 14}"),
        (
            {"name": "A", "passPercentage": 10.0, "conditions": [{"type": "public"}], "environments": ["staging"]},
            "10 % of everyone in staging",
        ),
        (
            {
                "name": "A",
                "passPercentage": 100,
                "conditions": [{"type": "public"}],
                "environments": None,
                "id": "x:1",
                "baseID": "x",
                "pendingAutomatedRollouts": [{"time": 5, "passPercent": 50}],
            },
            "100 % of everyone; pendingAutomatedRollouts: [{time: 5, passPercent: 50}]",
        ),
        (
            {
                "name": "A",
                "conditions": [{"type": "public"}],
                "variants": [{"name": "Left", "passPercentage": 50, "returnValue": {"wide": True}}, "odd"],
            },
            "everyone, variants Left 50 % get {wide: true}, odd",
        ),
        ({"name": "A", "size": 33.0, "parameterValues": {"delay": 80}}, "33 % get {delay: 80}"),
        ({"name": "A", "parameterValues": {}, "description": "Nothing"}, "get {}; description: Nothing"),
        ({"name": "A", "passPercentage": [9], "conditions": []}, "[9] % of everyone"),
        ({"conditions": [], "environments": [{"a": 1}]}, "everyone in [{a: 1}]"),
        ({"name": "A", "size": {"of": 9}, "parameterValues": {}}, "{of: 9} % get {}"),
        ({"type": "email", "operator": "any", "targetValue": ["a@b.c"]}, "email any a@b.c"),
        ({"url": "https://example.com"}, "{url: https://example.com}"),
        (["a"], "[a]"),
        (7, "7"),
    ],
)
def test_an_item_is_told_by_the_fields_that_it_has(item: Json, words: str) -> None:
    assert phrase(item) == words

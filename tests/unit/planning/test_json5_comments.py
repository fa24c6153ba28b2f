"""The JSON5 text beside a value is written anew when the value changes: what people wrote is not lost unseen."""

from __future__ import annotations

import pytest

from reconciler.domain import Action, Json, Tree
from tests.unit.planning.making import changes, only_step, patch, plan_against, resource

HAND = "{\n  // at most so many\n  most: 3,\n}"
PLAIN = '{\n  "most": 3\n}'


def config(text: Json) -> Tree:
    return {"defaultValue": {"most": 3}, "defaultValueJson5": text}


def test_a_text_with_comments_that_is_written_anew_is_a_change_of_its_own() -> None:
    plan = plan_against(config(HAND), resource("DynamicConfig", "defaultValue: {most: 5}"))
    assert changes(plan) == [("defaultValue.most", Action.SET), ("defaultValueJson5", Action.SET)]
    text = only_step(plan).fields[1]
    assert (text.live, text.desired) == (HAND, '{\n  "most": 5\n}')
    assert patch(plan) == {"defaultValue": {"most": 5}, "defaultValueJson5": '{\n  "most": 5\n}'}


def test_a_rules_text_with_comments_is_told_at_the_rule() -> None:
    rule = {"name": "R", "id": "r", "baseID": "r", "passPercentage": 100, "conditions": [], "returnValue": {"most": 3}}
    live = {"rules": [{**rule, "returnValueJson5": HAND}]}
    spec = "rules: [{name: R, conditions: [], returnValue: {most: 5}}]"
    assert changes(plan_against(live, resource("DynamicConfig", spec))) == [
        ('rules["R"].returnValue.most', Action.SET),
        ('rules["R"].returnValueJson5', Action.SET),
    ]


@pytest.mark.parametrize("text", [PLAIN, '{"most":3}', None, "", 5])
def test_a_text_that_says_no_more_than_the_value_is_not_worth_a_line(text: Json) -> None:
    plan = plan_against(config(text), resource("DynamicConfig", "defaultValue: {most: 5}"))
    assert changes(plan) == [("defaultValue.most", Action.SET)]


def test_a_text_that_the_manifest_writes_itself_is_no_second_change() -> None:
    plan = plan_against(config(HAND), resource("DynamicConfig", "defaultValueJson5: '{most: 5} // more'"))
    assert changes(plan) == [("defaultValue.most", Action.SET)]

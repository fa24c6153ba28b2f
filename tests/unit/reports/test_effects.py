"""What a step means for users, in sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.domain import (
    Action,
    Call,
    FieldChange,
    Finding,
    Json,
    ResourceKey,
    Severity,
    Step,
    Tree,
    Verb,
    WayBack,
)
from reconciler.reports.effects import Danger, effects

PRODUCTION = frozenset({"production"})
SE: Tree = {"type": "country", "operator": "any", "targetValue": ["SE"]}


def rule(name: str, share: float, *conditions: Tree, **others: Json) -> Tree:
    return {"id": name, "name": name, "passPercentage": share, "conditions": list(conditions), **others}


def changed(before: list[Tree], after: list[Tree], kind: str = "Gate", **live: Json) -> Step:
    base = {"id": "g", "status": "In Progress", "isEnabled": True, "rules": before, **live}
    return Step(ResourceKey(kind, "g"), Verb.UPDATE, (Call("PATCH", "/gates/g", {"rules": after}),), (), base=base)


def said(step: Step, *findings: Finding) -> list[tuple[str, Danger | None]]:
    return [(effect.words, effect.danger) for effect in effects(step, findings, PRODUCTION)]


def test_a_rule_that_goes_up_names_who_passes_now() -> None:
    step = changed([rule("Beta", 10, SE)], [rule("Beta", 25, SE)])
    assert said(step) == [('"Beta": 10 % → 25 % of country any SE pass in production.', Danger.ROLLOUT)]


def test_a_rule_outside_of_production_is_no_danger() -> None:
    step = changed([rule("QA", 10, environments=["staging"])], [rule("QA", 99, environments=["staging"])])
    assert said(step) == []


def test_a_rule_that_is_gone_and_one_that_is_new() -> None:
    step = changed([rule("Old", 10, SE)], [rule("New", 5)])
    assert said(step) == [
        ('New rule "New": 5 % of everyone pass in production.', Danger.ROLLOUT),
        ('A rule goes, "Old": 10 % of country any SE pass by it in production until now.', Danger.ROLLOUT),
    ]


ALL, BLOCK = rule("All", 100), rule("Block", 0, SE)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ([ALL], [BLOCK, ALL], 'New rule "Block": it keeps country any SE from what stands below it in production.'),
        ([BLOCK, ALL], [ALL], ('A rule goes, "Block": it kept country any SE from what stands below it in production'
         " until now. What stands below it decides from now on.")),
        ([BLOCK, ALL], [{**BLOCK, "conditions": []}, ALL], '"Block" is about others: country any SE → everyone.'),
        ([ALL], [rule("Some", 10, SE), ALL], ('New rule "Some": 10 % of country any SE pass in production, and the'
         " others of them do not, whatever stands below it.")),
        ([rule("Some", 10, SE), ALL], [ALL], ('A rule goes, "Some": 10 % of country any SE pass by it in production'
         " until now. What stands below it decides from now on.")),
    ],
)  # fmt: skip
def test_a_rule_counts_by_what_it_keeps_from_others_below_it(before: list[Tree], after: list[Tree], words: str) -> None:
    assert said(changed(before, after)) == [(words, Danger.ROLLOUT)]


@pytest.mark.parametrize("after", [[ALL, BLOCK], [ALL, {**BLOCK, "conditions": []}]])
def test_a_rule_that_keeps_nobody_from_anything_is_no_danger(after: list[Tree]) -> None:
    assert [danger for _, danger in said(changed([ALL], after))] == [None]


def test_the_environment_of_a_rule_is_told_as_one_of_its_conditions() -> None:
    tier: Tree = {"type": "environment_tier", "operator": "any", "targetValue": ["production"]}
    step = changed([ALL], [ALL | {"conditions": [{"type": "public"}, tier]}])
    assert said(step) == [('"All" is about others: everyone → environment_tier any production.', Danger.ROLLOUT)]


@pytest.mark.parametrize("body", [{"rules": [rule("All", 100)]}, {"status": "launched"}])
def test_a_new_gate_that_everyone_passes_at_once_is_looked_at_first(body: Tree) -> None:
    fields = tuple(FieldChange((name,), Action.ADD, None, value) for name, value in body.items())
    step = Step(ResourceKey("Gate", "g"), Verb.CREATE, (Call("POST", "/gates", body),), fields)
    assert ("It is new, and everyone passes at once.", Danger.SWITCH) in said(step)


def test_a_new_gate_that_some_pass_is_no_danger() -> None:
    call = Call("POST", "/gates", {"rules": [rule("Some", 10), rule("Staff", 100, SE)]})
    step = Step(ResourceKey("Gate", "g"), Verb.CREATE, (call,), ())
    assert {danger for _, danger in said(step)} == {None}


def test_other_apps_are_told() -> None:
    apps = FieldChange(("targetApps",), Action.SET, ["ios", "web"], ["web"])
    step = replace(changed([ALL], [ALL]), fields=(apps,))
    assert said(step) == [("Other apps get it: [ios, web] → [web].", Danger.ROLLOUT)]


def test_rules_in_another_order_are_a_danger() -> None:
    first, second = rule("A", 10, SE), rule("B", 20)
    assert [danger for _, danger in said(changed([first, second], [second, first]))] == [Danger.ROLLOUT]


def test_a_config_says_who_gets_another_value() -> None:
    before, after = rule("P", 100, SE, returnValue={"a": 1}), rule("P", 100, SE, returnValue={"a": 2})
    step = changed([before], [after], "DynamicConfig")
    assert said(step) == [('country any SE get another value by "P": {a: 2}.', Danger.VALUE)]


@pytest.mark.parametrize("verb", [Verb.ARCHIVE, Verb.DELETE])
def test_a_removal_says_what_is_answered_then(verb: Verb) -> None:
    step = replace(changed([], []), verb=verb, calls=())
    assert said(step) == [("It goes: whoever asks for it gets false.", Danger.REMOVAL)]


@pytest.mark.parametrize(
    ("rules", "live", "words"),
    [
        ([], {"status": "Launched", "isEnabled": False}, "everyone passes"),
        ([rule("All", 20)], {}, "20 % of all pass"),
    ],
)
def test_a_removal_says_who_passes_until_then(rules: list[Tree], live: Tree, words: str) -> None:
    step = replace(changed(rules, rules, **live), verb=Verb.ARCHIVE, calls=())
    ((told, _),) = said(step)
    assert told == f"It goes: whoever asks for it gets false. Until now {words} in production."


@pytest.mark.parametrize(
    ("was", "then", "words"),
    [
        ("In Progress", "disabled", "It is off (disabled): its rules count for nobody."),
        ("In Progress", "launched", "It is launched: everybody passes, whatever the rules say."),
        ("Launched", "in_progress", "Its rules count: until now everybody passed."),
    ],
)
def test_a_switch_of_a_gate(was: str, then: str, words: str) -> None:
    status = FieldChange(("status",), Action.SET, was, then)
    step = replace(changed([], [], status=was), fields=(status,), calls=())
    assert said(step) == [(words, Danger.SWITCH)]


@pytest.mark.parametrize(
    ("was", "then", "words"),
    [
        ("setup", "active", "It starts: users are put into its groups."),
        ("active", "setup", "It is reset: nobody takes part, and what was measured is lost."),
        ("archived", "setup", "It is taken out of the archive, as a draft."),
        ("active", "decision_made", "It ends: everybody gets the group B."),
    ],
)
def test_the_life_of_an_experiment(was: str, then: str, words: str) -> None:
    fields = (FieldChange(("status",), Action.SET, was, then), FieldChange(("launchedGroup",), Action.SET, None, "B"))
    base = {"id": "e", "status": was}
    step = Step(ResourceKey("Experiment", "e"), Verb.UPDATE, (), fields, base=base)
    assert said(step) == [(words, Danger.LIFECYCLE)]


def test_a_guard_that_was_allowed_and_what_cannot_be_undone_are_told() -> None:
    key = ResourceKey("Gate", "g")
    finding = Finding("GUARD/rollout", "up by 90 points", "", key=key, severity=Severity.WARNING)
    step = replace(changed([], []), back=WayBack((), ("status cannot be undone",)))
    assert said(step, finding) == [
        ("rollout: up by 90 points.", Danger.GUARD),
        ("status cannot be undone.", Danger.ONE_WAY),
    ]


def test_a_new_schedule_is_told_by_where_it_leads() -> None:
    ahead = {"pendingAutomatedRollouts": [{"time": 1, "passPercent": 50}, {"time": 2, "passPercent": 100}]}
    step = changed([rule("Beta", 1, SE)], [rule("Beta", 1, SE, **ahead)])
    assert said(step) == [('"Beta": its new schedule leads to 100 % of country any SE in production.', Danger.ROLLOUT)]


def test_other_variants_are_other_values() -> None:
    before = rule("P", 100, SE, variants=[{"name": "A", "passPercentage": 99}])
    after = rule("P", 100, SE, variants=[{"name": "A", "passPercentage": 1}])
    words = 'The variants that country any SE get by "P", or their shares, change.'
    assert said(changed([before], [after], "DynamicConfig")) == [(words, Danger.VALUE)]

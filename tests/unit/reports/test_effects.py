"""What a step means for users, in sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.domain import (
    Action,
    Call,
    FieldChange,
    Finding,
    ItemName,
    Json,
    Plan,
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
    return [(effect.words, effect.danger) for effect in effects(step, Plan((step,), findings=findings), PRODUCTION)]


def test_a_rule_that_goes_up_names_who_passes_now() -> None:
    step = changed([rule("Beta", 10, SE)], [rule("Beta", 25, SE)])
    assert said(step) == [('"Beta": 10 % → 25 % of country any SE pass in production.', Danger.ROLLOUT)]


def test_a_rule_outside_of_production_is_no_danger() -> None:
    step = changed([rule("QA", 10, environments=["staging"])], [rule("QA", 99, environments=["staging"])])
    assert said(step) == [('"QA": it is not asked in production.', None)]


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
         " until now.")),
        ([BLOCK, ALL], [{**BLOCK, "conditions": []}, ALL], '"Block" is about others: country any SE → everyone.'),
        ([ALL], [rule("Some", 10, SE), ALL], ('New rule "Some": 10 % of country any SE pass in production, and the'
         " others of them do not, whatever stands below it.")),
        ([rule("Some", 10, SE), ALL], [ALL],
         'A rule goes, "Some": 10 % of country any SE pass by it in production until now.'),
    ],
)  # fmt: skip
def test_a_rule_counts_by_what_it_keeps_from_others_below_it(before: list[Tree], after: list[Tree], words: str) -> None:
    told, *_, (both, danger) = said(changed(before, after))
    assert told == (words, Danger.ROLLOUT)
    assert danger is Danger.ROLLOUT
    assert both.startswith("In production until now: ")


@pytest.mark.parametrize("after", [[ALL, BLOCK], [ALL, {**BLOCK, "conditions": []}]])
def test_a_rule_that_keeps_nobody_from_anything_is_no_danger(after: list[Tree]) -> None:
    assert [danger for _, danger in said(changed([ALL], after))] == [None]


def test_the_environment_of_a_rule_is_told_as_one_of_its_conditions() -> None:
    tier: Tree = {"type": "environment_tier", "operator": "any", "targetValue": ["production"]}
    step = changed([ALL], [ALL | {"conditions": [{"type": "public"}, tier]}])
    assert said(step) == [('"All" is about others: everyone → environment_tier any production.', None)]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"rules": [rule("All", 1)]}, "It is new: in production 1 % of everyone pass."),
        ({"status": "launched"}, "It is new: in production everybody passes."),
    ],
)
def test_a_new_gate_that_a_part_of_everyone_passes_is_looked_at_first(body: Tree, words: str) -> None:
    fields = tuple(FieldChange((name,), Action.ADD, None, value) for name, value in body.items())
    step = Step(ResourceKey("Gate", "g"), Verb.CREATE, (Call("POST", "/gates", body),), fields)
    assert said(step) == [(words, Danger.ROLLOUT)]


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("Gate", {"rules": [rule("Staff", 100, SE)]}, "It is new: in production 100 % of country any SE pass."),
        (
            "DynamicConfig",
            {"defaultValue": {"a": 1}, "rules": [rule("All", 100, returnValue={"a": 2})]},
            "It is new: in production 100 % of everyone get {a: 2}.",
        ),
    ],
)
def test_a_new_object_that_some_get_or_that_only_code_asks_for_is_no_danger(kind: str, body: Tree, words: str) -> None:
    step = Step(ResourceKey(kind, "g"), Verb.CREATE, (Call("POST", "/", body),), ())
    assert said(step) == [(words, None)]


def test_other_apps_are_told() -> None:
    apps = FieldChange(("targetApps",), Action.SET, ["ios", "web"], ["web"])
    step = replace(changed([ALL], [ALL]), fields=(apps,))
    assert said(step) == [("Other apps get it: [ios, web] → [web].", Danger.ROLLOUT)]


def test_rules_in_another_order_are_a_danger() -> None:
    block, all_of_them = rule("Block", 0, SE), rule("All", 100)
    (told,) = said(changed([all_of_them, block], [block, all_of_them]))
    assert told[1] is Danger.ROLLOUT
    assert "until now: everybody passes; from now on: 0 % of country any SE, then 100 % of everyone" in told[0]


def test_rules_in_another_order_that_nobody_comes_to_are_no_danger() -> None:
    first, second, third = rule("All", 100), rule("A", 10, SE), rule("B", 20)
    assert [danger for _, danger in said(changed([first, second, third], [first, third, second]))] == [None]


def test_a_rule_that_nobody_comes_to_is_told_to_give_nothing() -> None:
    step = changed([rule("All", 99)], [rule("All", 99), rule("Late", 100, SE)])
    words = 'New rule "Late": nobody comes to it in production, since a rule above it is about everyone.'
    assert said(step) == [(words, None)]


def test_a_config_says_who_gets_another_value() -> None:
    before, after = rule("P", 100, SE, returnValue={"a": 1}), rule("P", 100, SE, returnValue={"a": 2})
    step = changed([before], [after], "DynamicConfig")
    assert said(step) == [('100 % of country any SE get another value by "P": {a: 1} → {a: 2}.', Danger.VALUE)]


@pytest.mark.parametrize("verb", [Verb.ARCHIVE, Verb.DELETE])
def test_a_removal_says_what_is_answered_then(verb: Verb) -> None:
    step = replace(changed([], []), verb=verb, calls=())
    assert said(step) == [("It goes: whoever asks for it gets false.", Danger.REMOVAL)]


@pytest.mark.parametrize(
    ("rules", "live", "words"),
    [
        ([], {"status": "Launched", "isEnabled": False}, "everybody passes"),
        ([rule("All", 20)], {}, "20 % of everyone pass"),
        ([rule("Some", 80, SE), rule("Rest", 20)], {}, "80 % of country any SE, then 20 % of everyone else pass"),
    ],
)
def test_a_removal_says_who_passes_until_then(rules: list[Tree], live: Tree, words: str) -> None:
    step = replace(changed(rules, rules, **live), verb=Verb.ARCHIVE, calls=())
    ((told, _),) = said(step)
    assert told == f"It goes: whoever asks for it gets false. In production until now: {words}."


SOME = [rule("Some", 80, SE)]
PASS = "80 % of country any SE pass"


@pytest.mark.parametrize(
    ("was", "then", "words"),
    [
        ("In Progress", "disabled", ("It is off (disabled). In production until now:"
         f" {PASS}; from now on: nobody passes.")),
        ("Launched", "disabled", ("It is off (disabled). In production until now: everybody passes; from now on: nobody"
         " passes.")),
        ("In Progress", "launched", f"It is launched. In production until now: {PASS}; from now on: everybody passes."),
        ("Launched", "in_progress", ("Its rules count. In production until now: everybody passes; from now on:"
         f" {PASS}.")),
        ("Disabled", "in_progress", f"Its rules count. In production until now: nobody passes; from now on: {PASS}."),
    ],
)  # fmt: skip
def test_a_switch_of_a_gate_says_who_passes_before_and_after(was: str, then: str, words: str) -> None:
    assert said(switched(SOME, was, then)) == [(words, Danger.SWITCH)]


@pytest.mark.parametrize(
    ("rules", "was", "then"),
    [(SOME, "Disabled", "archived"), ([rule("QA", 100, environments=["staging"])], "In Progress", "disabled")],
)
def test_a_switch_that_changes_nothing_in_production_is_no_danger(rules: list[Tree], was: str, then: str) -> None:
    assert said(switched(rules, was, then)) == [
        (f"It is off ({then}); nothing changes in production: nobody passes.", None)
    ]


def switched(rules: list[Tree], was: str, then: str, kind: str = "Gate", **live: Json) -> Step:
    status = FieldChange(("status",), Action.SET, was, then)
    return replace(changed(rules, rules, kind, status=was, **live), fields=(status,), calls=())


def test_a_config_that_is_switched_off_says_what_everybody_gets() -> None:
    rules = [rule("P", 10, returnValue={"a": 2})]
    step = switched(rules, "enabled", "disabled", "DynamicConfig", defaultValue={"a": 1})
    assert said(step) == [
        (
            (
                "It is off (disabled). In production until now: 10 % of everyone get {a: 2}; whoever is left gets the "
                "default {a: 1}; from now on: everybody gets the default {a: 1}."
            ),
            Danger.SWITCH,
        )
    ]


@pytest.mark.parametrize(
    ("live", "rules", "words", "danger"),
    [
        ({"status": "disabled", "isEnabled": False}, [], "Everybody gets another default: {a: 1} → {a: 9}.", "value"),
        ({}, [rule("P", 10)], "Whoever gets nothing by a rule gets another default: {a: 1} → {a: 9}.", "value"),
        ({}, [rule("P", 100)], "The default is another, which nobody gets in production: {a: 1} → {a: 9}.", None),
    ],
)
def test_another_default_says_who_gets_it(live: Tree, rules: list[Tree], words: str, danger: str | None) -> None:
    default = FieldChange(("defaultValue",), Action.SET, {"a": 1}, {"a": 9})
    step = changed(rules, rules, "DynamicConfig", **{"status": "enabled", "defaultValue": {"a": 1}, **live})
    step = replace(step, fields=(default,), calls=(Call("PATCH", "/dynamic_configs/g", {"defaultValue": {"a": 9}}),))
    assert said(step) == [(words, Danger.VALUE if danger else None)]


def test_another_unit_spreads_everybody_anew() -> None:
    unit = FieldChange(("idType",), Action.SET, "userID", "stableID")
    step = replace(changed([rule("Half", 50)], [rule("Half", 50)]), fields=(unit,))
    assert [danger for _, danger in said(step)] == [Danger.ROLLOUT]


def test_what_depends_on_what_is_rolled_out_is_named() -> None:
    step = changed([rule("All", 10)], [rule("All", 30)])
    child, grandchild = ResourceKey("Gate", "child"), ResourceKey("DynamicConfig", "grandchild")
    plan = Plan((step,), asked_by={step.key: frozenset({child}), child: frozenset({grandchild})})
    told = [effect.words for effect in effects(step, plan, PRODUCTION)]
    assert told[1:] == ["What these give depends on it: DynamicConfig/grandchild, Gate/child."]


TEST: Tree = {
    "id": "e",
    "allocation": 30,
    "targetingGateID": "beta",
    "groups": [
        {"name": "A", "id": "a", "size": 50, "parameterValues": {"x": 1}},
        {"name": "B", "id": "b", "size": 50, "parameterValues": {"x": 2}},
    ],
}


@pytest.mark.parametrize(
    ("was", "then", "words"),
    [
        ("setup", "active", "It starts: 30 % of all who pass beta take part, in the groups A 50 %, B 50 %."),
        ("active", "setup", "It is reset: nobody takes part, and what was measured is lost."),
        ("archived", "setup", "It is taken out of the archive, as a draft."),
        ("active", "decision_made", "It ends: all who pass beta get the group B, {x: 2}."),
    ],
)
def test_the_life_of_an_experiment(was: str, then: str, words: str) -> None:
    fields = (FieldChange(("status",), Action.SET, was, then), FieldChange(("launchedGroup",), Action.SET, None, "B"))
    step = Step(ResourceKey("Experiment", "e"), Verb.UPDATE, (), fields, base=TEST | {"status": was})
    assert said(step) == [(words, Danger.LIFECYCLE)]


def test_of_whom_more_take_part_is_told() -> None:
    share = FieldChange(("allocation",), Action.SET, 30, 45)
    step = Step(ResourceKey("Experiment", "e"), Verb.UPDATE, (), (share,), base=TEST | {"status": "active"})
    assert said(step) == [("30 % → 45 % of all who pass beta take part.", Danger.LIFECYCLE)]


def test_other_values_of_the_group_that_everybody_gets_are_told() -> None:
    base = TEST | {"status": "decision_made", "launchedGroupID": "b"}
    value = FieldChange(("groups", ItemName("B"), "parameterValues", "x"), Action.SET, 2, 7)
    step = Step(ResourceKey("Experiment", "e"), Verb.UPDATE, (), (value,), base=base)
    words = 'All who pass beta get the group B, which gives something else: groups["B"].parameterValues.x: 2 → 7.'
    assert said(step) == [(words, Danger.VALUE)]


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
    words = 'The variants that 100 % of country any SE get by "P", or their shares, change.'
    assert said(changed([before], [after], "DynamicConfig")) == [(words, Danger.VALUE)]


def test_what_is_only_seen_further_on_is_a_danger_too() -> None:
    """Sentences are cut; what counts is what the rules come to."""
    many = [
        rule(f"R{at}", 10 * at, {"type": "email", "operator": "any", "targetValue": [str(at)]}) for at in range(1, 9)
    ]
    (told,) = said(changed(many, [*many[:6], many[7], many[6]]))
    assert told[1] is Danger.ROLLOUT
    assert "see the differences" in told[0]
    long = [{**SE, "targetValue": [str(at) for at in range(20)]}]
    longer = [{**SE, "targetValue": [str(at) for at in range(21)]}]
    assert said(changed([rule("L", 50, *long)], [rule("L", 50, *longer)]))[0][1] is Danger.ROLLOUT


def test_rules_that_all_pass_may_stand_in_any_order() -> None:
    first, second = rule("A", 100, SE), rule("B", 100, {**SE, "targetValue": ["NO"]})
    assert [danger for _, danger in said(changed([first, second], [second, first]))] == [None]


def test_a_rule_that_comes_into_force_keeps_others_out() -> None:
    block = rule("Block", 0, SE)
    staging, production = ({**block, "environments": [name]} for name in ("staging", "production"))
    told = said(changed([staging, ALL], [production, ALL]))
    assert ('"Block" comes into force in production, for country any SE.', Danger.ROLLOUT) in told
    assert "from now on: 0 % of country any SE, then 100 % of everyone else pass." in told[-1][0]


def test_of_a_rule_to_which_nobody_comes_no_share_is_told() -> None:
    step = changed([rule("A", 10), rule("B", 50)], [rule("A", 10), rule("B", 100)])
    words = '"B": nobody comes to it in production, since a rule above it is about everyone.'
    assert said(step) == [(words, None)]


def test_a_default_that_those_get_whom_a_rule_misses() -> None:
    rules = [rule("Half", 50, SE, returnValue={"a": 2}), rule("Rest", 100, returnValue={"a": 3})]
    default = FieldChange(("defaultValue",), Action.SET, {"a": 1}, {"a": 9})
    step = changed(rules, rules, "DynamicConfig", status="enabled", defaultValue={"a": 1})
    step = replace(step, fields=(default,), calls=(Call("PATCH", "/dynamic_configs/g", {"defaultValue": {"a": 9}}),))
    assert [danger for _, danger in said(step)] == [Danger.VALUE]


def test_a_new_config_is_told_by_its_json5_texts() -> None:
    body: Tree = {"defaultValueJson5": "{a: 1}", "rules": [rule("R", 50, returnValueJson5="{a: 2 /* two */}")]}
    step = Step(ResourceKey("DynamicConfig", "g"), Verb.CREATE, (Call("POST", "/dynamic_configs", body),), ())
    words = "It is new: in production 50 % of everyone get {a: 2}; whoever is left gets the default {a: 1}."
    assert said(step) == [(words, None)]


def test_a_schedule_of_a_new_rule_is_told() -> None:
    ahead = {"pendingAutomatedRollouts": [{"time": 1, "passPercent": 100}]}
    body: Tree = {"rules": [rule("Beta", 1, SE, **ahead)]}
    step = Step(ResourceKey("Gate", "g"), Verb.CREATE, (Call("POST", "/gates", body),), ())
    assert said(step)[1] == ('"Beta": its new schedule leads to 100 % of country any SE in production.', Danger.ROLLOUT)


def test_who_is_in_a_holdout_is_kept_out() -> None:
    told = said(switched(SOME, "In Progress", "launched", holdoutIDs=["h_gates"]))
    assert told[1] == ("Whoever is in a holdout is kept from it all the same: [h_gates].", None)


@pytest.mark.parametrize(
    ("was", "words"),
    [
        ("Disabled", "It is off (disabled): nobody gets what its rules say."),
        ("Launched", "It is launched: everybody passes, whatever its rules say."),
    ],
)
def test_rules_that_do_not_count_are_told_to_do_nothing(was: str, words: str) -> None:
    assert said(changed(SOME, [rule("Some", 100, SE)], status=was)) == [(words, None)]


def test_a_rule_that_gave_nobody_anything_goes_without_danger() -> None:
    step = changed([rule("A", 10, SE), rule("B", 0)], [rule("A", 10, SE)])
    assert said(step) == [('A rule goes, "B": it gave nobody anything in production.', None)]


def test_an_experiment_that_was_decided_says_who_got_what() -> None:
    base = TEST | {"status": "decision_made", "launchedGroupID": "a", "targetingGateID": None}
    status = FieldChange(("status",), Action.SET, "decision_made", "setup")
    step = Step(ResourceKey("Experiment", "e"), Verb.UPDATE, (), (status,), base=base)
    ((words, _),) = said(step)
    assert words.endswith("what was measured is lost. Until now everybody gets the group A, {x: 1}.")


def test_words_about_the_groups_of_a_running_experiment_are_no_danger() -> None:
    words = FieldChange(("groups", ItemName("B"), "description"), Action.SET, "", "B")
    step = Step(ResourceKey("Experiment", "e"), Verb.UPDATE, (), (words,), base=TEST | {"status": "active"})
    assert said(step) == []


def test_inline_targeting_without_rules_is_about_all() -> None:
    base = TEST | {"status": "active", "targetingGateID": None, "inlineTargetingRulesJSON": "{}"}
    share = FieldChange(("allocation",), Action.SET, 30, 45)
    step = Step(ResourceKey("Experiment", "e"), Verb.UPDATE, (), (share,), base=base)
    assert said(step) == [("30 % → 45 % of all take part.", Danger.LIFECYCLE)]


def test_a_rule_of_a_config_that_comes_or_goes_says_what_everybody_gets() -> None:
    first, second = rule("A", 100, SE, returnValue={"a": 2}), rule("B", 100, returnValue={"a": 3})
    step = changed([first, second], [first], "DynamicConfig", defaultValue={"a": 1})
    (_, (words, danger)) = said(step)
    assert danger is Danger.ROLLOUT
    assert words.endswith("from now on: 100 % of country any SE get {a: 2}; whoever is left gets the default {a: 1}.")
    (new, _) = said(changed([first], [first, second], "DynamicConfig", defaultValue={"a": 1}))
    assert new == ('New rule "B": 100 % of everyone else get {a: 3} in production.', Danger.ROLLOUT)


def test_a_decided_experiment_that_goes_says_who_got_what() -> None:
    base = TEST | {"status": "decision_made", "launchedGroupID": "a", "targetingGateID": None}
    step = Step(ResourceKey("Experiment", "e"), Verb.ARCHIVE, (), (), base=base)
    words = "It goes: whoever asks for it gets no parameters. Until now everybody gets the group A, {x: 1}."
    assert said(step) == [(words, Danger.REMOVAL)]


def test_a_share_of_a_rule_that_nobody_comes_to_any_more_is_not_told() -> None:
    step = changed([rule("R", 5, SE)], [rule("All", 0), rule("R", 100, SE)])
    words = '"R": nobody comes to it in production, since a rule above it is about everyone.'
    assert (words, Danger.ROLLOUT) in said(step)


@pytest.mark.parametrize(("was", "then"), [(True, 1), (0, False)])
def test_true_is_not_one(was: Json, then: Json) -> None:
    default = FieldChange(("defaultValue", "a"), Action.SET, was, then)
    call = Call("PATCH", "/dynamic_configs/g", {"defaultValue": {"a": then}})
    step = replace(changed([], [], "DynamicConfig", defaultValue={"a": was}), fields=(default,), calls=(call,))
    assert [danger for _, danger in said(step)] == [Danger.VALUE]


def test_other_apps_are_told_beside_a_switch() -> None:
    apps = FieldChange(("targetApps",), Action.SET, ["a"], ["b"])
    step = switched([rule("All", 100)], "Launched", "in_progress")
    told = said(replace(step, fields=(*step.fields, apps)))
    assert [danger for _, danger in told] == [None, Danger.ROLLOUT]


def test_what_is_stopped_may_still_give_something() -> None:
    value = FieldChange(("groups", ItemName("B"), "parameterValues", "x"), Action.SET, 2, 7)
    base = TEST | {"status": "assignment_stopped"}
    step = Step(ResourceKey("Experiment", "e"), Verb.UPDATE, (), (value,), base=base)
    assert [danger for _, danger in said(step)] == [Danger.VALUE]


ODD: list[Json] = [None, 5, "x", [None], ["x"], {"a": 1}, [["a"]], [{"type": ["a"]}], "5%", True]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    "field",
    ["passPercentage", "environments", "conditions", "variants", "name", "id", "pendingAutomatedRollouts"],
)
def test_whatever_the_service_says_of_a_rule_is_told_somehow(field: str, odd: Json) -> None:
    for kind in ("Gate", "DynamicConfig"):
        live, wanted = rule("R", 10, SE) | {field: odd}, rule("R", 20, SE)
        assert said(changed([live, ALL], [wanted, ALL], kind)) != []
        assert said(replace(changed([live], [live], kind), verb=Verb.ARCHIVE, calls=())) != []


@pytest.mark.parametrize("odd", ODD)
def test_whatever_the_service_says_of_rules_is_told_somehow(odd: Json) -> None:
    step = changed([], [])
    step = replace(step, verb=Verb.ARCHIVE, calls=(), base={**(step.base or {}), "rules": odd})
    assert said(step) != []


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("field", ["groups", "allocation", "targetingGateID", "status", "launchedGroupID"])
def test_whatever_the_service_says_of_an_experiment_is_told_somehow(field: str, odd: Json) -> None:
    base = TEST | {"status": "decision_made", "launchedGroupID": "a"} | {field: odd}
    status = FieldChange(("status",), Action.SET, base["status"], "setup")
    step = Step(ResourceKey("Experiment", "e"), Verb.UPDATE, (), (status,), base=base)
    assert said(step) != []
    assert said(replace(step, verb=Verb.ARCHIVE)) != []

"""Which item of a list is which live one: an id that is lost resets what was measured, and an item that is not
recognised makes a list unreadable."""

from __future__ import annotations

import pytest

from reconciler.domain import Action, Json, Severity, Tree, path_text
from reconciler.planning.matching import longest_rise
from tests.unit.planning.making import changes, codes, only_step, patch, plan_against, resource


def rule(name: str, *countries: str, id_: str = "", percentage: float = 50) -> Tree:
    """A live rule for some countries; its ids are made from its name."""
    condition = {"type": "country", "operator": "any", "targetValue": list(countries)}
    id_ = id_ or f"id-{name}"
    return {"name": name, "id": f"{id_}:{percentage:.2f}:1", "baseID": id_, "passPercentage": percentage,
            "conditions": [condition]}  # fmt: skip


def written(name: str, *countries: str, percentage: float = 50, more: str = "") -> str:
    """The same as a manifest writes it."""
    target = ", ".join(countries)
    conditions = f"[{{type: country, operator: any, targetValue: [{target}]}}]"
    return f"- {{name: {name}, passPercentage: {percentage}, conditions: {conditions}{more}}}\n"


LIVE: Tree = {"rules": [rule("A", "AT"), rule("B", "BE"), rule("C", "CH")]}
A, B, C = written("A", "AT"), written("B", "BE"), written("C", "CH")


def ids(body: Tree) -> list[str | None]:
    return [item.get("baseID") for item in body["rules"]]


@pytest.mark.parametrize(
    ("rules", "told", "sent"),
    [
        (A + written("New", "NO") + B + C, [('rules["New"]', Action.ADD)], ["id-A", None, "id-B", "id-C"]),
        (written("New", "NO") + A + B + C, [('rules["New"]', Action.ADD)], [None, "id-A", "id-B", "id-C"]),
        (A + C, [('rules["B"]', Action.REMOVE)], ["id-A", "id-C"]),
        (B + C, [('rules["A"]', Action.REMOVE)], ["id-B", "id-C"]),
        (C + A + B, [('rules["C"]', Action.MOVE)], ["id-C", "id-A", "id-B"]),
        (B + C + A, [('rules["A"]', Action.MOVE)], ["id-B", "id-C", "id-A"]),
        (C + B + A, [('rules["C"]', Action.MOVE), ('rules["B"]', Action.MOVE)], ["id-C", "id-B", "id-A"]),
        (A + written("Bee", "BE") + C, [('rules["Bee"]', Action.RENAME)], ["id-A", "id-B", "id-C"]),
        (written("Bee", "BE") + A + C, [('rules["Bee"]', Action.RENAME), ('rules["Bee"]', Action.MOVE)],
         ["id-B", "id-A", "id-C"]),
        (A + written("Bee", "BE", percentage=60) + C,
         [('rules["Bee"]', Action.RENAME), ('rules["Bee"].passPercentage', Action.SET)], ["id-A", "id-B", "id-C"]),
        (A + written("Bee", "NO") + C,
         [('rules["Bee"]', Action.RENAME), ('rules["Bee"].conditions[0].targetValue', Action.SET)],
         ["id-A", "id-B", "id-C"]),
        (A + C + written("Bee", "NO"), [('rules["Bee"]', Action.ADD), ('rules["B"]', Action.REMOVE)],
         ["id-A", "id-C", None]),
        (A + written("Bee", "NO") + written("Cee", "SE"),
         [('rules["Bee"]', Action.ADD), ('rules["Cee"]', Action.ADD), ('rules["B"]', Action.REMOVE),
          ('rules["C"]', Action.REMOVE)], ["id-A", None, None]),
        (A + written("B", "NO") + C, [('rules["B"].conditions[0].targetValue', Action.SET)], ["id-A", "id-B", "id-C"]),
    ],
)  # fmt: skip
def test_a_rule_is_known_by_its_name_and_then_by_what_it_says(
    rules: str, told: list[tuple[str, Action]], sent: list[str | None]
) -> None:
    plan = plan_against(LIVE, resource("Gate", f"rules:\n{rules}"))
    assert changes(plan) == told
    assert ids(patch(plan)) == sent


def test_both_ids_of_a_rule_are_sent_as_they_are_live() -> None:
    plan = plan_against(LIVE, resource("Gate", f"rules:\n{written('A', 'AT', percentage=60)}{B}{C}"))
    first, *_ = patch(plan)["rules"]
    assert (first["id"], first["baseID"]) == ("id-A:50.00:1", "id-A")


def test_a_new_rule_is_sent_without_ids() -> None:
    plan = plan_against({"rules": []}, resource("Gate", f"rules:\n{written('A', 'AT', more=', id: x, baseID: x')}"))
    (sent,) = patch(plan)["rules"]
    assert not {"id", "baseID"} & sent.keys()


def test_a_rename_says_both_names() -> None:
    plan = plan_against(LIVE, resource("Gate", f"rules:\n{A}{written('Bee', 'BE')}{C}"))
    (change,) = only_step(plan).fields
    assert (change.live, change.desired) == ("B", "Bee")


def test_a_move_says_both_positions_as_people_count() -> None:
    plan = plan_against(LIVE, resource("Gate", f"rules:\n{C}{A}{B}"))
    (change,) = only_step(plan).fields
    assert (change.live, change.desired) == (3, 1)


def test_reversing_a_list_moves_all_items_but_one() -> None:
    names = [f"R{number}" for number in range(10)]
    live = {"rules": [rule(name, name) for name in names]}
    plan = plan_against(live, resource("Gate", "rules:\n" + "".join(written(name, name) for name in reversed(names))))
    assert [action for _, action in changes(plan)] == [Action.MOVE] * 9
    assert ids(patch(plan)) == [f"id-{name}" for name in reversed(names)]


@pytest.mark.parametrize("pin", ["baseID: id-B", "id: id-B", 'id: "id-B:10.00:7"', 'id: "id-B:50.00:1", baseID: id-B'])
def test_a_pin_decides_which_rule_is_meant_whatever_its_name_and_content(pin: str) -> None:
    rules = A + written("Elsewhere", "NO", more=f", {pin}") + C
    plan = plan_against(LIVE, resource("Gate", f"rules:\n{rules}"))
    assert ids(patch(plan)) == ["id-A", "id-B", "id-C"]
    assert changes(plan)[0] == ('rules["Elsewhere"]', Action.RENAME)


def test_a_pin_wins_over_a_name() -> None:
    plan = plan_against(LIVE, resource("Gate", f"rules:\n{written('A', 'AT', more=', baseID: id-B')}"))
    assert ids(patch(plan)) == ["id-B"]
    assert ('rules["A"]', Action.REMOVE) in changes(plan)


def test_two_rules_can_swap_names_by_their_pins() -> None:
    rules = written("B", "AT", more=", baseID: id-A") + written("A", "BE", more=", baseID: id-B") + C
    plan = plan_against(LIVE, resource("Gate", f"rules:\n{rules}"))
    assert ids(patch(plan)) == ["id-A", "id-B", "id-C"]
    assert changes(plan) == [('rules["B"]', Action.RENAME), ('rules["A"]', Action.RENAME)]


# ---- rules under another name --------------------------------------------------------------------------------------


def only(**more: Json) -> Tree:
    """A live gate with one rule."""
    return {"rules": [{**rule("A", "AT"), **more}]}


def test_the_only_rule_keeps_its_ids_when_it_is_renamed_and_edited() -> None:
    plan = plan_against(only(), resource("Gate", f"rules:\n{written('Austria', 'AT', 'DE', percentage=60)}"))
    assert ids(patch(plan)) == ["id-A"]
    assert changes(plan)[0] == ('rules["Austria"]', Action.RENAME)


def test_a_rule_that_is_known_by_its_place_alone_is_told() -> None:
    plan = plan_against(only(), resource("Gate", f"rules:\n{written('Austria', 'DE')}"))
    (finding,) = plan.findings
    assert (finding.code, finding.severity) == ("PLAN/renamed", Severity.WARNING)
    assert "'Austria' is taken for 'A'" in finding.message


def test_another_rule_in_the_same_place_does_not_inherit_what_its_manifest_leaves_out() -> None:
    plan = plan_against(only(environments=["staging"]), resource("Gate", f"rules:\n{written('Austria', 'DE')}"))
    assert ids(patch(plan)) == [None]
    assert codes(plan.findings) == ["PLAN/new-ids"]


def test_a_rule_that_states_an_id_of_its_own_is_not_known_by_its_place() -> None:
    plan = plan_against(only(), resource("Gate", f"rules:\n{written('Austria', 'DE', more=', baseID: other')}"))
    assert ids(patch(plan)) == [None]


def test_two_rules_that_have_each_others_conditions_are_told() -> None:
    plan = plan_against(LIVE, resource("Gate", f"rules:\n{written('B', 'AT')}{written('A', 'BE')}{C}"))
    (finding,) = plan.findings
    assert (finding.code, finding.severity) == ("PLAN/swapped", Severity.WARNING)
    assert "'B' and 'A' have each other's conditions" in finding.message
    assert "baseID: id-A in 'B', baseID: id-B in 'A'" in finding.cure


def test_three_rules_whose_conditions_went_round_are_told() -> None:
    rules = f"{written('A', 'BE')}{written('B', 'CH')}{written('C', 'AT')}"
    assert codes(plan_against(LIVE, resource("Gate", f"rules:\n{rules}")).findings) == ["PLAN/swapped"]


@pytest.mark.parametrize(
    "rules",
    [
        written("A", "BE") + written("B", "NO") + C,
        written("A", "BE") + B + C,
        written("B", "AT", more=", baseID: id-A") + written("A", "BE", more=", baseID: id-B") + C,
        B + A + C,
    ],
)
def test_other_changes_of_conditions_are_no_swap(rules: str) -> None:
    assert plan_against(LIVE, resource("Gate", f"rules:\n{rules}")).findings == ()


# ---- conditions ----------------------------------------------------------------------------------------------------


def conditions(*gates: str) -> Tree:
    found = [{"type": "passes_gate", "targetValue": gate, "note": f"note on {gate}"} for gate in gates]
    return {"rules": [{"name": "R", "id": "r", "baseID": "r", "passPercentage": 1, "conditions": found}]}


def gates(*names: str) -> str:
    found = ", ".join(f"{{type: passes_gate, targetValue: {name}}}" for name in names)
    return f"rules: [{{name: R, passPercentage: 1, conditions: [{found}]}}]"


def notes(body: Tree) -> list[str | None]:
    return [condition.get("note") for condition in body["rules"][0]["conditions"]]


def test_the_order_of_conditions_is_no_difference() -> None:
    assert plan_against(conditions("aaa", "bbb"), resource("Gate", gates("bbb", "aaa"))).steps == ()


@pytest.mark.parametrize(
    ("live", "desired", "told", "sent"),
    [
        (["aaa", "bbb"], ["aaa", "ccc"], [("[1].targetValue", Action.SET)], ["note on aaa", "note on bbb"]),
        (["aaa", "bbb"], ["ccc", "bbb"], [("[0].targetValue", Action.SET)], ["note on aaa", "note on bbb"]),
        (["aaa"], ["bbb", "aaa"], [("[0]", Action.ADD)], ["note on aaa", None]),
        (["aaa", "bbb"], ["bbb"], [("[0]", Action.REMOVE)], ["note on bbb"]),
        (["aaa"], ["aaa", "aaa"], [("[1]", Action.ADD)], ["note on aaa", None]),
        (["aaa", "aaa"], ["aaa"], [("[1]", Action.REMOVE)], ["note on aaa"]),
    ],
)
def test_conditions_of_one_type_are_told_apart_by_their_targets(
    live: list[str], desired: list[str], told: list[tuple[str, Action]], sent: list[str | None]
) -> None:
    plan = plan_against(conditions(*live), resource("Gate", gates(*desired)))
    assert changes(plan) == [(f'rules["R"].conditions{path}', action) for path, action in told]
    assert notes(patch(plan)) == sent


ON_EMAIL: Tree = {"type": "email", "operator": "any", "targetValue": ["a@b.c"], "customID": "mail", "note": "kept"}


@pytest.mark.parametrize(
    ("desired", "told", "sent"),
    [
        ("{type: email, operator: none, targetValue: [a@b.c]}", [("[0].operator", Action.SET)], ["kept"]),
        ("{type: email, operator: none, targetValue: [a@b.c], customID: mail}", [("[0].operator", Action.SET)],
         ["kept"]),
        ("{type: country, operator: any, targetValue: [NO]}, {type: email, operator: none, targetValue: [d@b.c]}",
         [("[0]", Action.ADD), ("[1].operator", Action.SET), ("[1].targetValue", Action.SET)], ["kept", None]),
        ("{type: email, operator: none, targetValue: [d@b.c]}, {type: email, operator: any, targetValue: [a@b.c]}",
         [("[0]", Action.ADD)], ["kept", None]),
        ("{type: user_id, operator: any, targetValue: [a@b.c]}", [("[0]", Action.ADD), ("[0]", Action.REMOVE)], [None]),
        # the live targets must not come with an operator that takes none, unseen
        ("{type: email, operator: is_null}", [("[0]", Action.ADD), ("[0]", Action.REMOVE)], [None]),
    ],
)  # fmt: skip
def test_another_operator_is_an_edit_of_the_condition(
    desired: str, told: list[tuple[str, Action]], sent: list[str | None]
) -> None:
    live = {"rules": [{"name": "R", "id": "r", "baseID": "r", "passPercentage": 1, "conditions": [ON_EMAIL]}]}
    plan = plan_against(live, resource("Gate", f"rules: [{{name: R, passPercentage: 1, conditions: [{desired}]}}]"))
    assert changes(plan) == [(f'rules["R"].conditions{path}', action) for path, action in told]
    assert notes(patch(plan)) == sent


# ---- other lists ---------------------------------------------------------------------------------------------------


def group(name: str, number: int) -> Tree:
    return {"name": name, "id": f"g{number}", "size": 50, "parameterValues": {"n": number}}


def test_a_renamed_group_keeps_its_id() -> None:
    live = {"status": "setup", "groups": [group("Control", 1), group("Test", 2)]}
    spec = """
    groups:
    - {name: Control, size: 50, parameterValues: {n: 1}}
    - {name: Green button, size: 50, parameterValues: {n: 2}}
    """
    plan = plan_against(live, resource("Experiment", spec))
    assert changes(plan) == [('groups["Green button"]', Action.RENAME)]
    assert [item["id"] for item in patch(plan)["groups"]] == ["g1", "g2"]


def test_the_order_of_metrics_is_no_difference() -> None:
    live = {"monitoringMetrics": [{"name": "b", "type": "sum"}, {"name": "a", "type": "sum"}]}
    spec = "monitoringMetrics: [{name: a, type: sum}, {name: b, type: sum}]"
    assert plan_against(live, resource("Gate", spec)).steps == ()


def test_metrics_of_one_name_and_two_types_are_two_metrics() -> None:
    live = {"monitoringMetrics": [{"name": "a", "type": "sum"}]}
    plan = plan_against(live, resource("Gate", "monitoringMetrics: [{name: a, type: mean}]"))
    assert changes(plan) == [("monitoringMetrics[0]", Action.ADD), ("monitoringMetrics[0]", Action.REMOVE)]


def test_a_link_is_known_by_its_address() -> None:
    live = {"status": "setup", "links": [{"url": "https://a.example", "title": "Old", "future": 1}]}
    plan = plan_against(live, resource("Experiment", "links: [{url: 'https://a.example', title: New}]"))
    assert changes(plan) == [('links["https://a.example"].title', Action.SET)]
    assert patch(plan) == {"links": [{"url": "https://a.example", "title": "New", "future": 1}]}


def test_rollout_steps_are_known_by_their_time() -> None:
    steps = [{"time": 1000.0, "passPercent": 10}, {"time": 2000, "passPercent": 50}]
    live = {"rules": [{**rule("A", "AT"), "pendingAutomatedRollouts": steps}]}
    spec = written(
        "A", "AT", more=", pendingAutomatedRollouts: [{time: 1000, passPercent: 10}, {time: 2000, passPercent: 60}]"
    )
    plan = plan_against(live, resource("Gate", f"rules:\n{spec}"))
    assert changes(plan) == [('rules["A"].pendingAutomatedRollouts[1].passPercent', Action.SET)]


@pytest.mark.parametrize(
    ("order", "staying"),
    [([], 0), ([0], 1), ([0, 1, 2], 3), ([2, 1, 0], 1), ([1, 2, 0], 2), ([3, 0, 1, 2], 3), ([0, 2, 1, 3], 3)],
)
def test_as_many_items_as_possible_stay_where_they_are(order: list[int], staying: int) -> None:
    assert len(longest_rise(order)) == staying


def test_the_path_of_a_removed_item_names_it_as_it_was() -> None:
    (change,) = only_step(plan_against(LIVE, resource("Gate", f"rules:\n{A}{B}"))).fields
    assert path_text(change.path) == 'rules["C"]'
    assert change.live == LIVE["rules"][2]
    assert change.desired is None

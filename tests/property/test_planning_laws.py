"""What holds of every plan, whatever the manifests and whatever is live."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.domain import Action, ResourceKey, Severity, Tree
from reconciler.kinds import KINDS
from reconciler.planning import Desired, Policy, make_plan
from reconciler.planning.compare import compare
from reconciler.planning.matching import longest_rise
from reconciler.planning.order import REMOVALS
from reconciler.shape import shape_of
from tests.property.generated import CONDITIONS, GATES, PERCENTAGES, SPECS, WORDS, carried_out, made, read_back
from tests.unit.planning.making import changes, key, plan_against, plan_of, snapshot

settings.register_profile("laws", max_examples=60, derandomize=True, deadline=None, database=None)
LAWS = settings.get_profile("laws")

each = pytest.mark.parametrize("kind", SPECS)


# ---- nothing to do -------------------------------------------------------------------------------------------------


@each
@LAWS
@given(data=st.data())
def test_what_a_manifest_made_is_equal_to_it(kind: str, data: st.DataObject) -> None:
    wanted = made(kind, data.draw(SPECS[kind]))
    plan = plan_against(read_back(data.draw, kind, wanted), wanted)
    assert plan.steps == ()
    assert plan.held == ()
    assert [finding for finding in plan.findings if finding.severity is Severity.ERROR] == []


@each
@LAWS
@given(data=st.data())
def test_after_its_calls_a_plan_is_empty(kind: str, data: st.DataObject) -> None:
    live = read_back(data.draw, kind, made(kind, data.draw(SPECS[kind])))
    wanted = made(kind, data.draw(SPECS[kind]))
    after = carried_out(kind, plan_against(live, wanted), live)
    assert plan_against(after, wanted).steps == ()


@each
@LAWS
@given(data=st.data())
def test_laying_a_manifest_over_what_is_live_leaves_no_difference(kind: str, data: st.DataObject) -> None:
    shape, view = shape_of(KINDS[kind].spec), KINDS[kind].view
    live = view(read_back(data.draw, kind, made(kind, data.draw(SPECS[kind]))))
    desired = made(kind, data.draw(SPECS[kind])).spec.tree()
    merged = compare(shape, desired, live).merged
    assert compare(shape, desired, merged).changes == ()


@pytest.mark.parametrize("kind", [kind for kind in SPECS if kind != "EntityPropertySource"])
@LAWS
@given(data=st.data())
def test_a_manifest_that_says_nothing_changes_nothing(kind: str, data: st.DataObject) -> None:
    live = read_back(data.draw, kind, made(kind, data.draw(SPECS[kind])))
    assert plan_against(live, made(kind, {})).steps == ()


# ---- only what is ours ---------------------------------------------------------------------------------------------


@each
@LAWS
@given(data=st.data())
def test_only_mentioned_fields_and_their_twins_are_sent(kind: str, data: st.DataObject) -> None:
    live = read_back(data.draw, kind, made(kind, data.draw(SPECS[kind])))
    spec = data.draw(SPECS[kind])
    plan = plan_against(live, made(kind, spec))
    sent = {name for step in plan.steps for call in step.calls if call.method == "PATCH" for name in call.body}
    assert sent <= spec.keys() | {f"{name}Json5" for name in spec} | {name.removesuffix("Json5") for name in spec}


@LAWS
@given(data=st.data())
def test_a_rule_that_stays_keeps_its_ids_and_all_that_no_manifest_mentions(data: st.DataObject) -> None:
    live = read_back(data.draw, "Gate", made("Gate", data.draw(GATES)))
    wanted = made("Gate", data.draw(GATES))
    after = carried_out("Gate", plan_against(live, wanted), live)
    before = {rule["name"]: rule for rule in live["rules"]}
    for rule in after["rules"]:
        if rule["name"] in before:
            kept = before[rule["name"]]
            assert (rule["id"], rule["baseID"], rule["kept"]) == (kept["id"], kept["baseID"], kept["kept"])


# ---- lists ---------------------------------------------------------------------------------------------------------

RULES = st.lists(
    st.fixed_dictionaries(
        {"name": WORDS, "passPercentage": PERCENTAGES, "conditions": st.lists(CONDITIONS, max_size=2)}
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda rule: rule["name"],
)


def told(before: list[Tree], after: list[Tree]) -> list[Action]:
    """What a reader is told of the way from some rules to others."""
    live = {"rules": [{**rule, "id": f"id-{at}", "baseID": f"id-{at}"} for at, rule in enumerate(before)]}
    return [action for _, action in changes(plan_against(live, made("Gate", {"rules": after})))]


@LAWS
@given(rules=RULES, data=st.data())
def test_one_new_rule_is_one_addition_wherever_it_stands(rules: list[Tree], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(rules)))
    new = {"name": "a name that no other rule has", "passPercentage": 1, "conditions": []}
    assert told(rules, [*rules[:at], new, *rules[at:]]) == [Action.ADD]


@LAWS
@given(rules=RULES, data=st.data())
def test_one_rule_less_is_one_removal(rules: list[Tree], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(rules) - 1))
    assert told(rules, [*rules[:at], *rules[at + 1 :]]) == [Action.REMOVE]


@LAWS
@given(rules=RULES, data=st.data())
def test_one_new_name_is_one_rename(rules: list[Tree], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(rules) - 1))
    renamed = {**rules[at], "name": "a name that no other rule has"}
    assert told(rules, [*rules[:at], renamed, *rules[at + 1 :]]) == [Action.RENAME]


@LAWS
@given(rules=RULES, data=st.data())
def test_another_order_takes_the_fewest_moves(rules: list[Tree], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(rules))))
    assert told(rules, [rules[at] for at in order]) == [Action.MOVE] * (len(rules) - longest_by_trying(order))


def longest_by_trying(order: list[int]) -> int:
    """The length of a longest rising subsequence, by looking at all of them."""
    ends: list[int] = []
    for position, value in enumerate(order):
        ends.append(1 + max((ends[at] for at in range(position) if order[at] < value), default=0))
    return max(ends, default=0)


@LAWS
@given(order=st.permutations(range(8)))
def test_what_need_not_move_stands_in_order(order: list[int]) -> None:
    staying = longest_rise(order)
    kept = [value for value in order if value in staying]
    assert kept == sorted(kept)
    assert len(kept) == longest_by_trying(order)


# ---- order of input ------------------------------------------------------------------------------------------------

IDS = ["gate_a", "gate_b", "gate_c", "gate_d"]


@LAWS
@given(data=st.data())
def test_the_order_of_manifests_and_of_live_objects_never_matters(data: st.DataObject) -> None:
    wanted = [made("Gate", data.draw(GATES), id_) for id_ in IDS if data.draw(st.booleans())]
    wanted += [
        made("Experiment", data.draw(SPECS["Experiment"]), "gate_a") for _ in range(data.draw(st.integers(0, 1)))
    ]
    found = {
        key("Gate", id_): {**read_back(data.draw, "Gate", made("Gate", data.draw(GATES), id_)), "tags": ["git"]}
        for id_ in data.draw(st.permutations(IDS))
        if data.draw(st.booleans())
    }
    policy = Policy(ownership_tag="git", prune=data.draw(st.sampled_from(["off", "archive", "delete"])))
    again = dict(data.draw(st.permutations(list(found.items()))))
    assert plan_of(*wanted, live=found, policy=policy, tags=frozenset()) == plan_of(
        *data.draw(st.permutations(wanted)), live=again, policy=policy, tags=frozenset()
    )


@LAWS
@given(data=st.data())
def test_every_step_comes_after_all_that_it_needs_and_removals_come_last(data: st.DataObject) -> None:
    wanted = [made("Gate", data.draw(GATES), id_) for id_ in IDS[:3]]
    found = {key("Gate", id_): {"tags": ["git"], "rules": []} for id_ in IDS}
    policy = Policy(ownership_tag="git", prune="delete", archive_first=data.draw(st.booleans()))
    plan = plan_of(*wanted, live=found, policy=policy, tags=frozenset())
    place = {step.key: position for position, step in enumerate(plan.steps)}
    in_circle = {step.key for step in plan.steps for need in step.needs if place.get(need, -1) > place[step.key]}
    assert in_circle == set()
    removals = [position for position, step in enumerate(plan.steps) if step.verb in REMOVALS]
    assert removals == list(range(len(plan.steps) - len(removals), len(plan.steps)))


@LAWS
@given(data=st.data())
def test_a_selection_plans_its_objects_as_the_whole_does(data: st.DataObject) -> None:
    wanted = [made("Gate", data.draw(GATES), id_) for id_ in IDS]
    live = snapshot({item.key: read_back(data.draw, "Gate", item) for item in wanted if data.draw(st.booleans())})
    chosen = [item for item in wanted if data.draw(st.booleans())]
    part = make_plan(KINDS, Desired(tuple(wanted), tuple(chosen)), live, Policy())
    whole = make_plan(KINDS, Desired(tuple(wanted), tuple(wanted)), live, Policy())
    of_whole = {step.key: (step.verb, step.calls, step.fields) for step in whole.steps}
    assert {step.key: (step.verb, step.calls, step.fields) for step in part.steps} == {
        step_key: told for step_key, told in of_whole.items() if step_key in {item.key for item in chosen}
    }


# ---- removal -------------------------------------------------------------------------------------------------------

MARKS = st.sampled_from([[], ["git"], ["git"], ["git", "git:protected"], ["git", "git:delete"], ["git", "git:off"]])


def asking(gates: list[str]) -> list[Tree]:
    return [
        {"name": "R", "passPercentage": 1, "conditions": [{"type": "passes_gate", "targetValue": g} for g in gates]}
    ]


@LAWS
@given(data=st.data())
def test_nothing_that_stays_refers_to_what_goes(data: st.DataObject) -> None:
    later = {id_: IDS[position + 1 :] for position, id_ in enumerate(IDS)}  # a service without circles
    live = {id_: data.draw(st.sets(st.sampled_from(later[id_])) if later[id_] else st.just(set())) for id_ in IDS}
    wanted = {id_: live[id_] - data.draw(st.sets(st.sampled_from(IDS))) for id_ in IDS if data.draw(st.booleans())}
    found: dict[ResourceKey, Tree] = {
        key("Gate", id_): {
            "tags": data.draw(MARKS),
            "status": "In Progress",
            "rules": [{**rule, "id": "r", "baseID": "r"} for rule in asking(sorted(gates))],
        }
        for id_, gates in live.items()
    }
    running = data.draw(st.sampled_from(["setup", "active"]))
    found[key("Experiment", "test")] = {"status": running, "tags": data.draw(MARKS), "targetingGateID": "gate_c"}
    plan = plan_of(
        *[made("Gate", {"rules": asking(sorted(gates))}, id_) for id_, gates in wanted.items()],
        live=found,
        policy=Policy(ownership_tag="git", prune=data.draw(st.sampled_from(["off", "archive", "delete"]))),
    )
    going = {step.key: step for step in plan.steps if step.verb in REMOVALS}
    names = {key("Gate", id_): {key("Gate", name) for name in wanted.get(id_, gates)} for id_, gates in live.items()}
    names[key("Experiment", "test")] = {key("Gate", "gate_c")}
    for user, named in names.items():
        assert user in going or not named & going.keys()
    for step in going.values():
        before = {key("Gate", id_) for id_, gates in live.items() if step.key.id in gates}
        assert {step_.key for step_ in plan.steps} & before <= step.needs

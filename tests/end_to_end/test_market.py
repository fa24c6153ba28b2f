"""The example repository against its drifted project: what the plan says, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from reconciler import workflow
from reconciler.domain import Convergence, Drift, Outcome, Tree, Verb
from reconciler.forms import json_text
from reconciler.kinds import KINDS
from reconciler.manifests import parse
from reconciler.targeting.condition import target_form
from reconciler.workflow import Planned
from tests.end_to_end.world import (
    EXAMPLE,
    STAMP,
    Change,
    Service,
    World,
    console_of,
    differing,
    fields_differing,
    letters,
    place_of,
    steps_of,
    told,
)

OWNED = "managed-by-git"


class Run(NamedTuple):
    """One run of the example, from the first plan to the last."""

    planned: Planned
    before: Tree
    outcomes: list[Outcome]
    after: Tree
    converged: tuple[Convergence, ...]
    again: Planned
    drift: Drift

    def live(self, collection: str, id_: str) -> tuple[Tree, Tree]:
        return self.before[collection][id_], self.after[collection][id_]


@pytest.fixture(scope="module")
def run(emulator: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    emulator.begin()
    with console_of(emulator) as console:
        world = World(emulator, tmp_path_factory.mktemp("market"), console)
        world.example()
        before = world.dump()
        planned = world.plan()
        outcomes = list(workflow.apply(planned, console))
        yield Run(planned, before, outcomes, world.dump(), world.verify(), world.plan(), world.drift())


@pytest.fixture(scope="module")
def written() -> dict[str, Tree]:
    """Every manifest of the example, by key."""
    files = sorted((EXAMPLE / "manifests").rglob("*.yaml"))
    trees = [document.tree for file in files for document in parse(file.read_bytes(), file.name).documents]
    return {f"{tree['kind']}/{tree['metadata']['id']}": tree for tree in trees}


# ---- the plan --------------------------------------------------------------------------------------------------------

NEW = [
    "Tag/peak-2026",
    "Gate/invoice_credit_check",
    "Gate/pay_by_invoice",
    "DynamicConfig/pay_by_invoice_terms",
    "Experiment/invoice_due_date_prompt",
]
FEE_REASON = (
    "Threshold 750 raised the average basket by 4.1 % (interval 3.2 to 5.0) and cost 1.9 % of the orders, which is "
    "2.0 % more contribution per customer. Threshold 900 lost too many households with children."
)

ADOPTED: dict[str, list[Change]] = {
    "EntityPropertySource/courier_reliability": [("tags", "set", [], [OWNED])],
    "Gate/platform_http3": [("tags", "set", ["web-performance"], ["web-performance", OWNED])],
    "DynamicConfig/search_synonyms": [("tags", "set", ["search"], ["search", OWNED])],
}
LANGUAGES = ["sv-SE", "nb-NO", "da-DK", "fi-FI", "de-DE"]
PEAK: Change = ("tags", "set", ["logistics", OWNED], ["logistics", "peak-2026", OWNED])
UPDATED: dict[str, list[Change]] = {
    "Gate/cold_chain_alerts": [
        ('rules["Recalibrated boxes"]', "rename", "Recalibrated after May", "Recalibrated boxes"),
    ],
    "Gate/data_event_sampling": [('rules["Full detail"].environments', "set", None, ["production"])],
    "Gate/delivery_night_window": [PEAK],
    "Gate/delivery_slot_prediction": [('rules["Pilot stores"]', "rename", "Pilot", "Pilot stores")],
    "Gate/platform_debug_menu": [('rules["Contractors outside the office"]', "move", 2, 1)],
    "Gate/platform_structured_logging": [
        (
            "description",
            "set",
            "Services write JSON lines instead of text. ASK THE PLATFORM TEAM BEFORE ADDING A SERVICE.",
            (
                "Services write JSON lines instead of text. "
                "Turned on service by service because the log store bills by volume."
            ),
        )
    ],
    "Gate/referral_double_credit": [("status", "set", "launched", "in_progress")],
    "Gate/search_typo_tolerance": [("status", "set", "in_progress", "launched")],
    "Gate/search_voice_input": [
        ('rules["Good languages on iOS"].conditions[2].targetValue', "set", [*LANGUAGES, "nl-NL"], LANGUAGES),
    ],
    "Gate/wallet_payments": [('rules["EU ramp"].passPercentage', "set", 40, 12.5)],
    "DynamicConfig/api_rate_limits": [('rules["Partners"].returnValue.burst', "set", 600, 300)],
    "DynamicConfig/slot_capacity": [PEAK],
    "Experiment/delivery_fee_threshold": [
        ("status", "set", "active", "decision_made"),
        ("launchedGroup", "set", None, "Threshold 750"),
        ("decisionReason", "set", None, FEE_REASON),
    ],
    "Experiment/delivery_slot_copy": [("status", "set", "setup", "active")],
    "Experiment/search_autocomplete_delay": [
        ('groups["300 ms"].size', "set", 50, 34),
        ('groups["150 ms"].size', "set", 25, 33),
        ('groups["80 ms"].size', "set", 25, 33),
    ],
}
LONG = {"EntityPropertySource/Customer value", "Gate/courier_batching", "DynamicConfig/fraud_thresholds"}
"""Updates whose values are too long to be written here; each has a test of its own."""


def test_the_example_has_nothing_to_mend(run: Run) -> None:
    assert run.planned.plan.findings == ()


def test_the_plan_does_what_the_manifests_ask_for_and_nothing_else(run: Run) -> None:
    assert {verb: {str(step.key) for step in run.planned.plan.of(verb)} for verb in Verb} == {
        Verb.CREATE: set(NEW),
        Verb.ADOPT: set(ADOPTED),
        Verb.UPDATE: UPDATED.keys() | LONG,
        Verb.ARCHIVE: {"Gate/growth_spring_sale"},
        Verb.DELETE: set(),
    }
    assert len(UPDATED.keys() | LONG) == 18
    assert len(run.planned.plan.unchanged) == 32
    assert len(run.planned.plan.unmanaged) == 7
    assert run.planned.plan.held == ()


@pytest.mark.parametrize("key", [*ADOPTED, *UPDATED])
def test_every_update_says_what_differs_and_nothing_else(run: Run, key: str) -> None:
    assert told(steps_of(run.planned)[key].fields) == (ADOPTED | UPDATED)[key]


def test_a_query_that_changes_is_the_only_difference_of_its_source(run: Run, written: dict[str, Tree]) -> None:
    live = run.before["entity_properties"]["Customer value"]["sql"]
    wanted = written["EntityPropertySource/Customer value"]["spec"]["sql"]
    assert told(steps_of(run.planned)["EntityPropertySource/Customer value"].fields) == [("sql", "set", live, wanted)]


def test_a_rule_that_somebody_added_is_removed_with_all_that_it_says(run: Run) -> None:
    pilot = run.before["gates"]["courier_batching"]["rules"][1]
    assert pilot["name"] == "Oslo pilot"
    fields = told(steps_of(run.planned)["Gate/courier_batching"].fields)
    assert fields == [('rules["Oslo pilot"]', "remove", pilot, None)]


def test_a_schema_and_the_values_that_need_it_change_in_one_call(run: Run) -> None:
    step = steps_of(run.planned)["DynamicConfig/fraud_thresholds"]
    whole = {"schema", "schemaJson5", "defaultValueJson5"}  # the texts lose their comments
    assert {(path, action, live) for path, action, live, _ in told(step.fields) if path not in whole} == {
        ("defaultValue.max_gift_cards_per_day", "add", None),
        ('rules["New accounts"].returnValue.max_gift_cards_per_day', "add", None),
        ('rules["Business customers"].returnValue.max_gift_cards_per_day', "add", None),
    }
    assert {change[0]: change[1] for change in told(step.fields) if change[0] in whole} == dict.fromkeys(whole, "set")
    (call,) = step.calls
    assert (call.method, set(call.body)) == (
        "PATCH",
        {"rules", "defaultValue", "defaultValueJson5", "schema", "schemaJson5"},
    )
    assert json_text(call.body["schema"]) == json_text(call.body["schemaJson5"])


def test_new_objects_are_made_from_their_manifests(run: Run, written: dict[str, Tree]) -> None:
    for key in NEW[1:]:
        kind, id_ = key.split("/")
        wanted = dict(written[key]["spec"])
        switched = {} if kind == "Experiment" else {"isEnabled": wanted.pop("status") in {"in_progress", "enabled"}}
        wanted.pop("controlGroup", None)
        if kind == "Experiment":
            wanted.pop("status")
        call = steps_of(run.planned)[key].calls[0]
        assert (call.method, call.path) == ("POST", KINDS[kind].collection)
        assert call.body == {"id": id_, **wanted, **switched, "tags": [*wanted["tags"], OWNED]}


def test_what_is_referred_to_is_made_first_and_what_goes_goes_last(run: Run) -> None:
    order = list(steps_of(run.planned))
    assert order.index("Gate/invoice_credit_check") < order.index("Gate/pay_by_invoice")
    assert order.index("Gate/pay_by_invoice") < order.index("DynamicConfig/pay_by_invoice_terms")
    assert order.index("Gate/pay_by_invoice") < order.index("Experiment/invoice_due_date_prompt")
    assert order.index("Tag/peak-2026") < order.index("Gate/delivery_night_window")
    assert order[-1] == "Gate/growth_spring_sale"
    assert {str(need) for need in steps_of(run.planned)["Gate/pay_by_invoice"].needs} == {"Gate/invoice_credit_check"}


def test_the_plan_names_who_changed_an_object_last(run: Run) -> None:
    who = {key: step.modified.by for key, step in steps_of(run.planned).items()}
    assert who["Gate/wallet_payments"] == "payments-console@example.com"
    assert who["Gate/search_typo_tolerance"] == "CONSOLE API"


def test_every_step_that_a_manifest_asks_for_names_its_line(run: Run) -> None:
    places = {str(step.key): str(step.where) for step in run.planned.plan.steps}
    assert places["Gate/wallet_payments"].endswith("manifests/payments/wallets.yaml:2:1")
    assert places["Experiment/delivery_slot_copy"].endswith("manifests/logistics/slots.yaml:81:1")
    assert {key for key, place in places.items() if place == "None"} == {"Tag/peak-2026", "Gate/growth_spring_sale"}


# ---- after the apply -------------------------------------------------------------------------------------------------


def test_every_step_succeeds_and_live_is_what_the_manifests_say(run: Run) -> None:
    assert {item.status for item in run.outcomes} == {"done"}
    assert [item.step for item in run.outcomes] == list(run.planned.plan.steps)
    assert len(run.converged) == 57
    assert [item for item in run.converged if not item.holds] == []


def test_a_second_plan_is_empty_and_there_is_no_drift(run: Run) -> None:
    assert steps_of(run.again) == {}
    assert len(run.again.plan.unchanged) == 57
    assert not run.drift.found
    assert (run.drift.changed, run.drift.gone, run.drift.same) == ((), (), 57)


def test_objects_that_the_plan_does_not_name_are_the_same_to_the_letter(run: Run) -> None:
    tag = next(tag["id"] for tag in run.after["tags"].values() if tag["name"] == "peak-2026")
    named = {place_of(step.key) for step in run.planned.plan.steps if step.key.kind != "Tag"} | {f"tags/{tag}"}
    assert differing(run.before, run.after) == named


IMPLIED = {
    "Gate/referral_double_credit": {"status", "isEnabled"},
    "Gate/search_typo_tolerance": {"status", "isEnabled"},
    "Gate/growth_spring_sale": {"status"},
    "Experiment/delivery_slot_copy": {"status", "startTime"},
    "Experiment/delivery_fee_threshold": {
        "status",
        "launchedGroupID",
        "decisionReason",
        "decisionTime",
        "endTime",
    },
    "DynamicConfig/fraud_thresholds": {"defaultValue", "defaultValueJson5", "schema", "schemaJson5", "rules"},
    # A full update, which alone can change the query, carries the team; the emulator answers with its id as well.
    "EntityPropertySource/Customer value": {"sql", "teamID"},
}


def test_only_the_fields_that_the_plan_names_change(run: Run) -> None:
    for step in run.planned.plan.steps:
        if step.verb == "create":
            continue
        collection, id_ = place_of(step.key).split("/")
        named = IMPLIED.get(str(step.key), {str(change.path[0]) for change in step.fields})
        assert fields_differing(*run.live(collection, id_)) - STAMP == named, step.key


KEPT = {
    "gates/wallet_payments": ("monitoringMetrics", "team", "owner", "measureMetricLifts"),
    "gates/courier_batching": ("monitoringMetrics",),
    "dynamic_configs/fraud_thresholds": ("team", "targetApps"),
    "dynamic_configs/slot_capacity": ("schema", "defaultValueJson5"),
    "experiments/search_autocomplete_delay": ("links", "hypothesis", "targetApps", "controlGroupID"),
    "experiments/delivery_slot_copy": ("stratifiedSampling", "links", "hypothesis", "layerID"),
    "experiments/delivery_fee_threshold": ("otherMetrics", "targetExposures", "summarySections", "groups"),
    "entity_properties/Customer value": ("isReadOnly", "team", "tags", "owner", "description"),
}


@pytest.mark.parametrize("place", KEPT)
def test_fields_that_no_manifest_mentions_stay_to_the_letter(run: Run, place: str) -> None:
    collection, id_ = place.split("/")
    before, after = run.live(collection, id_)
    for name in KEPT[place]:
        assert before[name] not in (None, "", []), name
        assert letters(after[name]) == letters(before[name]), name


def rules_of(live: Tree) -> dict[str, Tree]:
    return {rule["baseID"]: rule for rule in live["rules"]}


def test_rules_keep_their_ids_and_their_unmentioned_fields(run: Run) -> None:
    before, after = (rules_of(live) for live in run.live("gates", "wallet_payments"))
    assert list(after) == list(before)
    employees, ramp, tests = (
        next(base for base, rule in before.items() if rule["name"] == name)
        for name in ("Employees", "EU ramp", "Test environments")
    )
    assert after[employees]["environments"] == ["production", "staging"]
    assert letters(after[tests]["completedAutomatedRollouts"]) == letters(before[tests]["completedAutomatedRollouts"])
    assert (before[ramp]["id"], after[ramp]["id"]) == (f"{ramp}:40.00:4", f"{ramp}:12.50:5")
    assert after[ramp]["passPercentage"] == 12.5
    assert {base: rule["id"] for base, rule in after.items() if base != ramp} == {
        base: rule["id"] for base, rule in before.items() if base != ramp
    }


def test_every_rule_that_was_there_keeps_its_ids(run: Run) -> None:
    gone = {"7TShEGGVwOvupo1VdvxyXa"}  # "Oslo pilot", which the plan removes
    moved = {"8InxmwLyvPIrvakvIgvsOy"}  # "EU ramp", whose percentage changes
    for collection in ("gates", "dynamic_configs"):
        for id_, live in run.before[collection].items():
            before, after = rules_of(live), rules_of(run.after[collection][id_])
            assert before.keys() - gone == after.keys(), id_
            assert {base: before[base]["id"] for base in after if base not in moved} == {
                base: rule["id"] for base, rule in after.items() if base not in moved
            }


def test_rules_are_sent_as_they_are_live_but_for_what_changes(run: Run) -> None:
    before = run.before["gates"]["wallet_payments"]["rules"]
    (call,) = steps_of(run.planned)["Gate/wallet_payments"].calls
    assert list(call.body) == ["rules"]
    wanted = [rule | ({"passPercentage": 12.5} if rule["name"] == "EU ramp" else {}) for rule in before]
    assert letters(call.body["rules"]) == letters(wanted)


def test_the_environments_and_conditions_of_config_rules_survive_a_change_of_their_values(run: Run) -> None:
    before, after = (rules_of(live) for live in run.live("dynamic_configs", "fraud_thresholds"))
    for base, rule in before.items():
        assert after[base]["environments"] == rule["environments"]
        assert after[base]["passPercentage"] == rule["passPercentage"]
        for condition, kept in zip(rule["conditions"], after[base]["conditions"], strict=True):
            assert target_form(kept["targetValue"]) == target_form(condition["targetValue"])
            assert {kept[name] for name in ("type", "operator", "field")} == {
                condition[name] for name in ("type", "operator", "field")
            }
    assert [rule["environments"] for rule in after.values()] == [None, ["production", "staging"]]


def test_the_text_beside_a_value_says_the_same_as_the_value(run: Run) -> None:
    after = run.after["dynamic_configs"]["fraud_thresholds"]
    pairs = [(after["defaultValue"], after["defaultValueJson5"])]
    pairs += [(rule["returnValue"], rule["returnValueJson5"]) for rule in after["rules"]]
    for value, text in pairs:
        assert json_text(text) == json_text(letters(value))
        assert "max_gift_cards_per_day" in text
    assert json_text(after["schema"]) == json_text(after["schemaJson5"])


def test_groups_keep_their_ids_and_descriptions_when_their_sizes_change(run: Run) -> None:
    before, after = (live["groups"] for live in run.live("experiments", "search_autocomplete_delay"))
    assert [group | {"size": 0} for group in after] == [group | {"size": 0} for group in before]
    assert [group["size"] for group in after] == [34, 33, 33]
    assert [group["description"] for group in after] == ["what the app does today", "", "feels instant on fibre"]


def test_the_decided_experiment_launches_the_group_that_the_manifest_names(run: Run, written: dict[str, Tree]) -> None:
    before, after = run.live("experiments", "delivery_fee_threshold")
    launched = next(group["id"] for group in before["groups"] if group["name"] == "Threshold 750")
    assert after["launchedGroupID"] == launched
    reason = written["Experiment/delivery_fee_threshold"]["metadata"]["decision"]["reason"]
    assert after["decisionReason"] == reason

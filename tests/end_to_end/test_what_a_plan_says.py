"""Every difference and every effect is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.domain import Tree
from reconciler.kinds import KINDS
from reconciler.manifests import from_wire
from tests.end_to_end.world import World, changes_of, codes, manifest, members
from tests.unit.cli.terminal import Desk

RULE: Tree = {"name": "Ramp", "passPercentage": 10, "conditions": [{"type": "public"}]}
GROUPS: list[Tree] = [
    {"name": name, "size": 50, "parameterValues": {"on": name == "Test"}} for name in ("Control", "Test")
]


def test_every_member_of_a_value_that_changes_is_told(world: World) -> None:
    world.seed({"dynamic_configs": [{"id": "limits", "defaultValue": {"on": 1, "most": 1, "__version": 1}}]})
    wanted = {"on": True, "most": 2, "__version": 2}
    world.manifests([manifest("DynamicConfig", "limits", {"defaultValue": wanted})])
    (told,) = changes_of(world.good_plan()).values()
    assert {(path, live, desired) for path, _, live, desired in told} == {
        ("defaultValue.on", 1, True),
        ("defaultValue.most", 1, 2),
        ("defaultValue.__version", 1, 2),
    }


def test_a_new_rule_does_not_inherit_the_environments_of_another_that_is_gone(world: World) -> None:
    preview = RULE | {"name": "Preview", "passPercentage": 100, "environments": ["staging"]}
    world.seed({"gates": [{"id": "checkout", "rules": [preview]}]})
    world.manifests([manifest("Gate", "checkout", {"rules": [RULE]})])
    world.apply()
    (rule,) = world.live("Gate", "checkout")["rules"]
    assert (rule["name"], rule["environments"]) == ("Ramp", None)


def test_a_new_rule_does_not_inherit_the_variants_of_another_that_is_gone(world: World) -> None:
    variants = [{"id": "v1", "name": "all", "passPercentage": 100, "returnValue": {"most": 2}}]
    trial = RULE | {"name": "Trial", "returnValue": {"most": 1}, "variants": variants}
    world.seed({"dynamic_configs": [{"id": "limits", "rules": [trial]}]})
    everybody = RULE | {"name": "Everybody", "returnValue": {"most": 9}}
    world.manifests([manifest("DynamicConfig", "limits", {"rules": [everybody]})])
    world.apply()
    (rule,) = world.live("DynamicConfig", "limits")["rules"]
    assert (rule["returnValue"], rule.get("variants", [])) == ({"most": 9}, [])


def test_an_object_with_a_difference_that_cannot_be_applied_is_not_counted_as_unchanged(world: World) -> None:
    world.seed({"layers": [{"id": "feed", "name": "feed"}, {"id": "search", "name": "search"}]})
    world.seed({"experiments": [{"id": "layout", "layerID": "feed"}]})
    world.manifests([manifest("Experiment", "layout", {"layerID": "search"})])
    planned = world.plan()
    assert codes(planned) == ["PLAN/create-only"]
    assert planned.plan.unchanged == ()
    assert world.drift().found


def test_renaming_the_launched_group_is_a_rename_and_no_other_decision(world: World) -> None:
    spec = {"status": "active", "groups": GROUPS}
    ended = {"status": "decision_made", "launchedGroup": "Test", "decisionReason": "won"}
    for document in (spec, spec | ended):
        world.manifests([manifest("Experiment", "layout", document)])
        world.apply()
    renamed = [GROUPS[0], GROUPS[1] | {"name": "Winner"}]
    world.manifests([manifest("Experiment", "layout", {"groups": renamed} | ended | {"launchedGroup": "Winner"})])
    planned = world.good_plan()
    assert changes_of(planned) == {"Experiment/layout": [('groups["Winner"]', "rename", "Test", "Winner")]}
    assert (codes(planned), planned.plan.held) == ([], ())


def test_a_pin_that_no_live_rule_has_is_told(world: World) -> None:
    world.seed({"gates": [{"id": "checkout", "rules": [RULE]}]})
    pinned = RULE | {"name": "Other", "conditions": [], "baseID": "5uVq8ZrT1mXbKd3WnE7yLp"}
    world.manifests([manifest("Gate", "checkout", {"rules": [pinned]})])
    assert codes(world.plan()) != []


def test_a_config_whose_rule_returns_the_empty_object_can_be_taken_over(world: World) -> None:
    world.seed({"dynamic_configs": [{"id": "limits", "rules": [RULE | {"returnValue": {}, "returnValueJson5": "{}"}]}]})
    world.manifests([from_wire(KINDS["DynamicConfig"], world.live("DynamicConfig", "limits"))])
    assert changes_of(world.good_plan()) == {}


def test_a_manifest_that_was_taken_over_does_not_take_a_rollout_back(world: World) -> None:
    step = {"time": 1_800_000_000_000, "passPercent": 50}
    rule = RULE | {"id": "r1", "baseID": "r1"}
    world.seed({"gates": [{"id": "ramp", "rules": [rule | {"pendingAutomatedRollouts": [step]}]}]})
    world.manifests([from_wire(KINDS["Gate"], world.live("Gate", "ramp"))])
    assert changes_of(world.good_plan()) == {}
    happened = {"passPercentage": 50, "pendingAutomatedRollouts": [], "completedAutomatedRollouts": [step]}
    world.edit("Gate", "ramp", {"rules": [rule | happened]}, by="Rollout")
    assert changes_of(world.good_plan()) == {}


@pytest.mark.parametrize(
    ("live", "wanted"),
    [
        ({"__version": 1}, {"__version": 2}),
        ({}, {"__version": 1}),
        ({"list": [1, 2]}, {"list": [True, 2]}),
        ({"list": [{"on": 1}]}, {"list": [{"on": True}]}),
    ],
)
def test_a_difference_of_a_value_is_told_and_settled_however_small_it_is(
    world: World, live: Tree, wanted: Tree
) -> None:
    world.seed({"dynamic_configs": [{"id": "limits", "defaultValue": live}]})
    world.manifests([manifest("DynamicConfig", "limits", {"defaultValue": wanted})])
    assert changes_of(world.good_plan()) != {}
    world.apply()
    assert members(world.live("DynamicConfig", "limits")["defaultValue"]) == members(wanted)


def test_nobody_is_told_to_write_a_manifest_of_a_kind_that_has_none(world: World) -> None:
    segment = {"type": "passes_segment", "targetValue": "staf"}
    world.seed({"segments": [{"id": "employees", "name": "employees"}]})
    world.manifests(
        [
            manifest("Gate", "checkout", {"rules": [RULE | {"conditions": [segment], "environments": ["test"]}]}),
            manifest("Experiment", "layout", {"layerID": "nowhere", "idType": "deviceID", "targetApps": ["tv"]}),
        ]
    )
    planned = world.plan()
    assert codes(planned) == ["REF/unknown"] * 5
    assert [finding.cure for finding in planned.plan.findings if "manifest" in finding.cure] == []


def test_a_template_can_be_taken_over(world: World) -> None:
    world.seed({"gates": [{"id": "template", "type": "TEMPLATE", "isTemplate": True}]})
    world.manifests([from_wire(KINDS["Gate"], world.live("Gate", "template"))])
    planned = world.plan()
    assert codes(planned) == []
    assert changes_of(planned) == {}


def test_what_depends_on_a_gate_is_told_where_more_pass_it(world: World, tmp_path: Path) -> None:
    """In the comment, in the picture of the page, and when a saved plan is shown once more."""
    asking = RULE | {"name": "Asking", "conditions": [{"type": "passes_gate", "targetValue": "base_gate"}]}
    through = RULE | {"name": "Through", "conditions": [{"type": "passes_gate", "targetValue": "child_gate"}]}
    rules = {"base_gate": [RULE], "child_gate": [asking], "grandchild_gate": [through], "other_gate": [RULE]}
    world.seed({"gates": [{"id": id_, "rules": each} for id_, each in rules.items()]})
    world.manifests([manifest("Gate", "base_gate", {"rules": [RULE | {"passPercentage": 30}]})])
    files = {form: tmp_path / f"plan.{form}" for form in ("markdown", "html")}
    reports = [each for form, file in files.items() for each in ("--report", f"{form}={file}")]
    saved = tmp_path / "saved.json"
    assert Desk().run(["plan", "-p", str(world.folder), "--out", str(saved), *reports]) == 2
    told = {form: file.read_text("utf-8") for form, file in files.items()}
    words = "What these give depends on it: Gate/child_gate, Gate/grandchild_gate."
    assert [words in text for text in told.values()] == [True, True]
    picture = told["html"].partition("<svg")[2].partition("</svg>")[0]
    assert [name in picture for name in rules] == [True, True, True, False]
    assert picture.count("marker-end") == 2
    for form, text in told.items():
        desk = Desk()
        assert desk.run(["show", str(saved), "--format", form]) == 0
        assert desk.said == text

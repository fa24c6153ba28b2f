"""Names of other objects that lead nowhere are found at plan time, with the name that was probably meant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.domain import Finding, Severity, Snapshot, Tree
from reconciler.kinds import KINDS
from reconciler.manifests import Resource
from reconciler.rules import Checked, check
from tests.unit.planning.making import checked, codes, key, resource

NAMES = {
    "segments": frozenset({"staff"}),
    "layers": frozenset({"home_feed"}),
    "environments": frozenset({"production", "staging"}),
    "unit_id_types": frozenset({"storeID"}),
    "target_app": frozenset({"web"}),
    "tags": frozenset[str](),
}
LIVE = Snapshot(objects={key("Gate", "live_gate"): {"id": "live_gate"}}, names=NAMES)


def asking(type_: str, target: str) -> str:
    return f"rules: [{{name: R, passPercentage: 1, conditions: [{{type: {type_}, targetValue: {target}}}]}}]"


def rule(members: str) -> str:
    return f"rules: [{{name: R, passPercentage: 1, {members}}}]"


def only(*resources: Resource, live: Snapshot = LIVE) -> Finding:
    (finding,) = checked(*resources, live=live)
    return finding


UNIT = "conditions: [{type: unit_id, customID: stroeID, operator: is_null}]"
TIER = "conditions: [{type: environment_tier, operator: any, targetValue: [production, stagin]}]"


@pytest.mark.parametrize(
    ("kind", "spec", "message", "cure", "at"),
    [
        ("Gate", asking("passes_gate", "live_gat"), "there is no Gate 'live_gat'", "did you mean live_gate?",
         ("rules", 0, "conditions", 0, "targetValue")),
        ("Gate", asking("fails_gate", "[nothing_like_it]"), "there is no Gate 'nothing_like_it'",
         "Write a manifest for it, or mend the name.", ("rules", 0, "conditions", 0, "targetValue")),
        ("DynamicConfig", asking("passes_segment", "stuff").replace("]}]", "], returnValue: {}}]"),
         "there is no Segment 'stuff'", "did you mean staff?", ("rules", 0, "conditions", 0, "targetValue")),
        ("Experiment", "targetingGateID: live_gates", "there is no Gate 'live_gates'", "did you mean live_gate?",
         ("targetingGateID",)),
        ("Experiment", "layerID: homefeed", "there is no Layer 'homefeed'", "did you mean home_feed?", ("layerID",)),
        ("Experiment", "identityResolutionSource: orders", "there is no EntityPropertySource 'orders'",
         "Write a manifest for it, or mend the name.", ("identityResolutionSource",)),
        ("Experiment", "stratifiedSampling: {status: error, entityPropertySource: {propertySourceName: x, column: c}}",
         "there is no EntityPropertySource 'x'", "Write a manifest for it, or mend the name.",
         ("stratifiedSampling", "entityPropertySource", "propertySourceName")),
    ],
)  # fmt: skip
def test_a_name_that_leads_nowhere_is_refused(
    kind: str, spec: str, message: str, cure: str, at: tuple[str | int, ...]
) -> None:
    finding = only(resource(kind, spec))
    assert (finding.code, finding.severity) == ("REF/unknown", Severity.ERROR)
    assert (finding.message, finding.cure) == (message, cure)
    assert finding.where is not None
    assert finding.where.pointer == ("spec", *at)
    assert finding.key == key(kind)


@pytest.mark.parametrize(
    ("kind", "spec", "message", "cure"),
    [
        ("Gate", rule("conditions: [], environments: [producton]"), "there is no Environment 'producton'",
         "did you mean production?"),
        ("Gate", rule(TIER), "there is no Environment 'stagin'", "did you mean staging?"),
        ("Gate", rule(UNIT), "there is no UnitIdType 'stroeID'", "did you mean storeID?"),
        ("Gate", "idType: storeId2", "there is no UnitIdType 'storeId2'", "did you mean storeID?"),
        ("Gate", "targetApps: wep", "there is no TargetApp 'wep'", "did you mean web?"),
        ("EntityPropertySource", "sql: a\nidTypeMapping: [{statsigUnitID: stores, column: a}]",
         "there is no UnitIdType 'stores'", "did you mean storeID?"),
    ],
)  # fmt: skip
def test_a_name_that_the_service_may_take_all_the_same_is_doubted(
    kind: str, spec: str, message: str, cure: str
) -> None:
    finding = only(resource(kind, spec))
    assert (finding.code, finding.severity) == ("REF/unknown", Severity.WARNING)
    assert (finding.message, finding.cure) == (message, cure)


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("Gate", asking("passes_gate", "live_gate")),
        ("Gate", asking("fails_segment", "staff")),
        ("Gate", rule("conditions: [], environments: [staging]")),
        ("Gate", "idType: userID"),
        ("Gate", "idType: stableID"),
        ("Gate", "idType: storeID\ntargetApps: [web]\ntags: [not there yet]"),
        ("Experiment", "targetingGateID: null\nlayerID: home_feed"),
        ("Experiment", 'targetingGateID: ""\nidentityResolutionSource: null'),
    ],
)
def test_what_is_live_can_be_named(kind: str, spec: str) -> None:
    assert checked(resource(kind, spec), live=LIVE) == []


def test_what_the_same_run_makes_can_be_named() -> None:
    user, used = resource("Gate", asking("passes_gate", "new_gate")), resource("Gate", "{}", id_="new_gate")
    assert checked(user, used, live=LIVE) == []


def test_a_manifest_that_is_not_selected_and_not_live_is_named_as_the_cure() -> None:
    user, used = resource("Gate", asking("passes_gate", "new_gate")), resource("Gate", "{}", id_="new_gate")
    (finding,) = check(Checked(KINDS, (user, used), (user,), LIVE))
    assert finding.severity is Severity.ERROR
    assert finding.cure == "it is in a manifest that is not selected, and not live: select Gate new_gate as well"


def test_a_manifest_that_is_not_selected_and_live_is_fine() -> None:
    user, used = resource("Gate", asking("passes_gate", "live_gate")), resource("Gate", "{}", id_="live_gate")
    assert list(check(Checked(KINDS, (user, used), (user,), LIVE))) == []


def test_a_dangling_name_that_is_live_already_is_tolerated() -> None:
    condition = {"type": "passes_gate", "targetValue": ["long_gone"]}
    live: Tree = {"id": "thing_one", "rules": [{"name": "Old", "passPercentage": 5, "conditions": [condition]}]}
    snapshot = replace(LIVE, objects={**LIVE.objects, key("Gate"): live})
    assert checked(resource("Gate", asking("passes_gate", "long_gone")), live=snapshot) == []
    assert codes(checked(resource("Gate", asking("passes_gate", "also_gone")), live=snapshot)) == ["REF/unknown"]


@pytest.mark.parametrize("unknown", [{}, {"segments": None}])
def test_a_collection_that_could_not_be_read_gets_the_benefit_of_the_doubt(unknown: dict[str, None]) -> None:
    live = Snapshot(names=unknown)
    assert checked(resource("Gate", asking("passes_segment", "anything")), live=live) == []


def test_a_kind_that_could_not_be_read_gets_the_benefit_of_the_doubt() -> None:
    live = Snapshot(unread={"EntityPropertySource": Finding("API/UNREAD", "refused", "")})
    assert checked(resource("Experiment", "identityResolutionSource: orders"), live=live) == []


def test_without_live_state_nothing_is_said() -> None:
    assert checked(resource("Gate", asking("passes_gate", "nowhere"))) == []


def test_only_selected_manifests_are_looked_at() -> None:
    user, other = resource("Gate", asking("passes_gate", "nowhere")), resource("Gate", "{}", id_="other_gate")
    assert list(check(Checked(KINDS, (user, other), (other,), LIVE))) == []


def test_a_manifest_that_names_itself_goes_in_circles_but_not_nowhere() -> None:
    assert codes(checked(resource("Gate", asking("passes_gate", "thing_one")), live=LIVE)) == ["REF/cycle"]


OFF = replace(LIVE, objects={key("Gate", "old"): {"id": "old", "status": "Archived"}})


def test_a_gate_in_the_archive_is_told_where_something_comes_to_ask_for_it() -> None:
    finding = only(resource("Gate", asking("passes_gate", "old")), live=OFF)
    assert (finding.code, finding.severity) == ("REF/archived", Severity.WARNING)
    assert finding.message == "Gate/old is in the archive, where a gate passes for nobody"


@pytest.mark.parametrize(("status", "told"), [("archived", ["REF/archived"]), ("in_progress", [])])
def test_a_gate_that_this_run_takes_out_of_the_archive_is_not_told(status: str, told: list[str]) -> None:
    old = resource("Gate", f"status: {status}", id_="old")
    assert codes(checked(resource("Gate", asking("passes_gate", "old")), old, live=OFF)) == told


def test_a_gate_that_this_run_puts_into_the_archive_is_told_as_well() -> None:
    going = resource("Gate", "status: archived", id_="live_gate")
    assert codes(checked(resource("Gate", asking("passes_gate", "live_gate")), going, live=LIVE)) == ["REF/archived"]


def test_a_gate_in_the_archive_is_not_told_where_live_asks_for_it_already() -> None:
    asks: Tree = {"rules": [{"name": "R", "conditions": [{"type": "passes_gate", "targetValue": ["old"]}]}]}
    live = replace(OFF, objects={**OFF.objects, key("Gate"): {"id": "thing_one", **asks}})
    assert checked(resource("Gate", asking("passes_gate", "old")), live=live) == []

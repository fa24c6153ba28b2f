"""Gates and segments that refer to each other in a circle are refused: evaluation gives up on them."""

from __future__ import annotations

import pytest

from reconciler.domain import Finding, ResourceKey, Severity, Snapshot, Tree
from reconciler.kinds import KINDS
from reconciler.manifests import Resource
from reconciler.rules import Checked
from reconciler.rules.cycles import CYCLES
from tests.unit.planning.making import key, resource


def gate(id_: str, *conditions: str) -> Resource:
    """A gate that asks for other gates (``gate_b``) and segments (``segment:staff``)."""
    found = ", ".join(
        f"{{type: passes_segment, targetValue: {name.removeprefix('segment:')}}}"
        if name.startswith("segment:")
        else f"{{type: fails_gate, targetValue: {name}}}"
        for name in conditions
    )
    return resource("Gate", f"rules: [{{name: R, passPercentage: 1, conditions: [{found}]}}]", id_=id_)


def live(*conditions: Tree) -> Tree:
    return {"rules": [{"name": "R", "id": "r", "passPercentage": 1, "conditions": list(conditions)}]}


def found(
    *resources: Resource, snapshot: Snapshot | None = None, selected: tuple[Resource, ...] | None = None
) -> list[Finding]:
    chosen = resources if selected is None else selected
    return list(CYCLES.find(Checked(KINDS, resources, chosen, snapshot)))


def pointer(finding: Finding) -> tuple[str | int, ...]:
    assert finding.where is not None
    return finding.where.pointer


@pytest.mark.parametrize(
    ("resources", "chain"),
    [
        ((gate("gate_a", "gate_a"),), "gate_a -> gate_a"),
        ((gate("gate_a", "gate_b"), gate("gate_b", "gate_a")), "gate_a -> gate_b -> gate_a"),
        ((gate("gate_c", "gate_a"), gate("gate_a", "gate_b"), gate("gate_b", "gate_c")),
         "gate_a -> gate_b -> gate_c -> gate_a"),
    ],
)  # fmt: skip
def test_a_circle_of_gates_is_told_in_the_order_of_reference(resources: tuple[Resource, ...], chain: str) -> None:
    (finding,) = found(*resources)
    assert (finding.code, finding.severity) == ("REF/cycle", Severity.ERROR)
    assert finding.message == f"these refer to each other in a circle: {chain}"


def test_a_circle_is_shown_at_the_condition_that_closes_it() -> None:
    (finding,) = found(gate("gate_a", "gate_b"), gate("gate_b", "gate_c", "gate_a"), gate("gate_c"))
    assert finding.key == key("Gate", "gate_b")
    assert pointer(finding) == ("spec", "rules", 0, "conditions", 1, "targetValue")


def test_a_circle_that_a_live_gate_closes_is_shown_at_the_last_condition_that_is_ours() -> None:
    snapshot = Snapshot(objects={key("Gate", "gate_c"): live({"type": "passes_gate", "targetValue": "gate_a"})})
    (finding,) = found(gate("gate_a", "gate_b"), gate("gate_b", "other", "gate_c"), snapshot=snapshot)
    assert finding.key == key("Gate", "gate_b")
    assert pointer(finding) == ("spec", "rules", 0, "conditions", 1, "targetValue")


def test_a_circle_of_live_rules_alone_is_shown_at_the_manifest_that_keeps_them() -> None:
    objects = {
        key("Gate", "gate_a"): live({"type": "passes_gate", "targetValue": "gate_b"}),
        key("Gate", "gate_b"): live({"type": "passes_gate", "targetValue": "gate_a"}),
    }
    (finding,) = found(resource("Gate", "description: New", id_="gate_a"), snapshot=Snapshot(objects=objects))
    assert (finding.key, pointer(finding)) == (key("Gate", "gate_a"), ("spec",))


@pytest.mark.parametrize(
    "resources",
    [
        (gate("gate_a", "gate_b"), gate("gate_b", "gate_c"), gate("gate_c")),
        (gate("gate_a", "gate_b", "gate_c"), gate("gate_b", "gate_c"), gate("gate_c")),
        (gate("gate_a", "not_there"), gate("gate_b", "segment:gate_a")),
    ],
)
def test_references_that_end_somewhere_are_fine(resources: tuple[Resource, ...]) -> None:
    assert found(*resources) == []


def test_every_circle_is_told() -> None:
    findings = found(
        gate("gate_a", "gate_b"), gate("gate_b", "gate_a"), gate("gate_c", "gate_d"), gate("gate_d", "gate_c")
    )
    assert sorted(finding.message.split(": ")[1] for finding in findings) == [
        "gate_a -> gate_b -> gate_a", "gate_c -> gate_d -> gate_c"]  # fmt: skip


def test_two_circles_through_one_gate_are_both_told() -> None:
    findings = found(gate("gate_a", "gate_b", "gate_c"), gate("gate_b", "gate_a"), gate("gate_c", "gate_a"))
    assert sorted(finding.message.split(": ")[1] for finding in findings) == [
        "gate_a -> gate_b -> gate_a", "gate_a -> gate_c -> gate_a"]  # fmt: skip


def test_a_circle_through_a_live_gate_is_found() -> None:
    snapshot = Snapshot(objects={key("Gate", "gate_b"): live({"type": "passes_gate", "targetValue": ["gate_a"]})})
    (finding,) = found(gate("gate_a", "gate_b"), snapshot=snapshot)
    assert "gate_a -> gate_b -> gate_a" in finding.message


def test_a_circle_through_a_live_segment_is_found() -> None:
    segment = {"id": "staff", **live({"type": "passes_gate", "targetValue": "gate_a"})}
    (finding,) = found(gate("gate_a", "segment:staff"), snapshot=Snapshot(segments={"staff": segment}))
    assert "gate_a -> staff -> gate_a" in finding.message


def test_a_circle_that_the_manifests_break_is_none() -> None:
    objects = {
        key("Gate", "gate_a"): live({"type": "passes_gate", "targetValue": "gate_b"}),
        key("Gate", "gate_b"): live({"type": "passes_gate", "targetValue": "gate_a"}),
    }
    assert found(gate("gate_a"), snapshot=Snapshot(objects=objects)) == []


def test_rules_that_a_manifest_does_not_mention_count_as_they_are_live() -> None:
    silent = resource("Gate", "description: New", id_="gate_b")
    snapshot = Snapshot(objects={key("Gate", "gate_b"): live({"type": "passes_gate", "targetValue": "gate_a"})})
    assert len(found(gate("gate_a", "gate_b"), silent, snapshot=snapshot)) == 1


def test_a_circle_among_live_objects_alone_is_not_ours_to_tell() -> None:
    objects = {key("Gate", "gate_b"): live({"type": "passes_gate", "targetValue": "gate_b"})}
    assert found(gate("gate_a"), snapshot=Snapshot(objects=objects)) == []


def test_a_circle_of_manifests_that_are_not_selected_is_left_for_another_run() -> None:
    one, two, three = gate("gate_a", "gate_b"), gate("gate_b", "gate_a"), gate("gate_c")
    assert found(one, two, three, selected=(three,)) == []
    (finding,) = found(one, two, three, selected=(two,))
    assert finding.key == ResourceKey("Gate", "gate_b")

"""From every live status to every desired one: it arrives, or a finding says why not and nothing happened. And back."""

from __future__ import annotations

from itertools import product

import pytest

from reconciler.domain import Tree
from reconciler.kinds import KINDS
from reconciler.saving import SavedPlan, Target
from reconciler.workflow import Planned, reviewed
from tests.end_to_end.filing import filed, reasons
from tests.end_to_end.world import STAMP, World, codes, differing, fields_differing, manifest, steps_of
from tests.statuses import BEGAN_TEXT, PAIRS, STATUSES, in_status, wanted_status

EXPERIMENT = STATUSES["Experiment"]
CONCLUDED = ("decision_made", "abandoned", "experiment_stopped", "assignment_stopped")
ARRIVES = {
    *(pair for pair in PAIRS if pair[0] != "Experiment" or pair[1] == pair[2]),
    ("Experiment", "setup", "active"),
    ("Experiment", "active", "decision_made"),
    ("Experiment", "active", "abandoned"),
    *(("Experiment", live, "archived") for live in EXPERIMENT if live != "active"),
}
"""What can be reached without a permission."""
WITH_PERMISSION = {("Experiment", *pair) for pair in product((*CONCLUDED, "archived"), ("setup", "active"))}
REFUSED = {
    ("setup", "decision_made"),
    ("setup", "abandoned"),
    ("active", "archived"),
    *product(EXPERIMENT, ("experiment_stopped", "assignment_stopped")),
}
"""What no call ever reaches, so that the manifest is mistaken. Every other pair of an experiment is held."""
COMES_BACK = {("setup", "archived"), *((status, status) for status in EXPERIMENT)}
"""What can be undone of an experiment's status."""

Pair = tuple[str, str, str]


def wished(kind: str, status: str, *, edit: bool = False, permit: bool = False) -> Tree:
    spec = wanted_status(kind, status) | ({"description": "Git's words"} if edit else {})
    metadata: Tree = {"decision": {"reason": "It is over"}} | ({"permit": {"reset": BEGAN_TEXT}} if permit else {})
    return manifest(kind, "mine", spec, **metadata)


def begin(world: World, kind: str, live: str, document: Tree) -> None:
    world.project()
    world.seed({KINDS[kind].seed_key: [{"id": "mine", "description": "Jo's", **in_status(kind, live)}]})
    world.manifests([document])


def reached(world: World, kind: str) -> str:
    return str(KINDS[kind].view(world.live(kind, "mine"))["status"])


def written(planned: Planned) -> list[str]:
    return [str(call) for step in planned.plan.steps for call in step.calls]


def applied(world: World, planned: Planned) -> None:
    assert {end.reason for end in world.outcomes(planned)} <= {""}


def finding_for(pair: Pair, *, permit: bool, edit: bool) -> str:
    """The code of the finding that says why the status stays; empty where it arrives."""
    if edit and pair == ("Experiment", "archived", "archived"):
        return "LIFECYCLE/archived"
    if pair in ARRIVES or (permit and pair in WITH_PERMISSION):
        return ""
    return "LIFECYCLE/transition" if pair[1:] in REFUSED else "LIFECYCLE/held"


@pytest.mark.parametrize("edit", [False, True], ids=["alone", "with another field"])
@pytest.mark.parametrize(
    ("pair", "permit"),
    [
        pytest.param(pair, permit, id="-".join((*pair, *["permitted"][not permit :])))
        for pair, permit in product(PAIRS, (False, True))
        if pair[0] == "Experiment" or not permit
    ],
)
def test_every_pair(world: World, pair: Pair, *, permit: bool, edit: bool) -> None:
    kind, live, desired = pair
    begin(world, kind, live, wished(kind, desired, edit=edit, permit=permit))
    before, first = world.live(kind, "mine"), world.plan()
    if code := finding_for(pair, permit=permit, edit=edit):
        stays(world, first, pair, code)
    else:
        arrives(world, first, pair)
        assert (world.live(kind, "mine")["description"] == "Git's words") == edit
    returns(world, first, before, lasting=not code and kind == "Experiment" and pair[1:] not in COMES_BACK)


def arrives(world: World, planned: Planned, pair: Pair) -> None:
    """It gets there, the next plan is empty, and what is lost on the way was told."""
    kind, live, desired = pair
    assert not planned.failed, planned.plan.findings
    assert ("LIFECYCLE/reset" in codes(planned)) == (pair in WITH_PERMISSION)
    applied(world, planned)
    again = world.good_plan()
    if (live, desired) == ("archived", "active"):
        assert written(again) == ["PUT /experiments/mine/start"]
        applied(world, again)
        again = world.good_plan()
    assert (again.plan.steps, again.plan.held) == ((), ())
    assert reached(world, kind) == desired


def stays(world: World, planned: Planned, pair: Pair, code: str) -> None:
    """The finding says why, and carrying the rest of the plan out leaves the status alone."""
    (finding,) = planned.plan.findings
    assert (finding.code, bool(finding.cure)) == (code, True)
    assert planned.failed == (code not in {"LIFECYCLE/held", "LIFECYCLE/archived"})
    if not planned.failed:
        applied(world, planned)
        assert world.good_plan().plan.steps == ()
    assert reached(world, pair[0]) == pair[1]


def returns(world: World, planned: Planned, before: Tree, *, lasting: bool) -> None:
    """A rollback leads to where it began, or says that it does not. What it says was foretold by the plan."""
    if planned.failed or not planned.plan.steps:
        return
    kind = planned.plan.steps[0].key.kind
    back = undo(world, planned)
    assert codes(back) == (["ROLLBACK/kept"] if lasting else [])
    assert any(step.back.kept for step in planned.plan.steps) == lasting
    assert (back.plan.steps == ()) == lasting
    assert lasting or fields_differing(before, world.live(kind, "mine")) <= STAMP | LEFT


LEFT = {"decisionReason"}
"""What a draft that came out of the archive and went back into it has lost."""


def undo(world: World, planned: Planned) -> Planned:
    saved = SavedPlan(planned.plan, Target(world.service.url, None, ""), "")
    back = reviewed.rollback(saved, world.console, dict.fromkeys(step.key for step in saved.plan.steps))
    applied(world, back)
    return back


@pytest.mark.parametrize(
    ("kind", "desired"), [(kind, each) for kind, statuses in STATUSES.items() for each in statuses]
)
def test_a_new_object_begins_in_the_status_of_its_manifest_or_not_at_all(world: World, kind: str, desired: str) -> None:
    world.project()
    world.manifests([manifest(kind, "mine", {"status": desired})])
    if kind == "Experiment" and desired not in {"setup", "active"}:
        assert codes(world.plan()) == ["LIFECYCLE/create"]
        return
    world.apply()
    assert reached(world, kind) == desired


@pytest.mark.parametrize("desired", ["setup", "active"])
def test_a_draft_in_the_archive_needs_no_permission_and_goes_back(world: World, desired: str) -> None:
    begin(world, "Experiment", "archived", wished("Experiment", desired, edit=True))
    world.edit("Experiment", "mine", {"startTime": None})
    planned = world.good_plan()
    applied(world, planned)
    assert reached(world, "Experiment") == "setup"
    assert codes(undo(world, planned)) == []
    assert reached(world, "Experiment") == "archived"


# ---- a permission is used once ---------------------------------------------------------------------------------------


def conclude_again(world: World) -> None:
    """What people do with the second run."""
    world.edit("Experiment", "mine", {"status": "abandoned", "decisionReason": "People"})


def test_a_permission_that_is_left_in_the_file_throws_no_second_run_away(world: World) -> None:
    begin(world, "Experiment", "abandoned", wished("Experiment", "active", permit=True))
    world.apply()
    assert world.live("Experiment", "mine")["startTime"] == world.service.clock.ms
    conclude_again(world)
    planned = world.good_plan()
    assert planned.plan.steps == ()
    (finding,) = planned.plan.findings
    assert finding.code == "LIFECYCLE/held"
    assert BEGAN_TEXT in finding.message


def test_a_saved_plan_throws_no_second_run_away(world: World) -> None:
    begin(world, "Experiment", "abandoned", wished("Experiment", "active", permit=True))
    plan = filed(world)
    plan.applied()
    conclude_again(world)
    before = world.dump()
    _, report = plan.run("apply")
    assert reasons(report).keys() == {"Experiment/mine"}
    assert differing(before, world.dump()) == set()


@pytest.mark.parametrize("live", ["setup", "active"])
def test_a_permission_for_a_draft_or_a_running_experiment_does_nothing(world: World, live: str) -> None:
    begin(world, "Experiment", live, wished("Experiment", live, permit=True))
    before = world.dump()
    world.apply()
    assert differing(before, world.dump()) == set()


def test_a_new_run_has_other_fields_than_the_one_before(world: World) -> None:
    document = wished("Experiment", "active", permit=True)
    document["spec"] |= {"idType": "stableID", "allocation": 20}
    begin(world, "Experiment", "decision_made", document)
    planned = world.good_plan()
    (step,) = steps_of(planned).values()
    assert [str(call) for call in step.calls] == [
        "PUT /experiments/mine/reset",
        "PATCH /experiments/mine",
        "PUT /experiments/mine/start",
    ]
    world.apply()
    live = world.live("Experiment", "mine")
    assert (live["status"], live["idType"], live["allocation"]) == ("active", "stableID", 20)


@pytest.mark.parametrize("tag", ["git", "owner:git"])
def test_the_ownership_tag_of_an_experiment_in_the_archive_is_no_drift(world: World, tag: str) -> None:
    world.project(ownership={"tag": tag})
    for status in ("setup", "archived"):
        world.manifests([manifest("Experiment", "mine", {"status": status, "tags": ["checkout"]})])
        world.apply()
    again = world.good_plan()
    assert (again.plan.steps, again.plan.held, again.plan.findings) == ((), (), ())

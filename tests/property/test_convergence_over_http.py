"""Thousands of generated manifests, planned and applied over loopback HTTP, changed, and applied again."""

from __future__ import annotations

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reconciler.console import Console
from reconciler.domain import Severity, Step, Tree, Verb
from reconciler.kinds import KINDS
from reconciler.workflow import Planned
from tests.end_to_end.generating import AROUND, Maker
from tests.end_to_end.saying import unsaid
from tests.end_to_end.world import STAMP, Service, World, differing, fields_differing, letters, place_of, steps_of

BATCH = 120
"""Manifests in one example; with the examples of all tests, thousands."""

LIMITS = settings(
    max_examples=12,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],  # a smaller seed is no simpler example
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
RANDOM = st.randoms(use_true_random=True)

COMES_WITH = {
    "status": {"isEnabled", "startTime", "endTime", "decisionTime", "decisionReason", "launchedGroupID", "layerID"},
    "team": {"teamID"},
    "defaultValue": {"defaultValueJson5"},
    "schema": {"schemaJson5"},
    "controlGroup": {"controlGroupID"},
    "launchedGroup": {"launchedGroupID"},
    "groups": {"controlGroupID"},
}
"""What the service, or the text beside a value, changes together with a field that a plan names."""


class Generated:
    """A world that is full of generated manifests."""

    def __init__(self, service: Service, console: Console, folder: str, random: Random) -> None:
        service.begin()
        self.world = World(service, Path(folder), console)
        self.world.project(ownership={"tag": "git"} if random.random() < 0.5 else None)
        self.world.seed(AROUND)
        self.maker = Maker(random)
        self.documents = self.maker.batch(BATCH)

    def edit(self) -> None:
        self.documents = [self.maker.edit(document) for document in self.documents]

    def settle(self) -> Planned:
        """Plan and apply. Live then says what the manifests say, and a second plan is empty."""
        self.world.manifests(self.documents)
        planned = self.world.plan()
        errors = [finding for finding in planned.plan.findings if finding.severity is Severity.ERROR]
        assert errors == []
        outcomes = self.world.outcomes(planned)
        assert [(str(end.step.key), end.reason) for end in outcomes if end.status != "done"] == []
        again = self.world.good_plan()
        assert [(key, step.fields) for key, step in steps_of(again).items()] == []
        assert again.plan.held == ()
        self.compare(again.live.objects.values())
        return planned

    def compare(self, _: object) -> None:
        live = self.world.dump()
        wrong = {
            f"{document['kind']}/{document['metadata']['id']}": said
            for document in self.documents
            if (said := unsaid(document["kind"], document["spec"], live_of(live, document)))
        }
        assert wrong == {}


def live_of(dump: Tree, document: Tree) -> Tree:
    found: Tree = dump[KINDS[document["kind"]].seed_key][document["metadata"]["id"]]
    return found


@LIMITS
@given(random=RANDOM)
def test_what_manifests_say_comes_about_and_is_not_done_again(
    service: Service, session_console: Console, random: Random
) -> None:
    with TemporaryDirectory() as folder:
        generated = Generated(service, session_console, folder, random)
        generated.settle()
        generated.edit()
        generated.settle()


@LIMITS
@given(random=RANDOM)
def test_applying_a_plan_changes_nothing_that_it_does_not_name(
    service: Service, session_console: Console, random: Random
) -> None:
    with TemporaryDirectory() as folder:
        generated = Generated(service, session_console, folder, random)
        generated.settle()
        generated.edit()
        before = generated.world.dump()
        planned = generated.settle()
        after = generated.world.dump()
    named = {place_of(step.key) for step in planned.plan.steps if step.key.kind in KINDS}
    beside = {place for place in differing(before, after) if place.startswith(("tags/", "layers/statsig::"))}
    assert differing(before, after) - beside <= named
    for step in planned.plan.of(Verb.UPDATE):
        collection, id_ = place_of(step.key).split("/", 1)
        check_update(step, before[collection][id_], after[collection][id_])


def check_update(step: Step, before: Tree, after: Tree) -> None:
    named = {str(change.path[0]) for change in step.fields}
    allowed = named.union(STAMP, *(COMES_WITH.get(name, ()) for name in named))
    assert fields_differing(before, after) <= allowed, step
    touched = {str(change.path[1]) for change in step.fields if len(change.path) > 1}
    for field in ("rules", "groups"):
        left = {item["name"]: item for item in before.get(field, []) if item["name"] not in touched}
        for item in after.get(field, []):
            if item["name"] in left and "groups" not in (change.path[-1] for change in step.fields):
                assert letters(item) == letters(left[item["name"]]), step

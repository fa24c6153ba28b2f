"""Thousands of generated manifests, planned and applied over loopback HTTP, changed, and applied again."""

from __future__ import annotations

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reconciler.console import Console
from reconciler.domain import Action, Step, Tree, Verb
from reconciler.kinds import KINDS
from reconciler.workflow import Planned
from tests.end_to_end.generating import AROUND, Maker
from tests.end_to_end.saying import unsaid
from tests.end_to_end.world import STAMP, Service, World, changes_of, differing, fields_differing, members, place_of

BATCH = 110
"""Manifests in one example. Six examples check more than 1,300 manifests, half of them edited ones."""
OWNED = "git"

LIMITS = settings(
    max_examples=6,
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
    """A world that is full of generated manifests; in every second one, Git marks what it owns."""

    def __init__(self, service: Service, console: Console, folder: str, random: Random) -> None:
        service.begin()
        self.world = World(service, Path(folder), console)
        self.world.project(ownership={"tag": OWNED} if random.random() < 0.5 else None)
        self.world.seed(AROUND)
        self.maker = Maker(random)
        self.documents = self.maker.batch(BATCH)

    def edit(self) -> None:
        self.documents = [self.maker.edit(document) for document in self.documents]

    def settle(self) -> Planned:
        """Plan and apply. Live then says what the manifests say, and a second plan is empty."""
        self.world.manifests(self.documents)
        planned = self.world.good_plan()
        outcomes = self.world.outcomes(planned)
        assert {str(end.step.key): end.reason for end in outcomes if end.status != "done"} == {}
        again = self.world.good_plan()
        assert changes_of(again) == {}
        assert again.plan.held == ()
        assert self.unsaid() == {}
        return planned

    def unsaid(self) -> dict[str, list[str]]:
        """What live does not say although its manifest does."""
        live = self.world.dump()
        found = {}
        for document in self.documents:
            kind, id_ = document["kind"], document["metadata"]["id"]
            object_: Tree = live[KINDS[kind].seed_key][id_]
            tags = [tag for tag in object_.get("tags", []) if tag != OWNED]
            found[f"{kind}/{id_}"] = unsaid(kind, document["spec"], object_ | {"tags": tags})
        return {key: paths for key, paths in found.items() if paths}


@LIMITS
@given(random=RANDOM)
def test_what_manifests_say_comes_about_once_and_nothing_changes_that_the_plan_does_not_name(
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
    for field in ("rules", "groups"):
        check_items(step, before.get(field, []), after.get(field, []))


def check_items(step: Step, before: list[Tree], after: list[Tree]) -> None:
    """Rules and groups that no change names are what they were, to the letter."""
    touched = {str(change.path[1]) for change in step.fields if len(change.path) > 1}
    touched |= {str(change.live) for change in step.fields if change.action is Action.RENAME}
    left = {item["name"]: members(item) for item in before if item["name"] not in touched}
    now = {item["name"]: members(item) for item in after if item["name"] not in touched}
    assert now == left, step

"""Any order of edits in Git, edits in the console, applies and rollbacks, while faults strike at random."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from reconciler.domain import Tree
from tests.end_to_end.world import World, manifest
from tests.faults import laws
from tests.faults.bench import Bench, Ended, States
from tests.faults.scenarios import TAG, Scenario, passes, public
from tests.faults.strikes import BY_HAND, WITHOUT_PEOPLE
from tests.faults.sweep import APPLY, ended
from tests.faults.test_sweep import Record

GATES = ("first", "second", "third")
QUICK = sorted(WITHOUT_PEOPLE.keys() - {"delay"})
"""A delay is nothing where clients wait long enough; the sweep has it."""
EMPTY = Scenario(
    live={"tags": [{"name": TAG}], "gates": [{"id": "of_others", "description": "nobody's business"}]},
    manifests=(),
    edited=("gates", "of_others"),
    created=("gates", {}),
    settings={"ownership": {"tag": TAG}, "safety": {"prune": "delete", "archiveFirst": False}},
)

DESCRIPTIONS = st.sampled_from(["one", "two", "three"])
SPECS = st.fixed_dictionaries(
    {},
    optional={
        "description": DESCRIPTIONS,
        "status": st.sampled_from(["in_progress", "launched", "disabled"]),
        "rules": st.sampled_from([[], [public(10)], [public(50)]]),
        "tags": st.just(["new tag"]),
    },
)
MANIFESTS = st.fixed_dictionaries({"first": SPECS}, optional={"second": SPECS, "third": SPECS})
WHEN = st.sampled_from(["before", "after"])
PEOPLE = st.one_of(
    st.fixed_dictionaries(
        {
            "do": st.just("edit"),
            "id": st.sampled_from(GATES),
            "when": WHEN,
            "changes": st.just({"description": BY_HAND}),
        }
    ),
    st.fixed_dictionaries({"do": st.just("delete"), "id": st.sampled_from(GATES), "when": WHEN}),
    st.fixed_dictionaries(
        {"do": st.just("create"), "object": st.sampled_from([{"id": each} for each in GATES]), "when": WHEN}
    ),
).map(lambda act: act | {"collection": "gates", "by": "Jo"})
STRIKES = st.sampled_from([WITHOUT_PEOPLE[kind] for kind in QUICK]) | PEOPLE
FAULTS = st.lists(
    st.builds(
        lambda fault, nth, times: fault | {"nth": nth, "times": times}, STRIKES, st.integers(1, 16), st.integers(1, 3)
    ),
    max_size=3,
)


class Machine(RuleBasedStateMachine):
    """A project, Git, people and faults."""

    def __init__(self, bench: Bench, ends: Counter[str]) -> None:
        super().__init__()
        self.bench, self.ends = bench, ends
        self.specs: dict[str, Tree] = {}
        bench.begin(EMPTY)
        self.world = World(bench.service, bench.folder, bench.nobody)

    @initialize(specs=MANIFESTS)
    def begin(self, specs: dict[str, Tree]) -> None:
        self.in_git(specs)

    @rule(specs=MANIFESTS)
    def in_git(self, specs: dict[str, Tree]) -> None:
        self.specs = specs
        documents = [manifest("Gate", id_, spec) for id_, spec in specs.items()]
        if {"second", "first"} <= specs.keys() and "rules" not in specs["second"]:
            documents[list(specs).index("second")]["spec"] = specs["second"] | {"rules": [passes("first")]}
        self.world.manifests(documents)

    @rule(description=DESCRIPTIONS, id_=st.sampled_from([*GATES, "of_others"]))
    def in_the_console(self, description: str, id_: str) -> None:
        if f"gates/{id_}" in self.bench.states():
            self.world.edit("Gate", id_, {"description": description})

    @rule(faults=FAULTS)
    def apply(self, faults: list[Tree]) -> None:
        run = self.struck(faults, *APPLY)
        hold(laws.report(run))

    @rule(before=FAULTS, meanwhile=FAULTS)
    def apply_and_roll_back(self, before: list[Tree], meanwhile: list[Tree]) -> None:
        file = self.bench.folder / "plan.json"
        self.bench.calm()
        if self.bench.run("plan", "--out", str(file)).code != 2:
            return
        applied = self.struck(before, "apply", str(file), "--yes", "--format", "json")
        hold(laws.report(applied))
        back = self.struck(meanwhile, "rollback", str(file), "--yes", "--format", "json")
        hold(laws.truth(back, whole=True))

    def teardown(self) -> None:
        """In the end nothing strikes any more: one apply, and nothing is left to do."""
        self.bench.calm()
        run = self.bench.run(*APPLY)
        assert run.code == 0, run.out
        assert self.bench.run("plan").code == 0
        gates = {item["id"]: item for item in self.bench.service.store.dump()["gates"]}
        described = {id_: gates[id_]["description"] for id_, spec in self.specs.items() if "description" in spec}
        assert described == {id_: spec["description"] for id_, spec in self.specs.items() if "description" in spec}

    def struck(self, faults: list[Tree], *arguments: str) -> Ended:
        """A command that is struck. It tells no secret, and changes nothing of which it does not speak."""
        self.bench.calm()
        self.bench.faults.add(*faults)
        run = self.bench.run(*arguments)
        self.ends[ended(run)] += 1
        hold(laws.said(run))
        named = {laws.place_of(end["step"]) for end in run.report["outcomes"]}
        acted = {f"gates/{fault.get('id') or fault['object']['id']}" for fault in faults if "collection" in fault}
        assert differing(run.before, run.after) <= named | acted
        return run


def hold(flaws: Iterator[str]) -> None:
    assert list(flaws) == []


def differing(before: States, after: States) -> set[str]:
    return {place for place in before.keys() | after.keys() if before.get(place) != after.get(place)}


def test_any_order_of_edits_applies_and_rollbacks(table: Bench, record_property: Record, *, whole: bool) -> None:
    ends: Counter[str] = Counter()
    limits = settings(
        max_examples=400 if whole else 10,
        stateful_step_count=6,
        deadline=None,
        database=None,
        derandomize=True,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    try:
        run_state_machine_as_test(partial(Machine, table, ends), settings=limits)  # type: ignore[arg-type]
    finally:
        record_property("scenario", "any order")
        record_property("fault", "random")
        for end, runs in ends.items():
            record_property(f"runs {end}", runs)

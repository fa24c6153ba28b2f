"""Every request of the client, and every answer to it, held against the vendor's OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from reconciler import workflow
from reconciler.console import ApiKey, Console, ConsoleError, Turns
from reconciler.domain import Tree
from reconciler.domain.moments import iso
from reconciler.kinds import KINDS
from reconciler.manifests import from_wire
from tests.end_to_end.contract import Contract, Watched
from tests.end_to_end.generating import AROUND, Maker
from tests.end_to_end.test_real_project import EDITS, LIVE, taken_over
from tests.end_to_end.world import KEY, START, Service, World, manifest
from tests.shared_files import OPENAPI, REAL_PROJECT, needs

pytestmark = needs(OPENAPI)

EPS = "EntityPropertySource"


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract()


@pytest.fixture
def watched(contract: Contract) -> Iterator[Watched]:
    with Watched(contract) as transport:
        yield transport


@pytest.fixture
def watched_world(service: Service, watched: Watched, tmp_path: Path) -> Iterator[World]:
    with Console(service.url, ApiKey(KEY), turns=Turns(()), transport=watched) as console:
        world = World(service, tmp_path, console)
        world.project()
        yield world


def judged(watched: Watched, least: int) -> None:
    """Nothing is wrong with any exchange, and there were enough of them to say so."""
    assert watched.flaws == []
    assert watched.seen.total() == watched.statuses.total() >= least


def test_the_judge_objects(watched_world: World, watched: Watched) -> None:
    """What follows proves nothing if the judge lets everything pass."""
    console = watched_world.console
    for call in (
        ("POST", "/gates", {"id": "x"}, None),
        ("POST", "/gates", {"id": "good_one", "isEnabled": "yes"}, None),
        ("POST", "/gates", {"id": "good_two", "version": 3}, None),
        ("PUT", "/gates/good_three/launch", {"why": "because"}, None),
        ("GET", "/gates", None, {"pages": 1}),
        ("GET", "/gates", None, {"limit": "many"}),
        ("GET", "/gate", None, None),
        ("POST", "/tags", {"name": "no description"}, None),
    ):
        watched.flaws.clear()
        with suppress(ConsoleError):  # refused or not, it is the judge who is asked
            console.request(*call)
        assert watched.flaws, call


def test_the_whole_run_of_the_example_keeps_the_contract(watched_world: World, watched: Watched) -> None:
    watched_world.example()
    watched_world.apply()
    assert all(item.holds for item in watched_world.verify())
    assert not watched_world.drift().found
    assert len(workflow.plan(watched_world.load(), watched_world.console, server_validate=True).plan.unchanged) == 57
    judged(watched, 80)
    assert {
        "POST /tags", "POST /gates", "PATCH /gates/{id}", "PUT /gates/{id}/enable", "PUT /gates/{id}/launch",
        "PUT /gates/{id}/archive", "POST /dynamic_configs", "PATCH /dynamic_configs/{id}", "POST /experiments",
        "PATCH /experiments/{id}", "PUT /experiments/{id}/start", "PUT /experiments/{id}/make_decision",
        "POST /experiments/entity_property/{name}", "PATCH /experiments/entity_property/{name}", "GET /project",
        "GET /environments", "GET /unit_id_types", "GET /target_app", "GET /segments", "GET /layers", "GET /tags",
    } <= watched.seen.keys()  # fmt: skip


@needs(REAL_PROJECT)
def test_the_run_of_the_real_project_keeps_the_contract(watched_world: World, watched: Watched) -> None:
    for edit in EDITS.values():
        watched_world.service.begin()
        watched_world.seed(LIVE)
        documents = taken_over(watched_world)
        edit.change(documents[edit.id_]["spec"])
        documents[edit.id_]["metadata"].update(edit.metadata)
        watched_world.manifests(documents.values())
        watched_world.apply()
    judged(watched, 200)


def walks(statuses: tuple[str, ...]) -> list[str]:
    """A way through the statuses on which each comes after each other one."""
    return [status for one in statuses for other in statuses if one != other for status in (one, other)]


def test_every_transition_of_gates_and_configs_keeps_the_contract(watched_world: World, watched: Watched) -> None:
    gates = walks(("in_progress", "launched", "disabled", "archived"))
    configs = walks(("enabled", "disabled", "archived"))
    for number, gate in enumerate(gates):
        config = configs[number % len(configs)]
        changed = {"description": f"step {number}"}
        documents = [manifest("Gate", "walking", {"status": gate} | changed)]
        documents += [manifest("DynamicConfig", "walking", {"status": config} | changed)]
        documents += [
            manifest(kind, f"new_{number}", {"status": status}, decision={"reason": "old"})
            for kind, status in (("Gate", gate), ("DynamicConfig", config))
        ]
        watched_world.manifests(documents)
        watched_world.apply()
    judged(watched, 400)
    actions = {name.rsplit("/", 1)[1] for name in watched.seen if name.startswith("PUT /gates/")}
    assert actions == {"enable", "disable", "launch", "archive", "unarchive"}
    assert {"PUT /dynamic_configs/{id}/unarchive", "PUT /dynamic_configs/{id}/archive"} <= watched.seen.keys()


GROUPS: list[Tree] = [{"name": name, "size": 50, "parameterValues": {"on": name == "B"}} for name in ("A", "B")]
LIVES = (
    ("setup", "active", "decision_made", "archived", "setup"),
    ("setup", "active", "abandoned", "archived"),
    ("active", "decision_made"),
    ("setup", "archived", "setup", "active"),
    ("active", "abandoned", "setup", "active", "decision_made"),
)


def leave(world: World) -> Tree:
    """The permission to give up the run that is live."""
    began = world.dump()["experiments"].get("layout", {}).get("startTime")
    return {"permit": {"reset": iso(began)}} if began else {}


@pytest.mark.parametrize("way", LIVES)
def test_every_way_of_an_experiment_keeps_the_contract(
    watched_world: World, watched: Watched, way: tuple[str, ...]
) -> None:
    decision = {"reason": "because", "removeTargeting": False}
    for status in way:
        spec = {"groups": GROUPS, "controlGroup": "B", "status": status}
        spec |= {"launchedGroup": "B"} if status == "decision_made" else {}
        watched_world.manifests([manifest("Experiment", "layout", spec, decision=decision, **leave(watched_world))])
        watched_world.apply()
        assert watched_world.live("Experiment", "layout")["status"] == status
    judged(watched, 12 * len(way))
    calls = {
        ("setup", "active"): "PUT /experiments/{id}/start",
        ("active", "decision_made"): "PUT /experiments/{id}/make_decision",
        ("active", "abandoned"): "PUT /experiments/{id}/abandon",
        ("archived", "setup"): "PUT /experiments/{id}/unarchive",
        ("abandoned", "setup"): "PUT /experiments/{id}/reset",
    }
    assert {calls[pair] for pair in pairwise(way) if pair in calls} <= watched.seen.keys()


def test_removing_objects_of_every_kind_keeps_the_contract(watched_world: World, watched: Watched) -> None:
    watched_world.project(ownership={"tag": "git"}, safety={"prune": "delete", "archiveFirst": False})
    source = {"sql": "SELECT a", "idTypeMapping": [{"statsigUnitID": "userID", "column": "a"}]}
    kept = manifest("Gate", "kept", {})
    leaving = [manifest(kind, f"leaving_{kind}", {}) for kind in KINDS if kind != "EntityPropertySource"]
    leaving.append(manifest("EntityPropertySource", "people / all", source))
    watched_world.manifests([kept, *leaving])
    watched_world.apply()
    watched_world.manifests([kept])
    watched_world.apply()
    judged(watched, 40)
    deleted = {name for name in watched.seen if name.startswith("DELETE ")}
    assert deleted == {f"DELETE {kind.item_root}/{{{kind.identity}}}" for kind in KINDS.values()}


@pytest.mark.parametrize("seed", range(3))
def test_generated_manifests_keep_the_contract(watched_world: World, watched: Watched, seed: int) -> None:
    watched_world.seed(AROUND)
    maker = Maker(Random(seed))  # noqa: S311 - examples, no secrets
    documents = maker.batch(80)
    for _ in range(2):
        watched_world.manifests(documents)
        watched_world.outcomes(watched_world.good_plan())
        documents = [maker.edit(document) for document in documents]
    judged(watched, 150)


def test_what_drift_asks_about_the_past_keeps_the_contract(watched_world: World, watched: Watched) -> None:
    source = {"sql": "SELECT a", "idTypeMapping": [{"statsigUnitID": "userID", "column": "a"}]}
    watched_world.manifests(
        manifest(kind.name, f"of_{kind.name}", {"description": "", **(source if kind.name == EPS else {})})
        for kind in KINDS.values()
    )
    watched_world.apply()
    for kind in KINDS.values():
        watched_world.edit(kind.name, f"of_{kind.name}", {"description": "by hand"})
    watched_world.service.store.console_resalt("gates", "of_Gate", by="Jo", email="jo@example.com")
    found = workflow.drift(watched_world.load(), watched_world.console, None, START)
    assert (len(found.changed), len(found.salts)) == (len(KINDS), 1)
    judged(watched, 20)
    assert {"GET /gates/{id}/versions", "GET /dynamic_configs/{id}/versions", "GET /audit_logs"} <= watched.seen.keys()


def test_a_refused_request_is_still_one_that_the_contract_allows(watched_world: World, watched: Watched) -> None:
    watched_world.manifests([manifest("Experiment", "limits", {})])
    planned = watched_world.good_plan()
    watched_world.seed({"dynamic_configs": [{"id": "limits"}]})
    watched_world.outcomes(planned)
    assert watched.statuses[400] == 1
    judged(watched, 8)


def test_every_object_of_the_example_can_be_sent_as_it_was_taken_over(watched_world: World, watched: Watched) -> None:
    """Manifests that were made from live objects create the same objects in an empty project."""
    watched_world.example()
    live = watched_world.dump()
    taken = [
        from_wire(kind, tree)
        for kind in KINDS.values()
        for tree in live[kind.seed_key].values()
        if tree.get("status") not in {"decision_made", "abandoned", "archived"} and not tree.get("isTemplate")
    ]
    for document in taken:
        for rule in document["spec"].get("rules", []):
            rule.pop("completedAutomatedRollouts", None)
    watched_world.project()
    watched_world.seed({kind.seed_key: [] for kind in KINDS.values()})
    watched_world.manifests(taken)
    watched_world.apply()
    judged(watched, 70)

"""Drift with a name: who made live differ, as far as versions, the audit log and the last modifier tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from reconciler import workflow
from reconciler.console import ApiKey, Console, Patience, Turns
from reconciler.domain import Drift, Ending, Key, ResourceKey, Sort, Source, Trace, Tree
from reconciler.emulator import create_app, running
from reconciler.emulator.request import Actor
from tests.end_to_end.world import KEY, START, Service, World, manifest

HOUR = 3_600_000
RULE: Tree = {"name": "Ramp", "passPercentage": 10, "conditions": [{"type": "public"}]}
GROUPS: list[Tree] = [
    {"name": name, "size": 50, "parameterValues": {"on": name == "Test"}} for name in ("Control", "Test")
]
GATE, CONFIG = ResourceKey("Gate", "checkout"), ResourceKey("DynamicConfig", "limits")
LAYOUT, PEOPLE = ResourceKey("Experiment", "layout"), ResourceKey("EntityPropertySource", "people")


@dataclass
class Line(httpx.HTTPTransport):
    """The connection to the emulator: notes every request, and refuses what it is told to."""

    asked: list[str] = field(default_factory=list)
    refused: tuple[str, ...] = ()
    odd: tuple[str, bytes] | None = None

    def __post_init__(self) -> None:
        super().__init__()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/console/v1")
        if path.endswith(("/versions", "/audit_logs")):
            self.asked.append(path)
        if path.endswith(self.refused):
            return httpx.Response(403, json={"status": 403, "message": "Insufficient permissions."})
        if self.odd and path.endswith(self.odd[0]):
            return httpx.Response(200, content=self.odd[1])
        return super().handle_request(request)


@pytest.fixture
def transport() -> Line:
    return Line()


@pytest.fixture
def settled(service: Service, transport: Line, tmp_path: Path) -> Iterator[World]:
    """A gate, a config, a running experiment and a source, as their manifests say, since an hour."""
    source = {"sql": "SELECT id FROM t", "idTypeMapping": [{"statsigUnitID": "userID", "column": "id"}]}
    with Console(service.url, ApiKey(KEY), turns=Turns(()), patience=Patience(1), transport=transport) as console:
        world = World(service, tmp_path, console)
        world.project()
        gate = {"status": "in_progress", "description": "", "rules": [RULE], "tags": []}
        world.manifests(
            [
                manifest("Gate", "checkout", gate),
                manifest("DynamicConfig", "limits", {"status": "enabled", "defaultValue": {"most": 3}}),
                manifest("Experiment", "layout", {"status": "active", "description": "", "groups": GROUPS}),
                manifest("EntityPropertySource", "people", source),
            ]
        )
        world.apply()
        service.clock.ms += HOUR
        transport.asked.clear()
        yield world


def set_share(world: World, percentage: float, by: str) -> None:
    rule = world.live("Gate", "checkout")["rules"][0]
    world.edit("Gate", "checkout", {"rules": [rule | {"passPercentage": percentage}]}, by=by)


def trace(drift: Drift, key: ResourceKey) -> Trace:
    """The one trace of the object's one difference."""
    (found,) = drift.traces[key]
    return found


def names(found: Trace) -> list[str]:
    return [str(writer) for writer in found.writers]


def test_nobody_is_asked_about_objects_that_did_not_drift(settled: World, transport: Line) -> None:
    assert not settled.drift().found
    assert transport.asked == []


def test_one_question_for_each_object_that_drifted(settled: World, transport: Line) -> None:
    settled.edit("Gate", "checkout", {"description": "by hand", "status": "Disabled", "isEnabled": False})
    settled.edit("Experiment", "layout", {"description": "by hand"})
    assert len(settled.drift().changed) == 2
    assert transport.asked == ["/audit_logs", "/gates/checkout/versions"]


def test_each_field_has_the_person_who_changed_it(settled: World) -> None:
    set_share(settled, 60, by="Anna")
    settled.service.clock.ms += HOUR
    settled.edit("Gate", "checkout", {"description": "by hand"}, by="Jo")
    drift = settled.drift()
    (step,) = drift.changed
    told = {str(change.path[0]): found for change, found in zip(step.fields, drift.traces[GATE], strict=True)}
    assert names(told["rules"]) == ["anna@example.com"]
    assert (told["rules"].at, told["rules"].version, told["rules"].source) == (START + HOUR, 2, Source.VERSIONS)
    assert (names(told["description"]), told["description"].at) == (["jo@example.com"], START + 2 * HOUR)
    assert all(found.certain and found.writers[0].key is Key.PERSON for found in told.values())


def test_of_several_who_changed_a_field_it_is_the_last(settled: World) -> None:
    for percentage, by in ((60, "Anna"), (10, "Jo"), (40, "Kim")):
        set_share(settled, percentage, by)
    settled.edit("Gate", "checkout", {"team": "of no interest"}, by="Lee")
    assert names(trace(settled.drift(), GATE)) == ["kim@example.com"]


def test_the_order_in_which_tags_are_listed_is_no_change(settled: World) -> None:
    settled.seed({"tags": [{"name": "a"}, {"name": "b"}]})
    settled.edit("Gate", "checkout", {"tags": ["a", "b"]}, by="Anna")
    settled.edit("Gate", "checkout", {"tags": ["b", "a"]}, by="Jo")
    assert names(trace(settled.drift(), GATE)) == ["anna@example.com"]


def test_a_live_value_that_git_moved_away_from_is_that_of_the_first_version(settled: World) -> None:
    settled.manifests([manifest("Gate", "checkout", {"description": "new in Git"})])
    found = trace(settled.drift(), GATE)
    assert (names(found), found.version, found.certain) == (["CONSOLE API"], 1, True)
    assert found.writers[0].key is Key.PROJECT


def test_another_project_key_is_told_by_its_user_and_a_personal_key_by_its_owner(settled: World) -> None:
    ours = settled.live("Gate", "checkout")["lastModifierID"]
    people = {"console-jo": Actor("u-jo", "Jo", "jo@example.com")}
    service = settled.service
    with running(create_app(service.store, personal_keys=people, clock=service.clock)) as url:
        for key, path, body in (
            ("console-other", "/gates/checkout", {"description": "by a script"}),
            ("console-jo", "/dynamic_configs/limits", {"defaultValue": {"most": 4}}),
        ):
            httpx.patch(f"{url}{path}", json=body, headers={"STATSIG-API-KEY": key}).raise_for_status()
    drift = settled.drift()
    (script,), (jo,) = trace(drift, GATE).writers, trace(drift, CONFIG).writers
    assert (script.key, script.name, script.email) == (Key.PROJECT, "CONSOLE API", "")
    assert script.id not in {"", ours}
    assert (jo.key, str(jo), jo.id) == (Key.PERSON, "jo@example.com", "u-jo")


def test_an_experiment_that_was_concluded_is_told_by_the_audit_log(settled: World) -> None:
    settled.edit("Experiment", "layout", {"status": "abandoned", "decisionReason": "broke"}, by="Anna")
    settled.service.clock.ms += HOUR
    settled.edit("Experiment", "layout", {"hypothesis": "of no interest"}, by="Jo")
    drift = settled.drift()
    found = trace(drift, LAYOUT)
    assert (names(found), found.at, found.source) == (["anna@example.com"], START + HOUR, Source.LOG)
    assert found.certain
    assert drift.sorts == {LAYOUT: Sort.LIFE}


def test_an_action_that_can_be_about_any_field_is_told_with_that_doubt(settled: World) -> None:
    groups = settled.live("Experiment", "layout")["groups"]
    settled.edit("Experiment", "layout", {"groups": [{**groups[0], "size": 40}, {**groups[1], "size": 60}]}, by="Anna")
    for found in settled.drift().traces[LAYOUT]:
        assert (names(found), found.certain) == (["anna@example.com"], False)
        assert found.note == "experiment_edit can be about this field or another"


def test_two_in_the_same_second_are_both_named(settled: World) -> None:
    for by in ("Anna", "Jo"):
        settled.edit("Experiment", "layout", {"description": by}, by=by)
    found = trace(settled.drift(), LAYOUT)
    assert sorted(names(found)) == ["anna@example.com", "jo@example.com"]
    assert (found.certain, found.note) == (False, "one of them, in the same second")


def test_a_source_is_told_by_the_audit_log_alone(settled: World) -> None:
    settled.edit("EntityPropertySource", "people", {"sql": "SELECT id FROM u"}, by="Anna")
    found = trace(settled.drift(), PEOPLE)
    assert (names(found), found.source) == (["anna@example.com"], Source.LOG)


def test_who_deleted_an_object_is_told(settled: World, transport: Line) -> None:
    store = settled.service.store
    store.console_delete("gates", "checkout", by="Anna", email="anna@example.com")
    drift = settled.drift()
    assert [str(step.key) for step in drift.gone] == ["Gate/checkout"]
    found = trace(drift, GATE)
    assert (names(found), found.at, found.certain) == (["anna@example.com"], START + HOUR, True)
    assert transport.asked == ["/audit_logs"]


def test_a_deletion_that_may_have_been_that_of_a_namesake_is_told_with_that_doubt(settled: World) -> None:
    store = settled.service.store
    store.console_create("dynamic_configs", {"id": "checkout"}, by="Jo")
    store.console_delete("gates", "checkout", by="Anna", email="anna@example.com")
    found = trace(settled.drift(), GATE)
    assert (names(found), found.certain) == (["anna@example.com"], False)
    assert found.note == "it may have been done to DynamicConfig/checkout, which is called the same"


def test_an_object_that_was_never_made_was_deleted_by_nobody(settled: World) -> None:
    settled.manifests([manifest("Gate", "not_applied_yet", {"description": "new"})])
    found = trace(settled.drift(), ResourceKey("Gate", "not_applied_yet"))
    assert (found.writers, found.source) == ((), Source.NOTHING)
    assert found.note == "the audit log has no entry that it was deleted; perhaps it was never made"


def test_without_versions_the_audit_log_tells(settled: World, transport: Line) -> None:
    transport.refused = ("/versions",)
    settled.edit("Gate", "checkout", {"description": "by hand"}, by="Anna")
    found = trace(settled.drift(), GATE)
    assert (names(found), found.source, found.certain) == (["anna@example.com"], Source.LOG, True)


def test_a_namesake_among_configs_makes_a_gate_uncertain_where_the_log_does_not_tell_them_apart(
    settled: World, transport: Line
) -> None:
    transport.refused = ("/versions",)
    settled.service.store.console_create("dynamic_configs", {"id": "checkout"}, by="Jo")
    settled.edit("Gate", "checkout", {"description": "by hand"}, by="Anna")
    found = trace(settled.drift(), GATE)
    assert not found.certain
    assert found.note == "it may have been done to DynamicConfig/checkout, which is called the same"


def test_where_both_are_refused_the_last_modifier_is_told_with_the_reason(settled: World, transport: Line) -> None:
    transport.refused = ("/versions", "/audit_logs")
    settled.edit("Gate", "checkout", {"description": "by hand"}, by="Anna")
    settled.edit("DynamicConfig", "limits", {"defaultValue": {"most": 4}}, by="Jo")
    settled.edit("EntityPropertySource", "people", {"description": "x", "sql": "SELECT id FROM u"}, by="Kim")
    drift = settled.drift()
    assert drift.found
    found = trace(drift, GATE)
    assert (names(found), found.source, found.certain) == (["anna@example.com"], Source.STAMP, False)
    refusal = "could not be read: the service answered 403: Insufficient permissions."
    assert found.note == (
        f"who changed the object last, in whatever field: its versions {refusal}; the audit log {refusal}"
    )
    nobody = trace(drift, PEOPLE)
    assert nobody.writers == ()
    assert nobody.note == f"the audit log {refusal}"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b'{"data": 7}',
        b'{"data": []}',
        b'{"data": [7, null]}',
        b'{"data": [{"version": 1e999, "lastModifiedTime": 1e999}]}',
        b'{"data": [{"version": 2, "rules": "none"}]}',
        b'{"data": [{"version": 2, "rules": [{"conditions": 3}]}, {"version": 1}]}',
        b'{"data": [{"version": "2", "description": ["by hand"]}]}',
    ],
)
@pytest.mark.parametrize("path", ["/versions", "/audit_logs"])
def test_an_answer_of_unknown_form_costs_the_name_and_never_the_drift(
    settled: World, transport: Line, path: str, answer: bytes
) -> None:
    settled.edit("Gate", "checkout", {"description": "by hand"}, by="Anna")
    settled.edit("Experiment", "layout", {"description": "by hand"}, by="Jo")
    transport.odd = (path, answer)
    drift = look(settled, START)
    assert {step.key for step in drift.changed} == {GATE, LAYOUT}
    assert names(trace(drift, GATE)) == ["anna@example.com"]
    assert trace(drift, LAYOUT).source is (Source.STAMP if path == "/audit_logs" else Source.LOG)


def test_what_was_refused_once_is_not_asked_again(settled: World, transport: Line) -> None:
    transport.refused = ("/versions", "/audit_logs")
    settled.edit("Gate", "checkout", {"description": "by hand"})
    settled.edit("DynamicConfig", "limits", {"defaultValue": {"most": 4}})
    settled.edit("Experiment", "layout", {"description": "by hand"})
    assert len(settled.drift().changed) == 3
    assert transport.asked == ["/dynamic_configs/limits/versions", "/audit_logs"]


def test_a_step_that_a_schedule_took_is_not_blamed_on_anybody(settled: World) -> None:
    at = settled.service.clock.ms + HOUR
    rule = settled.live("Gate", "checkout")["rules"][0]
    pending = [{"time": at, "passPercent": 50}]
    settled.edit("Gate", "checkout", {"rules": [rule | {"pendingAutomatedRollouts": pending}]}, by="Anna")
    settled.manifests([manifest("Gate", "checkout", {"rules": [RULE | {"pendingAutomatedRollouts": []}]})])
    settled.service.clock.ms = at
    drift = settled.drift()
    (step,) = drift.changed
    assert [str(change.path[-1]) for change in step.fields] == ["passPercentage"]
    found = trace(drift, GATE)
    assert not found.certain
    assert found.note == "a step of the schedule was taken then; who set the schedule is another question"


# ---- what drift is about ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "sort"),
    [
        ({"status": "Disabled", "isEnabled": False}, Sort.OFF),
        ({"status": "Archived", "isEnabled": False, "description": "by hand"}, Sort.OFF),
        ({"status": "Launched", "isEnabled": False}, Sort.OTHER),
        ({"rules": [RULE | {"passPercentage": 60}]}, Sort.ROLLOUT),
        ({"rules": [RULE | {"passPercentage": 60}], "description": "by hand"}, Sort.ROLLOUT),
        ({"rules": [RULE | {"conditions": []}]}, Sort.OTHER),
        ({"rules": [], "description": "by hand"}, Sort.OTHER),
        ({"description": "by hand", "tags": ["x"]}, Sort.COSMETIC),
    ],
)
def test_drift_of_a_gate_is_of_the_sort_of_its_most_urgent_field(settled: World, changes: Tree, sort: Sort) -> None:
    rule = settled.live("Gate", "checkout")["rules"][0]
    if "rules" in changes:
        changes = changes | {"rules": [rule | each for each in changes["rules"]]}
    settled.edit("Gate", "checkout", changes)
    assert settled.drift().sorts == {GATE: sort}


def test_of_an_experiment_that_was_decided_it_is_told_for_which_group_and_why(settled: World) -> None:
    group = settled.live("Experiment", "layout")["groups"][1]
    decided = {"status": "decision_made", "launchedGroupID": group["id"], "decisionReason": "Test won"}
    settled.edit("Experiment", "layout", decided, by="Anna")
    assert settled.drift().endings == {LAYOUT: Ending("Test", "Test won")}
    settled.edit("Experiment", "layout", {"status": "archived"}, by="Anna")
    assert settled.drift().endings == {LAYOUT: Ending("Test", "Test won")}


def test_of_an_experiment_that_goes_on_no_ending_is_told(settled: World) -> None:
    settled.edit("Experiment", "layout", {"description": "by hand"})
    assert settled.drift().endings == {}
    settled.edit("Experiment", "layout", {"status": "setup", "decisionReason": "of a run before"})
    drift = settled.drift()
    assert (drift.sorts, drift.endings) == ({LAYOUT: Sort.LIFE}, {})


# ---- salts -----------------------------------------------------------------------------------------------------------


def look(world: World, since: int) -> Drift:
    return workflow.drift(world.load(), world.console, None, since)


def test_units_that_were_spread_anew_are_found_with_one_list(settled: World, transport: Line) -> None:
    store = settled.service.store
    store.console_resalt("gates", "checkout", by="Anna", email="anna@example.com")
    settled.service.clock.ms += HOUR
    store.console_resalt("experiments", "layout", by="Jo", email="jo@example.com")
    drift = look(settled, START)
    assert drift.found
    assert (drift.changed, drift.gone) == ((), ())
    assert [(salt.keys, salt.entry.action, str(salt.entry.writer), salt.entry.at) for salt in drift.salts] == [
        ((LAYOUT,), "resalt_experiment", "jo@example.com", START + 2 * HOUR),
        ((GATE,), "config_resalt", "anna@example.com", START + HOUR),
    ]
    assert transport.asked == ["/audit_logs"]


def test_salts_before_the_moment_and_of_objects_without_a_manifest_are_none_of_ours(settled: World) -> None:
    store = settled.service.store
    store.console_resalt("gates", "checkout", by="Anna")
    store.console_create("gates", {"id": "by_hand"}, by="Jo")
    settled.service.clock.ms += HOUR
    store.console_resalt("gates", "by_hand", by="Jo")
    assert look(settled, START + 2 * HOUR).salts == ()
    assert not look(settled, START + 2 * HOUR).found


def test_a_salt_that_can_be_that_of_a_gate_or_of_a_config_names_both(settled: World) -> None:
    store = settled.service.store
    store.console_create("dynamic_configs", {"id": "checkout"}, by="Jo")
    store.console_resalt("gates", "checkout", by="Anna")
    (salt,) = look(settled, START).salts
    assert salt.keys == (ResourceKey("DynamicConfig", "checkout"), GATE)


def test_objects_that_were_spread_anew_are_counted_once_and_are_not_equal(settled: World) -> None:
    store = settled.service.store
    store.console_resalt("gates", "checkout", by="Anna")
    store.console_resalt("gates", "checkout", by="Jo")
    store.console_resalt("experiments", "layout", by="Jo")
    drift = look(settled, START)
    assert (len(drift.salts), drift.spread, drift.objects, drift.same) == (3, 2, 2, 2)
    settled.edit("Gate", "checkout", {"description": "by hand"}, by="Anna")
    drift = look(settled, START)
    assert (len(drift.changed), drift.spread, drift.objects, drift.same) == (1, 2, 2, 2)


def test_a_salt_that_can_be_that_of_two_objects_is_that_of_one(settled: World) -> None:
    config = manifest("DynamicConfig", "checkout", {"description": ""})
    gate = manifest("Gate", "checkout", {"description": ""})
    settled.manifests([gate, config])
    settled.apply()
    settled.service.store.console_resalt("gates", "checkout", by="Anna")
    drift = look(settled, START)
    assert [len(salt.keys) for salt in drift.salts] == [2]
    assert (drift.spread, drift.objects, drift.same) == (1, 1, 1)


def test_a_log_of_many_pages_is_read_to_its_end_and_not_for_ever(settled: World, transport: Line) -> None:
    for _ in range(250):
        settled.service.store.console_resalt("gates", "checkout", by="Anna")
    assert len(look(settled, START).salts) == 250
    assert len(transport.asked) == 3
    for _ in range(800):
        settled.service.store.console_resalt("gates", "checkout", by="Anna")
    drift = look(settled, START)
    assert len(drift.salts) == 1000
    (finding,) = drift.findings
    assert (finding.code, finding.severity) == ("DRIFT/salts", "warning")
    assert "more than 1000 entries" in finding.message


def test_a_log_that_is_refused_does_not_fail_drift(settled: World, transport: Line) -> None:
    transport.refused = ("/audit_logs",)
    drift = look(settled, START)
    assert not drift.found
    (finding,) = drift.findings
    assert (finding.code, finding.severity) == ("DRIFT/salts", "warning")
    assert "the service answered 403: Insufficient permissions." in finding.message


# ---- digest ----------------------------------------------------------------------------------------------------------


def test_the_digest_changes_just_when_something_else_differs(settled: World) -> None:
    def digest() -> str | None:
        return look(settled, START).digest

    assert digest() is None
    settled.edit("Gate", "checkout", {"tags": ["a", "b"]}, by="Anna")
    first = digest()
    settled.service.clock.ms += HOUR
    settled.edit("Gate", "checkout", {"tags": ["b", "a"], "team": "of no interest"}, by="Jo")
    assert digest() == first
    set_share(settled, 60, by="Anna")
    second = digest()
    settled.service.store.console_resalt("gates", "checkout", by="Anna")
    assert len({first, second, digest(), None}) == 4

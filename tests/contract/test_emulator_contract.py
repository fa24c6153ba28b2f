"""The emulator against the OpenAPI document: the same operations, and bodies that an independent validator accepts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import httpx
import pytest
from jsonschema.protocols import Validator
from referencing import Registry
from referencing.jsonschema import DRAFT4

from reconciler.emulator import Store, create_app, running
from reconciler.emulator.bodies import (
    Abandon,
    Archive,
    ConfigCreate,
    ConfigRulePart,
    ConfigUpdate,
    Decide,
    ExperimentArchive,
    ExperimentCreate,
    ExperimentOverrides,
    ExperimentUpdate,
    GateCreate,
    GateUpdate,
    GroupNames,
    ResolveAlert,
    RestartAsNew,
    ReviewsBody,
    Rule,
    RulePart,
    Rules,
    RulesPart,
    ScheduleStart,
    SourceBody,
    Start,
    TagBody,
    Unarchive,
    read,
)
from reconciler.emulator.bodies.base import Body
from reconciler.emulator.errors import ApiError
from reconciler.emulator.operations import OPERATIONS
from tests import openapi
from tests.end_to_end.world import EXAMPLE
from tests.openapi import FORMATS, READ, WRITE
from tests.shared_files import OPENAPI, needs

Json = Any
Tree = dict[str, Json]

pytestmark = needs(OPENAPI)

PREFIX = "/console/v1"
NOT_EMULATED = re.compile(r"pulse|assignment_source|qualifying_events")
READ_ONLY = re.compile(
    r"/(audit_logs|project|company|environments|param_stores|release_pipelines|(segments|layers|holdouts|unit_id_types|target_app)(/\{\})?)"
)


# ---- the document ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Contract:
    """The document, and a registry in which its references are looked up."""

    document: Tree
    registry: Registry[bool | Mapping[str, Json]]

    def validator(self, schema: Tree, kind: type[Validator]) -> Validator:
        return kind(schema, registry=self.registry, format_checker=FORMATS)

    def objections(self, schema: Tree, value: Json, kind: type[Validator] | None = None) -> list[str]:
        found = self.validator(schema, kind or READ).iter_errors(value)
        return [f"{problem.json_path}: {problem.message}" for problem in found]


def load() -> Contract:
    # References get a base of their own, so that schemas can be used one by one.
    document: Tree = json.loads(json.dumps(openapi.document()).replace('"#/components/', '"urn:console#/components/'))
    resource = DRAFT4.create_resource(document)
    return Contract(document, Registry().with_resource("urn:console", resource).crawl())


def plain(path: str) -> str:
    """A path without the names of its parameters."""
    return re.sub(r"\{[^}]*\}", "{}", path.removeprefix(PREFIX))


def in_scope(method: str, path: str) -> bool:
    if path.startswith(("/gates", "/dynamic_configs", "/experiments")):
        return not NOT_EMULATED.search(path)
    return path in {"/tags", "/tags/{}", "/settings/reviews"} or (method == "GET" and bool(READ_ONLY.fullmatch(path)))


def operations(contract: Contract) -> dict[str, Tree]:
    return {
        f"{method.upper()} {plain(path)}": operation
        for path, item in contract.document["paths"].items()
        for method, operation in item.items()
        if in_scope(method.upper(), plain(path))
    }


# ---- one call of every operation -------------------------------------------------------------------------------------

EVERYBODY: Tree = {"name": "everybody", "passPercentage": 33.3, "conditions": [{"type": "public"}]}
RULE: Tree = {
    "name": "some",
    "passPercentage": 12.5,
    "conditions": [
        {"type": "passes_gate", "targetValue": "on"},
        {"type": "custom_field", "operator": "gt", "field": "age", "targetValue": ["31"]},
        {"type": "unit_id", "operator": "any", "customID": "stableID", "targetValue": ["a", "b"]},
    ],
    "environments": ["production"],
    "returnValue": {"key": True},
    "completedAutomatedRollouts": [],
    "pendingAutomatedRollouts": [{"time": 1790000000000, "passPercent": 50}],
}
CONFIG_RULE: Tree = RULE | {
    "returnValueJson5": "{key: true}",
    "variants": [
        {"name": "a", "passPercentage": 50, "returnValue": {"key": 1}},
        {"name": "b", "passPercentage": 50, "returnValueJson5": "{key: 2} // two"},
    ],
}
METRICS = [{"name": "d1_retention_rate", "type": "user"}]
GATE: Tree = {
    "id": "new.gate",
    "name": "New gate",
    "isEnabled": True,
    "description": "what it is for",
    "rules": [RULE, EVERYBODY],
    "tags": ["★ Core"],
    "type": "PERMANENT",
    "idType": "userID",
    "targetApps": "web",
    "creatorID": None,
    "creatorEmail": "jo@example.com",
    "team": "Growth",
    "teamID": None,
    "measureMetricLifts": False,
    "monitoringMetrics": METRICS,
    "reviewSettings": {"requiredReview": True},
    "releasePipelineID": None,
    "isTemplate": False,
}
CONFIG: Tree = {
    "id": "new.config",
    "name": "New config",
    "isEnabled": False,
    "description": "what it is for",
    "rules": [CONFIG_RULE],
    "defaultValue": {"key": 0},
    "defaultValueJson5": "{key: 0}",
    "idType": "stableID",
    "tags": ["★ Core"],
    "creatorID": "4R5PV7mvYdW6NLCwK8ocoz",
    "owner": {"ownerID": "1", "ownerType": "USER", "ownerName": "Jo", "ownerEmail": "jo@example.com"},
    "creatorEmail": None,
    "schema": '{"type": "object"}',
    "schemaJson5": "{type: 'object'}",
    "targetApps": ["web"],
    "team": None,
    "teamID": "t1",
    "releasePipelineID": None,
    "isTemplate": False,
}
EXPERIMENT: Tree = {
    "id": "new_experiment",
    "name": "New experiment",
    "description": "what it is for",
    "idType": "userID",
    "secondaryIDType": None,
    "identifierMappingMode": "strictOneToOne",
    "identityResolutionSource": None,
    "hypothesis": "more is more",
    "links": [{"url": "https://example.com/a", "title": "a"}],
    "groups": [
        {"name": "Control", "size": 33.4, "parameterValues": {"n": 1}, "description": "as it was", "id": None},
        {"name": "One", "size": 33.3, "parameterValues": {"n": 2}, "disabled": False, "foreignGroupID": "f"},
        {"name": "Two", "size": 33.3, "parameterValues": {"n": 3}},
    ],
    "allocation": 12.3,
    "primaryMetricTags": ["★ Core"],
    "secondaryMetricTags": [],
    "primaryMetrics": [{"name": "dau", "type": "user", "direction": "increase", "hypothesizedValue": 1.5}],
    "secondaryMetrics": METRICS,
    "otherMetrics": METRICS,
    "targetApps": [],
    "tags": ["★ Core"],
    "duration": 21,
    "targetExposures": 1000,
    "targetingGateID": "on",
    "sequentialTesting": True,
    "bonferroniCorrection": True,
    "bonferroniCorrectionPerMetric": False,
    "benjaminiHochbergPerVariant": False,
    "benjaminiHochbergPerMetric": False,
    "benjaminiPrimaryMetricsOnly": False,
    "defaultConfidenceInterval": "90",
    "manualQualityScores": [
        {"criteriaName": "POWER_ANALYSIS", "status": "PASSED", "criteriaDescription": "", "score": 1, "weight": 0.5}
    ],
    "status": "setup",
    "launchedGroupID": None,
    "assignmentSourceName": "assignments",
    "assignmentSourceExperimentName": "exp",
    "creatorID": None,
    "creatorEmail": None,
    "isAnalysisOnly": None,
    "team": None,
    "teamID": None,
    "allocationDuration": None,
    "cohortedAnalysisDuration": 7,
    "cohortedMetricsMatureAfterEnd": False,
    "cohortWaitUntilEndToInclude": False,
    "fixedAnalysisDuration": 7,
    "scheduledReloadHour": 3,
    "scheduledReloadType": "full",
    "analysisEndTime": "2026-10-30",
    "assignmentSourceFilters": [{"column": "c", "condition": "in", "values": ["x"]}],
    "analyticsType": "bayesian",
    "isSidecar": False,
    "decisionReason": "",
    "stratifiedSampling": {
        "status": "pending",
        "metric": {"name": "dau", "startDate": "2026-01-01", "endDate": "2026-01-31"},
        "entityPropertySource": {"propertySourceName": "users", "column": "c"},
        "csv": {"original": "a", "identifier": "b"},
    },
    "layerID": "layer",
}
SOURCE: Tree = {
    "name": "people / all",
    "description": "all of them",
    "tags": ["★ Core"],
    "sql": "SELECT 1",
    "timestampColumn": "ts",
    "timestampAsDay": True,
    "idTypeMapping": [{"statsigUnitID": "userID", "column": "id"}],
    "isReadOnly": True,
    "team": None,
    "teamID": None,
    "dryRun": False,
}
OVERRIDES: Tree = {
    "overrides": [{"type": "gate", "id": "on", "groupID": "Control", "environment": None}],
    "userIDOverrides": [{"groupID": "Test", "ids": ["u1"], "environment": "staging", "unitType": "userID"}],
}
GATE_OVERRIDES: Tree = {
    "passingUserIDs": ["a"],
    "failingUserIDs": ["b"],
    "passingCustomIDs": ["c"],
    "failingCustomIDs": [],
}
PLACES: Tree = {
    "environmentOverrides": [{"environment": None, "unitID": "userID", "passingIDs": ["a"], "failingIDs": []}]
}
SETTINGS: Tree = {
    "is_config_review_required": True,
    "is_metric_review_required": False,
    "is_metric_review_required_on_verified_only": False,
    "is_whn_analysis_only_review_required": True,
    "is_whn_source_review_required": False,
}
GROUPS = [
    {"id": "g1", "name": "Control", "size": 50, "parameterValues": {}},
    {"id": "g2", "name": "Test", "size": 50, "parameterValues": {}},
]


def without(body: Tree, *names: str) -> Tree:
    return {key: value for key, value in body.items() if key not in names}


PARAMETER = {
    "name": "big", "ref_type": "gate", "param_type": "boolean", "gate_name": "on", "pass_value": True,
    "fail_value": False,
}  # fmt: skip
PHASE = {
    "id": "f1", "name": "First", "timeIntervalMs": 60000, "requiredReview": False,
    "rules": [without(EVERYBODY, "passPercentage") | {"id": "r1"}],
}  # fmt: skip


def seed() -> Tree:
    """Objects in every state that an operation needs."""
    rule = EVERYBODY | {"id": "r1", "baseID": "r1"}
    user = EVERYBODY | {"conditions": [{"type": "passes_gate", "targetValue": ["on"]}]}
    alike = {"groups": GROUPS, "primaryMetrics": [{"name": "dau", "type": "user"}], "startTime": 1790000000000}
    experiments = [{"id": status, "name": status, "status": status} | alike for status in ("setup", "active")]
    experiments += [{"id": "done", "status": "decision_made", "groups": GROUPS, "targetingGateID": "on"}]
    experiments += [{"id": "old", "status": "archived", "groups": GROUPS}]
    return {
        "gates": [
            {"id": "on", "rules": [rule]},
            {"id": "user", "rules": [user]},
            {"id": "off", "status": "Archived"},
            {"id": "watched", "monitoringMetrics": [{"name": "dau", "type": "user"}]},
        ],
        "dynamic_configs": [
            {"id": "config", "rules": [rule | {"conditions": user["conditions"]}]},
            {"id": "off", "status": "Archived"},
        ],
        "experiments": experiments,
        "entity_properties": [{"name": "users", "sql": "SELECT 1"}],
        "segments": [{"id": "segment", "name": "segment"}],
        "layers": [{"id": "layer", "parameters": [{"name": "n", "type": "number", "defaultValue": 0}]}],
        "holdouts": [{"id": "holdout"}],
        "param_stores": [{"id": "s1", "name": "store", "parameters": [PARAMETER]}],
        "release_pipelines": [{"id": "p1", "name": "Slow", "phases": [PHASE]}],
        "tags": [{"id": "t1", "name": "★ Core", "isCore": True}, {"id": "t2", "name": "spare"}],
        "target_apps": [{"id": "a1", "name": "web"}],
    }


DRIVEN: Mapping[str, list[tuple[str, Json]]] = {
    "GET /gates": [("/gates", None)],
    "POST /gates": [("/gates", GATE), ("/gates", {"name": "Another gate"})],
    "GET /gates/{}": [("/gates/on", None)],
    "POST /gates/{}": [("/gates/on", without(GATE, "id", "isTemplate"))],
    "PATCH /gates/{}": [("/gates/on", without(GATE, "id", "isTemplate")), ("/gates/on", {})],
    "DELETE /gates/{}": [("/gates/on", None)],
    "PUT /gates/{}/enable": [("/gates/on/enable", None)],
    "PUT /gates/{}/disable": [("/gates/on/disable", None)],
    "PUT /gates/{}/launch": [("/gates/on/launch", None)],
    "PUT /gates/{}/archive": [("/gates/on/archive", {"forceArchive": True, "archiveReason": "done"})],
    "PUT /gates/{}/unarchive": [("/gates/off/unarchive", {"unarchiveReason": "again"})],
    "GET /gates/{}/overrides": [("/gates/on/overrides", None)],
    "POST /gates/{}/overrides": [("/gates/on/overrides", GATE_OVERRIDES), ("/gates/on/overrides", PLACES)],
    "PATCH /gates/{}/overrides": [("/gates/on/overrides", GATE_OVERRIDES), ("/gates/on/overrides", PLACES)],
    "DELETE /gates/{}/overrides": [("/gates/on/overrides", None)],
    "POST /gates/{}/rule": [("/gates/on/rule", RULE)],
    "GET /gates/{}/rules": [("/gates/on/rules", None)],
    "POST /gates/{}/rules": [("/gates/on/rules", {"rules": [RULE]})],
    "PATCH /gates/{}/rules": [("/gates/on/rules", {"rules": [{"baseID": "r1", "name": "all", "passPercentage": 1}]})],
    "PATCH /gates/{}/rules/{}": [("/gates/on/rules/r1", {"passPercentage": 50})],
    "DELETE /gates/{}/rules/{}": [("/gates/on/rules/r1", None)],
    "POST /gates/{}/alerts/{}/resolve": [("/gates/watched/alerts/dau/resolve", {"reasoning": "mended"})],
    "GET /gates/{}/versions": [("/gates/on/versions", None)],
    "GET /gates/{}/gate_references": [("/gates/on/gate_references", None)],
    "GET /gates/{}/experiment_references": [("/gates/on/experiment_references", None)],
    "GET /gates/{}/dynamic_config_references": [("/gates/on/dynamic_config_references", None)],
    "GET /dynamic_configs": [("/dynamic_configs", None)],
    "POST /dynamic_configs": [("/dynamic_configs", CONFIG), ("/dynamic_configs", {"name": "Another config"})],
    "GET /dynamic_configs/{}": [("/dynamic_configs/config", None)],
    "POST /dynamic_configs/{}": [("/dynamic_configs/config", without(CONFIG, "id", "isTemplate"))],
    "PATCH /dynamic_configs/{}": [("/dynamic_configs/config", without(CONFIG, "id", "isTemplate"))],
    "DELETE /dynamic_configs/{}": [("/dynamic_configs/config", None)],
    "PUT /dynamic_configs/{}/enable": [("/dynamic_configs/config/enable", None)],
    "PUT /dynamic_configs/{}/disable": [("/dynamic_configs/config/disable", None)],
    "PUT /dynamic_configs/{}/archive": [("/dynamic_configs/config/archive", {"archiveReason": "done"})],
    "PUT /dynamic_configs/{}/unarchive": [("/dynamic_configs/off/unarchive", {})],
    "GET /dynamic_configs/{}/rules": [("/dynamic_configs/config/rules", None)],
    "GET /dynamic_configs/{}/rule/{}": [("/dynamic_configs/config/rule/r1", None)],
    "PATCH /dynamic_configs/{}/rule/{}": [("/dynamic_configs/config/rule/r1", {"returnValue": {"a": 1}})],
    "DELETE /dynamic_configs/{}/rule/{}": [("/dynamic_configs/config/rule/r1", None)],
    "GET /dynamic_configs/{}/versions": [("/dynamic_configs/config/versions", None)],
    "GET /experiments": [("/experiments", None)],
    "POST /experiments": [("/experiments", EXPERIMENT), ("/experiments", {"name": "Another", "status": "active"})],
    "GET /experiments/{}": [("/experiments/setup", None), ("/experiments/done", None)],
    "POST /experiments/{}": [("/experiments/setup", without(EXPERIMENT, "id", "layerID"))],
    "PATCH /experiments/{}": [
        ("/experiments/setup", without(EXPERIMENT, "id", "layerID")),
        ("/experiments/active", {"status": "decision_made", "launchedGroupID": "g2", "controlGroupID": "g1"}),
    ],
    "DELETE /experiments/{}": [("/experiments/setup", None)],
    "PUT /experiments/{}/start": [
        ("/experiments/setup/start", {"analysisStartTime": "2026-01-01", "analysisEndTime": "2026-02-01"})
    ],
    "POST /experiments/{}/schedule_start": [("/experiments/setup/schedule_start", {"scheduledTime": 4e12})],
    "PUT /experiments/{}/make_decision": [
        ("/experiments/active/make_decision", {"id": "g2", "decisionReason": "won", "removeTargeting": True})
    ],
    "PUT /experiments/{}/abandon": [("/experiments/active/abandon", {"decisionReason": "no use"})],
    "PUT /experiments/{}/reset": [("/experiments/done/reset", None)],
    "PUT /experiments/{}/archive": [("/experiments/done/archive", {"archiveReason": "old"})],
    "PUT /experiments/{}/unarchive": [("/experiments/old/unarchive", None)],
    "POST /experiments/{}/enable_groups": [("/experiments/active/enable_groups", {"group_names": ["Test"]})],
    "POST /experiments/{}/disable_groups": [("/experiments/active/disable_groups", {"group_names": ["Test"]})],
    "POST /experiments/{}/restart_as_new": [("/experiments/done/restart_as_new", {"name": "Once more"})],
    "GET /experiments/{}/cumulative_exposures": [("/experiments/active/cumulative_exposures", None)],
    "POST /experiments/{}/alerts/{}/resolve": [("/experiments/active/alerts/dau/resolve", {})],
    "GET /experiments/{}/overrides": [("/experiments/setup/overrides", None)],
    "POST /experiments/{}/overrides": [("/experiments/setup/overrides", OVERRIDES)],
    "PATCH /experiments/{}/overrides": [("/experiments/setup/overrides", OVERRIDES)],
    "DELETE /experiments/{}/overrides": [("/experiments/setup/overrides", None)],
    "GET /experiments/entity_properties": [("/experiments/entity_properties", None)],
    "POST /experiments/entity_properties": [("/experiments/entity_properties", SOURCE)],
    "GET /experiments/entity_property/{}": [("/experiments/entity_property/users", None)],
    "POST /experiments/entity_property/{}": [("/experiments/entity_property/users", SOURCE)],
    "PATCH /experiments/entity_property/{}": [("/experiments/entity_property/users", without(SOURCE, "sql"))],
    "DELETE /experiments/entity_property/{}": [("/experiments/entity_property/users", None)],
    "GET /audit_logs": [("/audit_logs", None)],
    "GET /project": [("/project", None)],
    "GET /company": [("/company", None)],
    "GET /tags": [("/tags", None)],
    "POST /tags": [("/tags", {"name": "new", "description": "d", "isCore": True})],
    "GET /tags/{}": [("/tags/t1", None), ("/tags/spare", None)],
    "PATCH /tags/{}": [("/tags/spare", {"description": "d"})],
    "DELETE /tags/{}": [("/tags/spare", None)],
    "GET /settings/reviews": [("/settings/reviews", None)],
    "POST /settings/reviews": [("/settings/reviews", SETTINGS)],
    "GET /segments": [("/segments", None)],
    "GET /segments/{}": [("/segments/segment", None)],
    "GET /layers": [("/layers", None)],
    "GET /layers/{}": [("/layers/layer", None)],
    "GET /holdouts": [("/holdouts", None)],
    "GET /holdouts/{}": [("/holdouts/holdout", None)],
    "GET /param_stores": [("/param_stores", None)],
    "GET /release_pipelines": [("/release_pipelines", None)],
    "GET /unit_id_types": [("/unit_id_types", None)],
    "GET /unit_id_types/{}": [("/unit_id_types/userID", None)],
    "GET /target_app": [("/target_app", None)],
    "GET /target_app/{}": [("/target_app/a1", None)],
    "GET /environments": [("/environments", None)],
}


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load()


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Store, httpx.Client]]:
    with (
        Store.open() as store,
        running(create_app(store)) as url,
        httpx.Client(base_url=url, headers={"STATSIG-API-KEY": "console-test"}) as client,
    ):
        yield store, client


@pytest.fixture
def client(served: tuple[Store, httpx.Client]) -> httpx.Client:
    store, client = served
    store.seed(seed())
    # Something to list: a version and an audit record.
    store.console_edit("gates", "on", {"description": "by hand"}, by="Jo", email="jo@example.com")
    return client


def test_the_emulator_serves_exactly_the_operations_in_scope(contract: Contract) -> None:
    assert {f"{op.method} {plain(op.path)}" for op in OPERATIONS} == set(operations(contract))


def test_every_operation_is_driven(contract: Contract) -> None:
    assert set(DRIVEN) == set(operations(contract))


@pytest.mark.parametrize("name", DRIVEN)
def test_bodies_and_statuses_are_those_of_the_document(name: str, contract: Contract, client: httpx.Client) -> None:
    operation = operations(contract)[name]
    for path, body in DRIVEN[name]:
        declared = operation.get("requestBody")
        assert (body is not None) == (declared is not None)
        if declared:
            schema = declared["content"]["application/json"]["schema"]
            assert contract.objections(schema, body, WRITE) == []
        answer = client.request(name.partition(" ")[0], path, json=body)
        assert answer.is_success, answer.text
        schema = operation["responses"][str(answer.status_code)]["content"]["application/json"]["schema"]
        assert contract.objections(schema, answer.json()) == []


PARAMETERS: Mapping[str, list[str]] = {
    "limit": ["2"],
    "page": ["1"],
    "tags": ["★ Core", "spare"],
    "creatorName": ["CONSOLE API"],
    "creatorID": ["x"],
    "idType": ["userID"],
    "type": ["STALE"],
    "typeReason": ["STALE_ALL_TRUE"],
    "passRate": ["0", "INBETWEEN"],
    "rolloutRate": ["100"],
    "releasePipelineID": ["x"],
    "layerID": ["layer"],
    "teamID": ["t1"],
    "status": ["active", "setup"],
    "targetAppID": ["a1"],
    "createdStartDate": ["2026-01-01"],
    "createdEndDate": ["2026-12-31"],
    "startDate": ["2026-01-01"],
    "endDate": ["2026-12-31"],
    "id": ["on"],
    "sortKey": ["name"],
    "sortOrder": ["asc"],
    "latestID": ["x"],
    "actionType": ["gate_create"],
    "actionTypes": ["gate_create", "gate_update"],
}


def test_every_query_parameter_of_the_document_is_taken(contract: Contract, client: httpx.Client) -> None:
    for name, operation in operations(contract).items():
        wanted = {item["name"]: PARAMETERS[item["name"]] for item in operation["parameters"] if item["in"] == "query"}
        path, _ = DRIVEN[name][0]
        for parameter, values in wanted.items() if name.startswith("GET") else ():
            answer = client.get(path, params={parameter: values})
            schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
            assert answer.status_code == 200, (name, parameter, answer.text)
            assert contract.objections(schema, answer.json()) == []


def test_whatever_is_sent_the_answer_is_a_documented_one(
    contract: Contract, client: httpx.Client, served: tuple[Store, httpx.Client]
) -> None:
    for name, calls in DRIVEN.items():
        answers = operations(contract)[name]["responses"]
        served[0].seed(seed())
        for path, body in calls:
            for done, probe in islice(changed(body), 0, None, 9) if body is not None else ():
                answer = client.request(name.partition(" ")[0], path, json=probe)
                assert answer.status_code < 500, (name, done)
                if answer.is_success:
                    schema = answers[str(answer.status_code)]["content"]["application/json"]["schema"]
                    assert contract.objections(schema, answer.json()) == [], (name, done)


REFUSED = [
    ("GET", "/gates/none", None, 404),
    ("POST", "/gates", {"name": "on", "id": "on"}, 400),
    ("POST", "/gates", {"name": 1}, 400),
    ("PUT", "/experiments/active/start", {}, 400),
    ("PUT", "/experiments/setup/make_decision", {"id": "g1", "decisionReason": ""}, 400),
    ("DELETE", "/tags/none", None, 404),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), REFUSED)
def test_refusals_have_the_documented_form(
    method: str, path: str, body: Json, status: int, client: httpx.Client
) -> None:
    answer = client.request(method, path, json=body)
    assert answer.status_code == answer.json()["status"] == status
    assert isinstance(answer.json()["message"], str)
    assert answer.json().keys() <= {"status", "message", "errors"}


# ---- what is accepted ------------------------------------------------------------------------------------------------

REQUIRED_GATE = ("isEnabled", "description", "rules")
REQUIRED_EXPERIMENT = (
    "description", "idType", "hypothesis", "groups", "allocation", "targetingGateID", "bonferroniCorrection",
    "defaultConfidenceInterval", "status",
)  # fmt: skip
KNOWN = {"id": "r1", "baseID": "r1"}
CONTROLLED = EXPERIMENT | {"controlGroupID": "g1"}
BODIES: Mapping[str, tuple[type[Body], tuple[str, ...], Tree]] = {
    "GateCreateDto": (GateCreate, (), GATE),
    "GateFullUpdateDto": (GateUpdate, REQUIRED_GATE, without(GATE, "id", "isTemplate")),
    "GatePartialUpdateDto": (GateUpdate, (), without(GATE, "id", "isTemplate")),
    "RuleDto": (Rule, (), RULE | KNOWN),
    "RuleUpdateDto": (RulePart, (), RULE | KNOWN),
    "MultiRuleDto": (Rules, (), {"rules": [RULE]}),
    "MultiRuleUpdateDto": (RulesPart, (), {"rules": [RULE]}),
    "DynamicConfigCreateDto": (ConfigCreate, ("name",), CONFIG),
    "DynamicConfigFullUpdateDto": (ConfigUpdate, REQUIRED_GATE, without(CONFIG, "id", "isTemplate")),
    "DynamicConfigPartialUpdateDto": (ConfigUpdate, (), without(CONFIG, "id", "isTemplate")),
    "DynamicConfigRulePartialDto": (ConfigRulePart, (), CONFIG_RULE | KNOWN),
    "ExperimentCreateDto": (ExperimentCreate, ("name",), CONTROLLED),
    "ExperimentFullUpdateDto": (ExperimentUpdate, REQUIRED_EXPERIMENT, without(CONTROLLED, "id", "layerID")),
    "ExperimentPartialUpdateDto": (ExperimentUpdate, (), without(CONTROLLED, "id", "layerID")),
    "ExperimentOverridesDto": (ExperimentOverrides, (), OVERRIDES),
    "EntityPropertySourceCreationDto": (SourceBody, ("name", "sql", "idTypeMapping"), SOURCE),
    "EntityPropertySourceQueryUpdateDto": (SourceBody, ("sql", "idTypeMapping"), SOURCE),
    "TagCreateDto": (TagBody, ("name", "description"), {"name": "n", "description": "d", "isCore": True}),
    "TagUpdateDto": (TagBody, (), {"name": "n", "description": "d", "isCore": True}),
    "ArchiveSchemaDto": (Archive, (), {"forceArchive": True, "archiveReason": "r"}),
    "UnarchiveSchemaDto": (Unarchive, (), {"unarchiveReason": "r"}),
    "ExperimentArchiveDto": (ExperimentArchive, (), {"archiveReason": "r"}),
    "ExperimentAbandonDto": (Abandon, (), {"decisionReason": "r"}),
    "ExperimentStatusUpdateDto": (Decide, (), {"id": "g", "decisionReason": "r", "removeTargeting": False}),
    "ExperimentStartDto": (Start, (), {"analysisStartTime": "2026-01-01", "analysisEndTime": "2026-02-01"}),
    "ScheduleExperimentStartParamDto": (ScheduleStart, (), {"scheduledTime": 1}),
    "ExperimentNameContractDto": (RestartAsNew, (), {"name": "New one"}),
    "ResolveGuardrailAlertRequestDto": (ResolveAlert, (), {"reasoning": "mended"}),
    "SettingsReviewsContractDto": (ReviewsBody, (), SETTINGS),
    "EnableDisableGroupsDto": (GroupNames, (), {"group_names": ["Test"]}),
}
PROBES: list[Json] = [
    None, True, 0, -1, 3, 3.5, 10.125, 24, 101, "", "a", "ab", "a b", "a.b", "ä b", "x" * 101, "x" * 1001, [], ["a"],
    [1], ["a", 1], [True], [{}], {}, {"a": None},
]  # fmt: skip


NULLABLE_UNION = "targetValue = None"
"""Declared nullable, and no branch of its union is null: the emulator takes it, and leaves it out of its answers."""


def changed(value: Json, at: str = "") -> Iterator[tuple[str, Json]]:
    """`value` with each of its parts replaced by each probe or left out, and what was done where."""
    yield from ((f"{at} = {probe!r:.50}", probe) for probe in PROBES)
    parts: Json = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        if isinstance(value, dict):
            yield f"{at}.{key} left out", without(value, key)
        for done, other in changed(part, f"{at}.{key}"):
            copy = value.copy()
            copy[key] = other
            yield done, copy


def accepted(model: type[Body], required: tuple[str, ...], body: Json) -> bool:
    try:
        read(model, body, *required)
    except ApiError:
        return False
    return True


@pytest.mark.parametrize("name", BODIES)
def test_bodies_are_accepted_and_refused_as_the_document_says(name: str, contract: Contract) -> None:
    model, required, body = BODIES[name]
    schema = contract.document["components"]["schemas"][name]
    assert set(body) == set(schema["properties"])
    validator = contract.validator(schema, WRITE)
    assert accepted(model, required, body)
    verdicts = [
        (done, accepted(model, required, probe), validator.is_valid(probe))
        for done, probe in changed(body)
        if not done.endswith(NULLABLE_UNION)
    ]
    assert [(done, ours) for done, ours, theirs in verdicts if ours != theirs] == []


def test_what_the_example_begins_with_is_what_the_service_could_answer(
    contract: Contract, client: httpx.Client, served: tuple[Store, httpx.Client]
) -> None:
    served[0].seed(json.loads((EXAMPLE / "live.json").read_text("utf-8")))
    for name in ("/gates", "/dynamic_configs", "/experiments", "/experiments/entity_properties"):
        schema = operations(contract)[f"GET {name}"]["responses"]["200"]["content"]["application/json"]["schema"]
        answer = client.get(name, params={"limit": 1000}).json()
        assert answer["data"]
        assert contract.objections(schema, answer) == []

"""Asking the service whether it would take a body, for the one kind whose calls know how."""

from __future__ import annotations

import pytest

from reconciler.applying import dry_run
from reconciler.console import ConsoleError
from reconciler.domain import Finding, Plan, Tree
from reconciler.kinds import KINDS
from tests.unit.applying.service import Service
from tests.unit.planning.making import plan_against, plan_of, resource

MAPPING = "idTypeMapping: [{statsigUnitID: userID, column: a}]"
NEW = "POST /experiments/entity_properties"
ITEM = "/experiments/entity_property/thing_one"
LIVE: Tree = {"name": "thing_one", "sql": "select a", "idTypeMapping": [{"statsigUnitID": "userID", "column": "a"}]}


def asked(plan: Plan, service: Service) -> list[Finding]:
    with service.console() as console:
        return list(dry_run(plan, console, KINDS))


@pytest.mark.parametrize(
    ("live", "spec", "request_"),
    [
        (None, f"sql: select a\n{MAPPING}", NEW),
        (LIVE, f"sql: select a, b\n{MAPPING}", f"POST {ITEM}"),
        (LIVE, f"sql: select a\n{MAPPING}\ndescription: New", f"PATCH {ITEM}"),
    ],
)
def test_each_body_is_sent_as_a_dry_run(live: Tree | None, spec: str, request_: str) -> None:
    wanted = resource("EntityPropertySource", spec)
    plan = plan_of(wanted) if live is None else plan_against(live, wanted)
    service = Service({} if live is None else {ITEM: live})
    assert asked(plan, service) == []
    assert service.requests == [request_]
    (body,) = service.bodies
    assert body["dryRun"] is True
    assert {name: value for name, value in body.items() if name != "dryRun"} == plan.steps[0].calls[0].body


def test_the_plan_itself_asks_for_no_dry_run() -> None:
    plan = plan_of(resource("EntityPropertySource", f"sql: select a\n{MAPPING}"))
    asked(plan, Service())
    assert "dryRun" not in plan.steps[0].calls[0].body


def test_other_kinds_are_not_asked_about() -> None:
    service = Service()
    assert asked(plan_of(resource("Gate", "{}"), resource("Experiment", "{}")), service) == []
    assert service.requests == []


def test_a_refusal_is_a_finding_about_the_manifest() -> None:
    service = Service()
    service.trouble(NEW, "refused")
    (finding,) = asked(plan_of(resource("EntityPropertySource", f"sql: select a\n{MAPPING}")), service)
    assert finding.code == "API/refused"
    assert "Bad Request Exception" in finding.message
    assert finding.where is not None
    assert (finding.where.path, finding.where.pointer) == ("manifests/thing.yaml", ("spec",))


def test_an_outage_is_no_refusal() -> None:
    service = Service()
    service.trouble(NEW, "broken")
    with pytest.raises(ConsoleError):
        asked(plan_of(resource("EntityPropertySource", f"sql: select a\n{MAPPING}")), service)

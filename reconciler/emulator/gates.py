"""``/gates``: feature gates, their rules and their lifecycle.

In words of the document: enabled is "In Progress" with isEnabled true; launched, disabled and archived all read
isEnabled false. Not in any document, decided here: a gate comes back from the archive as "Disabled", and only an
archived one does; an archived gate can be patched; a gate can be deleted whatever refers to it.
"""

from __future__ import annotations

from reconciler.domain import Tree
from reconciler.emulator import conditions, fields, rules, writing
from reconciler.emulator.bodies import (
    Archive,
    GateCreate,
    GateUpdate,
    Rule,
    RulePart,
    Rules,
    RulesPart,
    Unarchive,
    read,
)
from reconciler.emulator.errors import refused
from reconciler.emulator.paging import Page, whole
from reconciler.emulator.request import Request
from reconciler.kinds import KINDS

KIND = KINDS["Gate"]
GATES = KIND.seed_key

DEFAULTS: Tree = {
    "description": "",
    "idType": "userID",
    "isEnabled": True,
    "status": "In Progress",
    "type": "TEMPORARY",
    "typeReason": "NONE",
    "rules": [],
    "checksPerHour": 0,
    "team": None,
    "teamID": None,
    "measureMetricLifts": True,
    "monitoringMetrics": [],
    "reviewSettings": {"requiredReview": False, "allowedReviewers": []},
    "owner": fields.OWNER,
    "tags": [],
    "holdoutIDs": [],
    "targetApps": [],
}
"""What the service fills in where a new gate says nothing."""

_RESET = frozenset(GateUpdate.model_fields) - {"name", "creatorID", "creatorEmail"}


def create(request: Request) -> Tree:
    """POST /gates."""
    sent = read(GateCreate, request.body)
    id_, name = fields.identity(sent)
    fields.check_free(request, KIND, id_)
    template = {"type": "TEMPLATE"} if sent.get("isTemplate") else {}
    gate = DEFAULTS | writing.authored(request) | _settled(request, {}, sent) | {"id": id_, "name": name} | template
    return writing.save(request, GATES, None, gate)


def update(request: Request) -> Tree:
    """POST /gates/{id}: all writable fields at once."""
    live = request.find(GATES)
    sent = read(GateUpdate, request.body, "isEnabled", "description", "rules")
    return _save(request, live, fields.replaced(live, _settled(request, live, sent), DEFAULTS, _RESET))


def patch(request: Request) -> Tree:
    """PATCH /gates/{id}: what is sent changes; a list of rules replaces the whole list."""
    live = request.find(GATES)
    return _save(request, live, live | _settled(request, live, read(GateUpdate, request.body)))


def delete(request: Request) -> None:
    """DELETE /gates/{id}."""
    writing.remove(request, GATES, request.find(GATES))
    request.session.remove("gate_overrides", request.id)


def enable(request: Request) -> Tree:
    """PUT /gates/{id}/enable."""
    return _switched(request, "In Progress")


def disable(request: Request) -> Tree:
    """PUT /gates/{id}/disable."""
    return _switched(request, "Disabled")


def launch(request: Request) -> Tree:
    """PUT /gates/{id}/launch."""
    return _switched(request, "Launched")


def archive(request: Request) -> Tree:
    """PUT /gates/{id}/archive: meant for gates without checks; others need `forceArchive`."""
    forced = read(Archive, request.body).get("forceArchive", False)
    if request.find(GATES).get("checksPerHour") and not forced:
        raise refused("Gate has had checks in the last hour. Set forceArchive to archive it anyway.")
    return _switched(request, "Archived")


def unarchive(request: Request) -> Tree:
    """PUT /gates/{id}/unarchive: the gate comes back disabled."""
    read(Unarchive, request.body)
    if request.find(GATES)["status"] != "Archived":
        raise refused("Gate is not archived")
    return _switched(request, "Disabled")


def list_rules(request: Request) -> Page:
    """GET /gates/{id}/rules: a page with one item that holds the rules."""
    return whole([{"rules": request.find(GATES)["rules"]}])


def add_rule(request: Request) -> Tree:
    """POST /gates/{id}/rule."""
    return _append(request, [read(Rule, request.body)])


def add_rules(request: Request) -> Tree:
    """POST /gates/{id}/rules."""
    return _append(request, read(Rules, request.body)["rules"])


def change_rules(request: Request) -> Tree:
    """PATCH /gates/{id}/rules: changes rules that are named by id or base id; none is added, removed or moved."""
    live = request.find(GATES)
    return _with_rules(request, live, rules.merge(read(RulesPart, request.body)["rules"], live["rules"]))


def change_rule(request: Request) -> Tree:
    """PATCH /gates/{id}/rules/{ruleID}."""
    live = request.find(GATES)
    change = read(RulePart, request.body)
    return _with_rules(request, live, rules.merge_one(request.params["ruleID"], change, live["rules"]))


def delete_rule(request: Request) -> Tree:
    """DELETE /gates/{id}/rules/{ruleID}."""
    live = request.find(GATES)
    return _with_rules(request, live, rules.without(request.params["ruleID"], live["rules"]))


def _append(request: Request, added: list[Tree]) -> Tree:
    live = request.find(GATES)
    return _with_rules(request, live, live["rules"] + added)


def _with_rules(request: Request, live: Tree, wanted: list[Tree]) -> Tree:
    return _save(request, live, live | _settled(request, live, {"rules": wanted}))


def _switched(request: Request, status: str) -> Tree:
    live = request.find(GATES)
    return _save(request, live, live | {"status": status, "isEnabled": status == "In Progress"})


def _save(request: Request, live: Tree, gate: Tree) -> Tree:
    return writing.save(request, GATES, live, gate)


def _settled(request: Request, live: Tree, sent: Tree) -> Tree:
    settled = fields.settle(request, sent)
    if "isEnabled" in sent:
        settled["status"] = "In Progress" if sent["isEnabled"] else "Disabled"
    if "reviewSettings" in sent:
        settled["reviewSettings"] = {"allowedReviewers": []} | live.get("reviewSettings", {}) | sent["reviewSettings"]
    if "rules" in sent:
        wanted = [_without_empty_ids(rule) for rule in sent["rules"]]
        settled["rules"] = rules.rewrite(wanted, live.get("rules", []), _read_back)
        conditions.check_references(request.session, settled["rules"])
    return settled


def _without_empty_ids(rule: Tree) -> Tree:
    """Gates take an empty id for no id; the vendor's provider sends it for new rules."""
    return {key: value for key, value in rule.items() if value != "" or key not in {"id", "baseID"}}


def _read_back(rule: Tree, _: Tree) -> Tree:
    return rule | {"conditions": [conditions.bare(condition) for condition in rule["conditions"]]}

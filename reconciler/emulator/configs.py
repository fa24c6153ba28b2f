"""``/dynamic_configs``: dynamic configs, their values and their lifecycle.

Values are objects without nulls and come with a JSON5 text; all of them must satisfy the schema of the config, which
is checked when the schema or any value is written. Not in any document, decided here: a config comes back from the
archive as "Disabled"; an archived config can be patched; a rule without a value returns {}.
"""

from __future__ import annotations

from reconciler.domain import Tree
from reconciler.emulator import conditions, fields, rules, twins, writing
from reconciler.emulator.bodies import Archive, ConfigCreate, ConfigRulePart, ConfigUpdate, Unarchive, read
from reconciler.emulator.errors import not_found, refused
from reconciler.emulator.paging import Page, whole
from reconciler.emulator.request import Request
from reconciler.kinds import KINDS

KIND = KINDS["DynamicConfig"]
CONFIGS = KIND.seed_key

DEFAULTS: Tree = {
    "description": "",
    "idType": "userID",
    "isEnabled": True,
    "status": "Enabled",
    "rules": [],
    "defaultValue": {},
    "defaultValueJson5": "{}",
    "schema": None,
    "schemaJson5": None,
    "team": None,
    "teamID": None,
    "owner": fields.OWNER,
    "tags": [],
    "holdoutIDs": [],
    "targetApps": [],
}
"""What the service fills in where a new config says nothing."""

_CHECKED = frozenset({"schema", "schemaJson5", "defaultValue", "defaultValueJson5", "rules"})
_RESET = {info.alias or field for field, info in ConfigUpdate.model_fields.items()} - {
    "name",
    "creatorID",
    "creatorEmail",
}


def create(request: Request) -> Tree:
    """POST /dynamic_configs."""
    sent = read(ConfigCreate, request.body, "name")
    id_, name = fields.identity(sent)
    fields.check_free(request, KIND, id_)
    config = DEFAULTS | writing.authored(request) | _settled(request, {}, sent) | {"id": id_, "name": name}
    twins.check_values(config)
    return writing.save(request, CONFIGS, None, config)


def update(request: Request) -> Tree:
    """POST /dynamic_configs/{id}: all writable fields at once."""
    live = request.find(CONFIGS)
    sent = read(ConfigUpdate, request.body, "isEnabled", "description", "rules")
    config = fields.replaced(live, _settled(request, live, sent), DEFAULTS, _RESET)
    twins.check_values(config)
    return _save(request, live, config)


def patch(request: Request) -> Tree:
    """PATCH /dynamic_configs/{id}: what is sent changes; a list of rules replaces the whole list."""
    live = request.find(CONFIGS)
    return _changed(request, live, read(ConfigUpdate, request.body))


def delete(request: Request) -> None:
    """DELETE /dynamic_configs/{id}."""
    writing.remove(request, CONFIGS, request.find(CONFIGS))


def enable(request: Request) -> Tree:
    """PUT /dynamic_configs/{id}/enable."""
    return _switched(request, "Enabled")


def disable(request: Request) -> Tree:
    """PUT /dynamic_configs/{id}/disable."""
    return _switched(request, "Disabled")


def archive(request: Request) -> Tree:
    """PUT /dynamic_configs/{id}/archive."""
    read(Archive, request.body)
    return _switched(request, "Archived")


def unarchive(request: Request) -> Tree:
    """PUT /dynamic_configs/{id}/unarchive: the config comes back disabled."""
    read(Unarchive, request.body)
    if request.find(CONFIGS)["status"] != "Archived":
        raise refused("Dynamic Config is not archived")
    return _switched(request, "Disabled")


def list_rules(request: Request) -> Page:
    """GET /dynamic_configs/{id}/rules: a page with one item that holds the rules."""
    return whole([{"rules": request.find(CONFIGS)["rules"]}])


def get_rule(request: Request) -> Tree:
    """GET /dynamic_configs/{id}/rule/{ruleId}."""
    wanted = request.params["ruleId"]
    for rule in request.find(CONFIGS)["rules"]:
        if wanted in {rule["id"], rule["baseID"]}:
            return dict(rule)
    raise not_found()


def change_rule(request: Request) -> Tree:
    """PATCH /dynamic_configs/{id}/rule/{ruleId}."""
    live = request.find(CONFIGS)
    change = read(ConfigRulePart, request.body)
    return _changed(request, live, {"rules": rules.merge_one(request.params["ruleId"], change, live["rules"])})


def delete_rule(request: Request) -> Tree:
    """DELETE /dynamic_configs/{id}/rule/{ruleId}."""
    live = request.find(CONFIGS)
    return _changed(request, live, {"rules": rules.without(request.params["ruleId"], live["rules"])})


def _changed(request: Request, live: Tree, sent: Tree) -> Tree:
    config = live | _settled(request, live, sent)
    if _CHECKED & sent.keys():
        twins.check_values(config)
    return _save(request, live, config)


def _switched(request: Request, status: str) -> Tree:
    live = request.find(CONFIGS)
    return _save(request, live, live | {"status": status, "isEnabled": status == "Enabled"})


def _save(request: Request, live: Tree, config: Tree) -> Tree:
    return writing.save(request, CONFIGS, live, config)


def _settled(request: Request, live: Tree, sent: Tree) -> Tree:
    settled = fields.settle(request, sent) | twins.settle_value(sent, "defaultValue") | twins.settle_schema(sent)
    if "isEnabled" in sent:
        settled["status"] = "Enabled" if sent["isEnabled"] else "Disabled"
    if "rules" in sent:
        settled["rules"] = rules.rewrite(sent["rules"], live.get("rules", []), _read_back)
        conditions.check_references(request.session, settled["rules"])
    return settled


def _read_back(rule: Tree, twin: Tree) -> Tree:
    read_back = rule | {"conditions": [conditions.filled(condition) for condition in rule["conditions"]]} | _value(rule)
    if "variants" in rule:
        rules.unique_names(rule["variants"], "variants", "variant")
        variants = rules.with_ids(rule["variants"], twin.get("variants", []), "variant")
        read_back["variants"] = [variant | _value(variant) for variant in variants]
    return read_back


def _value(holder: Tree) -> Tree:
    return twins.settle_value(holder, "returnValue") or {"returnValue": {}, "returnValueJson5": "{}"}

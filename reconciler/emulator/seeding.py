"""Documents of live state: into the store, out of it, and what a new store holds.

A document is a JSON object with one list for each collection, ``{"gates": [...], "dynamic_configs": [...], ...}``,
the objects ``project``, ``company`` and ``review_settings``, and maps: from ids to overrides, ``gate_overrides`` and
``experiment_overrides``, and from ``gates/an_id`` and the like to changes that wait for a review, ``reviews``. Objects
are kept as they are; what the service always has and the document lacks is filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from reconciler.domain import Json, Tree
from reconciler.emulator import conditions
from reconciler.emulator.identifiers import stable_decimal, stable_id
from reconciler.emulator.inventory import LISTS, MAPS, REVIEWS, SINGLES
from reconciler.emulator.session import Session

_STAMP: Tree = {
    "description": "",
    "lastModifierID": None,
    "lastModifiedTime": None,
    "lastModifierEmail": None,
    "lastModifierName": None,
    "createdTime": 0,
    "creatorName": None,
}
_AUTHOR: Tree = {"idType": "userID", "creatorID": None, "creatorEmail": None}
_REQUIRED: Mapping[str, Tree] = MappingProxyType(
    {
        "gates": _STAMP
        | {
            "isEnabled": True,
            "status": "In Progress",
            "type": "TEMPORARY",
            "typeReason": "NONE",
            "checksPerHour": None,
            "rules": [],
        },
        "dynamic_configs": _STAMP | {"isEnabled": True, "rules": [], "defaultValue": {}},
        "experiments": _STAMP
        | {
            "idType": "userID",
            "tags": [],
            "hypothesis": "",
            "groups": [],
            "allocation": 100,
            "primaryMetrics": [],
            "secondaryMetrics": [],
            "targetingGateID": "",
            "bonferroniCorrection": False,
            "defaultConfidenceInterval": "95",
            "status": "setup",
            "decisionReason": "",
            "layerID": None,
            "startTime": None,
            "endTime": None,
            "decisionTime": None,
            "healthCheckStatus": "PASSED",
        },
        "entity_properties": {"description": "", "tags": [], "sql": "", "idTypeMapping": []},
        "segments": _STAMP | _AUTHOR | {"isEnabled": True, "type": "rule_based"},
        "layers": _STAMP | _AUTHOR | {"isImplicitLayer": False, "parameters": []},
        "holdouts": _STAMP
        | _AUTHOR
        | {
            "isEnabled": True,
            "passPercentage": 0,
            "gateIDs": [],
            "experimentIDs": [],
            "layerIDs": [],
            "isGlobal": False,
            "targetingGateID": None,
        },
        "param_stores": {
            "displayName": "",
            "description": "",
            "createdTime": 0,
            "creatorID": "",
            "lastModifierID": "",
            "parameters": [],
        },
        "release_pipelines": {"createdTime": 0, "creatorID": "", "lastModifierID": "", "phases": []},
        "tags": {"description": "", "isCore": False},
        "environments": {"isProduction": False, "requiresReview": False, "requiresReleasePipeline": False},
    }
)
"""Fields that every answer has, according to the OpenAPI document."""

NEW_PROJECT: Tree = {
    "environments": [{"name": "development"}, {"name": "staging"}, {"name": "production", "isProduction": True}],
    "unit_id_types": [{"name": "userID", "description": ""}, {"name": "stableID", "description": ""}],
    "tags": [{"name": "★ Core", "description": "", "isCore": True}],
    "project": {"id": stable_id("project")},
    "company": {
        "companyID": stable_id("company"),
        "companyName": "Emulated",
        "isWarehouseNative": True,
        "orgID": None,
        "orgName": None,
    },
    "review_settings": {
        "is_config_review_required": False,
        "is_metric_review_required": False,
        "is_metric_review_required_on_verified_only": False,
    },
}
"""What a new store holds."""


def seed(session: Session, document: Tree) -> None:
    """Replace the collections that the document names. ValueError for keys that are no collection."""
    unknown = sorted(document.keys() - {*LISTS, *MAPS, *SINGLES})
    if unknown:
        raise ValueError(f"not a collection: {', '.join(unknown)}")
    for collection in LISTS:
        if collection in document:
            session.clear(collection)
            _forget_reviews(session, collection)
            _add(session, collection, document[collection])
    for collection in MAPS:
        if collection in document:
            session.clear(collection)
            for id_, overrides in document[collection].items():
                session.put(collection, id_, overrides)
    for name in SINGLES:
        if name in document:
            session.put(name, name, _completed(document[name], NEW_PROJECT[name]))
    _add_what_is_used(session)


def dump(session: Session) -> Tree:
    """The whole state as a document."""
    lists: Tree = {collection: session.all(collection) for collection in LISTS}
    maps: Tree = {collection: dict(session.items(collection)) for collection in MAPS}
    return lists | maps | {name: session.get(name, name) for name in SINGLES}


def _forget_reviews(session: Session, collection: str) -> None:
    for of, _ in session.items(REVIEWS):
        if of.startswith(f"{collection}/"):
            session.remove(REVIEWS, of)


def whole(collection: str, item: Tree) -> Tree:
    """The object with what it lacks. Ids are derived from names, so that a seed is repeatable."""
    lacking: Tree = _REQUIRED.get(collection, {})
    if collection in {"tags", "target_apps"}:
        lacking = lacking | {"id": stable_id(item["name"])}
    if collection == "environments":
        lacking = lacking | {"id": stable_decimal(item["name"])}
    whole = _completed(item, lacking)
    if collection in {"gates", "dynamic_configs"}:
        whole["rules"] = [_read_back(item["id"], rule) for rule in whole["rules"]]
    if collection == "experiments":
        whole["groups"] = [
            _completed(group, {"id": stable_id(f"{item['id']}/{group['name']}")}) for group in whole["groups"]
        ]
    return whole


def _add(session: Session, collection: str, items: Iterable[Json]) -> None:
    for item in items:
        try:
            added = whole(collection, item)
            id_ = added[LISTS[collection]]
        except (AttributeError, LookupError, TypeError) as error:
            name = item.get("id") or item.get("name") if isinstance(item, dict) else None
            raise ValueError(f"{collection}, {name or item!r}: {type(error).__name__}: {error}") from error
        session.put(collection, id_, added)
        session.remember(collection, id_, added)


def _add_what_is_used(session: Session) -> None:
    """Tags and layers that seeded objects name exist."""
    tags = {tag["name"] for tag in session.all("tags")}
    used = [tag for collection in LISTS for item in session.all(collection) for tag in item.get("tags") or []]
    _add(session, "tags", [{"name": tag} for tag in dict.fromkeys(used) if tag not in tags])
    experiments = {item["layerID"]: item for item in session.all("experiments") if item["layerID"]}
    _add(
        session,
        "layers",
        [_layer(id_, of["idType"]) for id_, of in experiments.items() if not session.get("layers", id_)],
    )


def _layer(id_: str, id_type: str) -> Tree:
    return {"id": id_, "name": id_, "idType": id_type, "isImplicitLayer": id_.startswith("statsig::")}


def _completed(item: Tree, lacking: Tree) -> Tree:
    return item | {field: value for field, value in lacking.items() if field not in item}


def _read_back(owner: str, rule: Tree) -> Tree:
    base = rule.get("baseID", rule.get("id", stable_id(f"{owner}/{rule['name']}")).partition(":")[0])
    read_back = {"conditions": [conditions.told(condition) for condition in rule.get("conditions", [])]}
    return _completed(rule, {"id": base, "baseID": base}) | read_back

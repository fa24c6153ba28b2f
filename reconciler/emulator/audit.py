"""The audit log: which records a write leaves behind.

One record for each kind of action that the change amounts to, as the service logs them: a patch of description and
rules leaves two. Rules are logged in the service's internal vocabulary (groupName, percentagePass, conditionJSON,
...); the numbers that stand for condition types and operators there are not published, so the names are kept in their
place.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from reconciler.domain import Json, Tree
from reconciler.emulator.identifiers import new_id

_CONFIG: Tree = {
    "rules": "config_conditions_update",
    "isEnabled": "config_state_toggle",
    "status": "config_state_toggle",
    "description": "config_description_update",
    "name": "config_display_name_update",
    "tags": "config_edit_tags",
    "targetApps": "config_edit_target_apps",
    "idType": "config_id_type_update",
    "releasePipelineID": "update_config_release_pipeline",
}
_EXPERIMENT: Tree = {
    "description": "experiment_description_edit",
    "name": "experiment_display_name_edit",
    "hypothesis": "hypothesis_edit",
    "primaryMetrics": "key_experiment_metrics_edit",
    "secondaryMetrics": "key_experiment_metrics_edit",
    "otherMetrics": "key_experiment_metrics_edit",
    "allocation": "experiment_rollout",
    "targetApps": "experiment_update_target_apps",
    "bonferroniCorrection": "experiment_advanced_settings_edit",
    "sequentialTesting": "experiment_advanced_settings_edit",
    "defaultConfidenceInterval": "experiment_advanced_settings_edit",
    "analyticsType": "experiment_advanced_settings_edit",
}
_ACTIONS: Mapping[str, Tree] = MappingProxyType(
    {
        "gates": _CONFIG
        | {
            "name": "update_gate_display_name",
            "monitoringMetrics": "config_monitoring_metrics_update",
            "type": "update_gate_is_permanent",
            "team": "gate_update_owners",
            "teamID": "gate_update_owners",
            "owner": "gate_update_owners",
        },
        "dynamic_configs": _CONFIG
        | dict.fromkeys(("defaultValue", "defaultValueJson5", "schema", "schemaJson5"), "config_default_value_update"),
        "experiments": _EXPERIMENT,
        "entity_properties": {
            "name": "update_echidna_entity_property_source_name",
            "owner": "update_echidna_source_owner",
        },
    }
)
_OTHERWISE: Mapping[str, str] = MappingProxyType(
    {
        "gates": "gate_update",
        "dynamic_configs": "config_update_owners",
        "experiments": "experiment_edit",
        "entity_properties": "update_echidna_entity_property_source",
        "segments": "ID_list_update",
        "layers": "layer_edit",
        "holdouts": "holdout_update",
        "environments": "company_environments_edit",
        "unit_id_types": "company_ID_type_edit",
        "target_apps": "edit_target_app",
        "tags": "tag_edit",
    }
)
_CREATED: Mapping[str, str] = MappingProxyType(
    {
        "gates": "gate_create",
        "dynamic_configs": "dynamic_config_create",
        "experiments": "experiment_create",
        "entity_properties": "create_echidna_entity_property_source",
        "layers": "layer_create",
        "tags": "tag_create",
    }
)
_DELETED: Mapping[str, str] = MappingProxyType(
    {
        "gates": "config_delete",
        "dynamic_configs": "config_delete",
        "experiments": "experiment_delete",
        "entity_properties": "delete_echidna_entity_property_source",
        "tags": "tag_delete",
    }
)
_REACHED: Mapping[str, str] = MappingProxyType(
    {
        "active": "experiment_start",
        "decision_made": "experiment_decision_make",
        "abandoned": "experiment_abandon",
        "archived": "archive_experiment",
        "assignment_stopped": "experiment_pause_assignment",
        "experiment_stopped": "experiment_stopped",
    }
)
_RESALTED: Mapping[str, str] = MappingProxyType(
    {"gates": "config_resalt", "dynamic_configs": "config_resalt", "experiments": "resalt_experiment"}
)
_OF_THE_TRANSITION = frozenset(
    {"status", "startTime", "endTime", "decisionTime", "decisionReason", "launchedGroupID", "layerID"}
)
_UNTOLD = frozenset({"version", "lastModifierID", "lastModifiedTime", "lastModifierName", "lastModifierEmail"})


def actions(collection: str, before: Tree | None, after: Tree | None) -> dict[str, Tree]:
    """The actions that a write amounts to, each with its changes ``{field: {old, new}}``. No `before` is a creation."""
    if before is None:
        return {_CREATED.get(collection, _OTHERWISE[collection]): {}}
    if after is None:
        return {_DELETED.get(collection, _OTHERWISE[collection]): {}}
    grouped: defaultdict[str, Tree] = defaultdict(dict)
    for field in before | after:
        if field not in _UNTOLD and before.get(field) != after.get(field):
            change = {"old": _told(field, before.get(field)), "new": _told(field, after.get(field))}
            grouped[_action(collection, field, before, after)][field] = change
    return dict(grouped) or {_OTHERWISE[collection]: {}}


def resalted(collection: str) -> dict[str, Tree]:
    """The action of somebody who gives an object another salt. What `changes` says of it is not documented."""
    return {_RESALTED[collection]: {"salt": {"old": new_id(), "new": new_id()}}}


def record(action: str, about: Tree, changes: Tree, at: int) -> Tree:
    """A record without its author. Days and times are spelled as JavaScript does, in UTC."""
    name = about.get("name", about.get("id"))
    moment = datetime.fromtimestamp(at / 1000, UTC)
    return {
        "id": new_id(),
        "name": name,
        "changeLog": f"{action.replace('_', ' ').capitalize()}: {', '.join(sorted(changes)) or name}",
        "actionType": action,
        "date": moment.strftime("%a %b %d %Y"),
        "time": moment.strftime("%H:%M:%S GMT+0000 (Coordinated Universal Time)"),
        "changes": changes,
        "tags": about.get("tags", []),
    }


def _action(collection: str, field: str, before: Tree, after: Tree) -> str:
    status = after.get("status")
    if collection == "experiments" and field in _OF_THE_TRANSITION and status != before.get("status"):
        back = "unarchive_experiment" if before.get("status") == "archived" else "experiment_restart"
        return _REACHED.get(str(status), back)
    return str(_ACTIONS.get(collection, {}).get(field, _OTHERWISE[collection]))


def _told(field: str, value: Json) -> Json:
    return [_rule(rule) for rule in value or []] if field == "rules" else value


def _rule(rule: Tree) -> Tree:
    return {
        "groupName": rule["name"],
        "percentagePass": rule.get("passPercentage"),
        "conditionJSON": [_condition(condition) for condition in rule["conditions"]],
        "returnValueJSON": json.dumps(rule.get("returnValue", True)),
        "id": rule.get("id"),
        "salt": rule.get("baseID"),
        "enabledEnvironments": rule.get("environments"),
        "rollouts": rule.get("pendingAutomatedRollouts", []),
    }


def _condition(condition: Tree) -> Tree:
    extra = {key: condition[key] for key in ("field", "customID") if condition.get(key)}
    return {
        "conditionType": condition["type"],
        "operator": condition.get("operator"),
        "value": condition.get("targetValue"),
        "extraConfig": extra,
    }

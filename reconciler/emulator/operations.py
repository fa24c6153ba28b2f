"""All operations: method and path, what runs, and what a success is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reconciler.domain import Json
from reconciler.emulator import (
    audit_logs,
    configs,
    experiment_steps,
    experiments,
    filters,
    gates,
    listing,
    overrides,
    paging,
    references,
    reviews,
    sources,
    tags,
    traffic,
)
from reconciler.emulator.paging import Page
from reconciler.emulator.request import Request

PREFIX = "/console/v1"

_GATES, _GATE = gates.KIND.collection, f"{gates.KIND.item_root}/{{id}}"
_CONFIGS, _CONFIG = configs.KIND.collection, f"{configs.KIND.item_root}/{{id}}"
_EXPERIMENTS, _EXPERIMENT = experiments.KIND.collection, f"{experiments.KIND.item_root}/{{id}}"
# Names of sources may hold any character, a slash too.
_SOURCES, _SOURCE = sources.KIND.collection, f"{sources.KIND.item_root}/{{id:path}}"

_REVIEWED = {
    _GATE: gates.GATES,
    _CONFIG: configs.CONFIGS,
    _EXPERIMENT: experiments.EXPERIMENTS,
    _SOURCE: sources.SOURCES,
}
"""The roots of the paths of objects whose changes can need a review, with their collections."""
_ASIDE = ("/overrides", "/restart_as_new", "/resolve")
"""What can be done to an object without changing it."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `run` gives the data of the answer, a page of it, or None for an answer with a message only.

    `next_page` is the form in which a list names its next page.
    """

    method: str
    path: str
    run: Callable[[Request], Json | Page]
    message: str
    status: int = 200
    next_page: str = paging.ABSOLUTE

    @property
    def name(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"

    @property
    def reviewed(self) -> str | None:
        """The collection of the object that it changes, if such changes can need a review."""
        if self.method == "GET" or self.path.endswith(_ASIDE):
            return None
        return next((found for root, found in _REVIEWED.items() if f"{self.path}/".startswith(f"{root}/")), None)


OPERATIONS: tuple[Operation, ...] = (
    # Sources come before experiments: their paths look like those of an experiment.
    Operation("GET", _SOURCES, sources.list_all, "Entity Property Sources listed successfully."),
    Operation("POST", _SOURCES, sources.create, "Entity Property Source created successfully", 201),
    Operation("GET", _SOURCE, sources.get_one, "Entity Property Source read successfully."),
    Operation("POST", _SOURCE, sources.update, "Entity Property Sources updated successfully."),
    Operation("PATCH", _SOURCE, sources.patch, "Entity Property Source updated successfully"),
    Operation("DELETE", _SOURCE, sources.delete, "Entity property source deleted successfully."),
    Operation("GET", _GATES, listing.listing(gates.GATES, filters.GATES), "Gates listed successfully."),
    Operation("POST", _GATES, gates.create, "Gate created successfully.", 201),
    Operation("GET", _GATE, listing.get(gates.GATES), "Gate read successfully."),
    Operation("POST", _GATE, gates.update, "Gate updated successfully."),
    Operation("PATCH", _GATE, gates.patch, "Gate updated successfully."),
    Operation("DELETE", _GATE, gates.delete, "Gate deleted successfully."),
    Operation("PUT", f"{_GATE}/enable", gates.enable, "Gate updated successfully."),
    Operation("PUT", f"{_GATE}/disable", gates.disable, "Gate updated successfully."),
    Operation("PUT", f"{_GATE}/launch", gates.launch, "Gate updated successfully."),
    Operation("PUT", f"{_GATE}/archive", gates.archive, "Gate updated successfully."),
    Operation("PUT", f"{_GATE}/unarchive", gates.unarchive, "Gate updated successfully."),
    Operation("GET", f"{_GATE}/overrides", overrides.of_gate, "Gate Overrides read successfully.", 201),
    Operation("POST", f"{_GATE}/overrides", overrides.set_gate, "Gate Overrides updated successfully.", 201),
    Operation("PATCH", f"{_GATE}/overrides", overrides.add_gate, "Gate Overrides updated successfully.", 201),
    Operation("DELETE", f"{_GATE}/overrides", overrides.remove_gate, "Gate Overrides updated successfully.", 201),
    Operation("POST", f"{_GATE}/rule", gates.add_rule, "Gate rules added successfully."),
    Operation("GET", f"{_GATE}/rules", gates.list_rules, "Gate rules read successfully."),
    Operation("POST", f"{_GATE}/rules", gates.add_rules, "Gate rules added successfully."),
    Operation("PATCH", f"{_GATE}/rules", gates.change_rules, "Gate updated successfully."),
    Operation("PATCH", f"{_GATE}/rules/{{ruleID}}", gates.change_rule, "Gate updated successfully."),
    Operation("DELETE", f"{_GATE}/rules/{{ruleID}}", gates.delete_rule, "Gate updated successfully."),
    Operation(
        "POST",
        f"{_GATE}/alerts/{{metricId}}/resolve",
        traffic.resolve_gate_alert,
        "Metric rollout alert resolved successfully",
    ),
    Operation("GET", f"{_GATE}/versions", listing.versions(gates.GATES), "Gates listed successfully."),
    Operation("GET", f"{_GATE}/gate_references", references.gates, "Gates listed successfully."),
    Operation("GET", f"{_GATE}/experiment_references", references.experiments, "Experiments listed successfully."),
    Operation("GET", f"{_GATE}/dynamic_config_references", references.configs, "Dynamic Configs listed successfully."),
    Operation(
        "GET",
        _CONFIGS,
        listing.listing(configs.CONFIGS, filters.CONFIGS),
        "Dynamic Configs listed successfully.",
        next_page=paging.QUERY_ONLY,
    ),
    Operation("POST", _CONFIGS, configs.create, "Dynamic Config created successfully.", 201),
    Operation("GET", _CONFIG, listing.get(configs.CONFIGS), "Dynamic config read successfully."),
    Operation("POST", _CONFIG, configs.update, "Dynamic config updated successfully."),
    Operation("PATCH", _CONFIG, configs.patch, "Dynamic config updated successfully."),
    Operation("DELETE", _CONFIG, configs.delete, "Dynamic Config deleted successfully."),
    Operation("PUT", f"{_CONFIG}/enable", configs.enable, "Dynamic config updated successfully."),
    Operation("PUT", f"{_CONFIG}/disable", configs.disable, "Dynamic config updated successfully."),
    Operation("PUT", f"{_CONFIG}/archive", configs.archive, "Dynamic config updated successfully."),
    Operation("PUT", f"{_CONFIG}/unarchive", configs.unarchive, "Dynamic config updated successfully."),
    Operation("GET", f"{_CONFIG}/rules", configs.list_rules, "Dynamic Config rules read successfully."),
    Operation("GET", f"{_CONFIG}/rule/{{ruleId}}", configs.get_rule, "Dynamic Config rules read successfully."),
    Operation("PATCH", f"{_CONFIG}/rule/{{ruleId}}", configs.change_rule, "Dynamic Config rules updated successfully."),
    Operation("DELETE", f"{_CONFIG}/rule/{{ruleId}}", configs.delete_rule, "Dynamic Config rule deleted successfully."),
    Operation("GET", f"{_CONFIG}/versions", listing.versions(configs.CONFIGS), "Dynamic Configs listed successfully."),
    Operation(
        "GET",
        _EXPERIMENTS,
        listing.listing(experiments.EXPERIMENTS, filters.EXPERIMENTS),
        "Experiments listed successfully.",
        next_page=paging.ANOTHER_ENDPOINT,
    ),
    Operation("POST", _EXPERIMENTS, experiments.create, "Experiment created successfully.", 201),
    Operation("GET", _EXPERIMENT, listing.get(experiments.EXPERIMENTS), "Experiments listed successfully."),
    Operation("POST", _EXPERIMENT, experiments.update, "Experiment updated successfully."),
    Operation("PATCH", _EXPERIMENT, experiments.patch, "Experiment updated successfully."),
    Operation("DELETE", _EXPERIMENT, experiments.delete, "Experiment deleted successfully."),
    Operation("PUT", f"{_EXPERIMENT}/start", experiment_steps.start, "Experiment successfully started."),
    Operation(
        "POST",
        f"{_EXPERIMENT}/schedule_start",
        experiment_steps.schedule_start,
        "Successfully scheduled experiment start",
    ),
    Operation("PUT", f"{_EXPERIMENT}/make_decision", experiment_steps.make_decision, "Decision made for Experiment."),
    Operation("PUT", f"{_EXPERIMENT}/abandon", experiment_steps.abandon, "Experiment successfully abandoned."),
    Operation("PUT", f"{_EXPERIMENT}/reset", experiment_steps.reset, "Experiment successfully restarted."),
    Operation("PUT", f"{_EXPERIMENT}/archive", experiment_steps.archive, "Experiment successfully archived."),
    Operation("PUT", f"{_EXPERIMENT}/unarchive", experiment_steps.unarchive, "Experiment successfully unarchived."),
    Operation(
        "POST", f"{_EXPERIMENT}/enable_groups", experiment_steps.enable_groups, "Groups enabled successfully.", 201
    ),
    Operation(
        "POST", f"{_EXPERIMENT}/disable_groups", experiment_steps.disable_groups, "Groups disabled successfully.", 201
    ),
    Operation(
        "POST", f"{_EXPERIMENT}/restart_as_new", experiment_steps.restart_as_new, "Restart As New Experiment Success"
    ),
    Operation(
        "POST",
        f"{_EXPERIMENT}/alerts/{{metricId}}/resolve",
        traffic.resolve_experiment_alert,
        "Metric rollout alert resolved successfully",
    ),
    Operation(
        "GET",
        f"{_EXPERIMENT}/cumulative_exposures",
        traffic.cumulative_exposures,
        "Successfully loaded Cumulative Exposures",
    ),
    Operation("GET", f"{_EXPERIMENT}/overrides", overrides.of_experiment, "Experiment Overrides read successfully."),
    Operation(
        "POST", f"{_EXPERIMENT}/overrides", overrides.set_experiment, "Experiment Overrides updated successfully."
    ),
    Operation(
        "PATCH", f"{_EXPERIMENT}/overrides", overrides.add_experiment, "Experiment Overrides updated successfully."
    ),
    Operation(
        "DELETE", f"{_EXPERIMENT}/overrides", overrides.remove_experiment, "Experiment Overrides updated successfully."
    ),
    Operation("GET", "/audit_logs", audit_logs.list_all, "Audit logs listed successfully.", next_page=paging.NO_SCHEME),
    Operation("GET", "/project", listing.single("project"), "Project Info Retrieved Successfully"),
    Operation("GET", "/company", listing.single("company"), "Company Info Retrieved Successfully"),
    Operation("GET", "/settings/reviews", listing.single(reviews.SETTINGS), "Settings read successfully."),
    Operation("POST", "/settings/reviews", reviews.change_settings, "Settings updated successfully."),
    Operation("GET", "/tags", listing.listing(tags.TAGS), "Tags listed successfully"),
    Operation("POST", "/tags", tags.create, "Tag created successfully"),
    Operation("GET", "/tags/{id}", tags.get_one, "Tag read successfully"),
    Operation("PATCH", "/tags/{id}", tags.patch, "Tag updated successfully"),
    Operation("DELETE", "/tags/{id}", tags.delete, "Tag deleted successfully"),
    Operation("GET", "/segments", listing.listing("segments"), "Segments listed successfully."),
    Operation("GET", "/segments/{id}", listing.get("segments"), "Segment read successfully."),
    Operation("GET", "/layers", listing.listing("layers"), "Layers listed successfully."),
    Operation("GET", "/layers/{id}", listing.get("layers"), "Layer read successfully."),
    Operation("GET", "/holdouts", listing.listing("holdouts", filters.HOLDOUTS), "Holdouts listed successfully."),
    Operation("GET", "/holdouts/{id}", listing.get("holdouts"), "Holdout read successfully."),
    Operation("GET", "/param_stores", listing.listing("param_stores"), "List param stores success"),
    Operation("GET", "/release_pipelines", listing.listing("release_pipelines"), "List pipelines success"),
    Operation("GET", "/unit_id_types", listing.listing("unit_id_types"), "Unit ID Types listed successfully."),
    Operation("GET", "/unit_id_types/{id}", listing.get("unit_id_types"), "Unit ID Type read successfully."),
    Operation("GET", "/target_app", listing.target_apps, "Target apps listed successfully."),
    Operation("GET", "/target_app/{id}", listing.get("target_apps"), "Target app read successfully."),
    Operation("GET", "/environments", listing.environments, "Environments read successfully."),
)

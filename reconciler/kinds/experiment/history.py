"""What the audit log says of experiments. The service lists no past versions of them."""

from __future__ import annotations

from reconciler.kind import Logged

_CONCLUDED = frozenset({"status", "decisionReason"})

LOGGED = Logged(
    about="^(?!autotune_).*(experiment|hypothesis)",
    fields={
        "experiment_start": frozenset({"status"}),
        "experiment_decision_make": _CONCLUDED | {"launchedGroup", "targetingGateID"},
        "experiment_abandon": _CONCLUDED,
        "experiment_pause_assignment": _CONCLUDED,
        "experiment_stopped": _CONCLUDED,
        "experiment_restart": _CONCLUDED | {"launchedGroup"},
        "archive_experiment": frozenset({"status"}),
        "unarchive_experiment": frozenset({"status"}),
        "experiment_description_edit": frozenset({"description"}),
        "experiment_display_name_edit": frozenset({"name"}),
        "hypothesis_edit": frozenset({"hypothesis"}),
        "key_experiment_metrics_edit": frozenset({"primaryMetrics", "secondaryMetrics", "otherMetrics"}),
        "experiment_rollout": frozenset({"allocation"}),
        "experiment_group_disable": frozenset({"groups"}),
        "experiment_update_target_apps": frozenset({"targetApps"}),
        "experiment_update_owners": frozenset({"team", "teamID"}),
        "experiment_overrides_edit": frozenset(),
        "schedule_experiment_start": frozenset(),
        "resalt_experiment": frozenset(),
        "update_experiment_salt": frozenset(),
    },
    made=frozenset({"experiment_create", "experiment_template_create"}),
    gone=frozenset({"experiment_delete"}),
    salted=frozenset({"resalt_experiment", "update_experiment_salt"}),
)

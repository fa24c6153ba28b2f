"""Manifests of all four kinds, made at random: every field, every type of condition, every status that can be reached.

Fields are left out, written, taken out again and changed, since what a manifest does not mention is what such a tool
loses most easily.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from reconciler.domain import Json, Tree
from tests.end_to_end.drawing import METRICS, TAGS
from tests.end_to_end.drawing_rules import DrawRules
from tests.end_to_end.world import manifest

AROUND: Tree = {
    "segments": [{"id": "staff", "name": "staff"}, {"id": "testers", "name": "testers"}],
    "layers": [{"id": "feed", "name": "feed", "idType": "userID"}, {"id": "search", "name": "search"}],
    "target_apps": [{"name": "web"}, {"name": "ios"}, {"name": "android"}],
    "unit_id_types": [{"name": name, "description": ""} for name in ("userID", "stableID", "companyID")],
    "tags": [{"name": "★ Core", "isCore": True}, {"name": "old"}],
}
"""What manifests refer to and do not describe."""


class Maker(DrawRules):
    """Makes manifests, and edits them."""

    def shared(self) -> dict[str, Callable[[], Json]]:
        return {
            "description": self.text,
            "tags": lambda: self.some(TAGS),
            "targetApps": lambda: self.one(["web", [], ["web"], ["ios", "web"]]),
            "team": lambda: self.nothing_or("Growth", "Payments"),
            "idType": lambda: self.one(["userID", "stableID", "companyID"]),
        }

    def gate(self) -> Tree:
        id_ = self.fresh("gate.one-")
        made: Tree = {"rules": self.rules(self.rule)} if self.odds(0.85) else {}
        spec = made | self.fields(self.gate_fields())
        if self.odds(0.1):
            spec = {name: value for name, value in spec.items() if name != "type"} | {"isTemplate": True}
        self.gates.append(id_)
        return manifest("Gate", id_, spec, labels={"team": "growth"})

    def gate_fields(self) -> dict[str, Callable[[], Json]]:
        return self.shared() | {
            "name": lambda: self.fresh("Gate no. "),
            "status": lambda: self.one(["in_progress", "launched", "disabled", "archived"]),
            "type": lambda: self.one(["PERMANENT", "TEMPORARY"]),
            "measureMetricLifts": lambda: self.odds(0.5),
            "monitoringMetrics": self.metrics,
            # A review would keep what is applied from coming about.
            "reviewSettings": lambda: {"requiredReview": False},
            "releasePipelineID": lambda: self.nothing_or("", "pipeline"),
            "creatorEmail": lambda: self.nothing_or("jo@example.com"),
            "creatorID": lambda: self.nothing_or("4R5PV7mvYdW6NLCwK8ocoz"),
        }

    def config(self) -> Tree:
        id_ = self.fresh("config_one.")
        spec = self.strict_values() if self.odds(0.3) else self.free_values()
        return manifest("DynamicConfig", id_, spec | self.fields(self.config_fields()))

    def free_values(self) -> Tree:
        spec = self.valued("defaultValue", self.json_object) if self.odds(0.7) else {}
        return spec | {"rules": self.rules(lambda: self.config_rule(self.json_object))}

    def strict_values(self) -> Tree:
        """A schema, and values that satisfy it. A schema may ask for a field more or less than the one before."""
        names = self.one([["limit"], ["limit", "title"], ["limit", "title", "on"]])
        makers: dict[str, Callable[[], Json]] = {
            "limit": lambda: self.one([1, 20, 7.5]),
            "title": self.text,
            "on": lambda: self.odds(0.5),
        }

        def make() -> Tree:
            return {name: makers[name]() for name in names}

        types = {"limit": "number", "title": "string", "on": "boolean"}
        schema: Tree = {"type": "object", "required": names, "additionalProperties": False}
        schema["properties"] = {name: {"type": types[name]} for name in names}
        text = self.one([json.dumps(schema), json.dumps(schema, indent=2) + "\n"])
        twins = {"schema": text, "schemaJson5": f"{text} // remark"}
        said = {name: twins[name] for name in self.one([["schema"], ["schemaJson5"], list(twins)])}
        return (
            said | self.valued("defaultValue", make) | {"rules": self.rules(lambda: self.config_rule(make, chance=0))}
        )

    def config_fields(self) -> dict[str, Callable[[], Json]]:
        return self.shared() | {
            "name": lambda: self.fresh("Config no. "),
            "status": lambda: self.one(["enabled", "disabled", "archived"]),
            "releasePipelineID": lambda: self.nothing_or("pipeline"),
            "isTemplate": lambda: self.odds(0.2),
            "creatorEmail": lambda: self.nothing_or("jo@example.com"),
            "creatorID": lambda: self.nothing_or("4R5PV7mvYdW6NLCwK8ocoz"),
            "owner": lambda: self.nothing_or({"ownerType": "USER", "ownerName": "Jo"}),
        }

    def source(self) -> Tree:
        id_ = self.fresh(self.one(["people / all ", "käufer ", "a%2Fb?#", "plain"]))
        self.sources.append(id_)
        return manifest("EntityPropertySource", id_, self.source_spec())

    def source_spec(self) -> Tree:
        units = self.some(["userID", "stableID", "companyID"], 1)
        columns = [f"c{number}" for number in range(len(units))]
        blank = self.one(["", "  ", "\n"])
        query = f"SELECT {', '.join([*columns, 'ts'])}{blank}\nFROM t -- {self.fresh('version')}\n"
        spec: Tree = {
            "sql": query,
            "idTypeMapping": [
                {"statsigUnitID": unit, "column": column} for unit, column in zip(units, columns, strict=True)
            ],
        }
        return spec | self.fields(self.source_fields())

    def source_fields(self) -> dict[str, Callable[[], Json]]:
        return {
            "description": self.text,
            "tags": lambda: self.some(TAGS),
            "timestampColumn": lambda: self.one(["ts", ""]),
            "timestampAsDay": lambda: self.odds(0.5),
            "isReadOnly": lambda: self.odds(0.5),
            "team": lambda: self.one(["Growth", "Payments"]),
        }

    def experiment(self) -> Tree:
        id_ = self.fresh("exp-one_")
        spec = self.grouped() | self.fields(self.experiment_fields(), 0.3)
        spec |= self.fields(self.create_only(), 0.2)
        if self.odds(0.6):
            spec["status"] = self.one(["setup", "active"])
        self.experiments.append(id_)
        return manifest("Experiment", id_, spec)

    def grouped(self) -> Tree:
        if self.odds(0.2):
            return {}
        names = self.some(["Control", "Test", "größe", "50 %", "x"], 2, 4)
        sizes = ([50, 50], [33.4, 33.3, 33.3], [40, 20, 20.5, 19.5])[len(names) - 2]
        values = self.json_object()
        extra: dict[str, Callable[[], Json]] = {
            "description": self.text,
            "disabled": lambda: self.odds(0.3),
            "foreignGroupID": lambda: self.one(["", "f1"]),
        }
        groups = [
            {"name": name, "size": size, "parameterValues": values, **self.fields(extra)}
            for name, size in zip(names, sizes, strict=True)
        ]
        return {"groups": groups} | ({"controlGroup": self.one(names)} if self.odds(0.5) else {})

    def create_only(self) -> dict[str, Callable[[], Json]]:
        return {
            "layerID": lambda: self.one(["feed", "search"]),
            "primaryMetricTags": lambda: self.some(["old", "★ Core"]),
            "secondaryMetricTags": lambda: self.some(["old", "★ Core"]),
            "creatorEmail": lambda: self.nothing_or("jo@example.com"),
            "creatorID": lambda: self.nothing_or("4R5PV7mvYdW6NLCwK8ocoz"),
        }

    def experiment_fields(self) -> dict[str, Callable[[], Json]]:
        """Fields that a draft can change."""
        return self.lasting() | {
            "idType": lambda: self.one(["userID", "stableID"]),
            "secondaryIDType": lambda: self.nothing_or("stableID"),
            "targetingGateID": lambda: self.nothing_or("", *self.gates),
            "allocation": lambda: self.one([100, 12.3, 50]),
        }

    def lasting(self) -> dict[str, Callable[[], Json]]:
        """Fields that a running experiment can change as well."""
        shared = self.shared()
        del shared["idType"]
        numbers = ("duration", "targetExposures", "cohortedAnalysisDuration", "fixedAnalysisDuration")
        flags = (
            "sequentialTesting", "bonferroniCorrection", "bonferroniCorrectionPerMetric", "benjaminiHochbergPerVariant",
            "benjaminiHochbergPerMetric", "benjaminiPrimaryMetricsOnly", "cohortedMetricsMatureAfterEnd",
            "cohortWaitUntilEndToInclude", "isSidecar",
        )  # fmt: skip
        return {
            **shared,
            **dict.fromkeys(numbers, lambda: self.one([2, 14, 180000])),
            **dict.fromkeys(flags, lambda: self.odds(0.5)),
            "name": lambda: self.fresh("Experiment no "),
            "hypothesis": self.text,
            "primaryMetrics": self.judged,
            "secondaryMetrics": self.judged,
            "otherMetrics": self.judged,
            "links": lambda: [
                {"url": url, **self.fields({"title": self.text})} for url in self.some(["https://a.example/b?c", "x:y"])
            ],
            "identifierMappingMode": lambda: self.one(["strictOneToOne", "firstTouchOneToMany", "lastTouchOneToMany"]),
            "identityResolutionSource": lambda: self.nothing_or(*self.sources),
            "defaultConfidenceInterval": lambda: self.one(["80", "95", "99", 90]),
            "manualQualityScores": self.scores,
            "analyticsType": lambda: self.one(["frequentist", "bayesian", "sprt"]),
            "assignmentSourceName": self.text,
            "assignmentSourceExperimentName": self.text,
            "assignmentSourceFilters": lambda: self.one(
                [[], [{"column": "c", "condition": "in", "values": ["x", "y"]}], [{"condition": "is_true"}]]
            ),
            "isAnalysisOnly": lambda: self.one([None, True, False]),
            "allocationDuration": lambda: self.nothing_or(2, 7),
            "scheduledReloadHour": lambda: self.nothing_or(0, 23),
            "scheduledReloadType": lambda: self.one(["full", "incremental"]),
            "analysisEndTime": lambda: self.one(["", "2026-10-30"]),
            "stratifiedSampling": self.sampling,
        }

    def scores(self) -> list[Json]:
        return [
            {"criteriaName": name, "status": "PASSED", "criteriaDescription": self.text(), "score": 1.5, "weight": 2}
            for name in self.some(["POWER_ANALYSIS", "own"])
        ]

    def sampling(self) -> Json:
        if self.odds(0.2):
            return None
        makers: dict[str, Callable[[], Json]] = {
            "metric": lambda: {"name": self.one(METRICS), "startDate": "2026-01-01", "endDate": "2026-01-31"},
            "csv": lambda: {"original": "a,b", "identifier": self.text()},
        }
        if self.sources:
            makers["entityPropertySource"] = lambda: {"propertySourceName": self.one(self.sources), "column": "c0"}
        return {"status": self.one(["pending", "success"]), **self.fields(makers, 0.5)}

    # ---- edits -----------------------------------------------------------------------------------------------------

    def edit(self, document: Tree) -> Tree:
        """The manifest as somebody may have changed it, in a way that can be applied."""
        id_, gates = document["metadata"]["id"], self.gates
        # A gate refers to gates that were made before it, so that no circle comes about.
        self.gates = gates[: gates.index(id_)] if id_ in gates else gates
        spec = getattr(self, f"_edit_{document['kind'].lower()}")(document["spec"])
        self.gates = gates
        return document | {"spec": spec, "metadata": self._aware(document)}

    def _aware(self, document: Tree) -> Tree:
        """The metadata of a gate that may decide who is in an experiment that runs, written by somebody who knows."""
        known = [f"Experiment/{id_}" for id_ in self.experiments] if document["kind"] == "Gate" else []
        metadata: Tree = document["metadata"]
        return metadata | ({"acknowledge": known} if known else {})

    def _redrawn(self, spec: Tree, makers: Mapping[str, Callable[[], Json]], fixed: frozenset[str]) -> Tree:
        """The spec with some of these fields written anew, some taken out, some added."""
        kept = {name: value for name, value in spec.items() if name in fixed or name not in makers or self.odds(0.85)}
        return kept | {name: make() for name, make in makers.items() if name not in fixed and self.odds(0.15)}

    def _edit_gate(self, spec: Tree) -> Tree:
        made = self._redrawn(spec, self.gate_fields(), frozenset({"isTemplate"}))
        if "isTemplate" in made:
            made.pop("type", None)
        if "rules" in spec and self.odds(0.6):
            made["rules"] = self.edited(spec["rules"], self.rule)
        return made

    def _edit_dynamicconfig(self, spec: Tree) -> Tree:
        made = self._redrawn(spec, self.config_fields(), frozenset({"isTemplate"}))
        if "schema" in spec or "schemaJson5" in spec:
            values = frozenset({"schema", "schemaJson5", "defaultValue", "defaultValueJson5", "rules"})
            rest = {name: value for name, value in made.items() if name not in values}
            return rest | self.strict_values() if self.odds(0.5) else made
        if self.odds(0.3):
            made |= {"rules": self.edited(spec["rules"], lambda: self.config_rule(self.json_object))}
        if self.odds(0.2):
            made = {name: value for name, value in made.items() if not name.startswith("defaultValue")}
            made |= self.valued("defaultValue", self.json_object)
        return made

    def _edit_entitypropertysource(self, spec: Tree) -> Tree:
        made = self._redrawn(spec, self.source_fields(), frozenset())
        fresh = self.source_spec()
        return made | {name: fresh[name] for name in ("sql", "idTypeMapping") if self.odds(0.4)}

    def _edit_experiment(self, spec: Tree) -> Tree:
        if spec.get("status", "setup") != "setup":
            return self._edit_running(spec)
        made = self._redrawn(spec, self.experiment_fields(), frozenset({"layerID"}))
        if self.odds(0.4):
            made = {name: value for name, value in made.items() if name not in {"groups", "controlGroup"}}
            made |= self.grouped()
        return made | ({"status": "active"} if self.odds(0.3) else {})

    def _edit_running(self, spec: Tree) -> Tree:
        made = self._redrawn(spec, self.lasting(), frozenset())
        ended = {"decisionReason": "done"}
        match spec["status"]:
            case "active" if "groups" in spec and self.odds(0.3):
                return made | ended | {"status": "decision_made", "launchedGroup": self.one(spec["groups"])["name"]}
            case "active" if self.odds(0.3):
                return made | ended | {"status": "abandoned"}
            case "decision_made" | "abandoned" if self.odds(0.5):
                return made | {"status": "archived"}
            case "archived":
                return spec  # what is in the archive cannot be changed
        return made

    def batch(self, count: int) -> list[Tree]:
        """So many manifests of all kinds."""
        makers = [self.gate, self.gate, self.config, self.experiment, self.source]
        return [self.one(makers)() for _ in range(count)]

"""What somebody set in the console and no manifest mentions survives an apply of something else, at every depth."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

import pytest

from reconciler.domain import Json, Tree
from reconciler.kinds import KINDS
from reconciler.shape import Shape, shape_of
from tests.end_to_end.world import World, changes_of, manifest, members

ROLLOUTS = [{"time": 1_890_000_000_000, "passPercent": 10}]
MAPPING = [{"statsigUnitID": "userID", "column": "id"}]
SOURCE: Tree = {"sql": "SELECT id FROM t", "idTypeMapping": MAPPING}

# ---- fields of objects ---------------------------------------------------------------------------------------------

SHARED: Tree = {
    "description": "set by hand",
    "tags": ["by hand"],
    "targetApps": ["web"],
    "team": "Growth",
    "teamID": "t1",
    "idType": "stableID",
    "name": "By hand",
}
CONFIGURED = SHARED | {"releasePipelineID": "p1", "holdoutIDs": ["h1"], "owner": {"ownerType": "USER", "ownerID": "u1"}}
METRICS = [{"name": "dau", "type": "user"}]
TOP: dict[str, Tree] = {
    "EntityPropertySource": {
        "description": "set by hand",
        "tags": ["by hand"],
        "timestampColumn": "ts",
        "timestampAsDay": True,
        "isReadOnly": True,
        "team": "Data",
        "teamID": "t1",
        "owner": {"ownerType": "USER", "ownerID": "u1"},
    },
    "Gate": CONFIGURED
    | {
        "rules": [
            {"name": "r", "id": "r1", "baseID": "r1", "passPercentage": 1, "conditions": [], "environments": None}
        ],
        "type": "PERMANENT",
        "measureMetricLifts": False,
        "monitoringMetrics": METRICS,
        "reviewSettings": {"requiredReview": False, "allowedReviewers": ["jo@example.com"]},
    },
    "DynamicConfig": CONFIGURED
    | {
        "rules": [{"name": "r", "id": "r1", "baseID": "r1", "passPercentage": 1, "conditions": [], "returnValue": {}}],
        "defaultValue": {"a": 1},
        "defaultValueJson5": "{} // a remark",
        "schema": '{"type": "object"}',
        "schemaJson5": "{type: 'object'} // a remark",
    },
    "Experiment": SHARED
    | {
        "hypothesis": "set by hand",
        "secondaryIDType": "stableID",
        "identifierMappingMode": "strictOneToOne",
        "identityResolutionSource": "people",
        "links": [{"url": "https://a.example", "title": "t"}],
        "groups": [{"id": "g1", "name": "All", "size": 100, "parameterValues": {"a": 1}}],
        "allocation": 12.3,
        "targetingGateID": "audience",
        "primaryMetrics": METRICS,
        "secondaryMetrics": METRICS,
        "otherMetrics": METRICS,
        "duration": 21,
        "targetExposures": 1000,
        "sequentialTesting": True,
        "bonferroniCorrection": True,
        "bonferroniCorrectionPerMetric": True,
        "benjaminiHochbergPerVariant": True,
        "benjaminiHochbergPerMetric": True,
        "benjaminiPrimaryMetricsOnly": True,
        "defaultConfidenceInterval": "99",
        "manualQualityScores": [
            {"criteriaName": "own", "status": "PASSED", "criteriaDescription": "", "score": 1, "weight": 1}
        ],
        "analyticsType": "bayesian",
        "decisionReason": "none yet",
        "assignmentSourceName": "assignments",
        "assignmentSourceExperimentName": "e",
        "assignmentSourceFilters": [{"column": "c", "condition": "in", "values": ["x"]}],
        "isAnalysisOnly": True,
        "allocationDuration": 3,
        "cohortedAnalysisDuration": 3,
        "cohortedMetricsMatureAfterEnd": True,
        "cohortWaitUntilEndToInclude": True,
        "fixedAnalysisDuration": 3,
        "scheduledReloadHour": 3,
        "scheduledReloadType": "full",
        "analysisEndTime": "2026-10-30",
        "stratifiedSampling": {"status": "success", "csv": {"original": "a", "identifier": "b"}},
        "isSidecar": True,
        "summarySections": [{"name": "Notes", "content": "..."}],
        "inlineTargetingRulesJSON": '{"rules": []}',
        "healthChecks": [{"name": "n", "description": "d", "status": "PASSED"}],
    },
}
"""For each kind what somebody sets in the console: every field, and some that only the service writes."""
REQUIRED: dict[str, Tree] = {"EntityPropertySource": SOURCE, "Gate": {}, "DynamicConfig": {}, "Experiment": {}}
ID = {"EntityPropertySource": "people"}
OTHER: dict[str, list[Tree]] = {
    "EntityPropertySource": [{"timestampAsDay": True}, {"sql": "SELECT id, ts FROM t"}, {"description": "from Git"}],
    "Gate": [{"measureMetricLifts": False}, {"status": "disabled"}, {"description": "from Git"}],
    "DynamicConfig": [{"targetApps": ["ios"]}, {"status": "disabled"}, {"description": "from Git"}],
    "Experiment": [{"duration": 20}, {"status": "active"}, {"description": "from Git"}],
}
"""Changes that a manifest asks for besides."""


def managed(kind: str) -> set[str]:
    """The fields that a manifest of this kind may mention and an update may touch."""
    fields = shape_of(KINDS[kind].spec).fields.values()
    return {each.name for each in fields if not (each.required or each.create_only or each.write_once or each.directed)}


@pytest.mark.parametrize("kind", KINDS)
def test_there_is_a_case_for_every_field(kind: str) -> None:
    assert managed(kind) - TOP[kind].keys() == set()


def cases() -> Iterator[tuple[str, str, Tree]]:
    for kind, fields in TOP.items():
        for name in fields:
            other = [change for change in OTHER[kind] if name not in change]
            yield from ((kind, name, change) for change in other[: 2 if kind == "EntityPropertySource" else 1])


@pytest.mark.parametrize(("kind", "name", "change"), list(cases()))
def test_a_field_that_no_manifest_mentions_stays_as_it_was_set(
    world: World, kind: str, name: str, change: Tree
) -> None:
    id_ = ID.get(kind, "thing_one")
    kind_of = KINDS[kind]
    world.seed({"gates": [{"id": "audience"}], "entity_properties": [{"name": "people", **SOURCE}]})
    world.seed({"tags": [{"name": "by hand"}]})
    world.manifests([manifest(kind, id_, REQUIRED[kind])])
    world.apply()
    world.edit(kind, id_, {name: TOP[kind][name]} | ({"controlGroupID": "g1"} if name == "groups" else {}))
    before = world.live(kind, id_)
    world.manifests([manifest(kind, id_, REQUIRED[kind] | change)])
    world.apply()
    after = world.live(kind, id_)
    assert members(after[name]) == members(before[name]) == members(TOP[kind][name])
    assert kind_of.view(after)[next(iter(change))] == next(iter(change.values()))


STATES: dict[str, tuple[str, Tree]] = {
    "an emergency stop of a gate": ("Gate", {"status": "Disabled", "isEnabled": False}),
    "the launch of a gate": ("Gate", {"status": "Launched", "isEnabled": False}),
    "a disabled config": ("DynamicConfig", {"status": "Disabled", "isEnabled": False}),
    "a started experiment": ("Experiment", {"status": "active", "startTime": 5}),
    "a decision": ("Experiment", {"status": "decision_made", "launchedGroupID": "g1", "decisionReason": "won"}),
    "a stopped assignment": ("Experiment", {"status": "assignment_stopped"}),
    "another control group": ("Experiment", {"controlGroupID": "g2"}),
}


@pytest.mark.parametrize("name", STATES)
def test_a_status_that_no_manifest_mentions_stays_as_people_left_it(world: World, name: str) -> None:
    kind, changes = STATES[name]
    groups: list[Tree] = [{"id": id_, "name": id_, "size": 50, "parameterValues": {}} for id_ in ("g1", "g2")]
    world.seed({KINDS[kind].seed_key: [{"id": "thing_one"} | ({"groups": groups} if kind == "Experiment" else {})]})
    world.edit(kind, "thing_one", changes)
    world.manifests([manifest(kind, "thing_one", {"description": "from Git"})])
    assert list(changes_of(world.good_plan()).values()) == [[("description", "set", "", "from Git")]]
    world.apply()
    live = world.live(kind, "thing_one")
    assert {field: live[field] for field in changes} == changes


# ---- members of lists and of nested objects ------------------------------------------------------------------------

PUBLIC = {"type": "public"}
RULE: Tree = {"name": "One", "passPercentage": 10, "conditions": [PUBLIC]}
CONFIG_RULE = RULE | {"returnValue": {"a": 1}}
VARIANT: Tree = {"name": "half", "passPercentage": 100, "returnValue": {"a": 1}}
REMARK: Tree = {"returnValueJson5": "{a: 1} // a remark"}
RULE_MEMBERS: Tree = {
    "environments": ["staging"],
    "completedAutomatedRollouts": ROLLOUTS,
    "pendingAutomatedRollouts": ROLLOUTS,
    "id": "r1:10.00:7",
    "baseID": "r1",
}
JUDGED: Tree = {"direction": "increase", "hypothesizedValue": 1.5}
SAMPLING: Tree = {
    "metric": {"name": "dau", "startDate": "2026-01-01", "endDate": "2026-01-31"},
    "entityPropertySource": {"propertySourceName": "people", "column": "id"},
    "csv": {"original": "a", "identifier": "b"},
}
NESTED: dict[str, tuple[Tree, Tree]] = {
    "Gate.rules[]": (RULE, RULE_MEMBERS | {"returnValue": {"a": 1}}),
    "Gate.rules[].conditions[]": ({"type": "javascript"}, {"targetValue": "1 > 0"}),
    "DynamicConfig.rules[]": (
        CONFIG_RULE,
        RULE_MEMBERS | REMARK | {"variants": [VARIANT | {"id": "v1"} | REMARK]},
    ),
    "DynamicConfig.rules[].conditions[]": ({"type": "url"}, {"targetValue": ["/a"]}),
    "DynamicConfig.rules[].variants[]": (VARIANT, {"id": "v1"} | REMARK),
    "Experiment.groups[]": (
        {"name": "One", "size": 50, "parameterValues": {"a": 1}},
        {"id": "g1", "disabled": True, "description": "set by hand", "foreignGroupID": "f1"},
    ),
    "Experiment.links[]": ({"url": "https://a.example"}, {"title": "set by hand"}),
    "Experiment.primaryMetrics[]": (METRICS[0], JUDGED),
    "Experiment.secondaryMetrics[]": (METRICS[0], JUDGED),
    "Experiment.otherMetrics[]": (METRICS[0], JUDGED),
    "Experiment.assignmentSourceFilters[]": ({"condition": "is_true"}, {"values": ["x"]}),
    "Experiment.stratifiedSampling": ({"status": "pending"}, SAMPLING),
    "Gate.reviewSettings": ({"requiredReview": False}, {"allowedReviewers": ["jo@example.com"]}),
}
"""Items as a manifest writes them, and what somebody adds to them in the console."""
INSTEAD: dict[str, tuple[Tree, Tree]] = {
    "returnValue": ({"variants": [VARIANT]}, {"returnValue": {"a": 9}, "returnValueJson5": "{a: 9} // a remark"}),
    "passPercentage": ({}, {"passPercentage": 37}),
}
"""Members of config rules that can be left out only when the item is written another way."""
SIBLING: dict[str, Tree] = {
    "rules[]": {"passPercentage": 20},
    "conditions[]": {},
    "variants[]": {"returnValue": {"a": 2}},
    "groups[]": {"parameterValues": {"a": 2}},
    "links[]": {},
    "primaryMetrics[]": {},
    "secondaryMetrics[]": {},
    "otherMetrics[]": {},
    "assignmentSourceFilters[]": {},
    "stratifiedSampling": {"status": "success"},
    "reviewSettings": {"requiredReview": True},
}
"""A change of another member of the same item, where an item has one that is no part of its key."""
MOVES_TOGETHER = {
    "completedAutomatedRollouts": "passPercentage",
    "pendingAutomatedRollouts": "passPercentage",
    "returnValueJson5": "returnValue",
}
"""Members that are one with another: they have no say when that is the one that changes."""


def paths(shape: Shape, at: str) -> Iterator[str]:
    """The optional members of all items and nested objects."""
    for each in shape.fields.values():
        here = f"{at}.{each.name}{'[]' if each.keyed and each.item else ''}"
        if "." in at and not each.required:
            yield here.removesuffix("[]")
        if each.item:
            yield from paths(each.item, here)


KEYS = {"operator", "field", "customID", "column"}
"""A condition or a filter with another one of these is another one."""


def test_there_is_a_case_for_every_member() -> None:
    every = {path for kind in KINDS.values() for path in paths(shape_of(kind.spec), kind.name)}
    mine = {f"{place}.{name}" for place, (_, members_) in NESTED.items() for name in members_}
    mine |= {f"DynamicConfig.rules[].{name}" for name in INSTEAD}
    keys = {path for path in every if path.rsplit("[].", maxsplit=1)[-1] in KEYS}
    whole = {path for path in every if path.startswith("DynamicConfig.owner.")}  # written once, never compared
    assert every - keys - whole - mine == {"DynamicConfig.rules[].variants[].returnValue"}


def nested_cases() -> Iterator[tuple[str, str, str]]:
    """Where, which member is set by hand, and what a manifest changes then."""
    for place, (_, added) in NESTED.items():
        sibling = SIBLING[place.split(".")[-1]]
        for name in added:
            yield place, name, "the object"
            if sibling and MOVES_TOGETHER.get(name) not in sibling:
                yield place, name, "the same item"
            if place.endswith("[]"):
                yield place, name, "another item"


def built(place: str, item: Tree, second: Tree | None) -> tuple[str, Tree]:
    """Kind and spec with the item at this place, and another item after it if there is to be one."""
    kind, *steps = place.split(".")
    value: Json = item
    for step in reversed(steps):
        name = step.removesuffix("[]")
        rest = [second] if second and step == steps[-1] and step.endswith("[]") else []
        value = {name: [value, *rest] if step.endswith("[]") else value}
        if step == "rules[]":
            continue
        if steps[0] == "rules[]":
            value = (CONFIG_RULE if kind == "DynamicConfig" else RULE) | value
    return kind, dict(value)


def item_at(place: str, live: Tree) -> Tree:
    _, *steps = place.split(".")
    found: Json = live
    for step in steps:
        found = found[step.removesuffix("[]")]
        found = found[0] if step.endswith("[]") else found
    return dict(found)


def second_of(place: str) -> Tree | None:
    """Another item for the same list."""
    item, _ = NESTED[place]
    others = {"name": "Two", "type": "public", "url": "https://b.example", "condition": "is_false"}
    key = next((key for key in others if key in item), "")
    return item | {key: others[key]} if key else None


def seeded_rules(spec: Tree) -> Tree:
    """The spec as a live object has it: rules and variants have ids."""
    rules = [{"id": f"r{at}", **rule} for at, rule in enumerate(spec.get("rules", []), 1)]
    for rule in rules:
        rule |= {
            name: [{"id": f"v{at}", **variant} for at, variant in enumerate(rule[name], 1)]
            for name in ("variants",)
            if name in rule
        }
    return spec | ({"rules": rules} if rules else {})


@pytest.mark.parametrize(("place", "name", "what"), list(nested_cases()))
def test_a_member_that_no_manifest_mentions_stays_as_it_was_set(world: World, place: str, name: str, what: str) -> None:
    item, added = NESTED[place]
    second, sibling = second_of(place), SIBLING[place.rsplit(".", maxsplit=1)[-1]]
    kind, spec = built(place, item, second)
    _, set_by_hand = built(place, item | {name: added[name]}, second)
    world.seed({"entity_properties": [{"name": "people", **SOURCE}]})
    world.seed({KINDS[kind].seed_key: [{"id": "thing_one"} | seeded_rules(set_by_hand)]})
    before = item_at(place, world.live(kind, "thing_one"))
    assert members(before[name]) == members(added[name])
    world.manifests([manifest(kind, "thing_one", deepcopy(spec))])
    assert changes_of(world.good_plan()) == {}

    match what:
        case "the same item":
            _, spec = built(place, item | sibling, second)
        case "another item":
            _, spec = built(place, item, second | sibling if second and sibling else None)
        case _:
            spec |= {"description": "from Git"}
    world.manifests([manifest(kind, "thing_one", spec)])
    assert len(changes_of(world.good_plan())) == 1
    world.apply()
    after = item_at(place, world.live(kind, "thing_one"))
    assert members(base(after[name])) == members(base(added[name]))


def base(value: Json) -> Json:
    """The constant part of an id, to which the service adds percentage and revision; all else as it is."""
    return value.split(":")[0] if isinstance(value, str) and value.startswith("r1") else value


@pytest.mark.parametrize("name", INSTEAD)
def test_a_value_or_percentage_that_a_config_rule_leaves_out_stays_as_it_was_set(world: World, name: str) -> None:
    written, by_hand = INSTEAD[name]
    rule = {key: value for key, value in (CONFIG_RULE | written).items() if key not in by_hand}
    live = seeded_rules({"rules": [rule | by_hand]})
    world.seed({"dynamic_configs": [{"id": "thing_one", **live}]})
    world.manifests([manifest("DynamicConfig", "thing_one", {"rules": [rule | {"environments": ["staging"]}]})])
    world.apply()
    after = world.live("DynamicConfig", "thing_one")["rules"][0]
    assert {key: after[key] for key in by_hand} == by_hand
    assert after["environments"] == ["staging"]


def test_metrics_and_tags_that_somebody_adds_are_taken_out_where_a_manifest_mentions_the_list(world: World) -> None:
    world.manifests([manifest("Gate", "thing_one", {"tags": ["ours"], "monitoringMetrics": METRICS})])
    world.apply()
    world.edit("Gate", "thing_one", {"monitoringMetrics": [*METRICS, {"name": "wau", "type": "user"}]})
    added = {"name": "wau", "type": "user"}
    assert changes_of(world.good_plan()) == {"Gate/thing_one": [("monitoringMetrics[1]", "remove", added, None)]}

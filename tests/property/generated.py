"""Specs of gates, configs and experiments, and what the service would answer when it is asked for them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeAlias

from hypothesis import strategies as st

from reconciler.domain import Call, IdOf, Json, Plan, Tree
from reconciler.forms import parse_json5, scalar_text
from reconciler.kinds import KINDS
from reconciler.manifests import Resource
from tests.unit.planning.making import ID, resource

Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]

WORDS = st.text("abcXYZ09 _-ü'\"", min_size=1, max_size=6).filter(lambda word: word == word.strip())
IDS = st.sampled_from(["gate_a", "gate_b", "gate_c"])
PERCENTAGES = st.integers(0, 10_000).map(lambda hundredths: hundredths / 100)
TAGS = st.lists(st.sampled_from(["core", "growth", "beta"]), max_size=3)
SCALARS = st.booleans() | st.integers(-5, 5) | st.floats(-5, 5, width=16) | WORDS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=5
)
OBJECTS = st.dictionaries(WORDS, VALUES, max_size=3)

CONDITIONS = st.one_of(
    st.just({"type": "public"}),
    IDS.map(lambda gate: {"type": "passes_gate", "targetValue": gate}),
    IDS.map(lambda gate: {"type": "fails_gate", "targetValue": [gate]}),
    st.builds(
        lambda operator, texts: {"type": "email", "operator": operator, "targetValue": texts},
        st.sampled_from(["any", "none", "str_contains_any"]),
        st.lists(WORDS, min_size=1, max_size=3),
    ),
    st.builds(
        lambda operator, number: {"type": "custom_field", "field": "age", "operator": operator, "targetValue": number},
        st.sampled_from(["gt", "lte"]),
        st.integers(0, 9) | st.just(2.5),
    ),
    st.sampled_from(["storeID", "stableID"]).map(
        lambda unit: {"type": "unit_id", "customID": unit, "operator": "is_null"}
    ),
)


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Tree]:
    """Trees with any choice of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


def named(item: st.SearchStrategy[Tree]) -> st.SearchStrategy[list[Tree]]:
    """Lists of such objects, each with a name of its own."""
    return st.lists(together(item, st.builds(dict, name=WORDS)), max_size=4, unique_by=lambda found: found["name"])


def items(
    *required: tuple[str, st.SearchStrategy[Any]], **optional: st.SearchStrategy[Any]
) -> st.SearchStrategy[list[Tree]]:
    """The same, of objects with these fields."""
    return named(st.fixed_dictionaries(dict(required), optional=optional))


def twins(field: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Tree]:
    """A value, its JSON5 text, both, or neither."""

    def spelled(value: Json, names: list[str]) -> Tree:
        text = value if isinstance(value, str) else json.dumps(value)
        return {name: f"{text} // ours" if name.endswith("Json5") else value for name in names}

    return st.builds(spelled, values, st.lists(st.sampled_from([field, f"{field}Json5"]), unique=True))


def together(one: st.SearchStrategy[Tree], other: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.builds(lambda first, second: first | second, one, other)


ENVIRONMENTS = st.none() | st.lists(st.sampled_from(["production", "staging"]), min_size=1, max_size=2, unique=True)
RULE = ("conditions", st.lists(CONDITIONS, max_size=3))
METRICS = st.lists(
    st.builds(lambda name, type_: {"name": name, "type": type_}, WORDS, st.sampled_from(["sum", "user"])),
    max_size=3,
    unique_by=lambda metric: (metric["name"], metric["type"]),
)
COMMON = {
    "description": st.just("") | WORDS,
    "tags": TAGS,
    "team": st.none() | WORDS,
    "targetApps": TAGS | st.just("web"),
}

GATES = some(
    **COMMON,
    status=st.sampled_from(["in_progress", "launched", "disabled", "archived"]),
    type=st.sampled_from(["PERMANENT", "TEMPORARY"]),
    measureMetricLifts=st.booleans(),
    monitoringMetrics=METRICS,
    isTemplate=st.sampled_from([False]),
    reviewSettings=st.booleans().map(lambda required: {"requiredReview": required}),
    rules=items(("passPercentage", PERCENTAGES), RULE, environments=ENVIRONMENTS),
)
VARIANTS = named(together(st.fixed_dictionaries({"passPercentage": PERCENTAGES}), twins("returnValue", OBJECTS)))
CONFIG_RULES = named(
    together(
        st.fixed_dictionaries(
            dict([RULE]),
            optional={"environments": ENVIRONMENTS, "variants": VARIANTS, "passPercentage": PERCENTAGES},
        ),
        twins("returnValue", OBJECTS),
    )
)
SCHEMAS = st.sampled_from(['{"type": "object"}', '{"type": "object", "title": "A"}'])
CONFIGS = together(
    together(twins("defaultValue", OBJECTS), twins("schema", SCHEMAS) | st.just({"schema": None})),
    some(**COMMON, status=st.sampled_from(["enabled", "disabled", "archived"]), rules=CONFIG_RULES),
)
EXPERIMENTS = some(
    description=COMMON["description"],
    tags=TAGS,
    hypothesis=st.just("") | WORDS,
    allocation=PERCENTAGES,
    duration=st.integers(2, 30),
    defaultConfidenceInterval=st.sampled_from(["90", "95", 95]),
    targetingGateID=st.none() | IDS,
    primaryMetrics=METRICS,
    primaryMetricTags=TAGS,
    links=st.lists(st.sampled_from(["https://a.example", "https://b.example"]), unique=True).map(
        lambda urls: [{"url": url} for url in urls]
    ),
    groups=items(("size", PERCENTAGES), ("parameterValues", OBJECTS), description=st.just("") | WORDS),
)
SOURCES = together(
    st.fixed_dictionaries(
        {
            "sql": st.sampled_from(["select a", "select a  \nfrom t", "select b"]),
            "idTypeMapping": st.lists(
                st.builds(
                    lambda unit, column: {"statsigUnitID": unit, "column": column}, st.sampled_from("uvw"), WORDS
                ),
                min_size=1,
                max_size=3,
                unique_by=lambda mapping: mapping["statsigUnitID"],
            ),
        }
    ),
    some(
        description=COMMON["description"],
        tags=TAGS,
        team=COMMON["team"],
        timestampColumn=st.just("") | WORDS,
        timestampAsDay=st.booleans(),
        isReadOnly=st.booleans(),
    ),
)
SPECS = {"Gate": GATES, "DynamicConfig": CONFIGS, "Experiment": EXPERIMENTS, "EntityPropertySource": SOURCES}


def made(kind: str, spec: Tree, id_: str = ID) -> Resource:
    """The manifest with this spec."""
    return resource(kind, json.dumps(spec), id_=id_)


# ---- what the service makes of it ----------------------------------------------------------------------------------

_STATUS = {
    "in_progress": "In Progress", "launched": "Launched", "disabled": "Disabled", "archived": "Archived",
    "enabled": "Enabled",
}  # fmt: skip
_NOISE: Tree = {
    "version": 3, "lastModifiedTime": 1705439406750, "lastModifierName": "CONSOLE API", "holdoutIDs": [],
    "idType": "userID",
}  # fmt: skip
_DEFAULTS: dict[str, Tree] = {
    "Gate": {"measureMetricLifts": True, "type": "TEMPORARY", "checksPerHour": 0, "typeReason": "NONE",
             "reviewSettings": {"requiredReview": False, "allowedReviewers": []}},
    "DynamicConfig": {"rules": []},
    "Experiment": {"allocation": 100, "duration": 14, "targetingGateID": "", "status": "setup", "groups": []},
    "EntityPropertySource": {"owner": {"ownerType": "SDK_KEY"}},
}  # fmt: skip


def read_back(draw: Draw, kind: str, wanted: Resource) -> Tree:
    """The object that the manifest makes, as the service may spell it, with all that it adds by itself."""
    desired = wanted.spec.tree()
    live = {**_NOISE, **_DEFAULTS[kind], **KINDS[kind].create(wanted.key.id, desired)}
    if kind in {"Gate", "DynamicConfig"}:
        live["status"] = _STATUS[desired.get("status", "in_progress" if kind == "Gate" else "enabled")]
    for name in ("tags", "targetApps", "monitoringMetrics", "links"):
        _spelled(draw, live, name, _reordered(draw, live.get(name)), [None, []])
    for name in ("description", "team", "targetingGateID", "hypothesis", "timestampColumn"):
        _spelled(draw, live, name, live.get(name), [None, ""])
    for name in ("timestampAsDay", "isReadOnly"):
        _spelled(draw, live, name, live.get(name), [None, False])
    if live.pop("primaryMetricTags", []):
        live["primaryMetrics"] = [{"name": "grown", "type": "mean"}, *live.get("primaryMetrics", [])]
    for field in ("defaultValue", "schema"):
        _beside(draw, live, field)
    live["rules"] = [_rule(draw, rule) for rule in live.get("rules", [])]
    live["groups"] = [{**group, "id": f"g-{group['name']}"} for group in live.get("groups", [])]
    return live


_ABSENT = object()


def _spelled(draw: Draw, live: Tree, name: str, value: Json, nothing: list[Json]) -> None:
    """Nothing may be spelled in several ways, one of which is to leave it out."""
    found = value or draw(st.sampled_from([_ABSENT, *nothing]))
    live.pop(name, None)
    if found is not _ABSENT:
        live[name] = found


def _reordered(draw: Draw, value: Json) -> Json:
    if isinstance(value, list):
        return draw(st.permutations(value))
    return draw(st.sampled_from([value, [value]])) if value else None


def _beside(draw: Draw, holder: Tree, field: str) -> None:
    """The value that a JSON5 text alone says, and perhaps a text for a value alone."""
    text, value = holder.get(f"{field}Json5"), holder.get(field)
    if text and value is None:
        holder[field] = text if field == "schema" else parse_json5(text)[0]
    elif value is not None and not text and draw(st.booleans()):
        holder[f"{field}Json5"] = f"// made by the service\n{value if isinstance(value, str) else json.dumps(value)}"


def _rule(draw: Draw, rule: Tree) -> Tree:
    base = f"r-{rule['name']}"
    live = {"passPercentage": 100, **rule, "id": draw(st.sampled_from([base, f"{base}:50.00:3"])), "baseID": base}
    live["environments"] = rule.get("environments") or draw(st.sampled_from([None, []]))
    live["conditions"] = [_condition(draw, condition) for condition in draw(st.permutations(rule["conditions"]))]
    live["variants"] = [{**variant, "id": f"v-{variant['name']}"} for variant in rule.get("variants", [])]
    for variant in live["variants"]:
        _beside(draw, variant, "returnValue")
    live["kept"] = base
    _beside(draw, live, "returnValue")
    return live


def _condition(draw: Draw, condition: Tree) -> Tree:
    filled = {"operator": draw(st.sampled_from(["", None])), "field": None, "customID": "", **condition}
    target = condition.get("targetValue", [])
    values = target if isinstance(target, list) else [target]
    spellings = [target, [scalar_text(value) for value in values]]
    return {**filled, "targetValue": draw(st.sampled_from(spellings if values else [None, [], ""]))}


# ---- what calls make of an object ----------------------------------------------------------------------------------

_LEADS_TO = {"launch": "Launched", "disable": "Disabled", "archive": "Archived", "unarchive": "Disabled"}


def carried_out(kind: str, plan: Plan, live: Tree) -> Tree:
    """The object after the calls of the one step of a plan."""
    for call in (call for step in plan.steps for call in step.calls):
        live = _after(kind, call, live)
    return live


def _after(kind: str, call: Call, live: Tree) -> Tree:
    if call.method == "PUT":
        on = "In Progress" if kind == "Gate" else "Enabled"
        return {**live, "status": _LEADS_TO.get(call.path.rsplit("/", 1)[-1], on)}
    ids = {group["name"]: group["id"] for group in live.get("groups", [])}
    body = {name: ids[value.name] if isinstance(value, IdOf) else value for name, value in call.body.items()}
    for name, prefix in (("rules", "r"), ("groups", "g")):
        if name in body:
            body[name] = [{"id": f"{prefix}-new-{item['name']}", **item} for item in body[name]]
    return {**live, **body}

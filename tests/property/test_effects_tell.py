"""Laws of what comments say: whoever gets something else in production is behind a danger, and no clause is false."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from reconciler.domain import Action, Call, FieldChange, Json, Plan, ResourceKey, Step, Tree, Verb
from reconciler.reports.effects import effects

PRODUCTION = frozenset({"production"})
USERS = [(country, mail) for country in ("SE", "DK", "NO") for mail in ("a", "b", "z")]
STATUSES = {"Gate": ["in_progress", "disabled", "archived", "launched"], "DynamicConfig": ["enabled", "disabled"]}


def asks(kind: str, *values: str) -> Tree:
    return {"type": kind, "operator": "any", "targetValue": list(values)}


CONDITIONS: list[Tree] = [
    asks("country", "SE"), asks("country", "SE", "DK"), asks("email", "a"), asks("email", "b"), {"type": "public"},
    asks("environment_tier", "production"), asks("environment_tier", "staging"),
]  # fmt: skip


def holds(condition: Tree, user: tuple[str, str]) -> bool:
    """What the service answers in production."""
    if condition["type"] == "public":
        return True
    known = {"country": user[0], "email": user[1], "environment_tier": "production"}
    return known[condition["type"]] in condition["targetValue"]


def gets(status: str, rules: list[Tree], default: Json, user: tuple[str, str]) -> Json:
    """What a user gets in production: the first rule that is about them decides."""
    if status == "launched":
        return True
    for rule in rules if status in {"in_progress", "enabled"} else ():
        environments = rule.get("environments") or ["production"]
        if "production" in environments and all(holds(each, user) for each in rule["conditions"]):
            return rule.get("returnValue", True) if rule["passPercentage"] else default
    return default


@st.composite
def rules_of(draw: st.DrawFn, kind: str) -> list[Tree]:
    names = draw(st.lists(st.sampled_from("abcd"), unique=True))
    return [
        {
            "id": name,
            "name": name,
            "passPercentage": draw(st.sampled_from([0, 100])),
            "conditions": draw(st.lists(st.sampled_from(CONDITIONS), max_size=2)),
            "environments": draw(st.sampled_from([None, ["production"], ["staging"]])),
            **({"returnValue": {"v": draw(st.integers(1, 2))}} if kind == "DynamicConfig" else {}),
        }
        for name in names
    ]


@st.composite
def changes(draw: st.DrawFn) -> tuple[Step, list[Json], list[Json]]:
    """A change of an object, and what each user gets before and after it."""
    kind = draw(st.sampled_from(sorted(STATUSES)))
    values = kind == "DynamicConfig"
    was, now = (draw(st.sampled_from(STATUSES[kind])) for _ in range(2))
    old, new = (draw(rules_of(kind)) for _ in range(2))
    first, last = ({"v": draw(st.integers(1, 2))} if values else False for _ in range(2))
    body: Tree = {"rules": new, **({"defaultValue": last} if values else {})}
    fields = [FieldChange(("status",), Action.SET, was, now)] if was != now else []
    fields += [FieldChange(("rules",), Action.SET, old, new)] if old != new else []
    fields += [FieldChange(("defaultValue",), Action.SET, first, last)] if first != last else []
    base: Tree = {"status": was, "rules": old, **({"defaultValue": first} if values else {})}
    step = Step(ResourceKey(kind, "it"), Verb.UPDATE, (Call("PATCH", "/it", body),), tuple(fields), base=base)
    return step, [gets(was, old, first, user) for user in USERS], [gets(now, new, last, user) for user in USERS]


@given(changes())
def test_whoever_gets_something_else_is_behind_a_danger(change: tuple[Step, list[Json], list[Json]]) -> None:
    step, was, now = change
    told = effects(step, Plan((step,)), PRODUCTION)
    if was != now:
        assert any(effect.danger for effect in told)


@given(changes())
def test_what_is_said_of_all_or_nobody_is_true(change: tuple[Step, list[Json], list[Json]]) -> None:
    step, was, now = change
    text = " ".join(effect.words for effect in effects(step, Plan((step,)), PRODUCTION))
    if "nothing changes in production" in text:
        assert was == now
    for moment, got in (("until now", was), ("from now on", now)):
        if re.search(rf"{moment}: everybody passes", text):
            assert all(got)
        if re.search(rf"{moment}: nobody passes", text):
            assert not any(got)

"""A plan that is written and read is the same plan; a file that was touched by anybody is refused."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reconciler import __version__
from reconciler.domain import Call, Finding, IdOf, Json, Plan, Step, Tree, Verb
from reconciler.kinds import KINDS
from reconciler.planning import Policy
from reconciler.planning.fingerprint import fingerprint
from reconciler.saving import SavedPlan, Target, read, write
from reconciler.schema_files import schema_files
from tests.unit.planning.making import key, plan_of, resource
from tests.unit.reports.examples import PLAN
from tests.unit.saving.forging import leaves, plan_in, refusal, with_leaf

TARGET = Target("https://statsig.invalid/console/v1", "project-1", __version__, frozenset({"live"}))
RULES = "rules: [{name: R, passPercentage: 12.5, conditions: [{type: passes_gate, targetValue: gate_z}]}]"
GROUPS: list[Tree] = [{"name": name, "id": f"g{name}", "size": 50, "parameterValues": {}} for name in "AB"]
WHOLE = plan_of(
    resource("Gate", f"{RULES}\ntags: [new]", id_="gate_a"),
    resource("Gate", "status: launched\ndescription: New", id_="gate_b"),
    resource("Experiment", "controlGroup: B\nstatus: active", id_="test_one"),
    resource("Gate", "{}", id_="gate_z"),
    resource("Gate", "description: New", id_="gate_open"),
    live={
        key("Gate", "gate_open"): {"description": "Old", "activeReview": {"reviewID": "r1", "description": "Ramp"}},
        key("Gate", "gate_b"): {"status": "Disabled", "description": "Größe", "rules": [], "version": 3},
        key("Gate", "gate_ours"): {"lastModifierEmail": "ann@northwind.example"},
        key("Gate", "gate_old"): {"tags": ["git"], "status": "In Progress"},
        key("Experiment", "test_one"): {"status": "setup", "groups": GROUPS, "controlGroupID": "gA"},
    },
    policy=Policy(ownership_tag="git", prune="delete", archive_first=False),
    tags=frozenset({"git"}),
)
TEXT = write(WHOLE, TARGET)
TREE: Tree = json.loads(TEXT)


# ---- written and read ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("plan", [WHOLE, Plan()], ids=["every sort of step", "nothing"])
def test_what_is_read_is_what_was_written(plan: Plan) -> None:
    assert plan_in(write(plan, TARGET).encode()) == plan


def test_the_plan_has_every_sort_of_step_and_an_id_that_only_the_service_knows() -> None:
    assert {(step.key.kind, step.verb) for step in WHOLE.steps} == {
        ("Tag", Verb.CREATE),
        ("Gate", Verb.CREATE),
        ("Gate", Verb.ADOPT),
        ("Gate", Verb.DELETE),
        ("Experiment", Verb.ADOPT),
    }
    patches = [call.body for step in plan_in(TEXT.encode()).steps for call in step.calls if call.method == "PATCH"]
    assert IdOf("groups", "B") in [body.get("controlGroupID") for body in patches]


def test_the_file_says_whom_it_is_for_and_what_it_would_do() -> None:
    saved = read(TEXT.encode(), "release.plan.json", KINDS)
    assert isinstance(saved, SavedPlan)
    assert saved.target == TARGET
    assert saved.fingerprint == fingerprint(WHOLE) == TREE["fingerprint"]


def test_the_same_plan_is_the_same_text() -> None:
    assert write(WHOLE, TARGET) == TEXT


def test_findings_and_what_is_left_alone_come_along() -> None:
    known = replace(PLAN, steps=())
    again = plan_in(write(known, TARGET).encode())
    assert again == known


def test_formatting_is_no_change() -> None:
    assert plan_in(json.dumps(TREE).encode()) == plan_in(TEXT.encode())
    assert plan_in(json.dumps(TREE, indent=8, sort_keys=True, ensure_ascii=False).encode()) == plan_in(TEXT.encode())


KEYS = st.sampled_from(["a", "$idOf", "$$idOf", "$idOf$", "idOf", "list", "name", "$", "ü"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


@given(value=VALUES)
def test_any_value_of_a_body_is_sent_as_it_was_planned(value: Json) -> None:
    call = Call("PATCH", "/gates/thing_one", {"reviewSettings": value})
    plan = Plan(steps=(Step(key("Gate"), Verb.UPDATE, (call,), base={"id": "thing_one"}),))
    (step,) = plan_in(write(plan, TARGET).encode()).steps
    assert json.dumps(step.calls[0].body) == json.dumps(call.body)


def test_a_file_is_as_its_schema_says() -> None:
    schema = json.loads(schema_files()["plan-file.schema.json"])
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(TREE)
    Draft202012Validator(schema).validate(json.loads(write(PLAN, TARGET)))


def test_every_field_of_the_file_is_documented() -> None:
    schema = json.loads(schema_files()["plan-file.schema.json"])
    forms = {"the file": schema, **schema["$defs"]}
    fields = {f"{form}.{name}": field for form in forms for name, field in forms[form].get("properties", {}).items()}
    assert [name for name, field in fields.items() if not field.get("description")] == []


# ---- touched ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tenth", range(10))
def test_a_file_that_was_cut_off_is_refused(tenth: int) -> None:
    data = TEXT.encode()
    assert refusal(data[: len(data) * tenth // 10]) == "the file is no JSON document; was it cut off?"


def test_a_file_without_its_last_bracket_is_refused() -> None:
    assert refusal(TEXT.rstrip().removesuffix("}").encode())


def _other(value: Json) -> Json:
    """A value that is nearly the same."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return f"{value}x"
    return "x"


@pytest.mark.parametrize("at", [at for at, _ in leaves(TREE)], ids=lambda at: ".".join(map(str, at)))
def test_a_file_in_which_one_value_was_changed_is_refused(at: tuple[str | int, ...]) -> None:
    value = dict(leaves(TREE))[at]
    assert refusal(json.dumps(with_leaf(TREE, at, _other(value))).encode())


@pytest.mark.parametrize("name", TREE)
def test_a_file_that_lacks_a_part_is_refused(name: str) -> None:
    assert refusal(json.dumps({each: value for each, value in TREE.items() if each != name}).encode())


def test_a_file_in_which_steps_changed_places_is_refused() -> None:
    assert "checksum" in refusal(json.dumps({**TREE, "steps": TREE["steps"][::-1]}).encode())


@pytest.mark.parametrize("at", range(0, len(TEXT), 499))
def test_a_file_with_one_damaged_byte_is_refused_or_reads_the_same(at: int) -> None:
    data = bytearray(TEXT.encode())
    data[at] ^= 1
    found = read(bytes(data), "release.plan.json", KINDS)
    assert isinstance(found, Finding) or found.plan == plan_in(TEXT.encode())


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "the file is no JSON document; was it cut off?"),
        (b"\xff\xfe\x00", "the file is no JSON document; was it cut off?"),
        (b"kind: Gate\n", "the file is no JSON document; was it cut off?"),
        (b"[]", "the file is no saved plan"),
        (b'{"name": "left-pad", "version": "1.0.0"}', "the file is no saved plan"),
        (b"[" * 100_000, "the file is no JSON document; was it cut off?"),
    ],
)
def test_what_is_no_plan_is_told_as_such(data: bytes, why: str) -> None:
    assert refusal(data) == why


@pytest.mark.parametrize("depth", range(900, 1000, 7))
def test_values_without_end_are_refused_and_are_no_bug(depth: int) -> None:
    nested = f'{{"checksum": "", "version": 1, "tool": "{__version__}", "steps": {"[" * depth}{"]" * depth}}}'
    assert refusal(nested.encode())


@pytest.mark.parametrize("change", [{"version": 2}, {"tool": "99.0.0"}])
def test_a_file_of_another_version_is_refused_with_both_versions(change: Tree) -> None:
    message = refusal(json.dumps({**TREE, **change}).encode())
    assert (
        message == f"the plan was made by another version ({change.get('tool', __version__)!r}), this is {__version__}"
    )


def test_a_refusal_names_the_file_and_says_what_to_do() -> None:
    found = read(b"", "release.plan.json", KINDS)
    assert isinstance(found, Finding)
    assert (str(found.where), found.cure) == ("release.plan.json", "make the plan again: reconciler plan --out FILE")

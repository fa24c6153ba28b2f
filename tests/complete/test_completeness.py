"""Nothing is left out by forgetting: each kind, rule, command and generated file has all that goes with it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler.fault_script import BY_NAME, FAULT
from reconciler.kinds import KINDS
from reconciler.manifests import load, parse
from reconciler.rules import RULES
from reconciler.shape import shape_of
from reconciler.targeting import CONDITION_TYPES
from reconciler.workflow import load_project
from tools.generated import ROOT, stale
from tools.reference.commands import Command, commands

EXAMPLES = ROOT / "examples" / "market"
MANIFESTS = sorted(EXAMPLES.glob("manifests/**/*.yaml"))


def test_generated_files_are_those_that_the_code_generates() -> None:
    assert stale() == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_examples(kind: str) -> None:
    loaded = load_project(EXAMPLES / "reconciler.yaml")
    assert len([item for item in loaded.selected if item.key.kind == kind]) >= 5


def test_the_examples_are_a_repository_of_at_least_forty_objects_with_nothing_to_mend() -> None:
    loaded = load_project(EXAMPLES / "reconciler.yaml")
    assert len(loaded.selected) >= 40
    assert loaded.findings == ()
    assert load(loaded.usable, EXAMPLES).complete


def test_each_type_of_condition_has_an_example() -> None:
    text = "".join(path.read_text("utf-8") for path in MANIFESTS)
    assert {name for name in CONDITION_TYPES if not re.search(rf"type: {name}\b", text)} == set()


@pytest.mark.parametrize("path", [EXAMPLES / "reconciler.yaml", *MANIFESTS], ids=lambda path: path.name)
def test_each_example_names_its_schema_and_an_editor_finds_nothing_wrong_with_it(path: Path) -> None:
    text = path.read_text("utf-8")
    named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
    assert named
    schema = path.parent / named[1]
    assert schema.resolve().parent == ROOT / "schemas"
    validator = Draft202012Validator(json.loads(schema.read_text("utf-8")))
    for document in parse(text.encode(), path.name).documents:
        assert [error.message for error in validator.iter_errors(document.tree)] == []


@pytest.mark.parametrize("path", sorted((ROOT / "schemas").iterdir()), ids=lambda path: path.name)
def test_each_schema_is_valid_and_needs_no_other_file(path: Path) -> None:
    schema = json.loads(path.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    referred = set(re.findall(r'"\$ref": "([^"]*)"', json.dumps(schema)))
    assert referred <= {f"#/$defs/{name}" for name in schema["$defs"]}


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_of_any_manifest_sees_a_wrong_field_of_each_kind(kind: str) -> None:
    validator = Draft202012Validator(json.loads((ROOT / "schemas" / "manifest.schema.json").read_text("utf-8")))
    tree = {"apiVersion": "reconciler/v1", "kind": kind, "metadata": {"id": "some_id"}, "spec": {"wrong": 1}}
    assert "wrong" in " ".join(error.message for error in validator.iter_errors(tree))


@pytest.mark.parametrize("kind", KINDS)
def test_each_field_of_a_kind_is_explained_in_its_schema_and_on_its_page(kind: str) -> None:
    slug = re.sub(r"(?<!^)(?=[A-Z])", "-", kind).lower()
    schema = json.loads((ROOT / "schemas" / f"{slug}.schema.json").read_text("utf-8"))
    fields = schema["$defs"]["Spec"]["properties"]
    assert set(fields) == set(shape_of(KINDS[kind].spec).fields)
    assert [name for name, field in fields.items() if not field.get("description")] == []
    page = (ROOT / "docs" / "reference" / "kinds.md").read_text("utf-8")
    assert [name for name in fields if f"| `{name}` |" not in page] == []


def test_each_rule_says_why_and_how_it_is_cured() -> None:
    page = (ROOT / "docs" / "reference" / "rules.md").read_text("utf-8")
    assert all(rule.why and rule.cure and f"`{rule.code}`" in page for rule in RULES)


@pytest.mark.parametrize("command", commands(), ids=lambda command: command.name)
def test_each_command_documents_its_exit_codes_and_its_options(command: Command) -> None:
    assert "Exit codes:" in command.text
    assert all(option.text for option in command.options)
    assert f"reconciler {command.name}" in (ROOT / "docs" / "reference" / "commands.md").read_text("utf-8")


def test_the_readme_names_each_command_and_each_library() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    declared = re.findall(r'^  "([a-z0-9.-]+)>=', project.split("[dependency-groups]")[0], flags=re.MULTILINE)
    named = {"ruamel.yaml.clib": "ruamel.yaml", "typing-extensions": "pydantic"}
    assert [name for name in declared if f"`{named.get(name, name)}`".casefold() not in readme.casefold()] == []
    assert [item.name for item in commands() if item.name != "demo" and f"reconciler {item.name}" not in readme] == []


def test_the_page_of_the_emulator_names_each_fault_and_its_example_is_a_script() -> None:
    page = (ROOT / "docs" / "emulator.md").read_text("utf-8")
    assert [name for name in BY_NAME if f"| `{name}` |" not in page] == []
    (example,) = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)
    (script,) = parse(example.encode(), "example").documents
    schema = json.loads((ROOT / "schemas" / "fault-script.schema.json").read_text("utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(script.tree)] == []
    assert len([FAULT.validate_python(fault) for fault in script.tree]) == 4

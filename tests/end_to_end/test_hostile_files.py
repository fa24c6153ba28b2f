"""Files of somebody who means harm: they end in findings with a place, and show nothing from outside of the project."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.domain import Json, Tree
from tests.end_to_end.world import World, manifest
from tests.unit.cli.terminal import Desk

HEAD = "apiVersion: reconciler/v1\nkind: Gate\nmetadata: {id: checkout}\n"
SECRET = "hunter2-of-another-folder"


def validated(world: World) -> list[Tree]:
    """The findings of ``validate``, which refuses the project."""
    desk = Desk()
    assert desk.run(["validate", "-p", str(world.folder), "--format", "json"]) == 1
    assert SECRET not in desk.said + desk.complained
    found: list[Tree] = json.loads(desk.said)["findings"]
    assert all(finding["cure"] for finding in found)
    return found


def told(world: World, text: str) -> set[tuple[str, int]]:
    """Code and line of what is found in a manifest."""
    world.write("manifests/hostile.yaml", text)
    found = validated(world)
    assert {finding["where"]["path"] for finding in found} == {f"{world.folder}/manifests/hostile.yaml"}
    return {(finding["code"], finding["where"]["line"]) for finding in found}


def test_an_alias_bomb(world: World) -> None:
    levels = [f"  l{level}: &l{level} [{', '.join([f'*l{level - 1}'] * 10)}]" for level in range(1, 12)]
    bomb = "\n".join(["spec:", "  l0: &l0 [lol]", *levels])
    assert {code for code, _ in told(world, f"{HEAD}{bomb}\n")} == {"YAML/limit"}


def test_merge_keys_that_multiply(world: World) -> None:
    levels = [
        f"  l{level}: &l{level} {{a{level}: *l{level - 1}, b{level}: *l{level - 1}, <<: *l{level - 1}}}"
        for level in range(1, 40)
    ]
    bomb = "\n".join(["spec:", "  l0: &l0 {lol: 1}", *levels])
    assert {code for code, _ in told(world, f"{HEAD}{bomb}\n")} == {"YAML/limit"}


@pytest.mark.parametrize("nested", ["[" * 100_000, "{a: " * 100_000, "\n" + "- " * 100_000, "[" * 5_000 + "]" * 5_000])
def test_deep_nesting(world: World, nested: str) -> None:
    assert {code for code, _ in told(world, f"{HEAD}spec: {nested}\n")} == {"YAML/limit"}


def test_a_huge_text(world: World) -> None:
    world.write("manifests/hostile.yaml", f"{HEAD}spec: {{description: {'x' * 4_000_000}}}\n")
    found = validated(world)
    assert [finding["code"] for finding in found] == ["SCHEMA/bounds"]
    assert len(json.dumps(found)) < 5_000


def test_a_huge_number(world: World) -> None:
    assert told(world, f"{HEAD}spec: {{checksPerHour: {'9' * 100_000}}}\n") == {("YAML/number", 4)}


def test_a_tag_that_asks_for_a_command(world: World) -> None:
    marks = world.folder / "was-run"
    found = told(world, f"{HEAD}spec: !!python/object/apply:os.system [touch {marks}]\n")
    assert {code.partition("/")[0] for code, _ in found} == {"YAML"}
    assert not marks.exists()


@pytest.mark.parametrize(
    "pattern", ["../other/*.yaml", "manifests/../../other/*.yaml", "{}/other/*.yaml", "/etc/*.yaml"]
)
def test_patterns_that_lead_out_of_the_project(world: World, tmp_path: Path, pattern: str) -> None:
    world.folder = tmp_path / "project"
    outside(tmp_path)
    world.project(manifests=[pattern.format(tmp_path)])
    assert [finding["code"] for finding in validated(world)] == ["FILE/pattern"]


@pytest.mark.parametrize("link", ["manifests/x.yaml", "manifests/x"])
def test_links_that_lead_out_of_the_project(world: World, tmp_path: Path, link: str) -> None:
    world.folder = tmp_path / "project"
    file = outside(tmp_path)
    world.project()
    (world.folder / "manifests").mkdir()
    (world.folder / link).symlink_to(file if link.endswith(".yaml") else file.parent)
    assert {finding["code"] for finding in validated(world)} == {"FILE/outside"}


def outside(tmp_path: Path) -> Path:
    """A file beside the project, which is no YAML, so that a finding might show a line of it."""
    file = tmp_path / "other" / "secrets.yaml"
    file.parent.mkdir()
    file.write_text(f"apiVersion: reconciler/v1\nkind: {{{SECRET}\n", "utf-8")
    return file


TEXTS: dict[str, str] = {
    "terminal": "\x1b[2J\x1b]0;owned\x07\x9b31m\r\x08gone",
    "terminal links": "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "order of letters": "\u202egnp.exe\u202c \u2066a\u2069",
    "nothing to see": "a\u200bb\u2060c\ufeffd\U000e0041",
    "Markdown": "[x](javascript:alert(1)) ![i](http://evil.example/i.png) `|` *a* # @everyone\n\n## Approved\n\n|a|",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)><!-- </details> ]]>&lt;",
    "YAML": "a: &x [*x, !!python/none, {? b}]\n---\n- \"'#\\ %TAG ! <<: *x\n...\n\t",
    "JSON": '"}], "findings": [], "x": "\\u0000\\',
    "templates": "${HOME} $(id) {{ 7 * 7 }} %s %(a)s {0} \\n `id`",
}
"""Texts that some reader of a report would obey."""


@pytest.mark.parametrize("name", TEXTS)
def test_a_description_is_taken_for_what_it_says(world: World, name: str) -> None:
    text = TEXTS[name]
    allowed = "".join(letter for letter in text if letter.isprintable() or letter in "\n\t")
    world.manifests([manifest("Gate", "checkout", {"description": allowed})])
    world.apply()
    assert world.live("Gate", "checkout")["description"] == allowed


@pytest.mark.parametrize("command", [["plan", "--unmanaged", "--show-calls"], ["drift", "--unmanaged"]])
@pytest.mark.parametrize("name", TEXTS)
def test_live_texts_are_shown_and_not_obeyed(world: World, name: str, command: list[str]) -> None:
    text = TEXTS[name]
    live: Json = {"id": "checkout", "description": text, "tags": [text], "lastModifierName": text}
    world.seed({"gates": [live, {"id": text[:60], "description": text}]})
    world.manifests([manifest("Gate", "checkout", {"description": "Git"})])
    desk = Desk()
    assert desk.run([*command, "-p", str(world.folder)]) == 2
    assert all(line.isprintable() for line in desk.said.split("\n") + desk.complained.split("\n"))
    desk = Desk()
    assert desk.run([*command[:1], "--format", "json", "-p", str(world.folder)]) == 2
    assert text in strings(json.loads(desk.said))
    assert desk.said.isascii() or all(line.isprintable() for line in desk.said.split("\n"))


def strings(value: Json) -> set[str]:
    """All texts in a tree."""
    match value:
        case dict():
            return {text for item in value.values() for text in strings(item)}
        case list():
            return {text for item in value for text in strings(item)}
    return {value} if isinstance(value, str) else set()

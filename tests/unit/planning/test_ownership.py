"""What a manifest says about its own removal is kept as tags, in live itself, for the day when the manifest is gone."""

from __future__ import annotations

import pytest

from reconciler.domain import Severity, Tree
from reconciler.planning import Policy
from tests.unit.planning.making import calls, codes, key, only_call, patch, plan_against, plan_of, resource

OURS = Policy(ownership_tag="git")
GATE = key("Gate")


@pytest.mark.parametrize(
    ("metadata", "tags"),
    [
        ("", ["git"]),
        ("protected: false", ["git"]),
        ("protected: true", ["git", "git:protected"]),
        ("onRemove: delete", ["git", "git:delete"]),
        ("onRemove: off\nprotected: true", ["git", "git:protected", "git:off"]),
    ],
)
def test_a_new_object_carries_what_its_manifest_says(metadata: str, tags: list[str]) -> None:
    plan = plan_of(resource("Gate", "{}", metadata=metadata), policy=OURS)
    assert only_call(plan).body["tags"] == tags


@pytest.mark.parametrize(
    ("spec", "metadata", "live", "sent"),
    [
        ("{}", "protected: true", ["a", "git"], ["a", "git", "git:protected"]),
        ("{}", "", ["a", "git", "git:protected"], ["a", "git"]),
        ("{}", "onRemove: archive", ["git", "git:delete"], ["git", "git:archive"]),
        ("tags: [b]", "protected: true", ["a", "git", "git:protected"], ["b", "git", "git:protected"]),
        ("tags: [b]", "", ["b", "git", "git:off"], ["b", "git"]),
    ],
)
def test_the_marks_follow_the_manifest(spec: str, metadata: str, live: list[str], sent: list[str]) -> None:
    assert patch(plan_against({"tags": live}, resource("Gate", spec, metadata=metadata), OURS)) == {"tags": sent}


@pytest.mark.parametrize("metadata", ["protected: true", "protected: true\nlabels: {team: a}"])
def test_marks_that_are_there_are_no_difference(metadata: str) -> None:
    live = {"tags": ["git:protected", "by-hand", "git"]}
    assert plan_against(live, resource("Gate", "{}", metadata=metadata), OURS).steps == ()


def test_without_ownership_nothing_is_marked() -> None:
    assert "tags" not in only_call(plan_of(resource("Gate", "{}", metadata="protected: true"))).body


@pytest.mark.parametrize(
    ("marks", "prune", "expected"),
    [
        (["git:delete"], "off", ["DELETE /gates/thing_one"]),
        (["git:delete"], "archive", ["DELETE /gates/thing_one"]),
        (["git:archive"], "off", ["PUT /gates/thing_one/archive"]),
        (["git:archive"], "delete", ["PUT /gates/thing_one/archive"]),
        (["git:off"], "delete", []),
        (["git:off", "git:delete"], "delete", []),
        (["git:something"], "delete", ["DELETE /gates/thing_one"]),
        (["other:delete"], "off", []),
        ([], "off", []),
    ],
)
def test_an_object_is_removed_as_its_last_manifest_said(marks: list[str], prune: str, expected: list[str]) -> None:
    policy = Policy(ownership_tag="git", prune_kinds={"Gate": prune}, archive_first=False)
    live: Tree = {"tags": ["git", *marks], "status": "In Progress"}
    assert calls(plan_of(live={GATE: live}, policy=policy)) == expected


def test_a_mark_without_ownership_means_nothing() -> None:
    live: Tree = {"tags": ["git:delete"], "status": "In Progress"}
    assert calls(plan_of(live={GATE: live}, policy=Policy(ownership_tag="git", prune="delete"))) == []


@pytest.mark.parametrize("marks", [["git:protected"], ["git:protected", "git:delete"]])
def test_a_protected_object_stays_and_says_so(marks: list[str]) -> None:
    live: Tree = {"tags": ["git", *marks], "status": "In Progress"}
    plan = plan_of(live={GATE: live}, policy=Policy(ownership_tag="git", prune="delete"))
    assert plan.steps == ()
    (finding,) = plan.findings
    assert (finding.code, finding.severity) == ("PRUNE/protected", Severity.WARNING)
    assert finding.cure == "bring its manifest back, or take the tag git:protected off it"


def test_doubt_stops_marked_objects_too() -> None:
    live: Tree = {"tags": ["git", "git:delete"], "status": "In Progress"}
    plan = plan_of(live={GATE: live}, policy=Policy(ownership_tag="git", unknown=("a file could not be read",)))
    assert (plan.steps, codes(plan.findings)) == ((), ["PRUNE/stopped"])

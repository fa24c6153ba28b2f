"""``graph``: offline from manifests alone, with live on request, whole or in part, in five formats."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler.reports import report_schema
from tests.end_to_end.world import EXAMPLE, Service
from tests.unit.cli.terminal import Desk

PROJECT = "apiVersion: reconciler/v1\nkind: Project\n"


def gate(id_: str, *targets: str) -> str:
    rules = [
        {"name": to, "passPercentage": 1, "conditions": [{"type": "passes_gate", "targetValue": to}]} for to in targets
    ]
    return json.dumps(
        {"apiVersion": "reconciler/v1", "kind": "Gate", "metadata": {"id": id_}, "spec": {"rules": rules}}
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "manifests").mkdir()
    (tmp_path / "reconciler.yaml").write_text(PROJECT)
    for text in (gate("checkout", "beta"), gate("beta", "staff_only"), gate("staff_only")):
        (tmp_path / "manifests" / f"{len(list((tmp_path / 'manifests').iterdir()))}.yaml").write_text(text)
    return tmp_path


def ran(folder: Path, *arguments: str, code: int = 0) -> Desk:
    """A person without a key and without a network."""
    desk = Desk(environ={})
    assert desk.run(["graph", "-p", str(folder), *arguments]) == code, desk.complained
    return desk


def test_manifests_alone_are_enough_for_a_tree(repository: Path) -> None:
    assert ran(repository).said.splitlines() == [
        "Gate checkout",
        "    Gate beta",
        "        Gate staff_only",
        "",
        "3 objects, 2 references.",
    ]


def test_around_one_object_up_to_a_depth(repository: Path) -> None:
    said = ran(repository, "--around", "Gate/checkout", "--depth", "1").said
    assert "Gate beta" in said
    assert "staff_only" not in said


def test_what_a_change_would_affect(repository: Path) -> None:
    assert ran(repository, "--affected-by", "Gate/staff_only").said.splitlines() == [
        "A change of Gate staff_only would affect 2 objects:",
        "    Gate beta  (Gate/beta -> Gate/staff_only)",
        "    Gate checkout  (Gate/checkout -> Gate/beta -> Gate/staff_only)",
    ]


@pytest.mark.parametrize(
    ("form", "start"), [("mermaid", "flowchart LR\n"), ("dot", "digraph references {\n"), ("svg", "<svg xmlns=")]
)
def test_drawings_are_documents_that_can_be_sent_to_a_file(repository: Path, form: str, start: str) -> None:
    desk = ran(repository, "--format", form, "--affected-by", "Gate/beta")
    assert desk.said.startswith(start)
    assert "checkout" in desk.said
    assert "staff_only" not in desk.said
    assert desk.complained == ""


def test_the_json_document_is_as_its_schema_says(repository: Path) -> None:
    report = json.loads(ran(repository, "--format", "json", "--affected-by", "Gate/staff_only").said)
    assert [error.message for error in Draft202012Validator(report_schema("graph")).iter_errors(report)] == []
    assert report["summary"] == {"objects": 3, "references": 2, "errors": 0, "warnings": 0}
    assert [len(each["chain"]) for each in report["affected"]] == [2, 3]


def test_a_circle_can_be_looked_at_although_it_is_an_error(repository: Path) -> None:
    (repository / "manifests" / "more.yaml").write_text(gate("odd", "even"))
    (repository / "manifests" / "most.yaml").write_text(gate("even", "odd"))
    desk = ran(repository, "--around", "Gate/odd", code=1)
    assert "Gate odd refers to:\n    Gate even\n        Gate odd" in desk.said
    assert "error REF/cycle" in desk.complained


def test_a_file_that_cannot_be_read_is_told_since_references_may_be_missing(repository: Path) -> None:
    (repository / "manifests" / "broken.yaml").write_text("a: [")
    desk = ran(repository, code=1)
    assert "3 objects, 2 references." in desk.said
    assert "broken.yaml" in desk.complained


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--around", "Gate/chekout"], "nothing is known of Gate/chekout"),
        (["--around", "Gate/beta", "--affected-by", "Gate/beta"], "ask for different parts"),
        (["--depth", "2"], "--depth says how far to go"),
    ],
)
def test_what_is_asked_for_wrongly_is_a_finding(repository: Path, arguments: list[str], words: str) -> None:
    desk = ran(repository, *arguments, code=1)
    assert "error USAGE/graph: " in desk.complained
    assert words in desk.complained
    assert desk.said == ""


def test_a_project_file_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    assert "error FILE/project" in ran(tmp_path, code=1).complained


def test_tags_and_the_like_are_shown_when_asked_for(repository: Path) -> None:
    (repository / "manifests" / "tagged.yaml").write_text(
        gate("tagged").replace('"rules"', '"tags": ["growth"], "rules"')
    )
    assert "growth" not in ran(repository).said
    assert "Gate tagged\n    Tag growth" in ran(repository, "--names").said
    assert "Gate tagged" in ran(repository, "--affected-by", "Tag/growth").said


def test_with_live_it_knows_what_no_manifest_describes(repository: Path, service: Service) -> None:
    service.store.seed(json.loads((EXAMPLE / "live.json").read_text("utf-8")))
    (repository / "reconciler.yaml").write_text(f"{PROJECT}api: {{url: '{service.url}'}}\n")
    (repository / "manifests" / "lost.yaml").write_text(gate("lost", "nowhere_to_be"))
    desk = Desk()
    assert desk.run(["graph", "-p", str(repository), "--live"]) == 0
    assert "Gate lost\n    Gate nowhere_to_be  (does not exist)" in desk.said
    assert "Segment fraud_watchlist  (in no manifest)" in desk.said
    desk = Desk()
    assert desk.run(["graph", "-p", str(repository), "--live", "--affected-by", "Segment/fraud_watchlist"]) == 0
    assert "would affect" in desk.said

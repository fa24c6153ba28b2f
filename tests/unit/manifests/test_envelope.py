"""The outside of a document and its metadata: what is accepted, and what is said about the rest."""

from __future__ import annotations

import pytest

from reconciler.domain import Finding, ResourceKey
from reconciler.kind import Decision
from reconciler.kinds import KINDS
from reconciler.manifests import Resource
from reconciler.manifests.resource import Permit

from .gadget import manifest, only, read


def codes(findings: Resource | list[Finding]) -> list[tuple[str, str]]:
    assert isinstance(findings, list)
    return [(finding.code, str(finding.where)) for finding in findings]


def test_a_document_with_just_an_id_and_a_spec_is_a_resource() -> None:
    resource = read(manifest("status: idle"))
    assert isinstance(resource, Resource)
    assert resource.key == ResourceKey("Gadget", "robot")
    assert resource.spec.tree() == {"status": "idle"}
    assert resource.metadata.labels == {}
    assert resource.metadata.on_remove is None
    assert not resource.metadata.protected
    assert resource.decision == Decision()


def test_all_of_metadata_is_read() -> None:
    decision = "decision: {reason: done, removeTargeting: true}"
    ours = f"id: robot, labels: {{team: toys}}, onRemove: off, protected: true, {decision}"
    resource = read(manifest("{}", metadata=ours))
    assert isinstance(resource, Resource)
    assert resource.metadata.labels == {"team": "toys"}
    assert resource.metadata.on_remove == "off"
    assert resource.metadata.protected
    assert resource.decision == Decision("done", remove_targeting=True)


def test_a_permission_that_nothing_of_its_kind_asks_for_is_refused() -> None:
    finding = only(manifest("{}", metadata="id: robot, permit: {archiveWhileChecked: true}"))
    assert (finding.code, str(finding.where)) == ("SCHEMA/permit", "robot.yaml:3:32")
    assert finding.cure == "take it out"


def test_every_permission_is_asked_for_by_a_kind_and_no_other_is() -> None:
    names = {field.alias for field in Permit.model_fields.values()}
    assert names == frozenset[str]().union(*(kind.permits for kind in KINDS.values()))


def test_a_finding_names_the_object_it_is_about() -> None:
    assert only(manifest("status: of")).key == ResourceKey("Gadget", "robot")
    assert only(b"apiVersion: reconciler/v1\nkind: Gadget\nmetadata: {}\nspec: {}\n").key is None


@pytest.mark.parametrize("document", ["- a", "text", "5"])
def test_a_document_that_is_no_mapping_is_refused(document: str) -> None:
    finding = only(document.encode())
    assert finding.code == "SCHEMA/type"
    assert "apiVersion, kind, metadata and spec" in finding.cure


def test_everything_that_is_missing_is_told() -> None:
    findings = read(b"# nothing yet\nx: 1\n")
    assert isinstance(findings, list)
    assert [finding.message for finding in findings if finding.code == "SCHEMA/missing"] == [
        "apiVersion is missing", "kind is missing", "metadata is missing", "spec is missing",
    ]  # fmt: skip
    assert {str(finding.where) for finding in findings} == {"robot.yaml:2:1"}


def test_another_version_is_refused() -> None:
    finding = only(manifest("{}").replace(b"reconciler/v1", b"reconciler/v2"))
    assert (finding.code, str(finding.where)) == ("SCHEMA/enum", "robot.yaml:1:1")
    assert finding.cure == "write reconciler/v1"


@pytest.mark.parametrize(("kind", "cure"), [("gadget", "write Gadget"), ("Pipeline", "write Gadget")])
def test_an_unknown_kind_is_refused_with_the_one_that_was_meant(kind: str, cure: str) -> None:
    finding = only(manifest("{}").replace(b"Gadget", kind.encode()))
    assert (finding.code, str(finding.where), finding.cure) == ("SCHEMA/enum", "robot.yaml:2:1", cure)


def test_a_project_file_among_the_manifests_is_told_as_such() -> None:
    finding = only(manifest("{}").replace(b"Gadget", b"Project"))
    assert "project file" in finding.message


def test_an_unknown_field_of_the_outside_is_refused() -> None:
    assert only(manifest("{}") + b"metadta: 1\n").cure == "did you mean metadata?"
    assert only(manifest("{}") + b"wheels: []\n").cure == "it belongs below spec"
    assert only(manifest("{}") + b"labels: {}\n").cure == "it belongs below metadata"


def test_an_unknown_field_of_metadata_is_refused() -> None:
    assert only(manifest("{}", metadata="id: robot, lables: {}")).cure == "did you mean labels?"
    assert only(manifest("{}", metadata="id: robot, tags: []")).cure == "it belongs below spec"
    assert only(manifest("{}", metadata="id: robot, decision: {reson: x}")).cure == "did you mean reason?"


def test_a_name_in_place_of_an_id_is_told_as_the_id() -> None:
    found = read(manifest("{}", metadata="name: robot"))
    assert isinstance(found, list)
    assert {finding.code: finding.cure for finding in found} == {
        "SCHEMA/missing": "write id: ...",
        "SCHEMA/unknown-field": 'what identifies the object is its id: write id: "robot"',
    }


def test_metadata_written_in_the_spec_is_sent_back() -> None:
    assert only(manifest("protected: true")).cure == "it belongs below metadata"


def test_an_id_is_required_and_is_text() -> None:
    assert codes(read(manifest("{}", metadata="labels: {}"))) == [("SCHEMA/missing", "robot.yaml:3:1")]
    assert only(manifest("{}", metadata="id: 007")).cure == 'quote it: "007"'


@pytest.mark.parametrize(
    ("label", "code", "cure"),
    [
        ("1.10", "YAML/quote", 'quote it: "1.10"'),
        ("1", "SCHEMA/type", 'quote it: "1"'),
        ("true", "SCHEMA/type", 'quote it: "true"'),
        ("null", "SCHEMA/type", "give it a value, or take the field out"),
        ("[a]", "SCHEMA/type", "write text"),
    ],
)
def test_labels_are_text(label: str, code: str, cure: str) -> None:
    finding = only(manifest("{}", metadata=f"id: robot, labels: {{team: {label}}}"))
    assert (finding.code, finding.cure, str(finding.where)) == (code, cure, "robot.yaml:3:32")


def test_a_label_may_hold_a_date_without_quotes() -> None:
    resource = read(manifest("{}", metadata="id: robot, labels: {expires: 2027-01-31}"))
    assert isinstance(resource, Resource)
    assert resource.metadata.labels == {"expires": "2027-01-31"}


@pytest.mark.parametrize("value", ["false", "archived", "no"])
def test_what_happens_on_removal_is_one_of_three(value: str) -> None:
    assert only(manifest("{}", metadata=f"id: robot, onRemove: {value}")).code == "SCHEMA/enum"


def test_a_broken_outside_does_not_hide_a_broken_spec() -> None:
    findings = read(manifest("tittle: x", metadata="id: robot, lables: {}"))
    assert codes(findings) == [("SCHEMA/unknown-field", "robot.yaml:3:23"), ("SCHEMA/unknown-field", "robot.yaml:5:3")]


def test_an_empty_spec_is_refused_and_an_explicit_one_is_not() -> None:
    finding = only(b"apiVersion: reconciler/v1\nkind: Gadget\nmetadata: {id: robot}\nspec:\n")
    assert (finding.code, finding.cure, str(finding.where)) == ("SCHEMA/type", "write spec: {}", "robot.yaml:4:1")
    assert isinstance(read(manifest("{}")), Resource)


def test_empty_metadata_is_refused_with_what_it_must_hold() -> None:
    finding = only(b"apiVersion: reconciler/v1\nkind: Gadget\nmetadata:\nspec: {}\n")
    assert (finding.code, finding.cure) == ("SCHEMA/type", "write metadata: {id: ...}")


def test_an_id_without_end_is_refused_once_and_not_repeated() -> None:
    found = read(manifest("tags: [1, 2]", metadata=f"id: {'x' * 5_000}"))
    assert isinstance(found, list)
    assert {finding.cure for finding in found} == {"use 3 to 100 characters", 'quote it: "1"', 'quote it: "2"'}
    assert {finding.key for finding in found} == {None}


def test_an_empty_id_cannot_be_taken_out() -> None:
    assert only(manifest("{}", metadata="id: ")).cure == "give it a value"

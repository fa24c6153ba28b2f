"""All manifests of a project: what is read, what is wrong, and whether anything may be missing."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest

from reconciler.domain import Json, ResourceKey, Severity
from reconciler.manifests import Catalog, Project, load
from reconciler.manifests.syntax import MAX_BYTES

from .gadget import KINDS, manifest


def project(*patterns: str) -> Project:
    head: dict[str, Json] = {"apiVersion": "reconciler/v1", "kind": "Project"}
    return Project.model_validate({**head, "manifests": list(patterns) or ["**/*.yaml"]})


def catalog(root: Path, files: dict[str, bytes], *patterns: str) -> Catalog:
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return load(project(*patterns), root, kinds=KINDS)


def gadget(id_: str, spec: str = "{}") -> bytes:
    return manifest(spec, metadata=f"id: {id_}")


def told(loaded: Catalog) -> list[tuple[str, str]]:
    return [(finding.code, str(finding.where)) for finding in loaded.findings]


def test_resources_of_all_files_are_sorted_by_key(tmp_path: Path) -> None:
    files = {
        "z.yaml": gadget("beta"),
        "deep/a.yaml": gadget("delta") + b"---\n" + gadget("alpha"),
        "reconciler.yaml": b"kind: Project",
    }
    loaded = catalog(tmp_path, files)
    assert loaded.complete
    assert loaded.findings == ()
    assert [resource.key for resource in loaded.resources] == [
        ResourceKey("Gadget", "alpha"), ResourceKey("Gadget", "beta"), ResourceKey("Gadget", "delta"),
    ]  # fmt: skip
    assert [(resource.place.path, resource.place.document) for resource in loaded.resources] == [
        ("deep/a.yaml", 1), ("z.yaml", 0), ("deep/a.yaml", 0),
    ]  # fmt: skip


@pytest.mark.parametrize("data", [b"", b"\n", b"# kind: Gate\n", b"---\n---\n"])
def test_a_file_without_a_manifest_is_no_wish_to_remove_its_objects(tmp_path: Path, data: bytes) -> None:
    loaded = catalog(tmp_path, {"a.yaml": gadget("alpha"), "b.yaml": data})
    (finding,) = loaded.findings
    assert finding.where is not None
    assert (finding.code, finding.severity, finding.where.path) == ("FILE/empty", Severity.WARNING, "b.yaml")
    assert "delete the file" in finding.cure
    assert not loaded.complete


def test_an_empty_document_beside_others_is_nothing_to_tell(tmp_path: Path) -> None:
    loaded = catalog(tmp_path, {"a.yaml": gadget("alpha") + b"---\n# beta came here\n"})
    assert (loaded.findings, loaded.complete) == ((), True)


def test_the_kinds_of_the_package_are_known(tmp_path: Path) -> None:
    (tmp_path / "gate.yaml").write_text("apiVersion: reconciler/v1\nkind: Gate\nmetadata: {id: new_home}\nspec: {}\n")
    loaded = load(project(), tmp_path)
    assert [str(resource.key) for resource in loaded.resources] == ["Gate/new_home"]


def test_a_broken_file_hides_nothing_of_the_others(tmp_path: Path) -> None:
    files = {
        "a.yaml": b"a: [\n",
        "b.yaml": gadget("beta", "tittle: x"),
        "c.yaml": gadget("gamma") + b"---\n" + gadget("delta", "status: of\nversion: 1"),
        "d.yaml": b"\xff",
    }
    loaded = catalog(tmp_path, files)
    assert not loaded.complete
    assert [resource.key.id for resource in loaded.resources] == ["gamma"]
    assert told(loaded) == [
        ("YAML/syntax", "a.yaml:2:1"),
        ("SCHEMA/unknown-field", "b.yaml:5:3"),
        ("SCHEMA/enum", "c.yaml:11:3"),
        ("SCHEMA/read-only", "c.yaml:12:3"),
        ("YAML/encoding", "d.yaml:1:1"),
    ]


@pytest.mark.parametrize("broken", [b"a: [", b"a: 1", gadget("beta", "tittle: x"), b"\xff", b"a: 1\na: 2"])
def test_a_file_that_could_not_be_decoded_makes_the_catalog_incomplete(tmp_path: Path, broken: bytes) -> None:
    assert not catalog(tmp_path, {"a.yaml": gadget("alpha"), "b.yaml": broken}).complete


def test_a_pattern_that_matches_nothing_makes_the_catalog_incomplete(tmp_path: Path) -> None:
    loaded = catalog(tmp_path, {"a.yaml": gadget("alpha"), "reconciler.yaml": b"manifests:\n  - a.yaml\n  - b.yaml\n"},
                     "a.yaml", "b.yaml")  # fmt: skip
    assert not loaded.complete
    assert told(loaded) == [("FILE/no-match", "reconciler.yaml:3:5")]
    assert len(loaded.resources) == 1


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("manifests/flags.yml", gadget("beta")),
        ("manifests/FLAGS.YAML", gadget("beta")),
        ("manifests/deep/flags.Yml", gadget("beta")),
        ("manifests/flags.json", b'{"kind":"Gadget","apiVersion":"reconciler/v1","metadata":{"id":"b"},"spec":{}}'),
        ("manifests/flags.json", b'{\n  "apiVersion": "reconciler/v1"\n}'),
        ("manifests/broken.yml", gadget("beta") + b"  a: ["),
        ("manifests/later.yml", b"\xef\xbb\xbf# nothing\n---\n" + gadget("beta")),
        ("manifests/quoted.yml", b"apiVersion : 'reconciler/v1'"),
    ],
)
def test_a_manifest_that_only_its_ending_hides_is_told_and_nothing_is_taken_for_gone(
    tmp_path: Path, path: str, data: bytes
) -> None:
    loaded = catalog(tmp_path, {"manifests/a.yaml": gadget("alpha"), path: data}, "manifests/**/*.yaml")
    (finding,) = loaded.findings
    assert (finding.code, finding.severity) == ("FILE/ignored", Severity.WARNING)
    assert finding.where is not None
    assert finding.where.path == path
    assert "manifests/**/*.yaml" in finding.cure
    assert [resource.key.id for resource in loaded.resources] == ["alpha"]
    assert not loaded.complete


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("manifests/package.json", b'{"name": "shop"}'),
        ("manifests/flags.txt", gadget("beta")),
        ("manifests/flags.yaml.bak", gadget("beta")),
        ("manifests/.flags.yml", gadget("beta")),
        ("manifests/.old/flags.yml", gadget("beta")),
        ("elsewhere/flags.yml", gadget("beta")),
        ("manifests/staging.yml", b"apiVersion: reconciler/v1\nkind: Project\n"),
        ("manifests/schema.json", b'{"properties": {"apiVersion": {"const": "reconciler/v1"}}}'),
        ("manifests/other.yml", b"apiVersion: v1\nkind: ConfigMap\ndata: {by: reconciler/v1}\n"),
        ("manifests/folder.yml/README.md", b""),
    ],
)
def test_other_files_beside_manifests_are_nothing_to_tell(tmp_path: Path, path: str, data: bytes) -> None:
    loaded = catalog(tmp_path, {"manifests/a.yaml": gadget("alpha"), path: data}, "manifests/**/*.yaml")
    assert (loaded.findings, loaded.complete) == ((), True)


def test_files_that_patterns_tell_apart_by_name_are_nothing_to_tell(tmp_path: Path) -> None:
    files = {"a.prod.yaml": gadget("alpha"), "a.staging.yaml": gadget("alpha"), "sub/b.yaml": gadget("beta")}
    loaded = catalog(tmp_path, files, "*.prod.yaml")
    assert (loaded.findings, loaded.complete) == ((), True)


def test_a_manifest_that_another_pattern_matches_is_not_ignored(tmp_path: Path) -> None:
    files = {"a.yaml": gadget("alpha"), "b.yml": gadget("beta"), "c.json": gadget("gamma")}
    loaded = catalog(tmp_path, files, "*.yaml", "b.*", "?.json")
    assert (loaded.findings, loaded.complete) == ((), True)
    assert len(loaded.resources) == 3


def test_the_project_file_and_links_to_manifests_are_not_ignored(tmp_path: Path) -> None:
    (tmp_path / "a.yml").symlink_to("a.yaml")
    (tmp_path / "gone.yml").symlink_to("nothing.yaml")
    (tmp_path / "outside.yml").symlink_to("/etc/hosts")
    os.mkfifo(tmp_path / "pipe.yml")
    (tmp_path / "project.yml").write_bytes(gadget("beta"))
    (tmp_path / "a.yaml").write_bytes(gadget("alpha"))
    loaded = load(project("*.yaml"), tmp_path, project_file="project.yml", kinds=KINDS)
    assert (loaded.findings, loaded.complete) == ((), True)


def test_a_file_that_cannot_be_read_makes_the_catalog_incomplete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"a.yaml": gadget("alpha"), "b.yaml": gadget("beta")}
    open_file = Path.open

    def denied(path: Path, mode: str) -> object:
        if path.name == "b.yaml":
            raise PermissionError(13, "Permission denied")
        return open_file(path, mode)

    for path, data in files.items():
        (tmp_path / path).write_bytes(data)
    monkeypatch.setattr(Path, "open", denied)
    loaded = load(project(), tmp_path, kinds=KINDS)
    assert not loaded.complete
    assert told(loaded) == [("FILE/unreadable", "b.yaml")]
    assert "Permission denied" in loaded.findings[0].message
    assert [resource.key.id for resource in loaded.resources] == ["alpha"]


def test_a_link_out_of_the_project_makes_the_catalog_incomplete(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "secret.yaml").write_bytes(gadget("secret"))
    (tmp_path / "project/link.yaml").symlink_to(tmp_path / "secret.yaml")
    loaded = catalog(tmp_path / "project", {"a.yaml": gadget("alpha")})
    assert not loaded.complete
    assert [resource.key.id for resource in loaded.resources] == ["alpha"]


def test_a_file_that_is_too_large_is_a_finding(tmp_path: Path) -> None:
    with (tmp_path / "a.yaml").open("wb") as file:
        os.truncate(file.fileno(), 50 * MAX_BYTES)
    assert told(catalog(tmp_path, {})) == [("YAML/limit", "a.yaml:1:1")]


def test_an_object_that_is_written_twice_names_the_other_place(tmp_path: Path) -> None:
    files = {"b.yaml": gadget("alpha") + b"---\n" + gadget("alpha"), "a.yaml": b"# first\n" + gadget("alpha")}
    loaded = catalog(tmp_path, files)
    assert told(loaded) == [("FILE/duplicate", "b.yaml:3:12"), ("FILE/duplicate", "b.yaml:9:12")]
    assert {finding.message for finding in loaded.findings} == {
        f"Gadget/alpha is written twice; the other is {tmp_path.as_posix()}/a.yaml:4:12"
    }
    assert [resource.place.path for resource in loaded.resources] == ["a.yaml"]
    assert loaded.complete


@pytest.mark.parametrize("was_on", [True, False])
def test_loading_leaves_garbage_collection_as_it_was(tmp_path: Path, was_on: bool) -> None:  # noqa: FBT001
    before = gc.isenabled()
    try:
        (gc.enable if was_on else gc.disable)()
        catalog(tmp_path, {"a.yaml": gadget("alpha")})
        assert gc.isenabled() is was_on
    finally:
        (gc.enable if before else gc.disable)()


def test_an_object_that_is_broken_and_written_again_is_told_as_both(tmp_path: Path) -> None:
    files = {"a.yaml": gadget("alpha", "tittle: x"), "b.yaml": gadget("alpha"), "c.yaml": gadget("beta")}
    loaded = catalog(tmp_path, files)
    assert told(loaded) == [("SCHEMA/unknown-field", "a.yaml:5:3"), ("FILE/duplicate", "b.yaml:3:12")]
    assert [resource.key.id for resource in loaded.resources] == ["beta"]
    assert [item.key.id for item in loaded.described] == ["alpha", "alpha", "beta"]


def test_a_key_that_is_written_twice_hides_nothing_else_of_its_document(tmp_path: Path) -> None:
    loaded = catalog(tmp_path, {"a.yaml": gadget("alpha", "note: x\nnote: y\nstatus: of\ntittle: z")})
    assert told(loaded) == [
        ("YAML/duplicate-key", "a.yaml:6:3"), ("SCHEMA/enum", "a.yaml:7:3"), ("SCHEMA/unknown-field", "a.yaml:8:3")
    ]  # fmt: skip


def test_an_object_with_a_key_that_is_written_twice_is_described_and_not_wanted(tmp_path: Path) -> None:
    loaded = catalog(tmp_path, {"a.yaml": gadget("alpha", "note: x\nnote: y"), "b.yaml": gadget("alpha")})
    assert told(loaded) == [("YAML/duplicate-key", "a.yaml:6:3"), ("FILE/duplicate", "b.yaml:3:12")]
    assert (loaded.resources, loaded.complete) == ((), False)
    assert [item.key.id for item in loaded.described] == ["alpha", "alpha"]


def test_a_key_that_is_written_twice_is_told_of_its_object(tmp_path: Path) -> None:
    (finding,) = catalog(tmp_path, {"a.yaml": gadget("alpha", "note: x\nnote: y")}).findings
    assert finding.key == ResourceKey("Gadget", "alpha")


def test_a_document_with_another_mistake_besides_is_not_read_on(tmp_path: Path) -> None:
    loaded = catalog(tmp_path, {"a.yaml": gadget("alpha", "note: x\nnote: y\n? [a]\n: b\nstatus: of")})
    assert {code for code, _ in told(loaded)} == {"YAML/duplicate-key", "YAML/key"}


@pytest.mark.parametrize(
    ("spec", "codes"),
    [
        ("note: x\nnote: rude", {"YAML/duplicate-key", "SCHEMA/value"}),
        ("note: x\nnote: y\nwheels: [{name: a}, {name: a}]", {"YAML/duplicate-key", "RULE/duplicate-name"}),
        ("<<: *nobody\nwheels: [{name: a, size: 500}]", {"YAML/alias", "SCHEMA/bounds"}),
        ("wheels: [{<<: *nobody, size: 500}]", {"YAML/alias", "SCHEMA/bounds", "SCHEMA/missing"}),
    ],
)
def test_a_document_with_a_doubtful_value_is_checked_all_the_same(tmp_path: Path, spec: str, codes: set[str]) -> None:
    loaded = catalog(tmp_path, {"a.yaml": gadget("alpha", spec)})
    assert ({code for code, _ in told(loaded)}, loaded.resources) == (codes, ())


@pytest.mark.parametrize("value", [".nan", "9007199254740992", "*nobody", "!env NOTE", "&note"])
def test_a_value_that_cannot_be_read_hides_nothing_else_of_its_document(tmp_path: Path, value: str) -> None:
    loaded = catalog(tmp_path, {"a.yaml": gadget("alpha", f"note: {value}\nstatus: of\ntittle: z")})
    assert [place for _, place in told(loaded)] == ["a.yaml:5:9", "a.yaml:6:3", "a.yaml:7:3"]
    assert (loaded.resources, loaded.complete) == ((), False)
    assert {finding.key for finding in loaded.findings} == {ResourceKey("Gadget", "alpha")}


@pytest.mark.parametrize(
    "written", [".nan", "{id: .nan}", "{id: alpha, labels: .inf}", "{id: alpha, labels: {a: .inf}}"]
)
def test_a_value_of_the_head_that_cannot_be_read_is_told_once(tmp_path: Path, written: str) -> None:
    head = "apiVersion: reconciler/v1\nkind: Gadget"
    loaded = catalog(tmp_path, {"a.yaml": f"{head}\nmetadata: {written}\nspec: {{}}".encode()})
    assert [code for code, _ in told(loaded)] == ["YAML/number"]


def test_a_broken_object_is_described_and_not_wanted(tmp_path: Path) -> None:
    loaded = catalog(tmp_path, {"a.yaml": gadget("alpha", "status: of\nnote: x")})
    assert (loaded.resources, loaded.complete) == ((), False)
    (partial,) = loaded.described
    assert (partial.key, partial.tree()) == (ResourceKey("Gadget", "alpha"), {"note": "x"})

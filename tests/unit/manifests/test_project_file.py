"""The project file: its defaults, what it may say, and what is refused without repeating a secret."""

from __future__ import annotations

import subprocess
import sys

import pytest

from reconciler.domain import Finding
from reconciler.manifests import PROJECT_FILE, Project, locate, read_project

ONE_OF_KINDS = "write one of default, EntityPropertySource, Gate, DynamicConfig, Experiment"
HEAD = "apiVersion: reconciler/v1\nkind: Project\n"


def project(text: str) -> Project:
    read = read_project((HEAD + text).encode())
    assert isinstance(read, Project), read
    return read


def refused(text: str, head: str = HEAD) -> list[Finding]:
    data = (head + text).encode()
    findings = read_project(data)
    assert isinstance(findings, tuple)
    return locate(findings, lambda _: data)


def only(text: str) -> Finding:
    (finding,) = refused(text)
    return finding


def test_everything_but_the_head_has_a_careful_default() -> None:
    read = project("")
    assert read.api.url == "https://statsigapi.net/console/v1"
    assert (read.api.key_env, read.api.timeout_seconds) == ("STATSIG_CONSOLE_KEY", 30)
    assert read.api.respect_reviews
    assert (read.api.workers, read.api.limits.per_10_seconds, read.api.limits.per_15_minutes) == (4, 100, 900)
    assert read.manifests == ("manifests/**/*.yaml",)
    assert read.ownership is None
    assert (read.safety.prune_of("Gate"), read.safety.archive_first, read.safety.removals.max) == ("off", True, 10)
    assert read.sql.dialect is None


def test_everything_can_be_said() -> None:
    read = project(
        "api: {url: https://example.com/console/v1/, keyEnv: MY_KEY, timeoutSeconds: 2.5, respectReviews: false,"
        " workers: 1, limits: {per10Seconds: 50, per15Minutes: 4500}}\n"
        "manifests: [gates/*.yaml, configs/**/*.yml]\n"
        "ownership: {tag: managed-by-git}\n"
        "safety: {prune: archive, archiveFirst: false, removals: {max: 0}}\n"
        "sql: {dialect: bigquery}\n"
    )
    assert (read.api.url, read.api.key_env, read.api.timeout_seconds) == (
        "https://example.com/console/v1",
        "MY_KEY",
        2.5,
    )
    assert not read.api.respect_reviews
    assert (read.api.workers, read.api.limits.per_10_seconds, read.api.limits.per_15_minutes) == (1, 50, 4500)
    assert read.manifests == ("gates/*.yaml", "configs/**/*.yml")
    assert read.ownership is not None
    assert read.ownership.tag == "managed-by-git"
    assert (read.safety.prune_of("Gate"), read.safety.archive_first, read.safety.removals.max) == ("archive", False, 0)
    assert read.sql.dialect == "bigquery"


@pytest.mark.parametrize(
    "url",
    ["http://localhost:8080/console/v1", "http://127.0.0.1/v1", "http://127.3.2.1:9/v1", "http://[::1]:80/v1",
     "https://example.com", "HTTPS://Example.com/v1"],
)  # fmt: skip
def test_addresses_over_https_or_on_this_machine_are_accepted(url: str) -> None:
    assert project(f'api: {{url: "{url}"}}').api.url == url


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://example.com/v1", "would send the key in the open"),
        ("http://localhost.example.com/v1", "would send the key in the open"),
        ("http://127.0.0.1.example.com", "would send the key in the open"),
        ("http://10.0.0.1/v1", "would send the key in the open"),
        ("https://user@example.com/v1", "credentials"),
        ("https://:console-secret@example.com/v1", "credentials"),
        ("https://example.com/v1?key=console-secret", "a query or a fragment"),
        ("https://example.com/v1#console-secret", "a query or a fragment"),
        ("https://example.com/v1?", "a query or a fragment"),
        ("ftp://example.com/v1", "no web address"),
        ("example.com/v1", "no web address"),
        ("https:///v1", "no web address"),
        ("https://example.com:port/v1", "no web address"),
        ("https://example.com:99999/v1", "no web address"),
        ("https://[::1/v1", "no web address"),
        ("https://exa mple.com/v1", "no web address"),
        ("https://example.com/v1\\n", "no web address"),
        ("console-secret", "no web address"),
        ("", "no web address"),
    ],
)
def test_other_addresses_are_refused_and_not_repeated(url: str, message: str) -> None:
    finding = only(f'api: {{url: "{url}"}}')
    assert (finding.code, str(finding.where)) == ("SCHEMA/value", f"{PROJECT_FILE}:3:7")
    assert message in finding.message
    assert "secret" not in finding.message + finding.cure


@pytest.mark.parametrize("name", ["console-AbC123", "1KEY", "MY KEY", "SCHLÜSSEL", ""])
def test_a_key_in_place_of_its_variable_is_refused_and_not_repeated(name: str) -> None:
    finding = only(f'api: {{keyEnv: "{name}"}}')
    assert "never the key itself" in finding.cure
    assert not name or name not in finding.message + finding.cure


def test_a_key_in_the_file_is_refused_and_not_repeated() -> None:
    finding = only("api: {key: console-secret}")
    assert (finding.code, finding.cure) == ("SCHEMA/unknown-field", "did you mean keyEnv?")
    assert "secret" not in finding.message


@pytest.mark.parametrize(
    ("text", "code", "cure"),
    [
        ("manifest: [a.yaml]", "SCHEMA/unknown-field", "did you mean manifests?"),
        ("safety: {maxRemovals: 3}", "SCHEMA/unknown-field", "did you mean removals?"),
        ("safety: {removals: {max_percent: 3}}", "SCHEMA/unknown-field", "did you mean maxPercent?"),
        ("safety: {removals: {max: -1}}", "SCHEMA/bounds", "write 0 or more"),
        ("safety: {removals: {max: 1.5}}", "SCHEMA/type", "write a whole number"),
        ("safety: {prune: archived}", "SCHEMA/enum", "write one of off, archive, delete; did you mean archive?"),
        ("safety: {prune: false}", "SCHEMA/enum", "write one of off, archive, delete"),
        ("safety: {prune: {Gate: remove}}", "SCHEMA/enum", "write one of off, archive, delete"),
        ("safety: {prune: {Gates: delete}}", "SCHEMA/enum", f"{ONE_OF_KINDS}; did you mean Gate?"),
        ("safety: {prune: {gate: delete}}", "SCHEMA/enum", f"{ONE_OF_KINDS}; did you mean Gate?"),
        ("api: {timeoutSeconds: 0}", "SCHEMA/bounds", "write more than 0"),
        ("api: {timeoutSeconds: 601}", "SCHEMA/bounds", "write 600 or less"),
        ("manifests: gates/*.yaml", "SCHEMA/type", 'write a list, even of one: ["gates/*.yaml"]'),
        ("manifests: []", "SCHEMA/bounds", "write at least 1 item"),
        ("ownership: {tag: ''}", "SCHEMA/bounds", "write at least 1 character"),
        ("ownership: {tag: }", "SCHEMA/type", "give it a value"),
        ("safety:", "SCHEMA/type", "give it a value, or take the field out"),
        ("ownership: {}", "SCHEMA/missing", "write tag: ..."),
        ("ownership: {tag: 2024-01-01}", "YAML/quote", 'quote it: "2024-01-01"'),
        ("sql: {dialect: bigqery}", "SCHEMA/value", "did you mean bigquery?"),
        ("sql: {dialect: 7}", "SCHEMA/type", 'quote it: "7"'),
    ],
)
def test_what_does_not_fit_is_refused_with_a_cure(text: str, code: str, cure: str) -> None:
    finding = only(text)
    assert (finding.code, finding.cure) == (code, cure)
    assert finding.where is not None
    assert finding.where.line == 3


@pytest.mark.parametrize("text", ["", "# nothing\n", f"{HEAD}---\n{HEAD}"])
def test_a_project_file_holds_one_document(text: str) -> None:
    (finding,) = refused(text, head="")
    assert finding.code == "FILE/project"


@pytest.mark.parametrize(
    ("prune", "expected"),
    [
        ("{default: archive, Gate: delete}", {"Gate": "delete", "Experiment": "archive"}),
        ("{Gate: delete}", {"Gate": "delete", "Experiment": "off"}),
        ("{}", {"Gate": "off"}),
    ],
)
def test_each_kind_may_be_removed_in_its_own_way(prune: str, expected: dict[str, str]) -> None:
    read = project(f"safety: {{prune: {prune}}}")
    assert {kind: read.safety.prune_of(kind) for kind in expected} == expected


@pytest.mark.parametrize("name", ["a/" * 20_000, "Europe/Berlin" * 3_000, "../" * 2_000])
def test_a_time_zone_without_end_is_refused_in_few_words(name: str) -> None:
    finding = only(f"safety: {{windows: {{timeZone: {name}, closed: [{{days: [friday]}}]}}}}")
    assert "no time zone" in finding.message
    assert len(finding.message) < 200


def test_a_manifest_is_no_project_file() -> None:
    findings = refused("metadata: {id: a}\nspec: {}\n", head="apiVersion: reconciler/v1\nkind: Gate\n")
    assert [finding.code for finding in findings] == ["SCHEMA/enum", "SCHEMA/unknown-field", "SCHEMA/unknown-field"]


def test_broken_yaml_and_other_shapes_are_refused() -> None:
    assert [finding.code for finding in refused("api: {", head="")] == ["YAML/syntax"]
    assert [finding.code for finding in refused("- a", head="")] == ["SCHEMA/type"]


def test_a_value_that_yaml_cannot_give_hides_nothing_else() -> None:
    found = refused("api: {timeoutSeconds: .nan}\nmanifest: [a]\nsafety: &s")
    assert sorted(finding.code for finding in found) == ["SCHEMA/unknown-field", "YAML/anchor", "YAML/number"]


def test_the_sql_library_is_loaded_for_a_dialect_only() -> None:
    check = (
        "import sys; from reconciler.manifests import read_project;"
        f"read_project({(HEAD + 'sql: {}').encode()!r}); sys.exit('sqlglot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-W", "error", "-c", check], check=False).returncode == 0

"""Findings as lines that an editor can jump to and a script can search."""

import pytest

from reconciler.domain import Finding, Place, ResourceKey, Severity
from reconciler.reports.text import finding_lines, plain, validation_lines
from tests.unit.reports.examples import NOTE, WARNING


@pytest.mark.parametrize(
    ("finding", "first"),
    [
        (
            Finding("REF/missing", "no such gate", "", Place("a.yaml", 0, (), 4, 7)),
            "a.yaml:4:7: error REF/missing: no such gate",
        ),
        (Finding("FILE/unreadable", "denied", "", Place("a.yaml")), "a.yaml: error FILE/unreadable: denied"),
        (Finding("X/y", "stays", "", key=ResourceKey("Gate", "a")), "Gate/a: error X/y: stays"),
        (Finding("X/y", "Gate/a: it stays", "", key=ResourceKey("Gate", "a")), "error X/y: Gate/a: it stays"),
        (Finding("KEY/MISSING", "not set", "", severity=Severity.WARNING), "warning KEY/MISSING: not set"),
        (Finding("X/y", "a\x1b[31m[red]\nb", "", Place("a\u202e.yaml")), r"a\u202e.yaml: error X/y: a\x1b[31m[red]\nb"),
    ],
)
def test_the_first_line_tells_place_severity_code_and_message(finding: Finding, first: str) -> None:
    assert plain(finding_lines([finding])) == f"{first}\n"


def test_the_cure_stands_below() -> None:
    assert plain(finding_lines([WARNING])).splitlines()[1] == "    → take it out"


def test_a_validation_ends_with_its_sum() -> None:
    assert plain(validation_lines(46, [])) == "46 manifests, 0 errors, 0 warnings\n"
    assert plain(validation_lines(1, [WARNING, NOTE])).splitlines()[-1] == "1 manifest, 0 errors, 1 warning, 1 note"

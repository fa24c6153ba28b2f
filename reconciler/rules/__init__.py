"""Checks across resources, one file for each rule. A rule has a code, says why it exists, and how it is cured.

`check` runs all of them: offline with the manifests alone, and again at plan time with live state.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.domain import Finding
from reconciler.rules.archived_references import ARCHIVED_REFERENCES
from reconciler.rules.contract import Checked, Rule
from reconciler.rules.cycles import CYCLES
from reconciler.rules.namespaces import NAMESPACES
from reconciler.rules.references import REFERENCES
from reconciler.rules.source_columns import SOURCE_COLUMNS
from reconciler.rules.spec_checks import SPEC_CHECKS

RULES: tuple[Rule, ...] = (SPEC_CHECKS, NAMESPACES, REFERENCES, ARCHIVED_REFERENCES, CYCLES, SOURCE_COLUMNS)


def check(checked: Checked) -> Iterator[Finding]:
    """What all rules find."""
    for rule in RULES:
        if rule.offline or checked.live is not None:
            yield from rule.find(checked)


__all__ = ["RULES", "Checked", "check"]

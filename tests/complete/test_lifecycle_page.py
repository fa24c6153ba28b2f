"""The tables of statuses in docs/lifecycle.md say what plans do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.statuses import BEGAN_TEXT, PAIRS, STATUSES, in_status, wanted_status
from tests.unit.planning.making import plan_against, resource
from tools.generated import ROOT

PAGE = (ROOT / "docs" / "lifecycle.md").read_text("utf-8")
CODES = {"LIFECYCLE/held": "held", "LIFECYCLE/transition": "refused"}


def cells() -> Iterator[tuple[str, str, str, str]]:
    """Kind, live status, desired status and the words of the cell."""
    kind, columns = "", [""]
    for line in PAGE.splitlines():
        row = [cell.strip() for cell in line.strip("|").split("|")]
        if row[0] in STATUSES:
            kind, columns = row[0], row[1:]
        elif kind and row[0] in STATUSES[kind]:
            yield from ((kind, row[0], desired, cell) for desired, cell in zip(columns, row[1:], strict=True))


def words(kind: str, status: str, desired: str, permit: str) -> str:
    """What a plan does, in the words of the page."""
    spec = "\n".join(f"{name}: {value}" for name, value in wanted_status(kind, desired).items())
    wanted = resource(kind, spec, metadata=f"decision: {{reason: Over}}\n{permit}")
    plan = plan_against(in_status(kind, status), wanted)
    called = ", ".join(call.path.rpartition("/")[2] for step in plan.steps for call in step.calls)
    return called or next((CODES[found.code] for found in plan.findings if found.code in CODES), "nothing")


CELLS = list(cells())


def test_every_pair_of_statuses_is_on_the_page_once() -> None:
    assert sorted(cell[:3] for cell in CELLS) == sorted(PAIRS)


@pytest.mark.parametrize(("kind", "status", "desired", "cell"), CELLS)
def test_a_cell_says_what_a_plan_does(kind: str, status: str, desired: str, cell: str) -> None:
    permit = f'permit: {{reset: "{BEGAN_TEXT}"}}' if kind == "Experiment" else ""
    assert words(kind, status, desired, permit) == cell.replace("*", "")
    assert words(kind, status, desired, "") == ("held" if "*" in cell else cell)

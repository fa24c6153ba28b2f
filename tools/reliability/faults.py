"""The section about faults, from the report that pytest writes about ``tests/faults``."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

from tools.reliability import commit, table, write_section

Cells = Mapping[tuple[str, str], Counter[str]]
"""How runs ended, by scenario and fault."""

_SECTION = """## Apply under faults

`{command}` ran {runs} applies of what is in commit `{commit}`: each was struck by a fault at one of its
requests, at one and those that follow until a reading is given up, or at one and all that follow, or was cut off there,
or disturbed by a person. {broken}

After each run the same is checked: the report says of every step what really became of it, every object is in a state
in which the undisturbed run had it, too, nothing was made twice, the key is told nowhere, the exit code fits, and as
soon as the faults stop one apply does what is left, and nothing is left to plan. So nothing is changed, and nothing
removed, that the plan of an undisturbed run does not name.

What a person did after the plan was made is not overwritten, unless it was done between the last time that the object
was read and the write: no request of the API can be made on condition that an object is as it was. Those runs are
counted as "in the window".

How the struck runs ended, by fault:

{by_fault}

Runs by fault and scenario:

{by_scenario}
"""
_ENDS = ("done", "differing", "failed", "unknown", "stale", "skipped", "nothing done", "cut off", "in the window")


def section(report: ET.Element, command: str) -> str:
    """The text of the section."""
    cells: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for case in report.iter("testcase"):
        told = {each.get("name", ""): each.get("value", "") for each in case.iter("property")}
        for name, value in told.items():
            if name.startswith("runs "):
                cells[told["scenario"], told["fault"]][name.removeprefix("runs ")] += int(value)
    broken = sum(1 for case in report.iter("testcase") if case.find("failure") is not None)
    said = f"{broken} groups of them broke a law." if broken else "None of them broke a law."
    runs = sum(ends.total() for ends in cells.values())
    return _SECTION.format(
        command=command,
        runs=runs,
        commit=commit(),
        broken=said,
        by_fault=_by_fault(cells),
        by_scenario=_by_scenario(cells),
    )


def _by_fault(cells: Cells) -> str:
    faults = list(dict.fromkeys(fault for _, fault in cells))
    rows = []
    for fault in faults:
        ends = sum((found for (_, each), found in cells.items() if each == fault), Counter())
        rows.append([fault, ends.total(), *(ends[end] or "" for end in _ENDS)])
    return table(["fault", "runs", *_ENDS], rows)


def _by_scenario(cells: Cells) -> str:
    scenarios, faults = (list(dict.fromkeys(key[at] for key in cells)) for at in (0, 1))
    rows = [
        [fault, *(cells[each, fault].total() if (each, fault) in cells else "" for each in scenarios)]
        for fault in faults
    ]
    return table(["fault", *scenarios], rows)


if __name__ == "__main__":
    write_section("faults", section(ET.parse(Path(sys.argv[1])).getroot(), sys.argv[2]))  # noqa: S314 - our own file

"""Sections of ``docs/reliability.md``: each says what was run, by which command, on which commit, and how it ended.

python -m tools.reliability.faults build/faults.xml 'make reliability'
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
_TITLE = """# Reliability

What was run against the emulator, and how it ended. Each section is written by the command that it names.
"""


def write_section(name: str, text: str) -> None:
    """Put `text` in place of the section with this name, or at the end of the page."""
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->\n"
    page = PAGE.read_text("utf-8") if PAGE.exists() else _TITLE
    if begin not in page:
        page = f"{page}\n{begin}{end}"
    before, _, rest = page.partition(begin)
    after = rest.partition(end)[2]
    PAGE.write_text(f"{before}{begin}{text}{end}{after}", "utf-8")


def commit() -> str:
    """The last commit that changed the product."""
    asked = ["git", "log", "-1", "--abbrev=10", "--format=%h", "--", "reconciler"]
    said = subprocess.run(asked, capture_output=True, text=True, check=True, cwd=PAGE.parent.parent)  # noqa: S603
    return said.stdout.strip()


def table(head: list[str], rows: Iterable[Iterable[object]]) -> str:
    """A table of Markdown."""
    lines: list[Iterable[object]] = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)

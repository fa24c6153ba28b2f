"""The section about bad and hostile input, from the report that ``make fuzz`` writes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tools.reliability import commit, write_section

_SECTION = """## Bad and hostile input

`{command}` made good inputs worse, with seed {seed}, and had what is in commit `{commit}` read them as files or as
answers of the service: bytes flipped, cut, doubled and spliced; trees with parts dropped, doubled, deepened and
retyped; odd keys, numbers and Unicode; tags, anchors and merge keys; answers without end. {broken}

No input may end in anything but findings with a listed code, a cure and a place, or in an error that a call of the
service may end in; each report can be shown; a plan file that was changed is refused, or is to the letter a plan that
was written; no input may take {seconds:g} seconds of the processor, nor much memory.

An input that fails is kept in `.fuzz/`, with the command that reads it again; the same seed makes the same inputs.

{table}
"""


def section(report: dict[str, str | int | float], command: str) -> str:
    """The text of the section."""
    failed = report["failed"]
    return _SECTION.format(
        command=command,
        seed=report["seed"],
        commit=commit(),
        broken=f"{failed} of them broke a law." if failed else "None of them broke a law.",
        seconds=report["mostSeconds"],
        table=report["table"],
    )


if __name__ == "__main__":
    write_section("fuzz", section(json.loads(Path(sys.argv[1]).read_text("utf-8")), sys.argv[2]))

"""What became of the inputs, as a table of Markdown, and the section that holds it."""

from __future__ import annotations

from collections.abc import Mapping

from tests.fuzz.run import MOST_SECONDS, Tally
from tests.fuzz.targets import TARGETS

_HEAD = (
    "| what is read | inputs | refused | accepted | failed | slowest, s | peak, MiB | growth, MiB |",
    "|---|---:|---:|---:|---:|---:|---:|---:|",
)
_SECTION = """## Bad and hostile input

`{command}` made good inputs worse, with seed {seed}, and had commit `{commit}` read them as files or as answers of the
service: bytes flipped, cut, doubled and spliced; trees with parts dropped, doubled, deepened and retyped; odd keys,
numbers and Unicode; tags, anchors and merge keys. No input may end in anything but findings with a listed code, a cure
and a place, or in an error that a call of the service may end in; each report can be shown; a plan file that was changed is
refused, or is to the letter a plan that was written; no input may take {most:g} seconds of the processor.

An input that fails is kept in `.fuzz/`, with the command that reads it again; the same seed makes the same inputs.

{table}
"""


def table(tallies: Mapping[str, Tally]) -> str:
    """A row for each target, and one for all."""
    whole = Tally()
    for tally in tallies.values():
        whole.add(tally)
    rows = [_row(TARGETS[name].says, tally) for name, tally in tallies.items()]
    return "\n".join([*_HEAD, *rows, _row("**all**", whole)])


def _row(says: str, tally: Tally) -> str:
    numbers = (tally.inputs, tally.refused, tally.accepted, len(tally.failures))
    cells = [
        says,
        *(f"{number:,}" for number in numbers),
        f"{tally.slowest[0]:.2f}",
        str(tally.peak),
        str(tally.growth),
    ]
    return f"| {' | '.join(cells)} |"


def section(command: str, commit: str, seed: int, shown: str) -> str:
    """The text of the section."""
    return _SECTION.format(command=command, commit=commit, seed=seed, most=MOST_SECONDS, table=shown)

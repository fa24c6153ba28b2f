"""What became of the inputs, as a table of Markdown."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.fuzz.run import MOST_SECONDS, Tally, sum_of
from tests.fuzz.targets import TARGETS

_HEAD = (
    "| what is read | inputs | refused | accepted | failed | slowest, s | peak, MiB | growth, MiB |",
    "|---|---:|---:|---:|---:|---:|---:|---:|",
)


def table(tallies: Mapping[str, Tally]) -> str:
    """A row for each target, and one for all."""
    rows = [_row(TARGETS[name].says, tally) for name, tally in tallies.items()]
    return "\n".join([*_HEAD, *rows, _row("**all**", sum_of(tallies))])


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


def report(tallies: Mapping[str, Tally], seed: int) -> str:
    """The same as JSON, for the page about reliability."""
    failed = len(sum_of(tallies).failures)
    return json.dumps({"seed": seed, "mostSeconds": MOST_SECONDS, "failed": failed, "table": table(tallies)}, indent=1)

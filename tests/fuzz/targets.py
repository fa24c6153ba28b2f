"""What is fuzzed: good inputs, and what reads inputs made worse from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from tests.fuzz.answers import read_seeds, reads, write_seeds, writes
from tests.fuzz.files import (
    fault_seeds,
    faults,
    manifest_seeds,
    manifests,
    state,
    state_seeds,
)
from tests.fuzz.journals import journal_seeds, journals
from tests.fuzz.plans import forged_plans, plan_seeds, plans
from tests.fuzz.projects import project, project_seeds
from tests.fuzz.worse import Seed, worse


@dataclass(frozen=True)
class Target:
    """One reader of input. `run` tells whether an input was accepted, and raises for what may never happen.

    `share`: how many of 100 inputs are for it. `trees_alone`: inputs stay documents of JSON.
    """

    says: str
    share: int
    seeds: Callable[[], list[Seed]]
    run: Callable[[bytes], bool]
    trees_alone: bool = False

    def input(self, seed: int, name: str, number: int) -> bytes:
        """The input with this number, always the same."""
        draw = Random(f"{seed}/{name}/{number}")  # noqa: S311 - repeatable on purpose
        return worse(draw, self.seeds(), trees_alone=self.trees_alone)


TARGETS: Mapping[str, Target] = {
    "manifests": Target("manifests, loaded and checked", 30, manifest_seeds, manifests),
    "project": Target("project files, with a plan for their guards", 12, project_seeds, project),
    "plans": Target("plan files that were changed", 14, plan_seeds, plans),
    "forged": Target("plan files with checksums that fit", 9, plan_seeds, forged_plans, trees_alone=True),
    "faults": Target("scripts of faults", 12, fault_seeds, faults),
    "state": Target("seeds of the emulator", 7, state_seeds, state),
    "journals": Target("journals of runs that were cut off", 7, journal_seeds, journals),
    "reads": Target("answers to reads: plan and drift", 6, read_seeds, reads),
    "writes": Target("answers to writes: apply and verify", 3, write_seeds, writes),
}
"""By the name that the command line takes."""

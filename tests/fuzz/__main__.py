"""``python -m tests.fuzz``: read many bad inputs, keep those that fail, and write the table of what became of all.

python -m tests.fuzz --inputs 100000 --seed 1 --report build/fuzz.json
python -m tests.fuzz --replay .fuzz/manifests-1-17
"""

from __future__ import annotations

import argparse
import secrets
import sys
from pathlib import Path

from tests.fuzz.run import MOST_GROWTH, Failure, Tally, run, sum_of
from tests.fuzz.table import report, table
from tests.fuzz.targets import TARGETS

_FOLDER = Path(".fuzz")
"""Where inputs that failed are kept."""


def main() -> int:
    """0 if nothing failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Read bad and hostile inputs.")
    parser.add_argument("--inputs", type=int, default=5_000, help="how many, of all targets together")
    parser.add_argument(
        "--seed", type=int, default=secrets.randbelow(10**6), help="the same seed makes the same inputs"
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="write down what became of them, as JSON")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="read one input that was kept")
    asked = parser.parse_args()
    if asked.replay:
        print("accepted" if TARGETS[asked.replay.name.partition("-")[0]].run(asked.replay.read_bytes()) else "refused")
        return 0
    print(f"seed {asked.seed}", flush=True)
    tallies = run(asked.seed, asked.inputs, _say)
    print(table(tallies))
    if asked.report:
        asked.report.parent.mkdir(exist_ok=True)
        asked.report.write_text(report(tallies, asked.seed), "utf-8")
    return int(_told(tallies, asked.seed))


def _say(tallies: dict[str, Tally]) -> None:
    """How far it is, for who waits."""
    whole = sum_of(tallies)
    print(f"{whole.inputs:,} read, {len(whole.failures)} failed", file=sys.stderr)


def _told(tallies: dict[str, Tally], seed: int) -> bool:
    """Keep and tell what failed; whether anything did."""
    failures = sum_of(tallies).failures
    for failure in failures:
        file = _kept(failure, seed)
        print(f"\n{failure.target} {failure.number}: {failure.why}\nreplay: python -m tests.fuzz --replay {file}")
    grown = {name: tally.growth for name, tally in tallies.items() if tally.growth > MOST_GROWTH}
    for name, growth in grown.items():
        print(f"\n{name}: a process grew by {growth} MiB")
    return bool(failures or grown)


def _kept(failure: Failure, seed: int) -> Path:
    _FOLDER.mkdir(exist_ok=True)
    file = _FOLDER / f"{failure.target}-{seed}-{failure.number}"
    file.write_bytes(TARGETS[failure.target].input(seed, failure.target, failure.number))
    return file


if __name__ == "__main__":
    sys.exit(main())

"""The real process, killed or interrupted at each request: what it did is known, and the next apply does the rest."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.end_to_end.world import KEY
from tests.faults import laws
from tests.faults.bench import Bench, Ended
from tests.faults.scenarios import SCENARIOS
from tests.faults.sweep import APPLY, Tally, Undisturbed, numbers, recovered, undisturbed
from tests.faults.test_sweep import Record, tell
from tests.faults.witness import Request, When

_ENDS_WITHIN = 600
"""Seconds."""
_INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Cut:
    """Which signal comes at which moment of a request, and which laws hold for a process that got it."""

    signal: signal.Signals
    when: When
    judge: Callable[[Ended, Undisturbed], Iterator[str]]


@dataclass
class Child:
    """A process that gets a signal at one moment of one request."""

    number: int
    how: Cut
    process: subprocess.Popen[str] | None = None

    def __call__(self, request: Request, when: When) -> bool:
        """Whether the process is gone, now that it got its signal."""
        if (request.number, when) != (self.number, self.how.when) or not self.process:
            return False
        os.kill(self.process.pid, self.how.signal)
        return self.how.signal is signal.SIGKILL

    def run(self, bench: Bench) -> Ended:
        """The apply, until its end."""
        before = bench.states()
        command = [sys.executable, "-m", "reconciler", *APPLY, "--project", str(bench.folder)]
        environ = {**os.environ, "STATSIG_CONSOLE_KEY": KEY}
        with subprocess.Popen(command, stdout=-1, stderr=-1, text=True, env=environ) as self.process:
            out, err = self.process.communicate(timeout=_ENDS_WITHIN)
        return bench.ended(before, self.process.returncode, out, err)


def cut_off(bench: Bench, name: str, how: Cut, at: list[int]) -> Tally:
    """The scenario once for each of these requests, with the process struck there."""
    tally, known = Tally(), undisturbed(bench, name)
    for number in at:
        bench.begin(SCENARIOS[name])
        child = Child(number, how)
        bench.calm(child)
        run = child.run(bench)
        flaws = [*how.judge(run, known), *laws.noted(run), *laws.passed_through(run, known.passed, set())]
        flaws += recovered(bench, run, known, set())
        tally.add(f"{name}, {how.signal.name} {how.when} {number}", "cut off" if run.code else "done", flaws)
    return tally


def killed(run: Ended, _: Undisturbed) -> Iterator[str]:
    """It is gone, and it told nothing that it should not."""
    if run.code != -signal.SIGKILL:
        yield f"it ended with {run.code}"
    yield from laws.traces(run)


def interrupted(run: Ended, known: Undisturbed) -> Iterator[str]:
    """It says what it did, and that it was interrupted, unless it was done by then."""
    yield from laws.said(run)
    if run.code not in {0, _INTERRUPTED}:
        yield f"it ended with {run.code}: {run.out}{run.err}"
    if not run.report:
        yield f"there is no report: {run.out}{run.err}"
        return
    yield from laws.truth(run, whole=False)
    yield from laws.done_is_done(run, known.final, set())


def requests(bench: Bench, name: str, *, whole: bool) -> list[int]:
    """The requests to be struck: all, or the first write."""
    known = undisturbed(bench, name)
    return numbers(known, name, whole=True) if whole else [known.first_write]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_process_that_is_killed(table: Bench, record_property: Record, name: str, when: When, *, whole: bool) -> None:
    at = requests(table, name, whole=whole)
    tell(record_property, name, f"SIGKILL {when}", cut_off(table, name, Cut(signal.SIGKILL, when, killed), at))


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_process_that_is_interrupted(table: Bench, record_property: Record, name: str, *, whole: bool) -> None:
    at = requests(table, name, whole=whole)
    tell(record_property, name, "Ctrl-C", cut_off(table, name, Cut(signal.SIGINT, "after", interrupted), at))

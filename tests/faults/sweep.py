"""One scenario struck by one fault: the run, its recovery, and every law that it breaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from zlib import crc32

from reconciler.domain import Tree
from tests.faults import laws
from tests.faults.bench import Bench, Ended, States
from tests.faults.scenarios import SCENARIOS, Scenario
from tests.faults.strikes import BY_HAND, TIMEOUT_SECONDS, by_a_person, place, strikes
from tests.faults.witness import Request

APPLY = ("apply", "--yes", "--format", "json")


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """A run that nothing strikes: the states that it passes through, and how many requests it takes."""

    passed: list[States]
    requests: int
    first_write: int

    @property
    def final(self) -> States:
        """The state that it leads to."""
        return self.passed[-1]


@dataclass
class Tally:
    """How many runs there were, how they ended, and which laws were broken."""

    ends: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def add(self, what: str, end: str, flaws: Sequence[str]) -> None:
        """One more run."""
        self.ends[end] += 1
        self.broken += [f"{what}: {flaw}" for flaw in flaws]


@cache
def undisturbed(bench: Bench, name: str) -> Undisturbed:
    """The run of a scenario without faults. It succeeds."""
    bench.begin(SCENARIOS[name])
    bench.watch()
    run = bench.run(*APPLY)
    assert (run.code, list(laws.said(run)), list(laws.report(run))) == (0, [], []), run.out
    first = next(request.number for request in run.requests if request.writes)
    return Undisturbed(bench.passed, len(run.requests), first)


def strike(bench: Bench, name: str, kind: str, at: Sequence[int], length: str) -> Tally:
    """The scenario once for each of these requests, struck there by this fault for this length."""
    tally, timeout = Tally(), {"timeout_seconds": TIMEOUT_SECONDS} if kind == "delay" else {}
    known = undisturbed(bench, name)
    for number in at:
        bench.begin(SCENARIOS[name], **timeout)
        bench.faults.add(strikes(kind, number, length))
        run = bench.run(*APPLY)
        flaws = [*judged(run, known, set()), *recovered(bench, run, known, set())]
        tally.add(f"{name}, {kind} at {number} {length}", ended(run), flaws)
    return tally


def meddle(bench: Bench, name: str, kind: str, at: Sequence[int]) -> Tally:
    """The scenario once for each of these requests, with a person who acts there."""
    tally, known, scenario = Tally(), undisturbed(bench, name), SCENARIOS[name]
    for number in at:
        bench.begin(scenario)
        fault = by_a_person(kind, number, scenario)
        bench.faults.add(fault)
        run = bench.run(*APPLY)
        window = in_the_window(run, fault, scenario)
        touched = _beside(fault, scenario)
        flaws = [*judged(run, known, touched), *people(run, fault, scenario)]
        if scenario.final and fault["do"] == "delete" and place(fault) not in run.after:
            flaws += refused(bench, scenario.final)
        else:
            flaws += recovered(bench, run, known, touched)
        tally.add(f"{name}, {kind} at {number}", "in the window" if window else ended(run), flaws)
    return tally


def _beside(fault: Tree, scenario: Scenario) -> set[str]:
    """The objects whose end the person's act may change."""
    users = {f"gates/{scenario.removed}", "gates/top"} if scenario.removed else set()
    experiment = fault.get("id") if fault["collection"] == "experiments" else None
    return {place(fault), f"layers/statsig::{experiment}_layer"} | users


def judged(run: Ended, known: Undisturbed, touched: set[str]) -> Iterator[str]:
    """The laws that a run broke."""
    yield from laws.said(run)
    yield from laws.report(run)
    yield from laws.noted(run)
    yield from laws.passed_through(run, known.passed, touched)
    yield from laws.done_is_done(run, known.final, touched)


def recovered(bench: Bench, run: Ended, known: Undisturbed, touched: set[str]) -> Iterator[str]:
    """When the faults have stopped, one apply does what is left, and then nothing is left to do."""
    bench.calm()
    again = bench.run("apply", "--yes")
    yield from laws.said(again)
    if told_of(again) != cut_off(run):
        yield f"what was left open is {'not ' * cut_off(run)}told: {again.out}{again.err}"
    if again.code:
        yield f"the next apply ended with {again.code}: {again.out}{again.err}"
    yield from laws.made_once([*run.requests, *again.requests], deleted=bool(touched))
    yield from laws.reached(again.after, known.final, touched)
    if bench.run("plan").code:
        yield "there is something left to plan"


def cut_off(run: Ended) -> bool:
    """Whether the journal says that the run did not come to its end."""
    return bool(run.journal) and run.journal[-1]["event"] != "end"


def told_of(again: Ended) -> bool:
    """Whether a run says that the one before it was cut off."""
    return "JOURNAL/unfinished" in again.out + again.err


def refused(bench: Bench, code: str) -> Iterator[str]:
    """When the faults have stopped, the next apply changes nothing, and says why."""
    bench.calm()
    again = bench.run("apply", "--yes")
    yield from laws.said(again)
    if (again.code, again.after) != (1, again.before) or code not in again.out:
        yield f"the next apply is not refused for {code}: {again.out}{again.err}"


def people(run: Ended, fault: Tree, scenario: Scenario) -> Iterator[str]:
    """What a person did after the plan was made is not overwritten, unless it was done after the last look."""
    write = _against(run, fault, scenario)
    if write and (seen := laws.seen_before(run, fault, place(fault), write)):
        yield f"{write} was sent although {seen} reads before it showed what the person did"


def in_the_window(run: Ended, fault: Tree, scenario: Scenario) -> bool:
    """Whether a write went against what a person did between the last look and that write."""
    if fault["do"] == "edit" and BY_HAND in run.after.get(place(fault), ""):
        return False
    return _against(run, fault, scenario) is not None


def _against(run: Ended, fault: Tree, scenario: Scenario) -> Request | None:
    """The first write to what a person touched, or removal of what it refers to, in a plan that knew nothing of it."""
    if laws.known_to_plan(run, fault, place(fault)):
        return None
    refers = scenario.removed and fault["do"] == "create"
    return laws.overwritten(run, fault, f"gates/{scenario.removed}" if refers else place(fault))


def ended(run: Ended) -> str:
    """How a run ended, in a word."""
    if run.code == 0:
        return "done"
    statuses = set(run.statuses.values())
    worst = next((each for each in ("unknown", "failed", "stale", "skipped") if each in statuses), "")
    return worst or ("differing" if statuses else "nothing done")


def numbers(known: Undisturbed, salt: str, *, whole: bool) -> list[int]:
    """The requests to be struck: all, or the first write and another that the `salt` chooses."""
    if whole:
        return list(range(1, known.requests + 1))
    return sorted({known.first_write, 1 + crc32(salt.encode()) % known.requests})

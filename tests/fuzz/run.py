"""Run many inputs: on all cores, each with a watch on its time and memory."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import resource
import signal
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from tests.fuzz.files import clear_workplace
from tests.fuzz.targets import TARGETS

MOST_SECONDS = 2.0
"""How long one input may take, in seconds of the processor, so that a busy machine finds nothing wrong."""
MOST_GROWTH = 512
"""By how many MiB the largest process of a target may grow while it reads its inputs."""
_HANG_SECONDS = 20
"""After so long, an input hangs: its process says where, and ends. Seconds of the processor, too."""
_WAIT_SECONDS = 900
"""The same on the clock, for what waits and does nothing. A busy machine may leave a process alone for minutes."""
_MOST_MEMORY = 2 * 1024**3
"""More, in bytes, no process gets."""
_CHUNK = 250
"""How many inputs one process reads, at most."""


@dataclass(frozen=True)
class Failure:
    """An input that did what no input may do, and why."""

    target: str
    number: int
    why: str


@dataclass
class Tally:
    """What became of the inputs of one target."""

    refused: int = 0
    accepted: int = 0
    slowest: tuple[float, int] = (0.0, 0)
    peak: int = 0
    growth: int = 0
    failures: list[Failure] = field(default_factory=list)

    @property
    def inputs(self) -> int:
        """How many there were."""
        return self.refused + self.accepted + len(self.failures)

    def add(self, other: Tally) -> None:
        """Count the inputs of another tally as well."""
        self.refused += other.refused
        self.accepted += other.accepted
        self.slowest = max(self.slowest, other.slowest)
        self.peak, self.growth = max(self.peak, other.peak), max(self.growth, other.growth)
        self.failures += other.failures


def sum_of(tallies: Mapping[str, Tally]) -> Tally:
    """What became of the inputs of all targets."""
    whole = Tally()
    for tally in tallies.values():
        whole.add(tally)
    return whole


@dataclass(frozen=True)
class _Chunk:
    """Inputs that one process reads: the numbers `first` to `last` (excluded) of a target."""

    target: str
    first: int
    last: int


def run(seed: int, inputs: int, told: Callable[[dict[str, Tally]], None]) -> dict[str, Tally]:
    """The tally of each target. `told` is told of them whenever some inputs were read."""
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    _load_once()
    tallies = {name: Tally() for name in TARGETS}
    waiting = list(_chunks(inputs))
    running: dict[Connection, tuple[_Chunk, BaseProcess]] = {}
    while running or waiting:
        while waiting and len(running) < (os.cpu_count() or 1):
            chunk = waiting.pop(0)
            connection, process = _started(seed, chunk)
            running[connection] = (chunk, process)
        ready = wait(list(running))
        for connection in [each for each in running if each in ready]:
            chunk, process = running.pop(connection)
            tallies[chunk.target].add(_result(connection, chunk, process))
        told(tallies)
    clear_workplace()
    return tallies


def _load_once() -> None:
    """Read every good input, so that no process pays for what is loaded once. What fails here will fail again."""
    for target in TARGETS.values():
        for good in target.seeds():
            with suppress(Exception):
                target.run(good.head + good.data)


def _chunks(inputs: int) -> Iterator[_Chunk]:
    for name, target in TARGETS.items():
        last = inputs * target.share // 100
        for first in range(0, last, _CHUNK):
            yield _Chunk(name, first, min(first + _CHUNK, last))


def _started(seed: int, chunk: _Chunk) -> tuple[Connection, BaseProcess]:
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(seed, chunk, sender))
    process.start()
    sender.close()
    return receiver, process


def _result(receiver: Connection, chunk: _Chunk, process: BaseProcess) -> Tally:
    """What the process sent: its tally at the end, and before it the number of each input that it begins."""
    said: int | Tally = chunk.first
    with suppress(EOFError):
        while not isinstance(said, Tally):
            said = receiver.recv()
    process.join()
    if isinstance(said, Tally):
        return said
    why = f"the process ended with {process.exitcode}: -{signal.SIGPROF} says that it took {_HANG_SECONDS} seconds"
    return Tally(failures=[Failure(chunk.target, said, why)])


def _work(seed: int, chunk: _Chunk, sender: Connection) -> None:
    faulthandler.register(signal.SIGPROF, chain=True)
    tally, before = Tally(), _peak()
    for number in range(chunk.first, chunk.last):
        sender.send(number)
        signal.setitimer(signal.ITIMER_PROF, _HANG_SECONDS)
        faulthandler.dump_traceback_later(_WAIT_SECONDS, exit=True)
        _try(seed, chunk.target, number, tally)
    signal.setitimer(signal.ITIMER_PROF, 0)
    faulthandler.cancel_dump_traceback_later()
    clear_workplace()
    tally.peak = _peak()
    tally.growth = tally.peak - before
    sender.send(tally)


def _try(seed: int, name: str, number: int, tally: Tally) -> None:
    target = TARGETS[name]
    data = target.input(seed, name, number)
    began = time.process_time()
    try:
        accepted = target.run(data)
    except Exception as error:  # noqa: BLE001 - whatever it is, no input may cause it
        tally.failures.append(Failure(name, number, "".join(traceback.format_exception(error)[-6:])))
        return
    took = time.process_time() - began
    tally.slowest = max(tally.slowest, (took, number))
    if took > MOST_SECONDS:
        tally.failures.append(Failure(name, number, f"took {took:.1f} seconds"))
    elif accepted:
        tally.accepted += 1
    else:
        tally.refused += 1


def _peak() -> int:
    """The most memory that this process had so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

"""Which steps run at the same time.

    writes      as many at once as there are workers, each after what it needs, begun in the order of the plan
    removals    one by one in their own order, after the last write has ended

Each step has a thread of its own, which ends with the process: whoever does not want to wait for it need not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from graphlib import TopologicalSorter
from heapq import heappop, heappush
from queue import SimpleQueue
from threading import Thread
from typing import TypeAlias

from reconciler.domain import Outcome, Step
from reconciler.planning.order import REMOVALS

Work: TypeAlias = Callable[[Step], Outcome | None]
"""What becomes of a step. None: it was not begun."""


def together(
    steps: Sequence[Step], early: Work, work: Work, *, workers: int, stopped: Callable[[], bool]
) -> Iterator[Outcome]:
    """The outcomes of all steps, as they come, until it is `stopped`: then only those of the steps that were begun.

    `early` is asked right before a step would begin, and may end it at once; `work` runs in a thread.
    """
    writes = [step for step in steps if step.verb not in REMOVALS]
    removals = [step for step in steps if step.verb in REMOVALS]
    yield from _Crew(writes, early, work, workers, stopped).run()
    yield from _Crew(removals, early, work, 1, stopped).run()


class _Crew:
    """Some workers, and the steps that they share."""

    def __init__(
        self, steps: Sequence[Step], early: Work, work: Work, workers: int, stopped: Callable[[], bool]
    ) -> None:
        self._steps = steps
        self._early = early
        self._work = work
        self._workers = workers
        self._stopped = stopped
        self._ends: SimpleQueue[tuple[int, Outcome | BaseException | None]] = SimpleQueue()

    def run(self) -> Iterator[Outcome]:
        open_steps = _sorter(self._steps)
        ready: list[int] = []
        under_way = 0
        while open_steps.is_active():
            for position in open_steps.get_ready():
                heappush(ready, position)
            while ready and under_way < self._workers and not self._stopped():
                self._begin(heappop(ready))
                under_way += 1
            if not under_way:
                return
            position, end = self._ends.get()
            under_way -= 1
            open_steps.done(position)
            if isinstance(end, BaseException):
                raise end
            if end:
                yield end

    def _begin(self, position: int) -> None:
        if outcome := self._early(self._steps[position]):
            self._ends.put((position, outcome))
        else:
            Thread(target=self._do, args=(position,), daemon=True).start()

    def _do(self, position: int) -> None:
        try:
            self._ends.put((position, self._work(self._steps[position])))
        except BaseException as error:  # noqa: BLE001 - the thread that asked for the step raises it
            self._ends.put((position, error))


def _sorter(steps: Sequence[Step]) -> TopologicalSorter[int]:
    """The steps by their positions. A need that the plan has later is none to wait for: no plan of ours has one."""
    positions = {step.key: position for position, step in enumerate(steps)}
    sorter = TopologicalSorter(
        {
            position: [positions[need] for need in step.needs if positions.get(need, position) < position]
            for position, step in enumerate(steps)
        }
    )
    sorter.prepare()
    return sorter

"""The section about pacing: writes by a clock of their own, against the limits of the emulator by the same clock.

python -m tools.reliability.pacing 'make reliability'
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

import httpx

from reconciler.console import ApiKey, Console, Turns
from reconciler.console.pacing import PUBLISHED
from reconciler.domain import Call
from reconciler.emulator.errors import ApiError
from reconciler.emulator.limits import Limiter
from tools.reliability import commit, table, write_section

_SECTION = """## Pacing

`{command}` made writes through the client of commit `{commit}`, by a clock that moves when somebody waits, against the
limits that the emulator enforces (100 in any 10 s, 900 in any 15 min, sliding). The shortest schedule is the one that
both windows allow.

{rows}
"""
_CALL = Call("PATCH", "/gates/checkout", {"description": "x"})


@dataclass
class _Service:
    """Admits what the emulator admits. `now` in seconds."""

    now: float = 0.0
    refused: int = 0
    limiter: Limiter = field(default_factory=Limiter)

    def wait(self, seconds: float) -> bool:
        self.now += seconds
        return False

    def answer(self, _: httpx.Request) -> httpx.Response:
        try:
            self.limiter.admit(int(self.now * 1000))
        except ApiError as error:
            self.refused += 1
            return httpx.Response(error.status, json=error.body, headers=error.headers)
        return httpx.Response(200, json={"message": "ok", "data": {}})


def shortest(writes: int) -> float:
    """The seconds after which the last of so many writes can begin at best."""
    found: list[float] = []
    for number in range(writes):
        earliest = [found[number - window.most] + window.seconds for window in PUBLISHED if number >= window.most]
        found.append(max([0.0, *found[-1:], *earliest]))
    return found[-1]


def _row(writes: int) -> list[object]:
    service = _Service()
    turns = Turns(clock=lambda: service.now, wait=service.wait)
    transport = httpx.MockTransport(service.answer)
    with Console("http://127.0.0.1/console/v1", ApiKey("console-x"), turns=turns, transport=transport) as console:
        for _ in range(writes):
            console.write(_CALL)
    best = shortest(writes)
    return [writes, f"{best:g} s", f"{service.now:.1f} s", f"{service.now / best:.4f}", service.refused]


def section(command: str) -> str:
    """The text of the section."""
    rows = table(["writes", "shortest", "taken", "ratio", "answers 429"], map(_row, (200, 1000, 2000, 5000)))
    return _SECTION.format(command=command, commit=commit(), rows=rows)


if __name__ == "__main__":
    write_section("pacing", section(sys.argv[1]))

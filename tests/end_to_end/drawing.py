"""Choices at random, and the values that fields of every kind are filled with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from random import Random

from reconciler.domain import Json, Tree

TEXTS = (
    "plain", "", "Größe 50 %", 'with "quotes" and \\', "one\ntwo\n", "a: b # c", "null", "yes", "2.10", "- x", "😀",
    " wide ", "{{ x }}", "0x1F", "~", "é",
)  # fmt: skip
WORDS = ("a", "B", "1", "1.0", "yes", "null", "x y", "ü", "[1]", "-")
SHARES = (0, 100, 50, 12.5, 0.01, 99.99, 33.33, 66.67, 7)
NUMBERS = (0, 1, -3, 31, 0.82, 1000000, 2.5, 1e-3)
TAGS = ("old", "new one", "★ Core", "größe", "a/b")
METRICS = ("dau", "orders placed", "latency_p95", "d1_retention_rate")


@dataclass
class Draw:
    """Draws from `random`. `gates` and `sources` are what may be referred to, `made` counts names.

    `experiments` are those that were made.
    """

    random: Random
    gates: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    experiments: list[str] = field(default_factory=list)
    made: int = 0

    def some(self, choices: Iterable[Json], least: int = 0, most: int = 3) -> list[Json]:
        """A few of the choices, each once, in any order."""
        pool = list(choices)
        return self.random.sample(pool, min(len(pool), self.random.randint(least, most)))

    def one(self, choices: Iterable[Json]) -> Json:
        return self.random.choice(list(choices))

    def odds(self, chance: float) -> bool:
        return self.random.random() < chance

    def fields(self, makers: Mapping[str, Callable[[], Json]], chance: float = 0.4) -> Tree:
        """Some of the fields."""
        return {name: make() for name, make in makers.items() if self.odds(chance)}

    def fresh(self, stem: str) -> str:
        self.made += 1
        return f"{stem}_{self.made}"

    def text(self) -> str:
        return str(self.one(TEXTS))

    def nothing_or(self, *choices: Json) -> Json:
        return self.one([None, *choices])

    def value(self, depth: int = 2) -> Json:
        if depth and self.odds(0.3):
            return self.json_object(depth - 1)
        if depth and self.odds(0.2):
            return [self.value(depth - 1) for _ in range(self.random.randint(0, 3))]
        return self.one([*NUMBERS, True, False, 1.0, *TEXTS])

    def json_object(self, depth: int = 2) -> Tree:
        return {name: self.value(depth) for name in self.some(["a", "b", "key one", "ü", "1", "a.b", "__c", "$d"])}

    def json5(self, value: Tree) -> str:
        """The value as JSON5, with a remark."""
        return f"{json.dumps(value, ensure_ascii=False, indent=self.one([None, 2]))} // remark\n"

    def valued(self, name: str, make: Callable[[], Tree]) -> Tree:
        """A JSON value, its JSON5 twin, or both."""
        value = make()
        both = {name: value, f"{name}Json5": self.json5(value)}
        return {key: both[key] for key in self.one([[name], [f"{name}Json5"], list(both), [name]])}

    def metrics(self) -> list[Json]:
        return [{"name": name, "type": self.one(["user", "ratio"])} for name in self.some(METRICS)]

    def judged(self) -> list[Json]:
        extra = {
            "direction": lambda: self.one(["increase", "decrease"]),
            "hypothesizedValue": lambda: self.one(NUMBERS),
        }
        return [metric | self.fields(extra) for metric in self.metrics()]

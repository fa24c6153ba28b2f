"""Rules and conditions at random: every type and operator of the table, in every spelling that is accepted."""

from __future__ import annotations

from collections.abc import Callable

from reconciler.domain import Json, Tree
from reconciler.targeting import CONDITION_TYPES
from reconciler.targeting.table import VERSIONED, Shape
from tests.end_to_end.drawing import NUMBERS, SHARES, WORDS, Draw

_ABSENT = object()


class DrawRules(Draw):
    """Draws rules."""

    def target(self, type_: str, shape: Shape) -> Json:
        """A `targetValue` of this shape in one of the spellings that are accepted; `_ABSENT` for none."""
        match shape:
            case Shape.NOTHING:
                return self.one([_ABSENT, None, []])
            case Shape.LIST:
                return self._listed(type_)
            case Shape.NUMBER:
                number = self.one(NUMBERS)
                return self.one([number, [number], *([str(number), [str(number)]] * isinstance(number, int))])
            case Shape.TIME:
                time = self.one([1795734000000, 1796079599000, 0])
                return self.one([time, [time], str(time), [str(time)]])
            case Shape.TEXT:
                text = self.one(self._texts(type_))
                return self.one([text, [text]])
        return self.one(["/path", ["/a", "b"], 7])

    def _listed(self, type_: str) -> list[Json]:
        if type_ == "environment_tier":
            return self.some(["production", "staging", "development"], 1)
        if type_ == "custom_field" and self.odds(0.3):
            return self.some([*NUMBERS, "x"], 1)
        return self.some(WORDS, 1, 4)

    def _texts(self, type_: str) -> list[str]:
        if type_.endswith("_gate"):
            return self.gates
        return ["staff", "testers"] if type_.endswith("_segment") else ["8.2.0", "2.10", "17"]

    def condition(self) -> Tree:
        type_ = self.one(CONDITION_TYPES)
        while type_.endswith("_gate") and not self.gates:
            type_ = self.one(CONDITION_TYPES)
        known = CONDITION_TYPES[type_]
        operator = self.one(known.operators) if known.operators else None
        shape = known.operators[operator] if operator else known.bare
        made: Tree = {"type": type_}
        if operator or self.odds(0.1):
            made["operator"] = operator or ""
        target = self.target("version" if type_ in VERSIONED else type_, shape or Shape.ANYTHING)
        if target is not _ABSENT:
            made["targetValue"] = target
        made |= {name: self.one([None, ""]) for name in ("field", "customID") if self.odds(0.1)}
        if known.needs:
            made[known.needs] = self.one(["plan", "größe"]) if known.needs == "field" else "companyID"
        return made

    def conditions(self) -> list[Json]:
        made = [self.condition() for _ in range(self.random.randint(0, 3))]
        return made + made[:1] if self.odds(0.05) else made

    def rollouts(self) -> Tree:
        steps = [{"time": 1_800_000_000_000 + at, "passPercent": self.one(SHARES)} for at in range(2)]
        split = self.random.randint(0, 2)
        return {"completedAutomatedRollouts": steps[:split], "pendingAutomatedRollouts": steps[split:]}

    def rule(self) -> Tree:
        made = {"name": self.fresh(self.one(["Rule", "größe: ", '"q"'])), "passPercentage": self.one(SHARES)}
        made["conditions"] = self.conditions()
        if self.odds(0.4):
            made["environments"] = self.one([None, ["production"], ["staging", "production"]])
        return made | (self.rollouts() if self.odds(0.05) else {})

    def variants(self, make: Callable[[], Tree]) -> list[Json]:
        return [
            {"name": name, "passPercentage": 50, **self.valued("returnValue", make)} for name in ("half", "other half")
        ]

    def config_rule(self, make: Callable[[], Tree], chance: float = 0.3) -> Tree:
        made = self.rule() | self.valued("returnValue", make)
        if self.odds(0.1):
            del made["passPercentage"]
        return made | ({"variants": self.variants(make)} if self.odds(chance) else {})

    def rules(self, make: Callable[[], Tree]) -> list[Json]:
        return [make() for _ in range(self.random.randint(0, 4))]

    def edited(self, rules: list[Json], make: Callable[[], Tree]) -> list[Json]:
        """The rules with some of them left out, renamed, moved, changed, and others put in."""
        kept = [dict(rule) for rule in rules if self.odds(0.85)]
        for rule in kept:
            other = make()
            for name in other.keys() & rule.keys() - {"name"} if self.odds(0.4) else ():
                if self.odds(0.4) and not name.startswith("returnValue") and name != "variants":
                    rule[name] = other[name]
            if self.odds(0.3):
                rule |= {name: other[name] for name in ("environments",) if name in other}
            if self.odds(0.15):
                rule["name"] = other["name"]
        if self.odds(0.2):
            self.random.shuffle(kept)
        if self.odds(0.4):
            kept.insert(self.random.randint(0, len(kept)), make())
        return kept

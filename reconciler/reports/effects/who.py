"""Who gets what in production at a moment, in a phrase.

``100 % of country any SE, then 30 % of everyone else pass``, or
``10 % of everyone get {limit: 25}; whoever is left gets the default {limit: 10}``
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from reconciler.domain import Json, Tree, objects
from reconciler.kind import Kind
from reconciler.planning.exposure import NOBODY_LEFT_OUT, Moment, conditions, in_force, is_public, value_of
from reconciler.reports.phrases import condition
from reconciler.reports.values import counted, flow, quoted
from reconciler.shape import shape_of
from reconciler.targeting.rollout import is_split

ALL = 100
_MOST = 3
"""As many conditions of a rule are told in a sentence."""
_MOST_RULES = 6
_LONGEST = 60
_EVERYBODY: Json = [[ALL, [None, None], [[]]]]
"""What a gate gives that everybody passes."""


@dataclass(frozen=True, slots=True)
class Audience:
    """What a gate or a dynamic config gives in production at one moment."""

    moment: Moment
    kind: Kind
    production: Collection[str]

    @property
    def has_values(self) -> bool:
        """Whether it gives values, and not just true or false."""
        return "defaultValue" in shape_of(self.kind.spec).fields

    @property
    def counts(self) -> bool:
        """Whether its rules count."""
        return self.moment.on and self.moment.status != "launched"

    def share(self, rule: Tree | None) -> float:
        """The percentage of the units that a rule is about that get it."""
        return self.moment.share(rule, self.production)

    @property
    def asked(self) -> list[Tree]:
        """The rules that units come to: those in force, down to the first that is about everyone."""
        found: list[Tree] = []
        for rule in self.moment.rules if self.counts else ():
            if in_force(rule, self.production):
                found.append(rule)
                if is_public(rule):
                    break
        return found

    def asks(self, rule: Tree) -> bool:
        """Whether units come to the rule."""
        return any(each is rule for each in self.asked)

    def gives_below(self, rule: Tree) -> bool:
        """Whether what stands below this rule, to which units come without it, gives somebody something."""
        if self.has_values:
            return True
        at = next(number for number, each in enumerate(self.moment.rules) if each is rule)
        for each in self.moment.rules[at + 1 :]:
            if self.share(each):
                return True
            if in_force(each, self.production) and is_public(each):
                break
        return False

    def reach(self, rule: Tree) -> float:
        """The percentage of those whom a rule is about that come to it and get it."""
        return self.share(rule) if self.asks(rule) else 0

    @property
    def is_default_given(self) -> bool:
        """Whether anybody gets the default: nobody whom a rule misses comes to another one."""
        asked = self.asked
        return not asked or not is_public(asked[-1]) or any(self.share(rule) < ALL for rule in asked)

    def gives(self) -> Json:
        """What it comes to: the same where everybody gets the same, whatever it is called."""
        if self.moment.status == "launched":
            return _EVERYBODY
        parts = list(map(self._part, self.asked))
        while parts and not parts[-1][0] and not self.has_values:
            parts.pop()
        runs = [_run(key, [each[2] for each in run]) for key, run in groupby(parts, lambda part: part[:2])]
        return [*runs, self.moment.default] if self.has_values and self.is_default_given else runs

    def _part(self, rule: Tree) -> list[Json]:
        """The share of a rule, by which id it is spread and what it gives, and whom it is about."""
        told = [each for each in conditions(rule) if str(each.get("type")) not in NOBODY_LEFT_OUT]
        value = [returned(rule), _variants(rule)] if self.has_values else None
        spread = rule.get("id") if is_split(rule) else None
        return [
            self.share(rule),
            [spread, value],
            sorted(json.dumps(each, sort_keys=True, default=str) for each in told),
        ]

    def whom(self, rule: Tree) -> str:
        """Whom a rule is about, when those above it have been asked."""
        asked = self.asked
        return "everyone else" if who(rule) == "everyone" and asked and asked[0] is not rule else who(rule)

    @property
    def words(self) -> str:
        """All of it, as a clause."""
        return self._values() if self.has_values else self._passes()

    def _passes(self) -> str:
        rules = self.asked
        while rules and not self.share(rules[-1]):
            rules.pop()
        if self.gives() == _EVERYBODY:
            return "everybody passes"
        if not rules:
            return "nobody passes"
        return f"{_listed([f'{self.share(rule):g} % of {self.whom(rule)}' for rule in rules])} pass"

    def _values(self) -> str:
        default = "the default" if self.moment.default is None else f"the default {flow(self.moment.default, _LONGEST)}"
        if not self.asked:
            return f"everybody gets {default}"
        clauses = [f"{self.share(rule):g} % of {self.whom(rule)} get {given(rule)}" for rule in self.asked]
        rest = f"; whoever is left gets {default}" if self.is_default_given else ""
        return f"{_listed(clauses)}{rest}"


def _run(key: list[Json], about: list[Json]) -> Json:
    """Rules that follow each other and give the same: in which order they are asked makes no difference."""
    share, _ = key
    if share == ALL and [] in about:
        return [*key, [[]]]
    return [*key, sorted(about) if share in {0, ALL} else about]


def returned(rule: Tree) -> Json:
    """The value of a rule or of a variant."""
    return value_of(rule, "returnValue")


def _variants(rule: Tree) -> list[Json]:
    return [[each.get("id"), each.get("passPercentage"), returned(each)] for each in objects(rule.get("variants"))]


def who(rule: Tree) -> str:
    """Whom a rule is about."""
    shown = [condition(each) for each in conditions(rule) if each.get("type") != "public"]
    if not shown:
        return "everyone"
    more = f" and {counted(len(shown) - _MOST, 'more condition')}" if len(shown) > _MOST else ""
    return " and ".join(shown[:_MOST]) + more


def name(rule: Tree) -> str:
    """The name of a rule, in quotes."""
    return quoted(str(rule.get("name")))


def given(rule: Tree) -> str:
    """What a rule of a dynamic config gives."""
    return "one of its variants" if rule.get("variants") else flow(returned(rule), _LONGEST)


def _listed(clauses: Sequence[str]) -> str:
    more = len(clauses) - _MOST_RULES
    return ", then ".join(clauses[:_MOST_RULES]) + (f", then by {counted(more, 'more rule')}" if more > 0 else "")

"""Who gets what in production at a moment, in a phrase.

100 % of country any SE, then 30 % of everyone else pass
10 % of everyone get {limit: 25}, whoever is left gets {limit: 10}
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from reconciler.domain import Tree
from reconciler.kind import Kind
from reconciler.planning.exposure import Moment, in_force, is_public
from reconciler.reports.phrases import condition
from reconciler.reports.values import flow, quoted

ALL = 100
_MOST = 3
"""As many conditions of a rule are told in a sentence."""
_MOST_RULES = 6


@dataclass(frozen=True, slots=True)
class Audience:
    """What a gate or a dynamic config gives in production at one moment."""

    moment: Moment
    kind: Kind
    production: Collection[str]

    @property
    def has_values(self) -> bool:
        """Whether it gives values, and not just true or false."""
        return self.kind.name == "DynamicConfig"

    def share(self, rule: Tree | None) -> float:
        """The percentage of the units that a rule is about that get it."""
        return self.moment.share(rule, self.production)

    @property
    def asked(self) -> list[Tree]:
        """The rules that units come to: those in force, down to the first that is about everyone."""
        found: list[Tree] = []
        for rule in self.moment.rules:
            if in_force(rule, self.production):
                found.append(rule)
                if is_public(rule):
                    break
        return found

    def decides(self, rule: Tree) -> bool:
        """Whether it makes a difference to anybody that the rule is there."""
        if not any(each is rule for each in self.asked):
            return False
        return self.share(rule) > 0 or self.gives_below(rule)

    def gives_below(self, rule: Tree) -> bool:
        """Whether a rule below this one, to which units come without it, gives somebody something."""
        at = next(number for number, each in enumerate(self.moment.rules) if each is rule)
        return any(self.share(each) for each in self.moment.rules[at + 1 :])

    @property
    def is_default_given(self) -> bool:
        """Whether anybody gets the default."""
        last = next(reversed(self.asked), None)
        return not self.moment.on or last is None or not is_public(last) or self.share(last) < ALL

    @property
    def words(self) -> str:
        """All of it, as a clause."""
        return self._values() if self.has_values else self._passes()

    def _passes(self) -> str:
        if self.moment.status == "launched":
            return "everybody passes"
        rules = self.asked if self.moment.on else []
        while rules and not self.share(rules[-1]):
            rules.pop()
        if not rules:
            return "nobody passes"
        if is_public(rules[0]) and self.share(rules[0]) == ALL:
            return "everybody passes"
        return f"{_listed([f'{self.share(rule):g} % of {_whom(rules, rule)}' for rule in rules])} pass"

    def _values(self) -> str:
        default = flow(self.moment.default)
        rules = self.asked if self.moment.on else []
        if not rules:
            return f"everybody gets the default {default}"
        clauses = [f"{self.share(rule):g} % of {_whom(rules, rule)} get {_value(rule)}" for rule in rules]
        rest = f"; whoever is left gets the default {default}" if self.is_default_given else ""
        return f"{_listed(clauses)}{rest}"


def who(rule: Tree) -> str:
    """Whom a rule is about."""
    shown = [condition(each) for each in rule.get("conditions") or () if each.get("type") != "public"]
    if not shown:
        return "everyone"
    more = f" and {len(shown) - _MOST} more conditions" if len(shown) > _MOST else ""
    return " and ".join(shown[:_MOST]) + more


def name(rule: Tree) -> str:
    """The name of a rule, in quotes."""
    return quoted(str(rule.get("name")))


def _whom(rules: Sequence[Tree], rule: Tree) -> str:
    first = rule is rules[0]
    return who(rule) if first or who(rule) != "everyone" else "everyone else"


def _value(rule: Tree) -> str:
    return "one of its variants" if rule.get("variants") else flow(rule.get("returnValue"))


def _listed(clauses: Sequence[str]) -> str:
    more = len(clauses) - _MOST_RULES
    return ", then ".join(clauses[:_MOST_RULES]) + (f", then by {more} more rules" if more > 0 else "")

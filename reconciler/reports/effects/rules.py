"""What a step means for those who ask for a gate or a dynamic config."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from reconciler.domain import FieldChange, Json, Step, Tree, Verb
from reconciler.kind import Kind
from reconciler.planning.exposure import after, before, in_force, percentage, scheduled, twin
from reconciler.planning.fingerprint import sha256_of
from reconciler.reports.effects.effect import Danger, Effect, other_apps, other_unit
from reconciler.reports.effects.who import ALL, Audience, given, name, returned, who
from reconciler.reports.values import fits, flow


def given_until_now(step: Step, kind: Kind, production: Collection[str]) -> str:
    """What those who ask for an object that goes got; "" for nothing."""
    was = Audience(before(step, kind), kind, production)
    is_nothing = was.moment.status == "archived" or was.words == "nobody passes"
    return "" if is_nothing else f" In production until now: {was.words}."


def of_rules(step: Step, kind: Kind, production: Collection[str]) -> Iterator[Effect]:
    """What the rules give to whom, and gave."""
    was, then = (Audience(moment, kind, production) for moment in (before(step, kind), after(step, kind)))
    seen = _Seen(step, was, then)
    if step.verb is Verb.CREATE:
        yield _new(then)
    else:
        yield from _changed(seen)
    yield from _schedules(seen)
    yield from _held_back(step, then)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A step, and what its object gives before and after it."""

    step: Step
    was: Audience
    then: Audience

    @property
    def moves(self) -> bool:
        """Whether anybody gets anything else in production."""
        return sha256_of(self.was.gives()) != sha256_of(self.then.gives())

    @property
    def both(self) -> str:
        if self.was.words == self.then.words:
            return "What it gives in production changes further on than is told here: see the differences."
        return f"In production until now: {self.was.words}; from now on: {self.then.words}."

    def change(self, field: str) -> FieldChange | None:
        """The difference of a field as a whole."""
        return next((change for change in self.step.fields if change.path == (field,)), None)

    def danger(self, danger: Danger, was: Tree | None, then: Tree | None) -> Danger | None:
        """The danger of what is said of a rule, before and after: only if it counts for anything."""
        asked = (was is not None and self.was.asks(was)) or (then is not None and self.then.asks(then))
        return danger if asked and self.moves else None


def _new(then: Audience) -> Effect:
    state = f", and off ({then.moment.status})" if not then.moment.on else ""
    passes = not then.has_values and then.moment.everyone(then.production)
    return Effect(f"It is new{state}: in production {then.words}.", Danger.ROLLOUT if passes else None)


def _switched(seen: _Seen) -> Effect:
    words = _state(seen.then) or "Its rules count"
    if not seen.moves:
        return Effect(f"{words}; nothing changes in production: {seen.then.words}.")
    return Effect(f"{words}. {seen.both}", Danger.SWITCH)


def _state(then: Audience) -> str:
    """Why rules do not count."""
    if then.moment.status == "launched":
        return "It is launched"
    return "" if then.moment.on else f"It is off ({then.moment.status})"


def _changed(seen: _Seen) -> Iterator[Effect]:
    then = seen.then
    if seen.was.moment.status != then.moment.status:
        yield _switched(seen)
    elif then.counts:
        yield from _of_each_rule(seen)
    elif seen.was.moment.rules != then.moment.rules:
        says = "everybody passes, whatever" if then.moment.on else "nobody gets what"
        yield Effect(f"{_state(then)}: {says} its rules say.")
    yield from _default(seen)
    yield from _unit(seen)
    if apps := seen.change("targetApps"):
        yield Effect(other_apps(apps), Danger.ROLLOUT if then.moment.on else None)


def _of_each_rule(seen: _Seen) -> Iterator[Effect]:
    was, then = seen.was.moment.rules, seen.then.moment.rules
    for rule in then:
        same = twin(rule, was)
        yield from _rule(seen, rule, same) if same else (_new_rule(seen, rule),)
    yield from (_gone(seen, rule) for rule in was if not twin(rule, then))
    others = "" if _order(was, then) == _order(then, was) else _OTHER_ORDER
    if seen.moves and (others or _is_felt_below(seen)):
        yield Effect(f"{others}{seen.both}", Danger.ROLLOUT)
    elif others:
        yield Effect(f"{others}That changes nothing in production.")


def _is_felt_below(seen: _Seen) -> bool:
    """Whether others come to the rules below one that comes, goes, or is about others."""
    pairs = ((seen.was, seen.then.moment.rules), (seen.then, seen.was.moment.rules))
    return any(
        audience.gives_below(rule) and not ((same := twin(rule, others)) and _about(same) == _about(rule))
        for audience, others in pairs
        for rule in audience.asked
    )


def _about(rule: Tree) -> list[Json]:
    return [rule.get("conditions"), rule.get("environments")]


_OTHER_ORDER = "Its rules are asked in another order, and the first that is about a user decides. "


def _order(rules: tuple[Tree, ...], others: tuple[Tree, ...]) -> list[str]:
    """The rules that both moments have, by their ids."""
    return [rule["id"] for rule in rules if twin(rule, others)]


_UNASKED = "nobody comes to it in production, since a rule above it is about everyone"


def _new_rule(seen: _Seen, rule: Tree) -> Effect:
    then, about = seen.then, f"New rule {name(rule)}"
    if not in_force(rule, then.production):
        return Effect(f"{about}: {_elsewhere(then, rule)}.")
    if not then.asks(rule):
        return Effect(f"{about}: {_UNASKED}.")
    share, danger = then.share(rule), seen.danger(Danger.ROLLOUT, None, rule)
    if then.gives_below(rule) and not share:
        return Effect(f"{about}: it keeps {then.whom(rule)} from what stands below it in production.", danger)
    get = f"get {given(rule)}" if then.has_values else "pass"
    told = f"{about}: {share:g} % of {then.whom(rule)} {get} in production"
    if then.gives_below(rule) and share < ALL and not then.has_values:
        told = f"{told}, and the others of them do not, whatever stands below it"
    return Effect(f"{told}.", danger)


def _rule(seen: _Seen, rule: Tree, same: Tree) -> Iterator[Effect]:
    """A rule that is there before and after."""
    was, then = seen.was, seen.then
    danger, whom = seen.danger(Danger.ROLLOUT, same, rule), then.whom(rule)
    if not then.asks(rule) and in_force(rule, then.production) == in_force(same, was.production):
        if was.asks(same) or _content(same) != _content(rule):
            unasked = _UNASKED if in_force(rule, then.production) else "it is not asked in production"
            yield Effect(f"{name(rule)}: {unasked}.", danger)
        return
    if in_force(rule, then.production) != in_force(same, was.production):
        force = "comes into force" if in_force(rule, then.production) else "is no more in force"
        yield Effect(f"{name(rule)} {force} in production, for {whom}.", danger)
    if was.reach(same) != then.reach(rule):
        shares = f"{was.reach(same):g} % → {then.reach(rule):g} %"
        yield Effect(f"{name(rule)}: {shares} of {whom} {_get(then)} in production.", danger)
    if same.get("conditions") != rule.get("conditions"):
        yield _others(same, rule, danger)
    value, about = seen.danger(Danger.VALUE, same, rule), f"{then.reach(rule):g} % of {whom}"
    if sha256_of(returned(same)) != sha256_of(returned(rule)):
        yield Effect(f"{about} get another value by {name(rule)}{_values(returned(same), returned(rule))}.", value)
    if sha256_of(same.get("variants")) != sha256_of(rule.get("variants")):
        yield Effect(f"The variants that {about} get by {name(rule)}, or their shares, change.", value)


def _content(rule: Tree) -> Tree:
    """A rule without what it is called."""
    return {key: value for key, value in rule.items() if key not in {"name", "id", "baseID"}}


def _others(same: Tree, rule: Tree, danger: Danger | None) -> Effect:
    was, then = who(same), who(rule)
    how = f": {was} → {then}" if was != then else ", as the differences show"
    return Effect(f"{name(rule)} is about others{how}.", danger)


def _gone(seen: _Seen, rule: Tree) -> Effect:
    """A rule is no more: who it was about is decided by what stood below it."""
    was, about = seen.was, f"A rule goes, {name(rule)}"
    if not in_force(rule, was.production):
        return Effect(f"{about}: until now {_elsewhere(was, rule)}.")
    if not was.asks(rule):
        return Effect(f"{about}: nobody came to it in production.")
    share, whom = was.share(rule), was.whom(rule)
    if not share and not was.gives_below(rule):
        return Effect(f"{about}: it gave nobody anything in production.")
    until = f"{share:g} % of {whom} {_get(was)} by it" if share else f"it kept {whom} from what stands below it"
    return Effect(f"{about}: {until} in production until now.", seen.danger(Danger.ROLLOUT, rule, None))


def _elsewhere(audience: Audience, rule: Tree) -> str:
    return f"{percentage(rule):g} % of {who(rule)} {_get(audience)} outside production"


def _unit(seen: _Seen) -> Iterator[Effect]:
    if seen.then.counts and (unit := seen.change("idType")):
        yield Effect(f"{other_unit(unit)}: everybody whom a percentage is about is spread anew.", Danger.ROLLOUT)


_DEFAULTS = frozenset({"defaultValue", "defaultValueJson5"})


def _default(seen: _Seen) -> Iterator[Effect]:
    was, then = seen.was.moment.default, seen.then.moment.default
    if sha256_of(was) == sha256_of(then) or not any(change.path[0] in _DEFAULTS for change in seen.step.fields):
        return
    values = _values(was, then)
    if not (seen.was.is_default_given or seen.then.is_default_given):
        yield Effect(f"The default is another, which nobody gets in production{values}.")
        return
    everybody = "Whoever gets nothing by a rule" if seen.then.asked else "Everybody"
    yield Effect(f"{everybody} gets another default{values}.", Danger.VALUE)


def _schedules(seen: _Seen) -> Iterator[Effect]:
    """Where new steps of a schedule lead, of rules that count."""
    for rule in seen.then.asked:
        later = seen.then.share(scheduled(rule, twin(rule, seen.was.moment.rules)))
        if later > seen.then.share(rule):
            words = f"{name(rule)}: its new schedule leads to {later:g} % of {seen.then.whom(rule)} in production."
            yield Effect(words, Danger.ROLLOUT)


def _held_back(step: Step, then: Audience) -> Iterator[Effect]:
    held = (step.base or {}).get("holdoutIDs")
    if held and then.moment.on and isinstance(held, list):
        yield Effect(f"Whoever is in a holdout is kept from it all the same: {flow(held)}.")


def _values(was: Json, then: Json) -> str:
    """Both, where they are short; long ones are seen in the differences."""
    return f": {flow(was)} → {flow(then)}" if fits(was) and fits(then) else ""


def _get(audience: Audience) -> str:
    return "get its value" if audience.has_values else "pass"

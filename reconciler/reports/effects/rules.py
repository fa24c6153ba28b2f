"""What a step means for those who ask for a gate or a dynamic config."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from reconciler.domain import Action, FieldChange, Json, Step, Tree, Verb
from reconciler.kind import Kind
from reconciler.planning.exposure import after, before, in_force, scheduled, twin
from reconciler.reports.effects.effect import Danger, Effect
from reconciler.reports.effects.who import ALL, Audience, name, who
from reconciler.reports.values import fits, flow


def going(step: Step, kind: Kind, production: Collection[str]) -> str:
    """What those who ask for a removed object get, and what they got."""
    if not kind.missing:
        return "It goes."
    goes = f"It goes: whoever asks for it gets {kind.missing}."
    was = Audience(before(step, kind), kind, production)
    if kind.running or was.moment.status == "archived" or was.words == "nobody passes":
        return goes
    return f"{goes} In production until now: {was.words}."


def of_rules(step: Step, kind: Kind, production: Collection[str]) -> Iterator[Effect]:
    """What the rules give to whom, and gave."""
    was, then = (Audience(moment, kind, production) for moment in (before(step, kind), after(step, kind)))
    if step.verb is Verb.CREATE:
        yield _new(then)
        return
    yield from _changed(_Seen(step, was, then))


@dataclass(frozen=True, slots=True)
class _Seen:
    """A step on an object that is live, and what it gives before and after it."""

    step: Step
    was: Audience
    then: Audience

    @property
    def both(self) -> str:
        return f"In production until now: {self.was.words}; from now on: {self.then.words}."

    def change(self, field: str) -> FieldChange | None:
        """The difference of a field as a whole."""
        return next((change for change in self.step.fields if change.path == (field,)), None)


def _new(then: Audience) -> Effect:
    state = f", and off ({then.moment.status})" if not then.moment.on else ""
    passes = not then.has_values and then.moment.everyone(then.production)
    return Effect(f"It is new{state}: in production {then.words}.", Danger.ROLLOUT if passes else None)


def _changed(seen: _Seen) -> Iterator[Effect]:
    was, then = seen.was.moment, seen.then.moment
    if was.status != then.status:
        yield _switched(seen)
    elif then.on and then.status != "launched":
        yield from _of_each_rule(seen)
        yield from _unit(seen)
    if was.status == then.status:
        yield from _default(seen)
    if apps := seen.change("targetApps"):
        yield Effect(f"Other apps get it: {flow(apps.live)} → {flow(apps.desired)}.", Danger.ROLLOUT)


def _switched(seen: _Seen) -> Effect:
    status, off = seen.then.moment.status, not seen.then.moment.on
    words = f"It is off ({status})" if off else "It is launched" if status == "launched" else "Its rules count"
    if seen.was.words == seen.then.words:
        return Effect(f"{words}; nothing changes in production: {seen.then.words}.")
    return Effect(f"{words}. {seen.both}", Danger.SWITCH)


def _of_each_rule(seen: _Seen) -> Iterator[Effect]:
    was, then = seen.was.moment.rules, seen.then.moment.rules
    for rule in then:
        same = twin(rule, was)
        yield from _rule(seen, rule, same) if same else (_new_rule(seen.then, rule),)
    for rule in was:
        if not twin(rule, then) and seen.was.decides(rule):
            yield _gone(seen, rule)
    if _order(was, then) != _order(then, was):
        words = "Its rules are asked in another order, and the first that is about a user decides."
        moves = seen.was.words != seen.then.words
        yield Effect(f"{words} {seen.both}", Danger.ROLLOUT) if moves else Effect(f"{words} {_NOTHING}")


_NOTHING = "That changes nothing in production."


def _order(rules: tuple[Tree, ...], others: tuple[Tree, ...]) -> list[str]:
    """The rules that both moments have, by their ids."""
    return [rule["id"] for rule in rules if twin(rule, others)]


def _new_rule(then: Audience, rule: Tree) -> Effect:
    share, about = then.share(rule), f"New rule {name(rule)}"
    if not in_force(rule, then.production):
        shown = f"{float(rule.get('passPercentage', ALL)):g} % of {who(rule)} {_get(rule)}"
        return Effect(f"{about}: {shown} outside production.")
    if not any(each is rule for each in then.asked):
        return Effect(f"{about}: nobody comes to it in production, since a rule above it is about everyone.")
    danger = Danger.ROLLOUT if then.decides(rule) else None
    if then.gives_below(rule) and not share:
        return Effect(f"{about}: it keeps {who(rule)} from what stands below it in production.", danger)
    told = f"{about}: {share:g} % of {who(rule)} {_get(rule)} in production"
    if then.gives_below(rule) and share < ALL:
        told = f"{told}, and the others of them do not, whatever stands below it"
    return Effect(f"{told}.", danger)


def _rule(seen: _Seen, rule: Tree, same: Tree) -> Iterator[Effect]:
    """A rule that is there before and after."""
    share, wider = seen.was.share(same), seen.then.share(rule)
    danger = Danger.ROLLOUT if seen.was.decides(same) or seen.then.decides(rule) else None
    if share != wider:
        yield Effect(f"{name(rule)}: {share:g} % → {wider:g} % of {who(rule)} {_get(rule)} in production.", danger)
    if (later := seen.then.share(scheduled(rule, same))) > wider:
        words = f"{name(rule)}: its new schedule leads to {later:g} % of {who(rule)} in production."
        yield Effect(words, Danger.ROLLOUT)
    if who(same) != who(rule):
        yield Effect(f"{name(rule)} is about others: {who(same)} → {who(rule)}.", danger)
    value, about = Danger.VALUE if danger and wider else None, f"{wider:g} % of {who(rule)}"
    if same.get("returnValue") != rule.get("returnValue"):
        values = _values(same.get("returnValue"), rule.get("returnValue"))
        yield Effect(f"{about} get another value by {name(rule)}{values}.", value)
    if same.get("variants") != rule.get("variants"):
        yield Effect(f"The variants that {about} get by {name(rule)}, or their shares, change.", value)


def _gone(seen: _Seen, rule: Tree) -> Effect:
    """A rule is no more: who it was about is decided by what stood below it."""
    share, below = seen.was.share(rule), seen.was.gives_below(rule)
    kept_out = f"it kept {who(rule)} from what stands below it"
    until = f"{share:g} % of {who(rule)} {_get(rule)} by it" if share else kept_out
    now = " What stands below it decides from now on." if below and seen.then.moment.rules else ""
    return Effect(f"A rule goes, {name(rule)}: {until} in production until now.{now}", Danger.ROLLOUT)


def _unit(seen: _Seen) -> Iterator[Effect]:
    if unit := seen.change("idType"):
        words = f"Units are told apart by {flow(unit.desired)} and no more by {flow(unit.live)}"
        yield Effect(f"{words}: everybody whom a percentage is about is spread anew.", Danger.ROLLOUT)


_DEFAULTS = frozenset({"defaultValue", "defaultValueJson5"})


def _default(seen: _Seen) -> Iterator[Effect]:
    if not any(change.path[0] in _DEFAULTS and change.action is not Action.MOVE for change in seen.step.fields):
        return
    values = _values(seen.was.moment.default, seen.then.moment.default)
    if not (seen.was.is_default_given or seen.then.is_default_given):
        yield Effect(f"The default is another, which nobody gets in production{values}.")
        return
    everybody = "Everybody" if not seen.then.moment.on else "Whoever gets nothing by a rule"
    yield Effect(f"{everybody} gets another default{values}.", Danger.VALUE)


def _values(was: Json, then: Json) -> str:
    """Both, where they are short; long ones are seen in the differences."""
    return f": {flow(was)} → {flow(then)}" if fits(was) and fits(then) else ""


def _get(rule: Tree) -> str:
    return "get its value" if "returnValue" in rule else "pass"

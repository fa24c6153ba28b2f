"""What a step means for users, in sentences, and which of it is dangerous.

    rules["Beta"].passPercentage: 10 → 25      In production 10 % → 25 % of email ends with @example.com pass.
    status: active → decision_made             It ends: everybody gets the group "One page".

What is dangerous has a label; a reviewer looks at those steps first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from reconciler.domain import FieldChange, Finding, Step, Tree, Verb
from reconciler.kind import Kind
from reconciler.kinds import KINDS
from reconciler.planning.exposure import Moment, after, before, in_force, scheduled, twin
from reconciler.planning.guards import guard_of
from reconciler.planning.order import REMOVALS
from reconciler.reports.phrases import condition
from reconciler.reports.values import flow, quoted


class Danger(StrEnum):
    """Why a reviewer should look at a step first, the worst above."""

    REMOVAL = "removal"
    GUARD = "guard"
    LIFECYCLE = "experiment lifecycle"
    TAINT = "mixes results"
    SWITCH = "switched in production"
    ROLLOUT = "rollout in production"
    VALUE = "value in production"
    ONE_WAY = "no way back"


WORST = {danger: number for number, danger in enumerate(Danger)}
"""The rank of each danger, from 0 for the worst."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One sentence. `danger`: None for what a reviewer need not look at first."""

    words: str
    danger: Danger | None = None


def dangers(told_of: Iterable[Effect]) -> tuple[Danger, ...]:
    """Each danger once, the worst first."""
    return tuple(sorted({effect.danger for effect in told_of if effect.danger}, key=WORST.__getitem__))


def effects(step: Step, findings: Iterable[Finding], production: Collection[str]) -> tuple[Effect, ...]:
    """What the step means for users. `findings` are those of its plan."""
    return tuple(_all(step, findings, production))


def _all(step: Step, findings: Iterable[Finding], production: Collection[str]) -> Iterator[Effect]:
    kind = KINDS.get(step.key.kind)
    if kind is None:
        return
    if step.verb in REMOVALS:
        yield Effect(_going(step, kind, production), Danger.REMOVAL)
    elif kind.running:
        yield from _run(step, kind)
    else:
        yield from _rules(step, kind, production)
        yield from _query(step)
    if step.taints:
        names = ", ".join(map(str, sorted(step.taints)))
        yield Effect(f"It mixes what running experiments measure: {names}.", Danger.TAINT)
    for finding in findings:
        if finding.key == step.key and (guard := guard_of(finding)):
            said = f" Allowed: {finding.allowed.reason}" if finding.allowed else ""
            yield Effect(f"{guard}: {finding.message}.{said}", Danger.GUARD)
    if step.back.kept and step.verb is not Verb.CREATE:
        yield Effect(f"{'; '.join(step.back.kept)}.", Danger.ONE_WAY)


def _going(step: Step, kind: Kind, production: Collection[str]) -> str:
    if not kind.missing:
        return "It goes."
    goes = f"It goes: whoever asks for it gets {kind.missing}."
    share = before(step, kind).everyone(production) if kind.missing == "false" else 0
    who = "everyone passes" if share == _ALL else f"{share:g} % of all pass"
    return f"{goes} Until now {who} in production." if share else goes


_ALL = 100

# ---- what rules decide -----------------------------------------------------------------------------------------------


def _rules(step: Step, kind: Kind, production: Collection[str]) -> Iterator[Effect]:
    was, then = before(step, kind), after(step, kind)
    known = step.base is not None
    if not known and then.everyone(production) == _ALL:
        yield Effect("It is new, and everyone passes at once.", Danger.SWITCH)
    if was.status != then.status and (known or then.status in kind.off or then.status == "launched"):
        yield _switched(was.status, then.status, off=kind.off, known=known)
    if then.status in kind.off or then.status == "launched":
        return
    for rule in then.rules:
        same = twin(rule, was.rules)
        yield from _rule(rule, same, (was, then), production, known=known)
    for rule in was.rules:
        if not twin(rule, then.rules) and in_force(rule, production):
            yield from _gone(rule, was, then, production)
    if _order(was, then) != _order(then, was):
        yield Effect(
            "Its rules are asked in another order, and the first that is about a user decides.", Danger.ROLLOUT
        )
    yield from _apps(step, known=known)
    yield from _default(step, known=known)


def _gone(rule: Tree, was: Moment, then: Moment, production: Collection[str]) -> Iterator[Effect]:
    """A rule is no more: who it was about is decided by what stood below it."""
    share, below = was.share(rule, production), _below(rule, was, production)
    if not share and not below:
        return
    kept_out = f"it kept {_who(rule)} from what stands below it"
    until = f"{share:g} % of {_who(rule)} {_get(rule)} by it" if share else kept_out
    now = " What stands below it decides from now on." if below and then.rules else ""
    yield Effect(f"A rule goes, {_name(rule)}: {until} in production until now.{now}", Danger.ROLLOUT)


def _below(rule: Tree, moment: Moment, production: Collection[str]) -> bool:
    """Whether a rule that stands below this one gives somebody something in production."""
    at = moment.rules.index(rule)
    return any(moment.share(each, production) for each in moment.rules[at + 1 :])


def _order(moment: Moment, other: Moment) -> list[str]:
    """The rules that both moments have, by their ids."""
    return [rule["id"] for rule in moment.rules if twin(rule, other.rules)]


def _switched(was: str, then: str, *, off: Collection[str], known: bool) -> Effect:
    danger = Danger.SWITCH if known else None
    if then in off:
        return Effect(f"It is off ({then}): its rules count for nobody.", danger)
    if then == "launched":
        return Effect("It is launched: everybody passes, whatever the rules say.", danger)
    if was == "launched":
        return Effect("Its rules count: until now everybody passed.", danger)
    return Effect(f"It is on again ({was} → {then}): its rules count.", danger)


def _rule(
    rule: Tree, same: Tree | None, moments: tuple[Moment, Moment], production: Collection[str], *, known: bool
) -> Iterator[Effect]:
    was, then = moments
    share, wider = was.share(same, production), then.share(rule, production)
    counts = in_force(rule, production) and (share or wider or _below(rule, then, production))
    danger = Danger.ROLLOUT if known and (share or counts) else None
    if same is None:
        where = "in production" if in_force(rule, production) else "outside production"
        told = f"{wider:g} % of {_who(rule)} {_get(rule)} {where}"
        if counts and not wider:
            told = f"it keeps {_who(rule)} from what stands below it {where}"
        elif counts and wider < _ALL and _below(rule, then, production):
            told = f"{told}, and the others of them do not, whatever stands below it"
        yield Effect(f"New rule {_name(rule)}: {told}.", danger)
        return
    if share != wider:
        yield Effect(f"{_name(rule)}: {share:g} % → {wider:g} % of {_who(rule)} {_get(rule)} in production.", danger)
    if (later := then.share(scheduled(rule, same), production)) > wider:
        words = f"{_name(rule)}: its new schedule leads to {later:g} % of {_who(rule)} in production."
        yield Effect(words, Danger.ROLLOUT)
    if _who(same) != _who(rule):
        yield Effect(f"{_name(rule)} is about others: {_who(same)} → {_who(rule)}.", danger)
    if same.get("returnValue") != rule.get("returnValue"):
        about = f"{_who(rule)} get another value by {_name(rule)}"
        yield Effect(f"{about}: {flow(rule.get('returnValue'))}.", Danger.VALUE if danger else None)
    if same.get("variants") != rule.get("variants"):
        words = f"The variants that {_who(rule)} get by {_name(rule)}, or their shares, change."
        yield Effect(words, Danger.VALUE if danger else None)


def _apps(step: Step, *, known: bool) -> Iterator[Effect]:
    for change in step.fields:
        if change.path == ("targetApps",) and known:
            words = f"Other apps get it: {flow(change.live)} → {flow(change.desired)}."
            yield Effect(words, Danger.ROLLOUT)


def _default(step: Step, *, known: bool) -> Iterator[Effect]:
    changed = [change for change in step.fields if change.path[:1] in {("defaultValue",), ("defaultValueJson5",)}]
    if changed and known:
        yield Effect("Whoever no rule is about gets another value.", Danger.VALUE)


def _name(rule: Tree) -> str:
    return quoted(str(rule.get("name")))


def _get(rule: Tree) -> str:
    return "get its value" if "returnValue" in rule else "pass"


def _who(rule: Tree) -> str:
    shown = [condition(each) for each in rule.get("conditions") or () if each.get("type") != "public"]
    if not shown:
        return "everyone"
    more = f" and {len(shown) - _MOST} more conditions" if len(shown) > _MOST else ""
    return " and ".join(shown[:_MOST]) + more


_MOST = 3
"""As many conditions of a rule are told in a sentence."""


# ---- what runs, and what is asked of a warehouse ---------------------------------------------------------------------


def _run(step: Step, kind: Kind) -> Iterator[Effect]:
    says = {change.path: change for change in step.fields}
    status = says.get(("status",))
    if status and (words := _lifecycle(status, says.get(("launchedGroup",)))):
        yield Effect(words, Danger.LIFECYCLE if step.base or status.desired != "setup" else None)
    runs = step.base is not None and kind.view(step.base).get("status") in kind.running
    if runs and (share := says.get(("allocation",))):
        words = f"{flow(share.live)} % → {flow(share.desired)} % of all take part."
        yield Effect(words, Danger.LIFECYCLE)
    if runs and any(path[:1] in {("groups",), ("targetingGateID",), ("layerID",)} for path in says):
        yield Effect("Who takes part, or what they get, changes while it runs.", Danger.LIFECYCLE)


def _lifecycle(status: FieldChange, launched: FieldChange | None) -> str:
    if status.desired == "setup":
        return _DRAFTS.get(status.live, "It is reset: nobody takes part, and what was measured is lost.")
    group = f"the group {flow(launched.desired)}" if launched else "the launched group"
    return _STATUS.get(status.desired, f"It is {flow(status.desired)}.").format(group=group)


_DRAFTS = {None: "It is drafted: nobody takes part yet.", "archived": "It is taken out of the archive, as a draft."}
_STATUS = {
    "active": "It starts: users are put into its groups.",
    "decision_made": "It ends: everybody gets {group}.",
    "abandoned": "It ends without a decision: nobody gets a group any more.",
    "archived": "It is put away.",
    "assignment_stopped": "Nobody new takes part.",
    "experiment_stopped": "It stops.",
}


def _query(step: Step) -> Iterator[Effect]:
    if any(change.path == ("sql",) for change in step.fields) and step.base is not None:
        yield Effect("The properties of its entities come from another query.", Danger.VALUE)

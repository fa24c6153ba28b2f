"""What a run came to, in one line."""

from __future__ import annotations

from collections import Counter

from reconciler.domain import Drift, Plan, Severity, Status, Verb
from reconciler.reports.apply_text import all_but_waiting
from reconciler.reports.drift_text import sorts_of
from reconciler.reports.finding_text import but_for_rollouts, tally
from reconciler.reports.saved_text import kept
from reconciler.reports.told import Told
from reconciler.reports.values import counted, waits


def verdict(told: Told) -> str:
    """What would happen, or happened, with how many objects; or why nothing can."""
    errors = [each for each in told.all_findings if each.severity is Severity.ERROR]
    if told.outcomes or told.convergence:
        return _applied(told)
    if errors:
        return f"❌ {_CANNOT.get(told.command, 'failed')}, {tally(told.all_findings)}"
    if told.drift:
        return _drifted(told.drift)
    if told.command == "validate":
        return f"✅ {counted(told.manifests, 'manifest')}, {tally(told.findings)}"
    return _planned(told.plan)


_CANNOT = {
    "validate": "the manifests must be mended",
    "plan": "this cannot be applied",
    "apply": "nothing was applied",
    "drift": "cannot be told for sure",
}


def _planned(plan: Plan) -> str:
    held = f", {len(plan.held)} left alone" if plan.held else ""
    wait = f", {waits(len(plan.pending))}" if plan.pending else ""
    if not plan.steps:
        same = f"{counted(len(plan.unchanged), 'object')} as the manifests say"
        return f"✅ no changes, {same}{held}{wait}{but_for_rollouts(plan.findings)}"
    number = Counter(step.verb for step in plan.steps)
    todo = ", ".join(f"{number[verb]} to {_TO.get(verb, verb)}" for verb in Verb if number[verb])
    return f"{todo}, {len(plan.unchanged)} unchanged{held}{wait}"


_TO = {Verb.UPDATE: "change"}


def _applied(told: Told) -> str:
    ended = [outcome.status for outcome in told.outcomes]
    counts = ", ".join(f"{ended.count(each)} {each.replace('_', ' ')}" for each in Status if each in ended)
    missing = len(told.plan.steps) - len(ended)
    rest = f", {missing} not reached" if missing else ""
    left = len(kept(told.plan))
    rest += f", {left} not undone" if left else ""
    mark = {0: "✅", 2: "⏸️"}.get(told.exit_code, "❌")
    proof = _proof(told, undone=bool(left)) if told.convergence else "live was not read again"
    return f"{mark} {counts or 'nothing to do'}{rest}; {proof}"


def _proof(told: Told, *, undone: bool) -> str:
    """Whether live was afterwards as it was to be."""
    waiting = sum(bool(each.pending) for each in told.convergence)
    if apart := sum(each.amiss for each in told.convergence):
        it, wait = "it was" if apart == 1 else "they were", f", {waits(waiting)}" if waiting else ""
        return f"{counted(apart, 'object')} not as {it} to be{wait}"
    if waiting:
        return all_but_waiting(waiting, counted(len(told.convergence), "object"))
    return f"read again, {'what was undone is as it was' if undone else 'live is as it was to be'}"


def _drifted(drift: Drift) -> str:
    if not drift.found:
        return f"✅ no drift, {counted(drift.same, 'object')} equal{but_for_rollouts(drift.findings)}"
    are = "is" if drift.objects == 1 else "are"
    many = f"{counted(drift.objects, 'object')} {are} not as Git says"
    return f"⚠️ {many} ({sorts_of(drift)}), {drift.same} equal"

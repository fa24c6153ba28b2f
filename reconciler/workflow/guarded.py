"""What guards say about a plan: the last word before it is shown, saved or carried out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from reconciler.domain import Allowance, Finding, Plan, Snapshot, sort_findings
from reconciler.kinds import KINDS
from reconciler.planning.exposure import USUAL_PRODUCTION
from reconciler.planning.guards import Guarded, allow, guard_of, leftovers, looking_at_plans, reopened, tripped
from reconciler.workflow.loaded import Loaded, located
from reconciler.workflow.planned import Planned


def guard(loaded: Loaded, planned: Planned, now: datetime, *, acting: bool = False) -> Planned:
    """The plan with what guards find, and with the reasons of what is allowed."""
    seen = _seen(loaded, planned.plan, planned.live, now, acting=acting)
    findings = _settled(seen, planned.plan.findings, loaded.allowances)
    rest = [] if loaded.narrowed else list(leftovers(loaded.allowances, findings, seen.today))
    ordered = sort_findings((*findings, *located(rest, loaded.root)))
    plan = replace(planned.plan, findings=tuple(ordered))
    return replace(planned, plan=plan, production=seen.production)


def guard_again(loaded: Loaded, plan: Plan, live: Snapshot, now: datetime) -> Planned:
    """A saved plan that is about to be carried out, with what guards say of it now.

    Guards that look at plans look again. What was allowed when it was made is allowed still, until its last day.
    """
    seen = _seen(loaded, plan, live, now, acting=True)
    again = looking_at_plans(policy.name for policy in seen.safety.policies)
    recorded = dict.fromkeys(finding.allowed for finding in plan.findings if finding.allowed)
    kept = [reopened(finding, seen.today) for finding in plan.findings if guard_of(finding) not in again]
    found = _settled(seen, kept, (*loaded.allowances, *recorded))
    return Planned(replace(plan, findings=found), live, seen.production)


def _seen(loaded: Loaded, plan: Plan, live: Snapshot, now: datetime, *, acting: bool) -> Guarded:
    return Guarded(KINDS, plan, loaded.usable.safety, live.production or USUAL_PRODUCTION, now, acting)


def _settled(seen: Guarded, findings: Collection[Finding], allowances: Collection[Allowance]) -> tuple[Finding, ...]:
    return allow((*findings, *tripped(seen)), allowances, seen.today)

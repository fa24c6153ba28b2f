"""The ways back to a draft. They give up what a run measured, so each needs a permission that names that run.

The permission is the moment at which the run began (``metadata.permit.reset``). When it was used, the run is gone, and
the next one began at another moment: a permission that is left in the manifest never throws a second run away.
"""

from __future__ import annotations

from reconciler.domain import Call, Problem, Severity
from reconciler.kind import Transition, warning
from reconciler.kinds.experiment.ask import Ask, set_to
from reconciler.kinds.experiment.runs import TIMES, began, ran


def reset(ask: Ask) -> Transition:
    """From how a run ended to a draft again, and on to a new run if that is wanted."""
    if held := _not_permitted(ask):
        return held
    start = (Call("PUT", f"{ask.wanted.item}/start", {}),) if ask.desired == "active" else ()
    call = Call("PUT", f"{ask.wanted.item}/reset")
    return Transition(before=(call,), after=start, fields=(ask.change,), clears=TIMES, problems=(_loss(ask),))


def unarchive(ask: Ask) -> Transition:
    """Out of the archive, and no further: in which status it comes back is not documented. The next plan goes on."""
    lost = ran(ask.experiment)
    if lost and (held := _not_permitted(ask)):
        return held
    call = Call("PUT", f"{ask.wanted.item}/unarchive")
    change = set_to("status", ask.live, "setup")
    problems = (*((_loss(ask),) if lost else ()), *_next_plan(ask))
    return Transition(before=(call,), fields=(change,), clears=TIMES, problems=problems)


def _loss(ask: Ask) -> Problem:
    message = (
        f"the run that began at {began(ask.experiment)} is given up: a new salt assigns every unit anew, and results "
        "start again"
    )
    return warning("LIFECYCLE/reset", message, "take metadata.permit.reset out to keep it", "status")


def _next_plan(ask: Ask) -> tuple[Problem, ...]:
    if ask.desired == "setup":
        return ()
    message = f"this plan takes it out of the archive only; the next one goes on to {ask.desired}"
    return (Problem("LIFECYCLE/next-plan", message, "apply, and plan again", ("status",), Severity.NOTE),)


def _not_permitted(ask: Ask) -> Transition | None:
    """What is said where the manifest does not allow that this run is given up."""
    given, run = ask.wanted.permission.reset, began(ask.experiment)
    if run is not None and given == run:
        return None
    message = f"live is {ask.live}, the manifest says {ask.desired}: people went further, and that is not undone"
    if given and run:
        message = f"the permission to reset is for the run that began at {given}, and this one began at {run}"
    keep = f"write status: {ask.live}, or copy it to a new experiment"
    if run is None:
        return ask.held(message, f"{keep}; the service does not say when it ran, so that only the console can reset it")
    return ask.held(message, f'{keep}, or give this run up: metadata: {{permit: {{reset: "{run}"}}}}')

"""From which status to which there are calls, and what is said where there are none.

           start            make_decision                    archive
    setup -------> active -----------------> decision_made ----------> archived
     ^  |             |        abandon                                 ^  ^  |
     |  |             +--------------------> abandoned ----------------+  |  |
     |  |                      archive                                    |  |
     |  +-----------------------------------------------------------------+  |
     +------- reset (from all that is concluded) ------ unarchive -----------+

Both ways back need a permission if the experiment ran.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reconciler.domain import Call, FieldChange, IdOf, Problem, Tree
from reconciler.kind import Transition, Wanted, error, warning
from reconciler.kinds.experiment.ask import Ask, set_to
from reconciler.kinds.experiment.going_back import reset, unarchive
from reconciler.kinds.experiment.groups import group_problems, renamed
from reconciler.kinds.experiment.runs import CONCLUDED, SEALED

STOPPED = frozenset({"experiment_stopped", "assignment_stopped"})
"""Statuses that are reached in the console only. Whether a conclusion can follow is not documented."""


def status(wanted: Wanted, experiment: Tree) -> Transition:
    """The calls for the status, or the findings that say why there are none."""
    live, desired = str(experiment.get("status") or "unknown"), wanted.desired.get("status")
    if desired is None or desired == live:
        return _decided(wanted) if live == "decision_made" else Transition()
    ask = Ask(wanted, live, desired, experiment)
    way = _WAYS.get((live, desired))
    return way(ask) if way else _no_way(ask)


def _no_way(ask: Ask) -> Transition:
    """Where the manifest is mistaken it is refused; where live went another way, that is told and left alone."""
    if ask.desired in STOPPED:
        return ask.refused(f"the API has no call that reaches {ask.desired}", "conclude it in the console")
    if ask.live == "setup":
        cure = "write status: setup, active or archived"
        return ask.refused(f"a draft cannot become {ask.desired}: it has not run", cure)
    if ask.live == "active" and ask.desired == SEALED:
        cure = "conclude it first: status decision_made or abandoned"
        return ask.refused("a running experiment cannot be archived", cure)
    return ask.held(*_why_left(ask))


def _why_left(ask: Ask) -> tuple[str, str]:
    """Why nothing is done, and what to write instead."""
    keep = f"write status: {ask.live}"
    if ask.live == "active":
        cure = "abandon it first (status: abandoned, with a reason), and reset it then"
        return ("it is running, and whether a running experiment can be reset is not documented", cure)
    told = f"live is {ask.live}, the manifest says {ask.desired}"
    if ask.live == SEALED:
        return (f"{told}: which conclusion it comes back with is not documented", keep)
    if ask.live in CONCLUDED - STOPPED:
        return (f"{told}: one conclusion does not become another", f"{keep}, or copy it to a new experiment")
    return (f"{told}: whether the API leads there is not documented", f"do it in the console, or {keep}")


def _decide(ask: Ask) -> Transition:
    group: str = ask.wanted.desired.get("launchedGroup") or ""
    problems = (*_reason_problems(ask), *(group_problems(ask.wanted, "launchedGroup") if group else _NO_GROUP))
    if problems:
        return Transition(problems=problems, held=(ask.change,))
    body = {
        "id": IdOf("groups", group),
        "decisionReason": ask.reason,
        "removeTargeting": ask.wanted.decision.remove_targeting,
    }
    launched = set_to("launchedGroup", None, group)
    return _concluding(ask, Call("PUT", f"{ask.wanted.item}/make_decision", body), launched)


_NO_GROUP = (
    error(
        "LIFECYCLE/launched-group",
        "decision_made needs the group that is launched",
        "write launchedGroup: the name of the group",
        "status",
    ),
)


def _abandon(ask: Ask) -> Transition:
    if problems := _reason_problems(ask):
        return Transition(problems=problems, held=(ask.change,))
    return _concluding(ask, Call("PUT", f"{ask.wanted.item}/abandon", {"decisionReason": ask.reason}))


def _concluding(ask: Ask, call: Call, *more: FieldChange) -> Transition:
    absorbs = frozenset({"decisionReason"}) | ({"targetingGateID"} if ask.wanted.decision.remove_targeting else set())
    said = set_to("decisionReason", ask.experiment.get("decisionReason"), ask.reason)
    return Transition(after=(call,), fields=(ask.change, *more, said), absorbs=absorbs)


def _reason_problems(ask: Ask) -> tuple[Problem, ...]:
    if ask.reason:
        return ()
    cure = "write metadata.decision.reason, or decisionReason in the spec"
    return (error("LIFECYCLE/reason", f"{ask.desired} needs a reason", cure, "status"),)


def _archive(ask: Ask) -> Transition:
    body = {"archiveReason": ask.wanted.decision.reason} if ask.wanted.decision.reason else {}
    return Transition(after=(Call("PUT", f"{ask.wanted.item}/archive", body),), fields=(ask.change,))


def _begin(ask: Ask) -> Transition:
    return Transition(after=(Call("PUT", f"{ask.wanted.item}/start", {}),), fields=(ask.change,))


_WAYS: Mapping[tuple[str, str], Callable[[Ask], Transition]] = {
    ("setup", "active"): _begin,
    ("active", "decision_made"): _decide,
    ("active", "abandoned"): _abandon,
    **{(live, SEALED): _archive for live in ("setup", *CONCLUDED)},
    **{(live, back): reset for live in CONCLUDED for back in ("setup", "active")},
    **{(SEALED, back): unarchive for back in ("setup", "active")},
}
"""From which status to which there is a call."""

ACTIONS: Mapping[str, frozenset[str]] = {
    "start": frozenset({"active"}),
    "make_decision": frozenset({"decision_made"}),
    "abandon": frozenset({"abandoned"}),
    "reset": frozenset({"setup"}),
    "archive": frozenset({SEALED}),
    "unarchive": frozenset({"setup"}) | CONCLUDED,
}
"""The statuses that calls lead to. Which one comes after the archive is not documented."""


def _decided(wanted: Wanted) -> Transition:
    """After the decision: targeting may be gone with it, and the launched group stays what it is."""
    absorbs = frozenset({"targetingGateID"} if wanted.decision.remove_targeting else ())
    desired, live = wanted.desired.get("launchedGroup"), (wanted.live or {}).get("launchedGroup")
    if desired in (None, live) or renamed(wanted, live, desired):
        return Transition(absorbs=absorbs)
    message = f"{live} was launched, the manifest says {desired}: a decision is not undone"
    problem = warning("LIFECYCLE/held", message, f"write launchedGroup: {live}", "launchedGroup")
    return Transition(problems=(problem,), held=(set_to("launchedGroup", live, desired),), absorbs=absorbs)

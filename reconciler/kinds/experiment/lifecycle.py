"""The way of an experiment from its live status to the desired one.

              start                       make_decision
    setup ------------> active --------------------------> decision_made --+
      |                    |        abandon                                | archive
      |                    +-----------------------------> abandoned ------+----------> archived
      | archive                                                            |
      +--------------------------------------------------------------------+
      ^                                unarchive                                            |
      +-------------------------------------------------------------------------------------+

Going back (reset) drops the meaning of what was measured, and concluding by hand is a decision of people: neither is
ever undone, only reported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reconciler.domain import Action, Call, FieldChange, IdOf, Json, Problem, Tree
from reconciler.kind import Transition, Wanted, error, warning
from reconciler.suggest import did_you_mean

SEALED = "archived"
"""The status in which an experiment is read-only."""
CONCLUDED = frozenset({"decision_made", "abandoned", "experiment_stopped", "assignment_stopped"})
_MADE_BY_THE_SERVICE = ["Control", "Test"]
"""The groups of an experiment that is created without any."""

_TAINTING = frozenset({"size", "parameterValues"})


def ran(live: Tree) -> bool:
    """Whether the experiment ever ran, as far as live still tells: what it measured is lost with it."""
    times = ("startTime", "endTime", "decisionTime")
    if any(live.get(name) is not None for name in times):
        return True
    return live.get("status") != "setup" and not (live.get("status") == SEALED and "startTime" in live)


def transition(wanted: Wanted) -> Transition:
    """The calls for status, control group and launched group, or the findings that say why there are none."""
    if wanted.live is None:
        return _after_creation(wanted)
    archived = _archived_problems(wanted, wanted.live)
    control = _control(wanted)
    status = _status(wanted, str(wanted.live["status"]))
    return Transition(
        before=status.before,
        after=(*control.after, *status.after),
        fields=(*control.fields, *status.fields),
        held=status.held,
        absorbs=status.absorbs,
        problems=(*archived, *control.problems, *status.problems),
    )


def _after_creation(wanted: Wanted) -> Transition:
    status = wanted.desired.get("status", "setup")
    control = _control(wanted)
    if control.problems or status == "setup":
        return Transition(after=control.after, problems=control.problems)
    if status == "active":
        return Transition(after=(*control.after, _start(wanted)))
    problem = error(
        "LIFECYCLE/create",
        f"a new experiment cannot begin as {status}",
        "write status: setup or active, and conclude it later",
        "status",
    )
    return Transition(problems=(problem,))


def _start(wanted: Wanted) -> Call:
    return Call("PUT", f"{wanted.item}/start", {})


def _control(wanted: Wanted) -> Transition:
    desired = wanted.desired.get("controlGroup")
    live = wanted.live.get("controlGroup") if wanted.live else None
    if desired is None or desired == live or _renamed(wanted, live, desired):
        return Transition()
    if problems := _group_problems(wanted, "controlGroup"):
        return Transition(problems=problems)
    call = Call("PATCH", wanted.item, {"controlGroupID": IdOf("groups", desired)})
    return Transition(after=(call,), fields=(_set("controlGroup", live, desired),))


def _renamed(wanted: Wanted, live: Json, desired: Json) -> bool:
    """Whether the group has just another name after the patch."""
    return any(
        change.action is Action.RENAME and (change.path[0], change.live, change.desired) == ("groups", live, desired)
        for change in wanted.changed
    )


def _group_problems(wanted: Wanted, field: str) -> tuple[Problem, ...]:
    """The group must be among those of the manifest, or among live ones where the manifest names none."""
    if "groups" in wanted.desired:
        return ()
    names = [str(group["name"]) for group in wanted.live.get("groups") or []] if wanted.live else _MADE_BY_THE_SERVICE
    name = wanted.desired[field]
    if name in names:
        return ()
    cure = did_you_mean(name, names) or f"one of {', '.join(names)}"
    return (error("REF/group", f"there is no group {name!r}", cure, field),)


def _set(field: str, live: Json, desired: Json) -> FieldChange:
    return FieldChange((field,), Action.SET, live, desired)


@dataclass(frozen=True, slots=True)
class _Ask:
    """One question: from which status to which, and what the manifest says about it."""

    wanted: Wanted
    live: str
    desired: str

    @property
    def change(self) -> FieldChange:
        return _set("status", self.live, self.desired)

    @property
    def reason(self) -> str | None:
        reason: str | None = self.wanted.desired.get("decisionReason") or self.wanted.decision.reason
        return reason


def _status(wanted: Wanted, live: str) -> Transition:
    desired = wanted.desired.get("status")
    if desired is None or desired == live:
        return _decided(wanted) if live == "decision_made" else Transition()
    ask = _Ask(wanted, live, desired)
    way = _WAYS.get((live, desired))
    if way is None and live in CONCLUDED and desired == "archived":
        way = _archive
    return way(ask) if way else _no_way(ask)


def _no_way(ask: _Ask) -> Transition:
    if ask.desired in {"experiment_stopped", "assignment_stopped"}:
        return _refused(ask, f"the API has no call that reaches {ask.desired}", "conclude it in the console")
    if ask.live == "active" and ask.desired == "archived":
        cure = "conclude it first: status decision_made or abandoned"
        return _refused(ask, "a running experiment cannot be archived", cure)
    if ask.live == "setup":
        return _refused(
            ask, f"a draft cannot become {ask.desired}: it has not run", "write status: active, or archived"
        )
    return _held(ask)


def _refused(ask: _Ask, message: str, cure: str) -> Transition:
    return Transition(problems=(error("LIFECYCLE/transition", message, cure, "status"),), held=(ask.change,))


def _held(ask: _Ask) -> Transition:
    message = f"live is {ask.live}, the manifest says {ask.desired}: people went further, and that is not undone"
    problem = warning("LIFECYCLE/held", message, f"write status: {ask.live}, or copy it to a new experiment", "status")
    return Transition(problems=(problem,), held=(ask.change,))


def _decide(ask: _Ask) -> Transition:
    group: str = ask.wanted.desired.get("launchedGroup") or ""
    problems = (*_reason_problems(ask), *(_group_problems(ask.wanted, "launchedGroup") if group else ()))
    if not group:
        problems = (
            *problems,
            error(
                "LIFECYCLE/launched-group",
                "decision_made needs the group that is launched",
                "write launchedGroup: the name of the group",
                "status",
            ),
        )
    if problems:
        return Transition(problems=problems, held=(ask.change,))
    body = {
        "id": IdOf("groups", group),
        "decisionReason": ask.reason,
        "removeTargeting": ask.wanted.decision.remove_targeting,
    }
    launched = _set("launchedGroup", None, group)
    return _concluding(ask, Call("PUT", f"{ask.wanted.item}/make_decision", body), launched)


def _abandon(ask: _Ask) -> Transition:
    if problems := _reason_problems(ask):
        return Transition(problems=problems, held=(ask.change,))
    return _concluding(ask, Call("PUT", f"{ask.wanted.item}/abandon", {"decisionReason": ask.reason}))


def _concluding(ask: _Ask, call: Call, *more: FieldChange) -> Transition:
    absorbs = frozenset({"decisionReason"}) | ({"targetingGateID"} if ask.wanted.decision.remove_targeting else set())
    said = _set("decisionReason", (ask.wanted.live or {}).get("decisionReason"), ask.reason)
    return Transition(after=(call,), fields=(ask.change, *more, said), absorbs=absorbs)


def _reason_problems(ask: _Ask) -> tuple[Problem, ...]:
    if ask.reason:
        return ()
    return (
        error(
            "LIFECYCLE/reason",
            f"{ask.desired} needs a reason",
            "write metadata.decision.reason, or decisionReason in the spec",
            "status",
        ),
    )


def _archive(ask: _Ask) -> Transition:
    body = {"archiveReason": ask.wanted.decision.reason} if ask.wanted.decision.reason else {}
    return Transition(after=(Call("PUT", f"{ask.wanted.item}/archive", body),), fields=(ask.change,))


def _begin(ask: _Ask) -> Transition:
    return Transition(after=(_start(ask.wanted),), fields=(ask.change,))


def _unarchive(ask: _Ask) -> Transition:
    return Transition(before=(Call("PUT", f"{ask.wanted.item}/unarchive"),), fields=(ask.change,))


_WAYS: Mapping[tuple[str, str], Callable[[_Ask], Transition]] = {
    ("setup", "active"): _begin,
    ("setup", "archived"): _archive,
    ("active", "decision_made"): _decide,
    ("active", "abandoned"): _abandon,
    ("archived", "setup"): _unarchive,
}
"""From which status to which there is a call. Every concluded experiment can be archived besides."""


ACTIONS: Mapping[str, frozenset[str]] = {
    "start": frozenset({"active"}),
    "make_decision": frozenset({"decision_made"}),
    "abandon": frozenset({"abandoned"}),
    "archive": frozenset({"archived"}),
    "unarchive": frozenset({"setup"}) | CONCLUDED,
}
"""The statuses that calls lead to. Which one comes after the archive is not documented."""


def _decided(wanted: Wanted) -> Transition:
    """After the decision: targeting may be gone with it, and the launched group stays what it is."""
    absorbs = frozenset({"targetingGateID"} if wanted.decision.remove_targeting else ())
    desired, live = wanted.desired.get("launchedGroup"), (wanted.live or {}).get("launchedGroup")
    if desired in (None, live) or _renamed(wanted, live, desired):
        return Transition(absorbs=absorbs)
    message = f"{live} was launched, the manifest says {desired}: a decision is not undone"
    problem = warning("LIFECYCLE/held", message, f"write launchedGroup: {live}", "launchedGroup")
    return Transition(problems=(problem,), held=(_set("launchedGroup", live, desired),), absorbs=absorbs)


def _archived_problems(wanted: Wanted, live: Tree) -> tuple[Problem, ...]:
    if live.get("status") != SEALED or not wanted.changed or wanted.desired.get("status") == "setup":
        return ()
    cure = "write status: setup to take it out of the archive, or what is live"
    return (error("LIFECYCLE/archived", "an archived experiment cannot be changed", cure),)


def taints(change: FieldChange) -> bool:
    """Whether a running experiment does not survive the change: its results would mix two experiments."""
    match change.path:
        case ("groups",):
            return True
        case ("groups", _):
            return change.action in {Action.ADD, Action.REMOVE, Action.MOVE}
        case ("groups", _, field, *_):
            return field in _TAINTING
        case ("idType" | "targetingGateID", *_):
            return True
        case ("allocation",):
            return bool(change.live is not None and change.desired < change.live)
    return False

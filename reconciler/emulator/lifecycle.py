"""The status machine of experiments: each step takes an experiment and gives it back in its new status, or refuses.

::

    setup --start--> active --decide--> decision_made --reset--> setup
                            --abandon-> abandoned     --reset--> setup
    setup, decision_made, abandoned --archive--> archived --unarchive--> setup

assignment_stopped and experiment_stopped are reached in the web console only and count as finished. Not in any
document, decided here: a running experiment cannot be reset; one that comes out of the archive is in setup again.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from reconciler.domain import Tree
from reconciler.emulator.errors import refused

ARCHIVED = "Experiment is archived"
_NOT_STARTED = "Experiment has not yet started"
_NOT_FINISHED = "Experiment has not yet finished"
_FINISHED = dict.fromkeys(
    ("decision_made", "abandoned", "experiment_stopped", "assignment_stopped"), "Experiment has already finished"
)
_RUNNING_ONLY = _FINISHED | {"setup": _NOT_STARTED, "archived": ARCHIVED}
_REFUSALS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "start": _FINISHED | {"active": "Experiment has already started", "archived": ARCHIVED},
        "decide": _RUNNING_ONLY,
        "abandon": _RUNNING_ONLY | {"abandoned": "Experiment is already abandoned"},
        "change groups": _RUNNING_ONLY,
        "reset": {"setup": _NOT_STARTED, "active": _NOT_FINISHED, "archived": ARCHIVED},
        "archive": {"active": _NOT_FINISHED, "archived": "Experiment is already archived"},
        "unarchive": dict.fromkeys(("setup", "active", *_FINISHED), "Experiment is not archived"),
    }
)
"""What each step answers (400) in the statuses in which it is not possible."""

_UNSTARTED: Tree = {
    "status": "setup",
    "startTime": None,
    "endTime": None,
    "decisionTime": None,
    "decisionReason": None,
    "launchedGroupID": None,
}


def check(step: str, experiment: Tree) -> None:
    """400 if the step is not possible in the experiment's status."""
    refusal = _REFUSALS[step].get(experiment["status"])
    if refusal:
        raise refused(refusal)


def start(experiment: Tree, now: int) -> Tree:
    """Active from `now`."""
    check("start", experiment)
    return experiment | {"status": "active", "startTime": now}


def decide(experiment: Tree, group_id: str, reason: str, now: int) -> Tree:
    """A group is shipped."""
    check("decide", experiment)
    return experiment | _ended("decision_made", reason, now) | {"launchedGroupID": group_id}


def abandon(experiment: Tree, reason: str, now: int) -> Tree:
    """Ended without shipping a group."""
    check("abandon", experiment)
    return experiment | _ended("abandoned", reason, now)


def reset(experiment: Tree) -> Tree:
    """In setup again; on the service with a new salt, which is not visible."""
    check("reset", experiment)
    return experiment | _UNSTARTED


def archive(experiment: Tree) -> Tree:
    """Read-only."""
    check("archive", experiment)
    return experiment | {"status": "archived"}


def unarchive(experiment: Tree) -> Tree:
    """In setup again."""
    check("unarchive", experiment)
    return experiment | _UNSTARTED


def copy(experiment: Tree, id_: str, name: str) -> Tree:
    """A new experiment like this one, in setup."""
    return experiment | _UNSTARTED | {"id": id_, "name": name}


def _ended(status: str, reason: str, now: int) -> Tree:
    return {"status": status, "decisionReason": reason, "decisionTime": now, "endTime": now}

"""``/experiments/{id}/start`` and the other steps of an experiment's life. All but two answer with a message only."""

from __future__ import annotations

from dataclasses import replace

from reconciler.domain import Tree
from reconciler.emulator import fields, groups, lifecycle, writing
from reconciler.emulator.bodies import (
    Abandon,
    Decide,
    ExperimentArchive,
    GroupNames,
    RestartAsNew,
    ScheduleStart,
    Start,
    read,
)
from reconciler.emulator.experiments import EXPERIMENTS, KIND, add, started
from reconciler.emulator.layers import implicit_id, ship
from reconciler.emulator.request import Actor, Request

SCHEDULED = "scheduled_starts"


def start(request: Request) -> None:
    """PUT /experiments/{id}/start."""
    sent = read(Start, request.body)
    ends = {"analysisEndTime": sent["analysisEndTime"]} if "analysisEndTime" in sent else {}
    live = request.find(EXPERIMENTS)
    _save(request, live, started(request, live) | ends)


def schedule_start(request: Request) -> None:
    """POST /experiments/{id}/schedule_start: takes effect with the first request after that time."""
    live = request.find(EXPERIMENTS)
    at = read(ScheduleStart, request.body)["scheduledTime"]
    lifecycle.check("start", live)
    actor = request.actor
    request.session.put(SCHEDULED, request.id, {"at": at, "id": actor.id, "name": actor.name, "email": actor.email})
    writing.log(request, {"schedule_experiment_start": {}}, live)


def start_due(request: Request) -> None:
    """Start the experiments whose scheduled time has come, as whoever scheduled them."""
    for id_, due in request.session.items(SCHEDULED):
        live = request.session.get(EXPERIMENTS, id_)
        if due["at"] > request.now or live is None:
            continue
        then = replace(
            request, actor=Actor(due["id"], due["name"], due["email"]), now=int(due["at"]), params={"id": id_}
        )
        if live["status"] == "setup":
            _save(then, live, started(then, live))
        request.session.remove(SCHEDULED, id_)


def make_decision(request: Request) -> None:
    """PUT /experiments/{id}/make_decision: `id` is the id of the group that is shipped."""
    live = request.find(EXPERIMENTS)
    sent = read(Decide, request.body)
    decided = lifecycle.decide(live, sent["id"], sent["decisionReason"], request.now)
    groups.check_ids(decided)
    if sent.get("removeTargeting"):
        decided |= {"targetingGateID": ""}
        ship(request, decided)
    _save(request, live, decided)


def abandon(request: Request) -> None:
    """PUT /experiments/{id}/abandon."""
    live = request.find(EXPERIMENTS)
    _save(request, live, lifecycle.abandon(live, read(Abandon, request.body)["decisionReason"], request.now))


def reset(request: Request) -> None:
    """PUT /experiments/{id}/reset."""
    live = request.find(EXPERIMENTS)
    _save(request, live, lifecycle.reset(live))


def archive(request: Request) -> None:
    """PUT /experiments/{id}/archive."""
    read(ExperimentArchive, request.body)
    live = request.find(EXPERIMENTS)
    _save(request, live, lifecycle.archive(live))


def unarchive(request: Request) -> None:
    """PUT /experiments/{id}/unarchive."""
    live = request.find(EXPERIMENTS)
    _save(request, live, lifecycle.unarchive(live))


def enable_groups(request: Request) -> Tree:
    """POST /experiments/{id}/enable_groups, by name."""
    return _switch(request, disabled=False)


def disable_groups(request: Request) -> Tree:
    """POST /experiments/{id}/disable_groups, by name."""
    return _switch(request, disabled=True)


def restart_as_new(request: Request) -> Tree:
    """POST /experiments/{id}/restart_as_new: a copy in setup; the old one stays as it is."""
    live = request.find(EXPERIMENTS)
    id_, name = fields.identity(read(RestartAsNew, request.body))
    fields.check_free(request, KIND, id_)
    writing.log(request, {"experiment_restart_as_new": {}}, live)
    copy = groups.renewed(lifecycle.copy(live, id_, name)) | writing.authored(request)
    return add(request, copy | {"layerID": None} if live["layerID"] == implicit_id(live["id"]) else copy)


def _switch(request: Request, *, disabled: bool) -> Tree:
    live = request.find(EXPERIMENTS)
    names = read(GroupNames, request.body)["group_names"]
    lifecycle.check("change groups", live)
    changed = live | {"groups": groups.switch(live["groups"], names, disabled=disabled)}
    return _save(request, live, changed, action="experiment_group_disable")


def _save(request: Request, live: Tree, after: Tree, action: str | None = None) -> Tree:
    return writing.save(request, EXPERIMENTS, live, after, action)

"""Overrides of gates and experiments. They are no part of the object: they have endpoints of their own.

POST sets the lists that it names, PATCH adds to them, DELETE takes the listed ids away, or everything when it has no
body.
"""

from __future__ import annotations

from collections.abc import Callable

from reconciler.domain import Json, Tree
from reconciler.emulator import writing
from reconciler.emulator.bodies import ExperimentOverrides, GateOverrides, read
from reconciler.emulator.errors import invalid, refused
from reconciler.emulator.request import Request

GATE = "gate_overrides"
EXPERIMENT = "experiment_overrides"

_USERS = ("passingUserIDs", "failingUserIDs")
_PAIRS = (_USERS, ("passingCustomIDs", "failingCustomIDs"))
_LISTS = tuple(name for pair in _PAIRS for name in pair)
_NO_GATE: Tree = {name: [] for name in _LISTS} | {"environmentOverrides": []}
_NO_EXPERIMENT: Tree = {"overrides": [], "userIDOverrides": []}

Combine = Callable[[list[Json], list[Json]], list[Json]]


def of_gate(request: Request) -> Tree:
    """GET /gates/{id}/overrides."""
    request.find("gates")
    return _NO_GATE | (request.session.get(GATE, request.id) or {})


def set_gate(request: Request) -> Tree:
    """POST /gates/{id}/overrides."""
    return _save_gate(request, of_gate(request) | _gate_body(request))


def add_gate(request: Request) -> Tree:
    """PATCH /gates/{id}/overrides."""
    return _save_gate(request, _combined(of_gate(request), _gate_body(request), _union))


def remove_gate(request: Request) -> Tree:
    """DELETE /gates/{id}/overrides."""
    live = of_gate(request)
    return _save_gate(request, _combined(live, _gate_body(request), _difference) if request.body else _NO_GATE)


def of_experiment(request: Request) -> Tree:
    """GET /experiments/{id}/overrides: the examples show the gate or segment as `name`, the document calls it `id`."""
    stored = _stored(request)
    return stored | {"overrides": [item | {"name": item["id"]} for item in stored["overrides"]]}


def set_experiment(request: Request) -> Tree:
    """POST /experiments/{id}/overrides."""
    return _save_experiment(request, _experiment_body(request))


def add_experiment(request: Request) -> Tree:
    """PATCH /experiments/{id}/overrides."""
    stored, sent = _stored(request), _experiment_body(request)
    conditional = {_condition(item): item for item in stored["overrides"] + sent["overrides"]}
    units = _merged(stored["userIDOverrides"], sent["userIDOverrides"], _unit, ("ids",), _union)
    return _save_experiment(request, {"overrides": list(conditional.values()), "userIDOverrides": units})


def remove_experiment(request: Request) -> Tree:
    """DELETE /experiments/{id}/overrides."""
    if not request.body:
        return _save_experiment(request, _NO_EXPERIMENT)
    stored, sent = _stored(request), _experiment_body(request)
    gone = {_condition(item) for item in sent["overrides"]}
    conditional = [item for item in stored["overrides"] if _condition(item) not in gone]
    units = _merged(stored["userIDOverrides"], sent["userIDOverrides"], _unit, ("ids",), _difference)
    return _save_experiment(request, {"overrides": conditional, "userIDOverrides": units})


def _gate_body(request: Request) -> Tree:
    """One of the two forms: overrides by environment, or lists of ids."""
    sent = read(GateOverrides, request.body)
    if "environmentOverrides" in sent:
        return {"environmentOverrides": sent["environmentOverrides"]}
    missing = [name for name in _USERS if name not in sent]
    if missing:
        raise invalid(*((name, "Required") for name in missing))
    return sent


def _combined(live: Tree, sent: Tree, combine: Combine) -> Tree:
    lists = {name: combine(live[name], sent.get(name, [])) for name in _LISTS}
    places = _merged(
        live["environmentOverrides"],
        sent.get("environmentOverrides", []),
        lambda item: (item.get("environment"), item["unitID"]),
        ("passingIDs", "failingIDs"),
        combine,
    )
    return lists | {"environmentOverrides": places}


def _save_gate(request: Request, overrides: Tree) -> Tree:
    places = overrides["environmentOverrides"]
    sides = [(overrides[one], overrides[other]) for one, other in _PAIRS]
    sides += [(place["passingIDs"], place["failingIDs"]) for place in places]
    for passing, failing in sides:
        if set(passing) & set(failing):
            raise refused("An ID can only be in one of the passing and failing lists")
    request.session.put(GATE, request.id, overrides)
    writing.log(request, {"gate_overrides_update": {}}, request.find("gates"))
    return overrides


def _experiment_body(request: Request) -> Tree:
    sent = read(ExperimentOverrides, request.body)
    experiment = request.find("experiments")
    groups = {group[key] for group in experiment["groups"] for key in ("id", "name")}
    for item in sent["overrides"] + sent["userIDOverrides"]:
        if item["groupID"] not in groups:
            raise invalid(("groupID", f"Group not found: {item['groupID']}"))
    for item in sent["overrides"]:
        if request.session.get(f"{item['type']}s", item["id"]) is None:
            raise refused(f"The following {item['type'].capitalize()} IDs could not be found: [{item['id']}]")
    return sent


def _stored(request: Request) -> Tree:
    request.find("experiments")
    return _NO_EXPERIMENT | (request.session.get(EXPERIMENT, request.id) or {})


def _save_experiment(request: Request, overrides: Tree) -> Tree:
    request.session.put(EXPERIMENT, request.id, overrides)
    writing.log(request, {"experiment_overrides_edit": {}}, request.find("experiments"))
    return of_experiment(request)


def _condition(item: Tree) -> tuple[Json, ...]:
    return (item["type"], item["id"], item.get("environment"))


def _unit(item: Tree) -> tuple[Json, ...]:
    return (item["groupID"], item.get("environment"), item.get("unitType"))


def _merged(
    live: list[Tree], sent: list[Tree], key: Callable[[Tree], Json], lists: tuple[str, ...], combine: Combine
) -> list[Tree]:
    """Items with the same key become one whose lists are combined; items whose lists are all empty are gone."""
    merged = {key(item): item for item in live}
    for item in sent:
        old = merged.get(key(item), item | {name: [] for name in lists})
        merged[key(item)] = old | {name: combine(old[name], item[name]) for name in lists}
    return [item for item in merged.values() if any(item[name] for name in lists)]


def _union(old: list[Json], new: list[Json]) -> list[Json]:
    return old + [item for item in new if item not in old]


def _difference(old: list[Json], new: list[Json]) -> list[Json]:
    return [item for item in old if item not in new]

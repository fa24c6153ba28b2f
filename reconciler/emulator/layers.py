"""Layers as far as experiments touch them: the implicit ones, and the defaults that a decision leaves behind."""

from __future__ import annotations

from reconciler.domain import Tree
from reconciler.emulator import writing
from reconciler.emulator.errors import refused
from reconciler.emulator.request import Request

LAYERS = "layers"


def implicit_id(experiment: str) -> str:
    """The id of the layer that an experiment gets for itself."""
    return f"statsig::{experiment}_layer"


def check_layer(request: Request, sent: Tree) -> None:
    """400 if a new experiment is to be put into a layer that does not exist."""
    layer = sent.get("layerID")
    if layer is not None and request.session.get(LAYERS, layer) is None:
        raise refused(f"The following Layer IDs could not be found: [{layer}]")


def implicit_layer(request: Request, experiment: Tree) -> str:
    """Make the layer that an experiment without one gets when it starts, and return its id."""
    id_ = implicit_id(experiment["id"])
    layer = {
        "id": id_,
        "name": id_,
        "description": "",
        "idType": experiment["idType"],
        "isImplicitLayer": True,
        "parameters": [],
        "tags": [],
        "targetApps": [],
        "holdoutIDs": [],
        "team": None,
    }
    writing.save(request, LAYERS, None, layer | writing.authored(request))
    return id_


def ship(request: Request, experiment: Tree) -> None:
    """Shipping without targeting makes the group's values the defaults of its layer."""
    layer = request.session.get(LAYERS, experiment["layerID"])
    shipped = next(group for group in experiment["groups"] if group["id"] == experiment["launchedGroupID"])
    values = shipped["parameterValues"]
    if layer is None or not values.keys() & {parameter["name"] for parameter in layer["parameters"]}:
        return
    parameters = [
        parameter | {"defaultValue": values.get(parameter["name"], parameter["defaultValue"])}
        for parameter in layer["parameters"]
    ]
    writing.save(request, LAYERS, layer, layer | {"parameters": parameters})

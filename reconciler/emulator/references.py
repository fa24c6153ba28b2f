"""``/gates/{id}/..._references``: what a gate is used by."""

from __future__ import annotations

from reconciler.emulator.conditions import mentions_gate
from reconciler.emulator.paging import Page, paged, window
from reconciler.emulator.request import Request

_LIMIT = 100
"""The only stated maximum of a page."""


def gates(request: Request) -> Page:
    """GET /gates/{id}/gate_references: gates whose conditions name it."""
    return _with_conditions(request, "gates")


def configs(request: Request) -> Page:
    """GET /gates/{id}/dynamic_config_references: dynamic configs whose conditions name it."""
    return _with_conditions(request, "dynamic_configs")


def experiments(request: Request) -> Page:
    """GET /gates/{id}/experiment_references: experiments that target it."""
    request.find("gates")
    users = [item for item in request.session.all("experiments") if item["targetingGateID"] == request.id]
    return paged(users, window(request.query, _LIMIT))


def _with_conditions(request: Request, collection: str) -> Page:
    request.find("gates")
    users = [item for item in request.session.all(collection) if mentions_gate(item, request.id)]
    return paged(users, window(request.query, _LIMIT))

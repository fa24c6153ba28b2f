"""What may strike a run: each kind of fault, at one request or from it on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from reconciler.domain import Tree
from tests.faults.scenarios import Scenario

TRIES = 3
"""How often a reading is tried."""
TIMEOUT_SECONDS = 1.0
"""How long the client waits for an answer where answers are delayed; elsewhere it is patient."""

WITHOUT_PEOPLE: Mapping[str, Tree] = MappingProxyType(
    {
        "refuse": {"do": "refuse"},
        "reset-before": {"do": "reset-before"},
        "reset-after": {"do": "reset-after"},
        "delay": {"do": "delay", "seconds": 1.5 * TIMEOUT_SECONDS},
        "server-error": {"do": "server-error"},
        "bad-gateway": {"do": "bad-gateway"},
        "too-many-requests": {"do": "too-many-requests"},
        "too-many-requests, Retry-After": {"do": "too-many-requests", "retryAfter": 2},
        "truncated": {"do": "truncated"},
        "cut": {"do": "cut"},
        "invalid": {"do": "invalid"},
        "repeat": {"do": "repeat"},
        "shrink": {"do": "shrink"},
    }
)
"""Faults of the network and of the service."""
BY_PEOPLE = ("edit before", "edit after", "create before", "create after", "delete before", "delete after")
"""What a person does, right before a request is handled or right after it."""
BY_HAND = "by a person"


LENGTHS: Mapping[str, int | str] = MappingProxyType({"alone": 1, "until it is given up": TRIES, "and on": "always"})
"""At how many requests in a row a fault strikes: a retry helps, or the run goes on without an answer, or it cannot."""


def strikes(kind: str, number: int, length: str) -> Tree:
    """The fault at the request with this number, and at as many of those that follow as `length` says."""
    return {**WITHOUT_PEOPLE[kind], "nth": number, "times": LENGTHS[length]}


def by_a_person(kind: str, number: int, scenario: Scenario) -> Tree:
    """What a person does at the request with this number."""
    do, when = kind.split(" ")
    collection, id_ = scenario.edited
    about = {"do": do, "when": when, "request": number, "by": "Jo"}
    if do == "create":
        return about | {"collection": scenario.created[0], "object": scenario.created[1]}
    return (
        about | {"collection": collection, "id": id_} | ({"changes": {"description": BY_HAND}} if do == "edit" else {})
    )


def place(fault: Tree) -> str:
    """The object that a person touches."""
    collection = fault["collection"]
    made = fault.get("object", {})
    return f"{collection}/{fault.get('id') or made.get('id') or made['name']}"

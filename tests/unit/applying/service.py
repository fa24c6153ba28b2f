"""A service that keeps objects, and has the troubles that a test gives it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

import httpx

from reconciler.applying import execute
from reconciler.console import ApiKey, Console
from reconciler.domain import Json, Outcome, Plan, ResourceKey, Snapshot, Status, Tree
from reconciler.kinds import KINDS
from tests.clockwork import Clockwork

Trouble: TypeAlias = Literal[
    "fine",
    "lost",
    "dropped",
    "broken",
    "refused",
    "overtaken",
    "busy",
    "unreachable",
    "meddled",
    "reviewed",
    "unanswered",
    "ignored",
]
"""What happens to a request.

    fine         nothing
    lost         it is done, and the answer never comes
    dropped      it is not done, and the answer never comes
    broken       it is done, and the answer is a 502
    refused      400
    overtaken    400, and the one before it, whose answer was lost, is done after all
    busy         429
    unreachable  no connection
    meddled      it is not done, the answer never comes, and somebody else changes the object
    reviewed     it is not done, a review is opened, and the answer is a success
    unanswered   the same, and the answer never comes
    ignored      it is not done, and the answer is a success
"""

ROOT = "/console/v1"
REVIEW: Tree = {"reviewID": "r-17", "reviewStatus": "PENDING", "description": "Ramp up"}
_STATUS = {
    "launch": "Launched", "disable": "Disabled", "enable": "In Progress", "archive": "Archived", "start": "active",
    "unarchive": "Disabled", "make_decision": "decision_made", "abandon": "abandoned",
    "reset": "setup",
}  # fmt: skip


class Service:
    """Objects by path, such as ``/gates/checkout``. `made` completes what is created, `kept` what is changed."""

    def __init__(self, objects: Mapping[str, Tree] | None = None) -> None:
        self.objects: dict[str, Tree] = dict(objects or {})
        self.troubles: defaultdict[str, list[Trouble]] = defaultdict(list)
        self.requests: list[str] = []
        self.bodies: list[Json] = []
        self.made: Callable[[Tree], Tree] = lambda body: body
        self.kept: Callable[[Tree], Tree] = lambda tree: tree
        self.answers_with_objects = True

    def trouble(self, request: str, *troubles: Trouble) -> None:
        """What happens to the next requests of this method and path, in order."""
        self.troubles[request] += troubles

    @property
    def writes(self) -> list[str]:
        return [request for request in self.requests if not request.startswith("GET ")]

    def console(self) -> Console:
        url, key, transport = f"https://statsig.invalid{ROOT}", ApiKey("console-test"), httpx.MockTransport(self)
        return Console(url, key, turns=Clockwork().turns(), transport=transport)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode().removeprefix(ROOT).split("?", 1)[0]
        self.requests.append(f"{request.method} {path}")
        self.bodies.append(json.loads(request.content) if request.content else None)
        waiting = self.troubles[f"{request.method} {path}"]
        return self._answer(request, path, waiting.pop(0) if waiting else "fine")

    def _answer(self, request: httpx.Request, path: str, trouble: Trouble) -> httpx.Response:
        match trouble:
            case "dropped":
                raise httpx.ReadTimeout("no answer", request=request)
            case "unreachable":
                raise httpx.ConnectError("no route", request=request)
            case "refused":
                return _says({"status": 400, "message": "Bad Request Exception"}, 400)
            case "busy":
                return _says({"status": 429, "message": "Too many requests"}, 429)
            case "meddled":
                self.objects[path] = {**self.objects.get(path, {}), "description": "by somebody else"}
                raise httpx.ReadTimeout("no answer", request=request)
        if trouble in {"reviewed", "unanswered", "ignored"}:
            return self._reviewed(request, self._about(request.method, path), trouble)
        answer = self._done(request.method, path, self.bodies[-1] or {})
        if trouble == "lost":
            raise httpx.ReadError("connection reset", request=request)
        if trouble == "overtaken":
            return _says({"status": 400, "message": "Name is already in use"}, 400)
        return _says({"message": "Bad gateway"}, 502) if trouble == "broken" else answer

    def _about(self, method: str, path: str) -> str:
        return path.rpartition("/")[0] if method == "PUT" else path

    def _reviewed(self, request: httpx.Request, path: str, trouble: Trouble) -> httpx.Response:
        if trouble != "ignored":
            self.objects[path] = {**self.objects[path], "activeReview": REVIEW}
        if trouble == "unanswered":
            raise httpx.ReadTimeout("no answer", request=request)
        shown = self.answers_with_objects and path in self.objects
        return _says({"message": "done", **({"data": self.objects[path]} if shown else {})})

    def _done(self, method: str, path: str, body: Tree) -> httpx.Response:
        if method == "GET":
            return self._read(path)
        root, last = self._about(method, path), path.rpartition("/")[2]
        if method == "DELETE":
            self.objects.pop(path)
            return _says({"message": "deleted"})
        if method == "POST" and path not in self.objects:
            path = f"{path.replace('properties', 'property')}/{body.get('id') or body['name']}"
            self.objects[path] = self.made(body)
        elif method == "PUT":
            path = root
            status = "archived" if last == "archive" and path.startswith("/experiments") else _STATUS[last]
            launched = {"launchedGroupID": body["id"]} if last == "make_decision" else {}
            self.objects[path] = {**self.objects[path], "status": status, **launched}
        else:
            self.objects[path] = self.kept({**self.objects[path], **body})
        return _says({"message": "done", **({"data": self.objects[path]} if self.answers_with_objects else {})})

    def _read(self, path: str) -> httpx.Response:
        if path in self.objects:
            return _says({"message": "read", "data": self.objects[path]})
        root = path.replace("properties", "property")
        if path.count("/") == 1 or root != path:
            rows = [tree for found, tree in self.objects.items() if found.startswith(f"{root}/")]
            return _says({"message": "listed", "data": rows})
        return _says({"status": 404, "message": "Not Found."}, 404)


def _says(document: Tree, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json=document)


def applied(
    plan: Plan, service: Service, live: Mapping[ResourceKey, Tree] | None = None, *, all_or_nothing: bool = False
) -> list[Outcome]:
    """The outcomes of a plan that was made from `live`, all of which is as it was."""
    objects = {step.key: step.base for step in plan.steps if step.base is not None} | dict(live or {})
    with service.console() as console:
        return list(execute(plan, Snapshot(objects=objects), console, KINDS, all_or_nothing=all_or_nothing))


def ends(outcomes: list[Outcome]) -> list[Status]:
    return [outcome.status for outcome in outcomes]

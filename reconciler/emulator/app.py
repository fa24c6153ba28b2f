"""The ASGI application: keys, limits, JSON in and out. Each request is one transaction."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from reconciler.domain import Json, Tree
from reconciler.emulator import reviews
from reconciler.emulator.errors import ApiError, not_found, refused
from reconciler.emulator.experiment_steps import start_due
from reconciler.emulator.identifiers import stable_id
from reconciler.emulator.limits import Limiter
from reconciler.emulator.operations import OPERATIONS, PREFIX, Operation
from reconciler.emulator.paging import Page
from reconciler.emulator.request import Actor, Clock, Request
from reconciler.emulator.rollouts import take_due
from reconciler.emulator.store import Store


def create_app(  # noqa: PLR0913 - the last five are given by name
    store: Store,
    *,
    keys: frozenset[str] | None = None,
    rate_limit: bool = False,
    clock: Clock | None = None,
    modifier_name: str = "CONSOLE API",
    personal_keys: Mapping[str, Actor] = MappingProxyType({}),
) -> Starlette:
    """The Console API over `store`.

    `keys`: the API keys that are accepted; None accepts any that starts with ``console-``. `rate_limit`: whether
    mutations are limited as published. `clock`: the time, if it is not the store's. `modifier_name`: who writes with
    these keys. `personal_keys`: keys of people, each with its owner, to whom all that is written with it is attributed.
    """
    limiter = Limiter() if rate_limit else None
    service = _Service(store, keys, limiter, clock or store.clock, modifier_name, personal_keys)
    by_path: defaultdict[str, dict[str, Operation]] = defaultdict(dict)
    for operation in OPERATIONS:
        by_path[operation.path][operation.method] = operation
    routes = [Route(PREFIX + path, service.endpoint(found), methods=list(found)) for path, found in by_path.items()]
    return Starlette(routes=routes, exception_handlers={HTTPException: _no_such_operation})


@dataclass(frozen=True, slots=True)
class _Service:
    store: Store
    keys: frozenset[str] | None
    limiter: Limiter | None
    clock: Clock
    modifier_name: str
    personal_keys: Mapping[str, Actor]

    def endpoint(self, operations: dict[str, Operation]) -> Callable[[HttpRequest], Coroutine[None, None, Response]]:
        async def run(http: HttpRequest) -> Response:
            operation = operations["GET" if http.method == "HEAD" else http.method]
            try:
                return self._answer(operation, http, await http.body())
            except ApiError as error:
                return _refusal(error)
            except RecursionError:
                return _refusal(refused("The request is nested too deeply"))

        return run

    def _answer(self, operation: Operation, http: HttpRequest, raw: bytes) -> Response:
        key = http.headers.get("statsig-api-key", "")
        self._authorize(key)
        now = self.clock()
        if self.limiter and operation.method != "GET":
            self.limiter.admit(now)
        actor = self.personal_keys.get(key) or Actor(stable_id(key), self.modifier_name)
        body = _parsed(raw)
        with self.store.transaction() as session:
            request = Request(session, actor, now, http.path_params, http.query_params, body)
            start_due(request)
            take_due(request)
            result = _run(operation, request, respectful=_respects_reviews(http))
        return _json(operation.status, _envelope(operation, http.url.path, result))

    def _authorize(self, key: str) -> None:
        known = key.startswith("console-") if self.keys is None else key in self.keys
        if not known:
            raise ApiError(
                401, f"This endpoint only accepts an active CONSOLE key, but an invalid key was sent. Key: {key}"
            )


def _run(operation: Operation, request: Request, *, respectful: bool) -> Json | Page:
    if respectful and operation.reviewed:
        return reviews.reviewed(request, operation.reviewed, operation.name, operation.run)
    return operation.run(request)


def _respects_reviews(http: HttpRequest) -> bool:
    """No document says which values the header has; that ``false`` means no is the least surprising."""
    return http.headers.get("x-respect-review-settings", "false").lower() != "false"


def _envelope(operation: Operation, path: str, result: Json | Page) -> Tree:
    message: Tree = {"message": operation.message}
    if isinstance(result, Page):
        return message | {"data": list(result.items), "pagination": result.pagination(path, operation.next_page)}
    return message if result is None else message | {"data": result}


async def _no_such_operation(_: HttpRequest, __: Exception) -> Response:
    """An unknown path and an unknown method are the same to the service: not found."""
    return _refusal(not_found())


def _refusal(error: ApiError) -> Response:
    return _json(error.status, error.body, error.headers)


def _json(status: int, body: Tree, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(body), status, headers, media_type="application/json")


def _parsed(raw: bytes) -> Json:
    """The JSON body; nothing at all is taken for {}. Infinite numbers and halves of characters are refused."""
    if not raw.strip():
        return {}
    try:
        body = json.loads(raw, parse_float=_finite, parse_constant=_constant)
        if b"\\ud" in raw.lower():
            json.dumps(body, ensure_ascii=False).encode()
    except ValueError as wrong:
        raise refused("Unexpected token in JSON body") from wrong
    return body


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(text)
    return number


def _constant(text: str) -> float:
    raise ValueError(text)

"""The vendor's OpenAPI document as a judge of requests and answers, which sits between the client and the service."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from urllib.parse import parse_qsl, unquote

import httpx
from jsonschema.protocols import Validator

from reconciler.domain import Json, Tree
from tests import openapi

PREFIX = "/console/v1"


def _close_objects(node: Json) -> None:
    """A body must not hold a key that the document does not name: nobody knows what becomes of it."""
    if isinstance(node, dict) and node.get("type") == "object" and "properties" in node:
        node.setdefault("additionalProperties", False)
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _close_objects(part)


class Contract:
    """The operations of the document, and what is wrong with an exchange by them."""

    def __init__(self) -> None:
        document = openapi.document()
        closed = deepcopy(document["components"])
        _close_objects(closed)
        self.version = document["info"]["version"].partition(".")[0]
        self._answers, self._bodies = document["components"], closed
        # A path without parameters is meant before one that has some.
        paths = sorted(document["paths"].items(), key=lambda item: item[0].count("{"))
        self._paths = [(self._pattern(path), path, item) for path, item in paths]

    @staticmethod
    def _pattern(path: str) -> re.Pattern[str]:
        return re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path)))

    def operation(self, method: str, path: str) -> tuple[str, Tree | None]:
        """The operation that a request reaches, by name, and what the document says about it."""
        for pattern, template, item in self._paths:
            if pattern.fullmatch(path):
                return f"{method} {template.removeprefix(PREFIX)}", item.get(method.lower())
        return f"{method} {path}", None

    def request_flaws(self, request: httpx.Request) -> Iterator[str]:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        _, operation = self.operation(request.method, path)
        if operation is None:
            yield "there is no such operation"
            return
        yield from self._header_flaws(request, operation)
        yield from self._query_flaws(query, operation)
        yield from self._body_flaws(request, operation)
        if any(unquote(part) in {"", ".", ".."} for part in path.split("/")[1:]):
            yield "a part of the path is empty or points elsewhere"

    def _header_flaws(self, request: httpx.Request, operation: Tree) -> Iterator[str]:
        if not request.headers.get("STATSIG-API-KEY", "").startswith("console-"):
            yield "there is no key"
        if request.headers.get("STATSIG-API-VERSION") != self.version:
            yield "the version of the API is not named"
        declared = {item["name"].lower() for item in operation.get("parameters", []) if item["in"] == "header"}
        vendor = {name for name in request.headers if name.startswith("x-")}
        if vendor - declared:
            yield f"headers that are not declared: {vendor - declared}"

    @staticmethod
    def _query_flaws(query: str, operation: Tree) -> Iterator[str]:
        declared = {item["name"]: item for item in operation.get("parameters", []) if item["in"] == "query"}
        sent = dict(parse_qsl(query, keep_blank_values=True))
        for name, text in sent.items():
            if name not in declared:
                yield f"the query parameter {name} is not declared"
            elif declared[name]["schema"].get("type") == "integer" and not text.isdecimal():
                yield f"the query parameter {name} is no integer: {text}"
        for name, item in declared.items():
            if item.get("required") and name not in sent:
                yield f"the query parameter {name} is missing"

    def _body_flaws(self, request: httpx.Request, operation: Tree) -> Iterator[str]:
        content = request.content
        if not (declared := operation.get("requestBody")):
            if content not in (b"", b"{}"):
                yield f"a body where none is declared: {content[:200]!r}"
            return
        if request.headers.get("Content-Type") != "application/json":
            yield "the body is not declared as JSON"
        schema = declared["content"]["application/json"]["schema"]
        yield from _objections(openapi.WRITE, schema, self._bodies, json.loads(content))

    def answer_flaws(self, request: httpx.Request, status: int, content: bytes) -> Iterator[str]:
        path, _, _ = request.url.raw_path.decode("ascii").partition("?")
        _, operation = self.operation(request.method, path)
        declared = (operation or {}).get("responses", {}).get(str(status))
        if declared is None:
            if status < 300:
                yield f"the status {status} is not declared"
            return
        form = declared.get("content", {}).get("application/json")
        if form and status < 300:
            yield from _objections(openapi.READ, form["schema"], self._answers, json.loads(content))


def _objections(kind: type[Validator], schema: Tree, components: Tree, value: Json) -> Iterator[str]:
    whole = schema | {"components": components}
    for found in kind(whole).iter_errors(value):
        yield f"{found.json_path}: {found.message[:300]}"


class Watched(httpx.BaseTransport):
    """A transport that holds every exchange against the contract, and lets it pass whatever it says."""

    def __init__(self, contract: Contract) -> None:
        self.contract, self._inner = contract, httpx.HTTPTransport()
        self.seen: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.flaws: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path, _, _ = request.url.raw_path.decode("ascii").partition("?")
        name, _ = self.contract.operation(request.method, path)
        request.read()
        self.seen[name] += 1
        self.flaws += [f"{name}: {flaw}" for flaw in self.contract.request_flaws(request)]
        answer = self._inner.handle_request(request)
        content = answer.read()
        self.statuses[answer.status_code] += 1
        said = self.contract.answer_flaws(request, answer.status_code, content)
        self.flaws += [f"{name} answered {answer.status_code}: {flaw}" for flaw in said]
        return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(content))

    def close(self) -> None:
        self._inner.close()

"""Answers of the Console API: list pages, single objects and refusals, to reads and to writes.

An input is a line and a body. The line names the path whose answer it is, its status, and how the body claims to be
packed: ``/gates 200 gzip``, or ``endless`` for one with gigabytes of blanks behind it. All other paths answer as a
sound service does.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import repeat
from typing import Any

import httpx

from reconciler import workflow
from reconciler.console import ApiKey, Console, ConsoleError, Patience
from reconciler.domain import Json, Plan, Status, Tree
from reconciler.kinds import KINDS
from reconciler.reports.drift_json import drift_report
from reconciler.reports.json_report import apply_report, json_text
from reconciler.reports.text import applied_lines, convergence_lines, drift_lines, outcome_lines
from reconciler.workflow import Loaded, Planned
from tests.clockwork import Clockwork
from tests.fuzz.files import MARKET, manifest_seeds, workplace
from tests.fuzz.oracle import demand_help, demand_plan_shown, demand_shown
from tests.fuzz.worse import Seed

_RULE: Tree = {
    "name": "r",
    "passPercentage": 9,
    "conditions": [{"type": "passes_gate", "targetValue": "onboarding_v3"}],
}
_WHOLE: Tree = json.loads((MARKET / "live.json").read_bytes()) | {
    "holdouts": [{"id": "h", "gateIDs": ["referral_double_credit"], "experimentIDs": ["e"], "targetingGateID": "g"}],
    "param_stores": [{"name": "s", "parameters": [{"name": "p", "gate_name": "g"}, {"name": "q", "config_name": "c"}]}],
    "release_pipelines": [{"id": "p", "phases": [{"name": "f", "rules": [_RULE]}]}],
}
_PATHS = {kind.collection: kind.seed_key for kind in KINDS.values()} | {
    f"/{name}": name for name in _WHOLE if name not in {"target_apps", *(kind.seed_key for kind in KINDS.values())}
} | {"/target_app": "target_apps"}  # fmt: skip
_MOST_BYTES = 2_000_000
_FEW = 2
"""How many objects of each collection there are, so that one input takes little time."""
_LIVE: Tree = {name: items[:_FEW] for name, items in _WHOLE.items()}
_LIVE["gates"].append(
    {**_WHOLE["gates"][5], "id": "owned", "tags": ["managed-by-git"], "holdoutIDs": ["h"], "rules": []}
)
_NEW = {"pay_by_invoice", "pay_by_invoice_terms", "invoice_due_date_prompt"}
"""Objects of the example that its live project does not have."""
_PROJECT = """\
apiVersion: reconciler/v1
kind: Project
manifests: [few.yaml]
ownership: {tag: managed-by-git}
safety: {prune: delete}
"""


@dataclass(frozen=True)
class _Answer:
    path: str
    status: int
    packing: str
    body: bytes

    @classmethod
    def read(cls, data: bytes) -> _Answer:
        head, _, body = data.partition(b"\n")
        path, status, packing = head.decode().split(" ")
        return cls(path, int(status), packing, body)

    def is_for(self, request: httpx.Request, path: str) -> bool:
        """Whether it is the answer to a write, or to the read of one object."""
        listed = request.method == "GET" and (path in _PATHS or path == "/project")
        return not listed and self.path in {"*", path}

    def response(self) -> httpx.Response:
        if self.packing == "endless":
            return httpx.Response(self.status, stream=_Endless(self.body))
        headers = {"content-type": "application/json"} | ({"content-encoding": self.packing} if self.packing else {})
        packed = _PACK.get(self.packing, bytes)(self.body)
        return httpx.Response(self.status, headers=headers, stream=httpx.ByteStream(packed))


@dataclass(frozen=True)
class _Endless(httpx.SyncByteStream):
    """A body, and four GiB of blanks."""

    body: bytes

    def __iter__(self) -> Iterator[bytes]:
        yield self.body
        yield from repeat(b" " * 2**20, 2**12)


_PACK: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "deflate": zlib.compress, "br": bytes}


def _page(path: str) -> Tree:
    items = _LIVE.get(_PATHS.get(path, ""), [])
    if path == "/environments":
        return {"message": "Read.", "data": {"environments": items}}
    pagination = {
        "itemsPerPage": 100,
        "pageNumber": 1,
        "nextPage": None,
        "previousPage": None,
        "totalItems": len(items),
    }
    return {"message": "Listed.", "data": items, "pagination": pagination}


def _sound(path: str) -> Tree:
    if path in _PATHS:
        return _page(path)
    if path == "/project":
        return {"message": "Read.", "data": {"id": "p", "name": "Market"}}
    collection, _, id_ = path.removeprefix("/").partition("/")
    found = [item for item in _LIVE.get(_PATHS.get(f"/{collection}", ""), []) if item.get("id") == id_]
    return {"message": "Done.", "data": found[0] if found else {"id": id_}}


def _console(answer: Callable[[httpx.Request, str], httpx.Response | None]) -> Console:
    def handle(request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/console/v1")
        return answer(request, path) or httpx.Response(200, json=_sound(path))

    transport = httpx.MockTransport(handle)
    patience = Patience(attempts=1)
    return Console(
        "https://x.invalid/console/v1",
        ApiKey("console-of-a-test"),
        patience=patience,
        turns=Clockwork().turns(),
        transport=transport,
        most_bytes=_MOST_BYTES,
    )


@cache
def market(*kinds: str) -> Loaded:
    """The example's manifests about what the sound service has, and some about new objects; or those of `kinds`."""
    folder = workplace() / "market"
    folder.mkdir(exist_ok=True)
    trees = [tree for seed in manifest_seeds() if len(seed.trees) == 1 for tree in seed.trees]
    few = {(tree["kind"], tree["metadata"]["id"]): tree for tree in trees if _is_chosen(tree)}
    (folder / "few.yaml").write_text("\n---\n".join(map(json.dumps, few.values())))
    (folder / "reconciler.yaml").write_text(_PROJECT)
    loaded = workflow.load_project(folder / "reconciler.yaml")
    return replace(loaded, selected=tuple(item for item in loaded.selected if not kinds or item.key.kind in kinds))


def _is_chosen(tree: Tree) -> bool:
    live = {item[kind.identity] for kind in KINDS.values() for item in _LIVE[kind.seed_key]}
    return tree["metadata"]["id"] in live | _NEW


def sound_console() -> Console:
    """A console whose service answers soundly."""
    return _console(lambda _request, _path: None)


@cache
def market_planned(*kinds: str) -> Planned:
    """The plan for these manifests against the sound service, and what it has."""
    with sound_console() as console:
        return workflow.plan(market(*kinds), console)


def market_plan(*kinds: str) -> Plan:
    """The plan alone."""
    return market_planned(*kinds).plan


# ---- reads -----------------------------------------------------------------------------------------------------------


@cache
def read_seeds() -> list[Seed]:
    """A page of each list, with all of the example's objects, and what else a read may bring."""
    seeds = [_seed(path, 200, _page(path)) for path in (*_PATHS, *_PATHS)]
    more: Tree = _page("/gates") | {"pagination": {"nextPage": "/console/v1/gates?page=2", "totalItems": 300}}
    return [*seeds, _seed("/gates", 200, more), _seed("/project", 200, _sound("/project")), *_refusals("/gates")]


def _seed(path: str, status: int, body: Json, packing: str = "") -> Seed:
    head = f"{path} {status} {packing}\n".encode()
    return Seed(json.dumps(body).encode(), (body,), head)


def _refusals(path: str) -> list[Seed]:
    body: dict[str, Any] = {
        "status": 400,
        "message": "Bad Request",
        "errors": [{"property": "name", "errorMessage": "Required"}],
    }
    said = [_seed(path, status, {**body, "status": status}) for status in (400, 401, 403, 404, 409, 429, 500, 503)]
    said += [_seed(path, 200, _sound(path), packing) for packing in (*_PACK, "endless")]
    said += [_seed(path, 401, body, "endless")]
    page = b"<html><head><style>b{}</style></head><body><h1>502</h1>&nbsp;<p>edge</p></body></html>"
    return [*said, Seed(page, ("<p>",), f"{path} 502 \n".encode()), Seed(b"", (None,), f"{path} 302 \n".encode())]


def reads(data: bytes) -> bool:
    """Plan and tell drift with one odd answer among sound ones."""
    odd = _Answer.read(data)
    kind = next((kind.name for kind in KINDS.values() if kind.collection == odd.path), "Gate")
    with _console(lambda _, path: odd.response() if path == odd.path else None) as console:
        try:
            planned = workflow.plan(market(kind), console)
        except ConsoleError as error:
            str(error)
            return False
        demand_help(planned.plan.findings)
        demand_plan_shown(planned.plan)
        drift = workflow.drift(market(kind), console)
    demand_shown(drift_lines(drift, show_unmanaged=True))
    json_text(drift_report(drift, 2))
    return True


# ---- writes ----------------------------------------------------------------------------------------------------------


@cache
def write_seeds() -> list[Seed]:
    """What a write, and a read of one object, may bring: of one object, or ``*`` for all."""
    seeds = []
    for step in [step for step in market_plan("Gate", "Experiment").steps if step.key.kind in KINDS]:
        item = KINDS[step.key.kind].item(step.key.id)
        body = _sound(item)
        seeds += [_seed(path, 200, body) for path in (item, step.calls[0].path)]
        seeds.append(_seed(item, 200, {"data": {**body["data"], "reviewStatus": "PENDING"}}))
    bodies: list[Json] = [{"message": "Done."}, {}, {"message": "Done.", "data": None}]
    return [*seeds, *(_seed("*", 200, body) for body in bodies), *_refusals("*")]


def writes(data: bytes) -> bool:
    """Apply a plan to a service that answers oddly to all but lists, then say whether it holds."""
    odd = _Answer.read(data)
    plan = market_plan("Gate", "Experiment")
    with _console(lambda request, path: odd.response() if odd.is_for(request, path) else None) as console:
        outcomes = list(workflow.apply(Planned(replace(plan, findings=()), market_planned("Gate").live), console))
        convergence = workflow.verify(market("Gate"), console)
    for number, outcome in enumerate(outcomes, 1):
        demand_shown(outcome_lines(outcome, number, len(outcomes)))
    demand_shown(applied_lines(outcomes, len(outcomes)))
    demand_shown(convergence_lines(convergence))
    json_text(apply_report(plan, outcomes, convergence, (), 1))
    return not {outcome.status for outcome in outcomes} & {Status.UNKNOWN, Status.SKIPPED}

"""Entity property sources: ``/experiments/entity_properties`` and ``/experiments/entity_property/{name}``.

The name is the identity and can be changed by a write. A PATCH refuses `sql`. With `dryRun` a write is checked and
answered but not done. Not in any document, decided here: a project that is not warehouse native answers 400 to all of
them, and a name that does not exist 404 also to GET.
"""

from __future__ import annotations

from reconciler.domain import Tree
from reconciler.emulator import fields, writing
from reconciler.emulator.bodies import SourceBody, read
from reconciler.emulator.errors import invalid, refused
from reconciler.emulator.listing import get, listing
from reconciler.emulator.paging import Page
from reconciler.emulator.request import Request
from reconciler.kinds import KINDS

KIND = KINDS["EntityPropertySource"]
SOURCES = KIND.seed_key

DEFAULTS: Tree = {
    "description": "",
    "tags": [],
    "timestampColumn": "",
    "timestampAsDay": False,
    "isReadOnly": False,
    "owner": {"ownerType": "SDK_KEY"},
    "team": None,
    "teamID": None,
}
"""What the service fills in where a new source says nothing."""


def list_all(request: Request) -> Page:
    """GET /experiments/entity_properties."""
    _check_native(request)
    return listing(SOURCES)(request)


def get_one(request: Request) -> Tree:
    """GET /experiments/entity_property/{name}."""
    _check_native(request)
    return get(SOURCES)(request)


def create(request: Request) -> Tree:
    """POST /experiments/entity_properties."""
    _check_native(request)
    sent = read(SourceBody, request.body, "name", "sql", "idTypeMapping")
    fields.check_free(request, KIND, sent["name"])
    return _write(request, None, DEFAULTS | fields.settle(request, sent))


def update(request: Request) -> Tree:
    """POST /experiments/entity_property/{name}: all writable fields at once, the only way to change `sql`."""
    _check_native(request)
    live = request.find(SOURCES)
    sent = fields.settle(request, read(SourceBody, request.body, "sql", "idTypeMapping"))
    reset = frozenset(SourceBody.model_fields) - {"name"}
    return _write(request, live, fields.replaced(live, sent, DEFAULTS, reset))


def patch(request: Request) -> Tree:
    """PATCH /experiments/entity_property/{name}: what is sent changes."""
    _check_native(request)
    live = request.find(SOURCES)
    if isinstance(request.body, dict) and "sql" in request.body:
        raise invalid(("sql", "Invalid literal value, expected undefined"))
    return _write(request, live, live | fields.settle(request, read(SourceBody, request.body)))


def delete(request: Request) -> None:
    """DELETE /experiments/entity_property/{name}."""
    _check_native(request)
    writing.remove(request, SOURCES, request.find(SOURCES))


def _write(request: Request, live: Tree | None, wanted: Tree) -> Tree:
    """Store the source, or only say what would be stored."""
    source = {field: value for field, value in wanted.items() if field != "dryRun"}
    if live is not None and source["name"] != live["name"]:
        fields.check_free(request, KIND, source["name"])
    return source if wanted.get("dryRun") else writing.save(request, SOURCES, live, source)


def _check_native(request: Request) -> None:
    if not request.find("company", "company")["isWarehouseNative"]:
        raise refused("This endpoint is only available to warehouse native projects")

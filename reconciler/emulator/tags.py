"""``/tags``: labels that must exist before an object can carry them. A tag is addressed by its id or by its name.

Not in any document, decided here: objects keep the name of a tag that is renamed or deleted.
"""

from __future__ import annotations

from reconciler.domain import Tree
from reconciler.emulator import writing
from reconciler.emulator.bodies import TagBody, read
from reconciler.emulator.errors import NAME_TAKEN, not_found, refused
from reconciler.emulator.identifiers import new_id
from reconciler.emulator.request import Request

TAGS = "tags"


def get_one(request: Request) -> Tree:
    """GET /tags/{id}."""
    for tag in request.session.all(TAGS):
        if request.id in {tag["id"], tag["name"]}:
            return tag
    raise not_found()


def create(request: Request) -> Tree:
    """POST /tags."""
    sent = read(TagBody, request.body, "name", "description")
    _check_free(request, sent["name"])
    tag: Tree = {"id": new_id(), "isCore": False} | sent
    return writing.save(request, TAGS, None, tag)


def patch(request: Request) -> Tree:
    """PATCH /tags/{id}."""
    live = get_one(request)
    sent = read(TagBody, request.body)
    if sent.get("name", live["name"]) != live["name"]:
        _check_free(request, sent["name"])
    return writing.save(request, TAGS, live, live | sent)


def delete(request: Request) -> None:
    """DELETE /tags/{id}."""
    live = get_one(request)
    writing.remove(request, TAGS, live)


def _check_free(request: Request, name: str) -> None:
    if any(tag["name"] == name for tag in request.session.all(TAGS)):
        raise refused(NAME_TAKEN)

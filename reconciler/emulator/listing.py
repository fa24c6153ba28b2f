"""Lists with their filters, single objects, and past versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from reconciler.domain import Tree
from reconciler.emulator.filters import Filter
from reconciler.emulator.paging import Page, paged, window
from reconciler.emulator.request import Request

_NONE: Mapping[str, Filter] = MappingProxyType({})


def listing(collection: str, filters: Mapping[str, Filter] = _NONE) -> Callable[[Request], Page]:
    """The handler that lists a collection, in the order in which its objects were made."""

    def run(request: Request) -> Page:
        within = window(request.query)
        asked = {name: request.query.getlist(name) for name in filters if name in request.query}
        if not asked:
            rows = request.session.items(collection, within.start, within.limit)
            return Page([body for _, body in rows], within, request.session.count(collection))
        tests = [filters[name].test(request, name, wanted) for name, wanted in asked.items()]
        return paged([item for item in request.session.all(collection) if all(test(item) for test in tests)], within)

    return run


def get(collection: str) -> Callable[[Request], Tree]:
    """The handler that answers with the object that the path names."""
    return lambda request: request.find(collection)


def versions(collection: str) -> Callable[[Request], Page]:
    """The handler that lists all versions of an object, the present one among them, newest first."""

    def run(request: Request) -> Page:
        request.find(collection)
        return paged(request.session.versions(collection, request.id), window(request.query))

    return run


def environments(request: Request) -> Tree:
    """GET /environments: all of them in one object."""
    return {"environments": request.session.all("environments")}


def target_apps(request: Request) -> Page:
    """GET /target_app: the list shows names only, a single one shows its id too."""
    page = listing("target_apps")(request)
    return Page([{"name": app["name"]} for app in page.items], page.window, page.total)


def single(collection: str) -> Callable[[Request], Tree]:
    """The handler of the endpoints that describe the project and its company."""
    return lambda request: request.find(collection, collection)

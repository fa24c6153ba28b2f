"""The Statsig Console API on this machine: an ASGI application over SQLite.

It behaves as the service does, oddities included, and is never shaped to help a client: ids that only it makes,
values that are read back in another form than they were written in, whole lists that are replaced. What no document
settles is decided in one place each, and the docstring there says so.

    with Store.open() as store, running(create_app(store)) as url:
        store.seed(document)
        httpx.get(f"{url}/gates", headers={"STATSIG-API-KEY": "console-any"})

`with_faults` breaks what passes between it and its clients; see ``docs/emulator.md``.
"""

from reconciler.emulator.app import create_app
from reconciler.emulator.errors import ApiError
from reconciler.emulator.faults import Faults, Struck, with_faults
from reconciler.emulator.server import running, serve
from reconciler.emulator.store import Store

__all__ = [
    "ApiError",
    "Faults",
    "Store",
    "Struck",
    "create_app",
    "running",
    "serve",
    "with_faults",
]

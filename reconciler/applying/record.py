"""What runs of a plan did, from the journal of the working copy in which it was applied."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.applying.unfinished import events, key_of
from reconciler.domain import Json, ResourceKey, Status


def begun(data: bytes, fingerprint: str, url: str) -> Mapping[ResourceKey, Json] | None:
    """The objects that runs of the plan with this fingerprint may have changed at `url`, each with its last stamp.

    What the service refused was not changed, nor is what a rollback of the plan undid since. None if no run of it is
    told of, or if a line says nothing: a call may have stood in it.
    """
    record = _Record()
    told = ours = undoing = False
    for event in events(data):
        if event.get("event") == "run":
            here = event.get("url") == url
            ours = here and event.get("fingerprint") == fingerprint
            undoing = here and event.get("undoes") == fingerprint
            told |= ours
        elif event.get("event") is None:
            return None
        elif ours or undoing:
            try:
                record.take(event, undoing=undoing)
            except (LookupError, ValueError):
                return None
    return record.stamps if told else None


class _Record:
    """The objects that may have been changed; `calls` counts how often."""

    def __init__(self) -> None:
        self.calls: dict[ResourceKey, int] = {}
        self.stamps: dict[ResourceKey, Json] = {}
        self.before: dict[ResourceKey, Json] = {}

    def take(self, event: Mapping[str, Json], *, undoing: bool) -> None:
        kind = event["event"]
        if undoing:
            if kind == "outcome" and event.get("status") == Status.DONE:
                self._forget(key_of(event))
        elif kind == "call":
            key = key_of(event)
            self.calls[key] = self.calls.get(key, 0) + 1
            self.before[key] = self.stamps.get(key)
            self.stamps[key] = None
        elif kind == "answer":
            self._answered(key_of(event), event)

    def _answered(self, key: ResourceKey, event: Mapping[str, Json]) -> None:
        if event.get("end") == "done":
            self.stamps[key] = event.get("stamp")
        elif event.get("end") == "refused" and key in self.calls:
            self.calls[key] -= 1
            self.stamps[key] = self.before.get(key)
            if not self.calls[key]:
                self._forget(key)

    def _forget(self, key: ResourceKey) -> None:
        self.calls.pop(key, None)
        self.stamps.pop(key, None)

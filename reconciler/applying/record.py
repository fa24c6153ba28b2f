"""Which steps of a plan were begun, from the journal of the working copy in which it was applied."""

from __future__ import annotations

from reconciler.applying.unfinished import events, key_of
from reconciler.domain import ResourceKey


def begun(data: bytes, fingerprint: str, url: str) -> frozenset[ResourceKey] | None:
    """The objects about which runs of the plan with this fingerprint made a call at `url`.

    None if no run of it is told of, or if a line says nothing: a call may have stood in it.
    """
    found: set[ResourceKey] = set()
    told = ours = False
    for event in events(data):
        match event.get("event"):
            case "run":
                ours = (event.get("fingerprint"), event.get("url")) == (fingerprint, url)
                told |= ours
            case "call" if ours:
                try:
                    found.add(key_of(event))
                except (LookupError, ValueError):
                    return None
            case None:
                return None
    return frozenset(found) if told else None

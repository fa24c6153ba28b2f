"""Targeting that is written in an experiment itself: a text in a field that only the console writes."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.domain import ResourceKey, Tree


def asked_for(live: Tree) -> Iterator[ResourceKey]:
    """What inline targeting may ask for. The form of that text is not documented, so that each name in it counts."""
    text = live.get("inlineTargetingRulesJSON")
    names = text.replace("\\", "").split('"') if isinstance(text, str) else ()
    for name in names:
        yield ResourceKey("Gate", name)
        yield ResourceKey("Segment", name)

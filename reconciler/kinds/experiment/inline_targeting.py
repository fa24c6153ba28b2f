"""Targeting that is written in an experiment itself: a text in a field that only the console writes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from reconciler.domain import ResourceKey, Tree

_NAME = re.compile(r"[\w.-]+")


def asked_for(live: Tree) -> Iterator[ResourceKey]:
    """What inline targeting may ask for. The form of that text is not documented, so that each name in it counts."""
    value = live.get("inlineTargetingRulesJSON")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    pieces = text.replace("\\", "").split('"')
    for name in dict.fromkeys((*pieces, *_NAME.findall(text))):
        yield ResourceKey("Gate", name)
        yield ResourceKey("Segment", name)

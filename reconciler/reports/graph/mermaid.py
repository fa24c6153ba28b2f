"""The graph as Mermaid, which GitHub and GitLab draw in Markdown."""

from __future__ import annotations

import re

from reconciler.domain import Graph, ResourceKey, Standing
from reconciler.reports.graph.standing import NOTES
from reconciler.reports.visible import visible

_MEANING = re.compile(r"[^\w /-]")
"""Whatever could mean something within a label."""


def mermaid(graph: Graph) -> str:
    """A flowchart of all objects that refer to something or are referred to."""
    numbers = {key: f"n{number}" for number, key in enumerate(sorted(graph.linked))}
    boxes = [f'    {number}["{_label(key, graph.nodes[key])}"]' for key, number in numbers.items()]
    arrows = [f"    {numbers[key]} --> {numbers[to]}" for key in numbers for to in sorted(graph.edges.get(key, ()))]
    bare = [number for key, number in numbers.items() if graph.nodes[key] is not Standing.MANIFEST]
    dashed = ["    classDef bare stroke-dasharray: 5 4", f"    class {','.join(bare)} bare"] if bare else []
    return "\n".join(["flowchart LR", *boxes, *arrows, *dashed, ""])


def _label(key: ResourceKey, standing: Standing) -> str:
    note = f"<br/>{NOTES[standing]}" if NOTES[standing] else ""
    return f"{key.kind}<br/>{_escaped(visible(key.id))}{note}"


def _escaped(text: str) -> str:
    """The text with every sign as Mermaid's own entity (``#34;`` for a double quote)."""
    return _MEANING.sub(lambda found: f"#{ord(found[0])};", text)

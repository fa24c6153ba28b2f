"""The graph in the language of Graphviz."""

from __future__ import annotations

from reconciler.domain import Graph, ResourceKey, Standing
from reconciler.reports.graph.standing import NOTES
from reconciler.reports.visible import visible


def dot(graph: Graph) -> str:
    """A directed graph of all objects that refer to something or are referred to."""
    boxes = [
        f"  {_name(key)} [label={_label(key, graph.nodes[key])}{_style(graph.nodes[key])}];" for key in _all(graph)
    ]
    arrows = [f"  {_name(key)} -> {_name(to)};" for key in _all(graph) for to in sorted(graph.edges.get(key, ()))]
    return "\n".join(["digraph references {", "  rankdir=LR;", "  node [shape=box];", *boxes, *arrows, "}", ""])


def _all(graph: Graph) -> list[ResourceKey]:
    return sorted(graph.linked)


def _name(key: ResourceKey) -> str:
    return f'"{_escaped(str(key))}"'


def _label(key: ResourceKey, standing: Standing) -> str:
    lines = [key.kind, _escaped(key.id), *filter(None, [NOTES[standing]])]
    return '"{}"'.format(r"\n".join(lines))


def _style(standing: Standing) -> str:
    return "" if standing is Standing.MANIFEST else ", style=dashed"


def _escaped(text: str) -> str:
    r"""The text as it may stand in quotes, where ``\N`` and the like would be read as something else."""
    return visible(text).replace("\\", "\\\\").replace('"', '\\"')

"""The graph as a JSON document."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.domain import Chain, Finding, Graph, ResourceKey
from reconciler.reports.forms import VERSION, GraphReport
from reconciler.reports.json_parts import finding_counts, finding_forms, object_form


def graph_report(
    graph: Graph,
    around: ResourceKey | None,
    findings: Sequence[Finding],
    exit_code: int,
    affected: Sequence[Chain] = (),
) -> GraphReport:
    """The whole graph, or the part of it that is `around` an object."""
    return {
        "version": VERSION,
        "command": "graph",
        "exitCode": exit_code,
        "summary": {
            "objects": len(graph.nodes),
            "references": sum(map(len, graph.edges.values())),
            **finding_counts(findings),
        },
        "around": object_form(around) if around else None,
        "objects": [{**object_form(key), "standing": standing} for key, standing in graph.nodes.items()],
        "references": [
            {"from": object_form(key), "to": object_form(target)}
            for key, targets in graph.edges.items()
            for target in sorted(targets)
        ],
        "affected": [{**object_form(chain[0]), "chain": list(map(object_form, chain))} for chain in affected],
        "findings": finding_forms(findings),
    }

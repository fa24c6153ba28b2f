"""``reconciler graph``: which objects refer to which."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reconciler import workflow
from reconciler.cli.exits import ExitCode
from reconciler.cli.failures import StoppedError
from reconciler.cli.options import GraphFormat
from reconciler.cli.project import Scope, connected
from reconciler.cli.screen import Screen
from reconciler.domain import Chain, Finding, Graph, ResourceKey, Severity
from reconciler.planning.graph import NAMES_ONLY, affected, around, within, without
from reconciler.reports.graph import affected_lines, around_lines, dot, graph_lines, mermaid, picture
from reconciler.reports.graph.form import graph_report
from reconciler.reports.json_report import json_text
from reconciler.reports.text import finding_lines
from reconciler.suggest import did_you_mean
from reconciler.workflow import Loaded


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of the graph is shown: around an object, up to a depth; or what depends on an object; or all of it.

    `live`: whether the live project is read. `names`: whether tags and the like are shown.
    """

    around: str | None = None
    depth: int | None = None
    affected_by: str | None = None
    live: bool = False
    names: bool = False


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is shown: a graph, the object that it is about if one was named, and the chains that lead to it."""

    graph: Graph
    center: ResourceKey | None = None
    chains: tuple[Chain, ...] = ()


def graph(screen: Screen, project: Path, part: Part, form: GraphFormat) -> ExitCode:
    """Print the graph, or a part of it."""
    _check(part)
    scope = Scope(project, (), form.plain)
    with screen.working("Reading the manifests"):
        loaded = scope.load()
        if loaded.project is None:
            raise StoppedError(loaded.findings)
        whole, findings = _read(screen, loaded, part)
    shown = _shown(whole, part)
    code = ExitCode.FAILED if any(finding.severity is Severity.ERROR for finding in findings) else ExitCode.OK
    if form is GraphFormat.JSON:
        screen.document(json_text(graph_report(shown.graph, shown.center, findings, code, shown.chains)))
    else:
        _show(screen, shown, part, form)
        screen.complain(finding_lines(findings))
    return code


def _check(part: Part) -> None:
    if part.around and part.affected_by:
        _stop("--around and --affected-by ask for different parts", "give one of them")
    if part.depth and not part.around:
        _stop("--depth says how far to go from the object that --around names", "name one, or leave --depth out")


def _stop(message: str, cure: str) -> None:
    raise StoppedError([Finding("USAGE/graph", message, cure)])


def _read(screen: Screen, loaded: Loaded, part: Part) -> tuple[Graph, tuple[Finding, ...]]:
    if not part.live:
        return workflow.graph(loaded)
    screen.now("Reading the live project")
    with connected(loaded, screen.environ) as console:
        return workflow.graph(loaded, console)


def _shown(whole: Graph, part: Part) -> _Shown:
    center = _center(whole, part.around or part.affected_by)
    kinds = NAMES_ONLY - {center.kind if center else ""}
    seen = whole if part.names else without(whole, kinds)
    if center is None:
        return _Shown(seen)
    if part.around:
        return _Shown(around(seen, center, part.depth), center)
    chains = affected(seen, center)
    return _Shown(within(seen, {center, *(chain[0] for chain in chains)}), center, chains)


def _center(whole: Graph, name: str | None) -> ResourceKey | None:
    if name is None:
        return None
    known = {str(key): key for key in whole.nodes}
    if name not in known:
        cure = did_you_mean(name, known) or "write its kind and id: Gate/checkout_v2; --live knows what is live, too"
        _stop(f"nothing is known of {name}", cure)
    return known[name]


def _show(screen: Screen, shown: _Shown, part: Part, form: GraphFormat) -> None:
    match form:
        case GraphFormat.MERMAID:
            screen.document(mermaid(shown.graph))
        case GraphFormat.DOT:
            screen.document(dot(shown.graph))
        case GraphFormat.SVG:
            screen.document(picture(shown.graph, _title(shown, part)))
        case _ if shown.center is None:
            screen.show(graph_lines(shown.graph))
        case _ if part.around:
            screen.show(around_lines(shown.graph, shown.center))
        case _:
            screen.show(affected_lines(shown.center, shown.chains))


def _title(shown: _Shown, part: Part) -> str:
    if shown.center is None:
        return "References"
    return f"References around {shown.center}" if part.around else f"What a change of {shown.center} would affect"

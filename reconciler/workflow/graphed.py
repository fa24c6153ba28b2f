"""Who refers to whom, in the manifests and, if it may be asked, in the live project."""

from __future__ import annotations

from reconciler.console import Console, read_snapshot
from reconciler.domain import Finding, Graph
from reconciler.kind import REFERENCE_ONLY
from reconciler.kinds import KINDS
from reconciler.planning.graph import graph_of
from reconciler.planning.naming import NAMING_OTHERS
from reconciler.workflow.loaded import Loaded


def graph(loaded: Loaded, console: Console | None = None) -> tuple[Graph, tuple[Finding, ...]]:
    """The whole graph, and what could not be read. Raises ConsoleError."""
    if console is None:
        return graph_of(KINDS, loaded.catalog.described, None), loaded.findings
    collections = NAMING_OTHERS | frozenset(REFERENCE_ONLY.values())
    live = read_snapshot(console, KINDS.values(), needed=frozenset(), references=collections)
    return graph_of(KINDS, loaded.catalog.described, live), (*loaded.findings, *live.unread.values())

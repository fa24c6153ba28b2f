"""The values that flow through the reconciler, from a manifest to the outcome of a call.

    Place, Finding            what a reader of a manifest must know
    ResourceKey               which object of the project
    FieldChange, Step, Plan   what would be done, as a value that can be shown, saved and run
    Drift, Trace             how live differs, and who made it so
    Call, Outcome             what is sent, and what came of it

Nothing here touches a disk, a network or a clock.
"""

from reconciler.domain.drift import Drift, Ending, Sort
from reconciler.domain.finding import EVERY, KEPT, NEW_IDS, Allowance, Finding, Problem, Severity, sort_findings
from reconciler.domain.graph import Chain, Graph, Standing
from reconciler.domain.identity import Place, ResourceKey
from reconciler.domain.outcome import STILL_THERE, Convergence, Outcome, Status, told_apart, waiting
from reconciler.domain.plan import (
    Action,
    Call,
    Conflict,
    FieldChange,
    IdOf,
    ItemName,
    Modified,
    Path,
    Plan,
    Step,
    Verb,
    WayBack,
    path_text,
)
from reconciler.domain.review import Review
from reconciler.domain.snapshot import Snapshot
from reconciler.domain.trace import Entry, Key, Resalt, Source, Trace, Writer
from reconciler.domain.tree import Json, Tree, objects

__all__ = [
    "EVERY",
    "KEPT",
    "NEW_IDS",
    "STILL_THERE",
    "Action",
    "Allowance",
    "Call",
    "Chain",
    "Conflict",
    "Convergence",
    "Drift",
    "Ending",
    "Entry",
    "FieldChange",
    "Finding",
    "Graph",
    "IdOf",
    "ItemName",
    "Json",
    "Key",
    "Modified",
    "Outcome",
    "Path",
    "Place",
    "Plan",
    "Problem",
    "Resalt",
    "ResourceKey",
    "Review",
    "Severity",
    "Snapshot",
    "Sort",
    "Source",
    "Standing",
    "Status",
    "Step",
    "Trace",
    "Tree",
    "Verb",
    "WayBack",
    "Writer",
    "objects",
    "path_text",
    "sort_findings",
    "told_apart",
    "waiting",
]

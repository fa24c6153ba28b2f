"""The order of steps of each command. Every dependency is passed in; nothing here prints.

load_project    files -> Loaded
open_console    Loaded -> Console
plan            Loaded, Console -> Planned
guard           Planned -> Planned, with what guards find
apply, verify   Planned, Console -> Outcome*, Convergence*
convergence     Loaded, Plan -> Convergence*
drift           Loaded, Console -> Drift
graph           Loaded, Console? -> Graph
"""

from reconciler.workflow.applied import apply, convergence, verify
from reconciler.workflow.connected import NoConsoleError, open_console
from reconciler.workflow.drifted import drift
from reconciler.workflow.graphed import graph
from reconciler.workflow.guarded import guard, guard_again
from reconciler.workflow.loaded import Loaded, load_project
from reconciler.workflow.occasion import Occasion
from reconciler.workflow.planned import Asked, Planned, plan

__all__ = [
    "Asked",
    "Loaded",
    "NoConsoleError",
    "Occasion",
    "Planned",
    "apply",
    "convergence",
    "drift",
    "graph",
    "guard",
    "guard_again",
    "load_project",
    "open_console",
    "plan",
    "verify",
]

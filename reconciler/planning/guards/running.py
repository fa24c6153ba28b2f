"""Running experiments: `reconciler.planning.taint` finds what would taint them, while the plan is made."""

from __future__ import annotations

from reconciler.planning.guards.contract import Guard

RUNNING = Guard(
    name="running-experiment",
    what="Changes of an experiment that runs, and of any gate that decides, however far away, who is in it.",
    why="Whoever changes what units get while results are collected mixes two experiments in one.",
    numbers="""Each experiment and each object that changes by itself. A plan is refused where the manifest that changes
asks for it since the last commit (`--since`); else the step alone is left out, and the rest goes on.
`metadata.acknowledge` in the manifest that changes lets it pass as well, and is the better place: it goes where the
change goes.""",
    example="""safety:
  allow:
    - guard: running-experiment
      objects: [Gate/beta_users]
      reason: The experiment ends this week, and its results are read already.
      until: 2027-01-31""",
)

"""Carrying out a plan: exactly its calls, in its order, with the truth about each step.

execute     run the steps, yield an outcome for each
review      find out by reading whether an accepted call opened a review instead
settle      find out by reading what became of a call whose answer was lost
live        the objects as last seen, and the ids that only the service knows
dry_run     ask the service without changing anything
"""

from reconciler.applying.dry_run import dry_run
from reconciler.applying.execute import execute

__all__ = ["dry_run", "execute"]
